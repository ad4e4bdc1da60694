"""Machines for a real Ray cluster, all of them this one: each is a `ray start` of its own.

What is asked of it, and when, goes to the file that the provider's configuration names. It decides
nothing: which nodes come and go is Ray's autoscaler's choice.
"""

import json
import os
import signal
import subprocess
import sys
import time

from ray.autoscaler._private.fake_multi_node.node_provider import FakeMultiNodeProvider
from ray.autoscaler.tags import (
    NODE_KIND_WORKER,
    STATUS_UP_TO_DATE,
    TAG_RAY_NODE_KIND,
    TAG_RAY_NODE_NAME,
    TAG_RAY_NODE_STATUS,
    TAG_RAY_USER_NODE_TYPE,
)

# Two that start on one machine in the same moment take each other's ports: one then ends.
BETWEEN = 2


class Provider(FakeMultiNodeProvider):
    """Ray's own provider for tests but for one thing: a machine that starts holds nobody up."""

    # From when on another machine may start.
    _free = 0

    def create_node_with_resources_and_labels(
        self, node_config, tags, count, resources, labels
    ):
        with self.lock:
            for _ in range(count):
                delay = max(0, self._free - time.time())
                self._free = time.time() + delay + BETWEEN
                self._start(tags, resources, labels, delay)

    def _start(self, tags, resources, labels, delay):
        name = self._next_hex_node_id()
        group = tags[TAG_RAY_USER_NODE_TYPE]
        others = {key: value for key, value in resources.items() if key not in ("CPU", "GPU")}
        store = others.pop("object_store_memory", 80_000_000)
        environment = dict(
            os.environ,
            RAY_OVERRIDE_NODE_ID_FOR_TESTING=name,
            RAY_CLOUD_INSTANCE_ID=name,
            RAY_NODE_TYPE_NAME=group,
        )
        ray = os.path.join(os.path.dirname(sys.executable), "ray")
        process = subprocess.Popen(
            ["sh", "-c", 'sleep "$0"; exec "$@"', str(delay)]
            + [ray, "start", "--block", f"--address={self.provider_config['gcs']}"]
            + [f"--num-cpus={resources.get('CPU', 0)}", f"--num-gpus={resources.get('GPU', 0)}"]
            + [f"--object-store-memory={store}", f"--resources={json.dumps(others)}"]
            + [f"--labels={','.join(f'{key}={value}' for key, value in labels.items())}"]
            + ["--dashboard-agent-listen-port=0", "--min-worker-port=0", "--max-worker-port=0"]
            + ["--disable-usage-stats"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        all_tags = {
            TAG_RAY_NODE_KIND: NODE_KIND_WORKER,
            TAG_RAY_USER_NODE_TYPE: group,
            TAG_RAY_NODE_NAME: name,
            TAG_RAY_NODE_STATUS: STATUS_UP_TO_DATE,
        }
        all_tags.update(tags)
        self._nodes[name] = {"tags": all_tags, "name": name, "group": group, "process": process}
        self._tell("asked", name, group)

    def _terminate_node(self, node):
        self._tell("ended", node["name"], node["group"])
        if node["process"].poll() is None:
            os.killpg(node["process"].pid, signal.SIGTERM)

    def _tell(self, what, name, group):
        with open(self.provider_config["told"], "a") as told:
            told.write(json.dumps({"at": time.time(), what: name, "group": group}) + "\n")
