"""A real Ray cluster on this machine, and what its autoscaler did: `python live.py < EXPERIMENT`.

An experiment is a JSON object:

    {"head": {"CPU": 0}, "groups": [{"name": "workers", "resources": {"CPU": 2}, "min": 0, "max": 4}],
     "idle": 20, "speed": 1000, "looks": 20, "work": [{"look": 2, "after": 2, "seconds": 30, "tasks": 6}]}

Work is submitted so many seconds after the look with that number and ends so many seconds after it
was submitted; it is `tasks` or `actors` (a number) of `resources` each, or a `placementGroup` (a
strategy) of `bundles`. The answer has a line for each look: when it ended, counted from look 0, how
many machines of each group there were in the middle between it and the next, as asked of the
provider, and how many nodes Ray had then; and how long machines took to become nodes.

GCS, raylets, workers and autoscaler are Ray's own processes; `live_provider.py` starts the raylets.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import ray
from ray._raylet import GcsClient
from ray.autoscaler._private.fake_multi_node.node_provider import (
    FAKE_HEAD_NODE_ID,
    FAKE_HEAD_NODE_TYPE,
)
from ray.core.generated.autoscaler_pb2 import GetClusterStatusReply
from ray.util.placement_group import placement_group, remove_placement_group

PERIOD = 5
PATIENCE = 60
PORT = 26379
RAY = os.path.join(os.path.dirname(sys.executable), "ray")


def main():
    experiment = json.load(sys.stdin)
    answer, sys.stdout = sys.stdout, sys.stderr
    with tempfile.TemporaryDirectory() as folder:
        told = os.path.join(folder, "told")
        open(told, "w").close()
        start(experiment, folder, told)
        try:
            result = observe(experiment, told)
        finally:
            ray.shutdown()
            stop()
    json.dump(result, answer)


def stop():
    subprocess.run([RAY, "stop", "--force"], check=False, stdout=subprocess.DEVNULL)


def start(experiment, folder, told):
    address = ray._private.services.get_node_ip_address()
    head = {"resources": experiment["head"], "node_config": {}, "max_workers": 0}
    types = {FAKE_HEAD_NODE_TYPE: head}
    for group in experiment["groups"]:
        types[group["name"]] = {
            "resources": {**group["resources"], "object_store_memory": 80_000_000},
            "node_config": {},
            "min_workers": group["min"],
            "max_workers": group["max"],
        }
    config = {
        "cluster_name": "live",
        "max_workers": sum(group["max"] for group in experiment["groups"]),
        "idle_timeout_minutes": experiment["idle"] / 60,
        "upscaling_speed": experiment["speed"],
        "provider": {
            "type": "external",
            "module": "live_provider.Provider",
            "head_node_id": FAKE_HEAD_NODE_ID,
            "disable_node_updaters": True,
            "disable_launch_config_check": True,
            "gcs": f"{address}:{PORT}",
            "told": told,
        },
        "available_node_types": types,
        "head_node_type": FAKE_HEAD_NODE_TYPE,
        "auth": {},
        "file_mounts": {},
        "cluster_synced_files": [],
        "file_mounts_sync_continuously": False,
        "rsync_exclude": [],
        "rsync_filter": [],
        "initialization_commands": [],
        "setup_commands": [],
        "worker_setup_commands": [],
        "head_setup_commands": [],
        "head_start_ray_commands": [],
        "worker_start_ray_commands": [],
    }
    path = os.path.join(folder, "autoscaling.json")
    with open(path, "w") as file:
        json.dump(config, file)
    stop()
    environment = dict(
        os.environ,
        PYTHONPATH=os.path.dirname(os.path.abspath(__file__)),
        PYTHONDONTWRITEBYTECODE="1",
        RAY_FAKE_CLUSTER="1",
        RAY_enable_autoscaler_v2="1",
        RAY_NODE_TYPE_NAME=FAKE_HEAD_NODE_TYPE,
        RAY_CLOUD_INSTANCE_ID=FAKE_HEAD_NODE_ID,
        RAY_OVERRIDE_NODE_ID_FOR_TESTING=FAKE_HEAD_NODE_ID,
    )
    subprocess.run(
        [RAY, "start", "--head", f"--port={PORT}", f"--autoscaling-config={path}"]
        + [f"--num-cpus={experiment['head'].get('CPU', 0)}", "--object-store-memory=80000000"]
        + ["--include-dashboard=false", "--disable-usage-stats"],
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    ray.init(f"{address}:{PORT}", log_to_driver=False, logging_level="ERROR")


class Looks:
    """The looks of the autoscaler: each reports which state of the cluster it has seen."""

    def __init__(self):
        self.gcs = GcsClient(ray.get_runtime_context().gcs_address)
        # When a node was seen first.
        self.joined = {}
        self.last = self.number()

    def number(self):
        reply = GetClusterStatusReply()
        reply.ParseFromString(self.gcs.get_cluster_status(timeout_s=10))
        for node in reply.cluster_resource_state.node_states:
            self.joined.setdefault(node.instance_id, time.time())
        return reply.autoscaling_state.last_seen_cluster_resource_state_version

    def next(self):
        """When the next look ends."""
        began = time.time()
        while time.time() < began + PATIENCE:
            number = self.number()
            if number != self.last:
                self.last = number
                return time.time()
            time.sleep(0.05)
        raise TimeoutError("the autoscaler does not look: see /tmp/ray/session_latest/logs")


def observe(experiment, told):
    looks = Looks()
    looks.next()
    first, lines, held = looks.next(), [], []
    ended = first
    for look in range(experiment["looks"]):
        due = [it for it in experiment["work"] if it["look"] == look]
        for work in sorted(due, key=lambda it: it["after"]):
            time.sleep(max(0, ended + work["after"] - time.time()))
            held.append(submit(work))
        while time.time() < ended + PERIOD / 2:
            looks.number()
            time.sleep(0.05)
        lines.append({"at": round(ended - first, 3), **count(told)})
        ended = looks.next()
    return {"looks": lines, "lags": lags(told, looks.joined)}


def count(told):
    there = {}
    for line in open(told):
        line = json.loads(line)
        if "asked" in line:
            there[line["asked"]] = line["group"]
        else:
            there.pop(line["ended"], None)
    machines = list(there.values())
    nodes = sum(it["Alive"] for it in ray.nodes()) - 1
    return {"machines": {group: machines.count(group) for group in set(machines)}, "nodes": nodes}


def submit(work):
    """What keeps the work alive."""
    ends = time.time() + work["seconds"]
    if "placementGroup" in work:
        group = placement_group(work["bundles"], work["placementGroup"])
        threading.Timer(work["seconds"], remove_placement_group, [group]).start()
        return group
    resources = dict(work["resources"])
    options = {"num_cpus": resources.pop("CPU", 0), "resources": resources}

    def run():
        time.sleep(max(0, ends - time.time()))

    if "tasks" in work:
        task = ray.remote(**options)(run)
        return [task.remote() for _ in range(work["tasks"])]

    @ray.remote(**options)
    class Actor:
        def run(self):
            run()
            ray.actor.exit_actor()

    actors = [Actor.remote() for _ in range(work["actors"])]
    return [(it, it.run.remote()) for it in actors]


def lags(told, joined):
    """Seconds from the moment a machine was asked for until Ray had it."""
    asked = [it for it in map(json.loads, open(told)) if "asked" in it]
    return [round(joined[it["asked"]] - it["at"], 3) for it in asked if it["asked"] in joined]


if __name__ == "__main__":
    main()
