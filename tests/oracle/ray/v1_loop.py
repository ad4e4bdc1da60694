"""Ray's own v1 `StandardAutoscaler.update` in a closed loop, look by look.

The world is that of `world.py`, with three differences that v1 can see: pods may be labelled with
the replica that they belong to, a drain is always forced, and Ray reports what waits by shape. An
autoscaler whose process ends is started anew in the next look.
"""

import copy
import sys
import types

import constant_schema  # noqa: F401
from ray.autoscaler._private import autoscaler as upstream
from ray.autoscaler._private import load_metrics, monitor, providers
from ray.autoscaler._private.kuberay import node_provider
from ray.autoscaler._private.kuberay.autoscaling_config import (
    _derive_autoscaling_config_from_ray_cr,
)
from ray.autoscaler._private.load_metrics import LoadMetrics
from ray.core.generated.common_pb2 import PlacementStrategy
from ray.core.generated.gcs_pb2 import ResourceUsageBatchData

from world import Clock as AnyClock
from world import World as AnyWorld
from world import changes

STRATEGIES = {"pack": "PACK", "affinity": "STRICT_PACK", "anti": "STRICT_SPREAD"}


class Clock(AnyClock):
    def asctime(self, when):
        return ""

    def localtime(self, when):
        return None


class Nothing:
    """Metrics and events that nobody reads."""

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **named):
        return self


class World(AnyWorld):
    def __init__(self, case, clock):
        self.replica_index = case["replica_index"]
        super().__init__(case, clock)

    def get(self, path):
        reply = super().get(path)
        for item in reply.get("items", []):
            number = int(item["metadata"]["name"][1:])
            pod = next(pod for pod in self.pods if pod.number == number)
            item["status"]["podIP"] = f"10.1.0.{number}"
            if self.is_labelled(pod):
                item["metadata"]["labels"]["replicaIndex"] = f"{pod.group}-{pod.replica}"
        return reply

    def is_labelled(self, pod):
        group = self.group(pod.group)
        return self.replica_index and group is not None and group["hosts"] > 1

    def see(self):
        seen = super().see()
        for pod in seen["pods"]:
            it = next(it for it in self.pods if it.number == pod["id"])
            if self.is_labelled(it):
                pod["replica"] = f"{it.group}-{it.replica}"
        return seen

    # The GCS.

    def address(self, raylet):
        return f"10.1.0.{raylet.pod.number}"

    def get_all_resource_usage(self, timeout):
        data = ResourceUsageBatchData()
        alive = [it for it in self.raylets if it.status != "dead"]
        for task in self.shapes():
            has = lambda it: all(it.total.get(key, 0) >= task["res"][key] for key in task["res"])
            demand = data.resource_load_by_shape.resource_demands.add(shape=task["res"])
            if any(has(it) for it in alive):
                demand.num_ready_requests_queued = 1
                demand.backlog_size = task["count"] - 1
            else:
                demand.num_infeasible_requests_queued = task["count"]
        for gang in self.gangs:
            place = gang["bundles"][0]["place"]
            strategy = PlacementStrategy.Value(STRATEGIES[place[0] if place else "pack"])
            group = data.placement_group_load.placement_group_data.add(strategy=strategy)
            for bundle in gang["bundles"]:
                group.bundles.add().unit_resources.update(dict(bundle["res"]))
        return types.SimpleNamespace(resource_usage_data=data)

    def drain_nodes(self, node_ids, timeout):
        for node_id in sorted(node_ids):
            raylet = self.raylet(node_id.hex())
            self.drained.append(int(node_id.hex(), 16))
            if raylet is not None and raylet.status != "dead":
                self.requeue(raylet)
                self.drain(raylet)
        return node_ids


class Process:
    """The autoscaler's process, from its start to its end."""

    def __init__(self, world):
        providers._clear_provider_cache()
        self.load_metrics = LoadMetrics()
        self.launch = None
        self.autoscaler = upstream.StandardAutoscaler(
            lambda: _derive_autoscaling_config_from_ray_cr(world.cluster()),
            self.load_metrics,
            world,
            event_summarizer=Nothing(),
            prom_metrics=Nothing(),
        )
        scheduler = self.autoscaler.resource_demand_scheduler
        plan = scheduler.get_nodes_to_launch

        def told(*arguments, **named):
            launch, left = plan(*arguments, **named)
            self.launch = launch
            return launch, left

        scheduler.get_nodes_to_launch = told
        self.gcs_client, self.readonly_config = world, None

    def look(self, requests):
        """As `Monitor._run`."""
        monitor.Monitor.update_load_metrics(self)
        self.load_metrics.set_resource_requests(requests)
        self.launch = None
        if self.load_metrics:
            self.autoscaler.update()


def repeated(constraint):
    return [dict(it["res"]) for it in constraint or [] for _ in range(it["count"])]


def answer(case):
    clock = Clock()
    upstream.time = load_metrics.time = clock
    upstream.AUTOSCALER_STATUS_LOG = False
    upstream.legacy_log_info_string = lambda autoscaler, nodes: None
    world = World(case, clock)
    node_provider.KubernetesHttpApiClient = lambda namespace: world
    errors = []

    def exception(text):
        if "during autoscaling" in text:
            errors.append(sys.exc_info()[0].__name__)

    quiet = lambda *arguments, **named: None
    upstream.logger = types.SimpleNamespace(
        info=quiet, debug=quiet, warning=quiet, error=quiet, critical=quiet, exception=exception
    )
    process, out, before = None, [], {}
    for edits in copy.deepcopy(case["looks"]):
        for edit in edits:
            world.edit(edit)
        world.work()
        world.operate()
        seen = world.see()
        errors.clear()
        world.patches, world.drained = [], []
        running, process = process, None
        try:
            running = running or Process(world)
            running.look(repeated(world.constraint))
            process = running
        except Exception as error:
            errors.append(type(error).__name__)
        decided = {
            "patches": [it[:2] + [sorted(it[2])] if it[0] == "delete" else it for it in world.patches],
            "drains": sorted(world.drained),
            "launch": (running.launch if running else None) or {},
            "error": errors[0] if errors else None,
            "ends": process is None,
        }
        out.append({"at": clock.now, "seen": changes(before, seen), "decided": decided})
        before = seen
        world.operate()
        clock.now += case["every_s"]
    return dict(case, out=out)
