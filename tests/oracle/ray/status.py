"""Random clusters as `ray status` prints them: v2's `ClusterStatusFormatter`, v1's `format_info_string`.

Our side reads texts instead of answering questions, so this is no kind of `cargo xtask oracle ray`:
`python status.py >../../cases/ray/status.jsonl` writes 200 texts after a header, of seed 1.
"""

import datetime
import json
import os
import random
import time

os.environ["TZ"] = "UTC"
time.tzset()

from ray.autoscaler._private.autoscaler import AutoscalerSummary  # noqa: E402
from ray.autoscaler._private.util import LoadMetricsSummary, format_info_string  # noqa: E402
from ray.autoscaler.v2.schema import (  # noqa: E402
    ClusterConstraintDemand,
    ClusterStatus,
    LaunchRequest,
    NodeInfo,
    NodeUsage,
    PlacementGroupResourceDemand,
    RayTaskActorDemand,
    ResourceDemandSummary,
    ResourceRequestByCount,
    ResourceUsage,
    Stats,
)
from ray.autoscaler.v2.utils import ClusterStatusFormatter  # noqa: E402

AT = 1_780_000_000
TYPES = ["headgroup", "small-group", "gpu.group", "workers"]
DETAILS = ["QUEUED", "REQUESTED", "ALLOCATED", "waiting-for-ssh", "RAY_INSTALLING"]
ACTIVITY = ["Busy workers on node.", "Resource: CPU currently in use.", "Object store memory: pinned"]
STRATEGIES = ["PACK", "SPREAD", "STRICT_PACK", "STRICT_SPREAD"]


def bundle(rng):
    names = rng.sample(["CPU", "GPU", "memory", "it's", "accelerator_type:L4"], rng.choice([1, 1, 2, 3]))
    amounts = {"memory": [2**30, 5e8, 1e17], "accelerator_type:L4": [0.001]}
    return {name: float(rng.choice(amounts.get(name, [0.5, 1, 2, 16]))) for name in sorted(names)}


def usage(rng):
    totals = {"CPU": rng.choice([1, 4, 16, 64]), "object_store_memory": rng.choice([4e8, 2**31])}
    if rng.random() < 0.5:
        totals["memory"] = rng.choice([2**30, 5e9, 3e12])
    if rng.random() < 0.3:
        totals["GPU"] = rng.choice([1, 8])
    return {name: [rng.choice([0.0, total / 2, total]), float(total)] for name, total in totals.items()}


def build_case(rng):
    def counts():
        return {name: rng.choice([1, 2, 17]) for name in rng.sample(TYPES, rng.choice([0, 1, 2]))}

    def bundles():
        # What is alike is printed once: tell it once.
        found = {str(it): it for it in (bundle(rng) for _ in range(rng.choice([0, 1, 2, 3])))}
        return [[it, rng.choice([1, 5, 1000])] for it in found.values()]

    version = rng.choice([1, 2, 2, 2])
    groups = []
    # v2 prints all groups of one strategy with the bundles of the last.
    for strategy in rng.sample(STRATEGIES, rng.choice([0, 0, 1, 2])):
        groups.append({"strategy": strategy, "bundles": bundles() or [[{"CPU": 1.0}, 1]], "count": rng.choice([1, 3])})
    nodes = [
        {
            "id": f"10.0.0.{index}" if version == 1 else f"ray-worker-{index}",
            "type": rng.choice(TYPES),
            "idle": rng.choice([0, 0, 1, 61000]),
            "usage": usage(rng),
            "activity": rng.sample(ACTIVITY, rng.choice([0, 1, 2])),
        }
        for index in range(rng.choice([0, 1, 2, 4]))
    ]
    return {
        "version": version,
        "verbose": rng.random() < 0.5,
        "active": counts(),
        "idle": counts(),
        "launching": counts(),
        "pending": [[f"pod-{index}", rng.choice(TYPES), rng.choice(DETAILS)] for index in range(rng.choice([0, 0, 1, 3]))],
        "failed": [[f"pod-{index}", rng.choice(TYPES)] for index in range(rng.choice([0, 0, 1, 3]))],
        "usage": usage(rng),
        "constraint": bundles(),
        "demands": bundles(),
        "in_groups": rng.random() < 0.2,
        "groups": groups,
        "nodes": nodes,
    }


def answer(case):
    case["out"] = v1(case) if case["version"] == 1 else v2(case)
    return case


def task_demands(case):
    """Tasks inside a placement group ask for its own resources."""
    found = [(dict(shape), count) for shape, count in case["demands"]]
    if case["in_groups"]:
        group = "0" * 31 + "1"
        found.append(({f"CPU_group_{group}": 1.0, f"bundle_group_{group}": 0.001}, 4))
    return found


def v1(case):
    metrics = LoadMetricsSummary(
        usage={name: tuple(it) for name, it in case["usage"].items()},
        resource_demand=task_demands(case),
        pg_demand=[
            ({"strategy": it["strategy"], "bundles": [tuple(pair) for pair in it["bundles"]]}, it["count"])
            for it in case["groups"]
        ],
        request_demand=[tuple(it) for it in case["constraint"]],
        node_types=[],
        usage_by_node={
            it["id"]: {name: tuple(pair) for name, pair in it["usage"].items()} for it in case["nodes"]
        },
        idle_time_map={it["id"]: it["idle"] for it in case["nodes"]},
    )
    autoscaler = AutoscalerSummary(
        active_nodes=case["active"],
        idle_nodes=case["idle"],
        pending_nodes=[tuple(it) for it in case["pending"]],
        pending_launches=case["launching"],
        failed_nodes=[tuple(it) for it in case["failed"]],
        node_activities={it["id"]: (it["id"], it["activity"]) for it in case["nodes"]},
        node_type_mapping={it["id"]: it["type"] for it in case["nodes"]},
    )
    at = datetime.datetime.fromtimestamp(AT)
    return format_info_string(metrics, autoscaler, time=at, gcs_request_time=0.25, verbose=case["verbose"])


def v2(case):
    def usages(it):
        return [ResourceUsage(resource_name=name, used=pair[0], total=pair[1]) for name, pair in it.items()]

    def node(name, index=0, **more):
        identity = {"instance_id": f"i-{name}-{index}", "node_id": f"{name}-{index}", "node_activity": []}
        usage = NodeUsage(usage=[], idle_time_ms=0)
        fields = {"instance_type_name": name, "ip_address": "10.0.0.1", "resource_usage": usage} | identity | more
        return NodeInfo(ray_node_type_name=name, **fields)

    def each(counts):
        return [node(name, index) for name, count in counts.items() for index in range(count)]

    def requests(pairs):
        return [ResourceRequestByCount(bundle=shape, count=count) for shape, count in pairs]

    active, idle = each(case["active"]), each(case["idle"])
    if case["verbose"]:
        # The nodes that are printed one by one are those that are counted.
        told = {
            "instance_id": lambda it: it["id"],
            "node_id": lambda it: "ab" + it["id"],
            "node_activity": lambda it: it["activity"],
            "resource_usage": lambda it: NodeUsage(usage=usages(it["usage"]), idle_time_ms=it["idle"]),
        }
        active = [node(it["type"], **{key: of(it) for key, of in told.items()}) for it in case["nodes"]]
        idle = []
        case["active"] = {}
        for it in case["nodes"]:
            case["active"][it["type"]] = case["active"].get(it["type"], 0) + 1
        case["idle"] = {}
    groups = [
        PlacementGroupResourceDemand(
            bundles_by_count=requests(it["bundles"]), details=f"{index}:{it['strategy']}|PENDING"
        )
        for it in case["groups"]
        for index in range(it["count"])
    ]
    status = ClusterStatus(
        active_nodes=active,
        idle_nodes=idle,
        pending_launches=[
            LaunchRequest(name, name, count, LaunchRequest.Status.PENDING, AT) for name, count in case["launching"].items()
        ],
        pending_nodes=[node(name, instance_id=pod, details=details) for pod, name, details in case["pending"]],
        failed_nodes=[node(name, instance_id=pod) for pod, name in case["failed"]],
        cluster_resource_usage=usages(case["usage"]),
        resource_demands=ResourceDemandSummary(
            placement_group_demand=groups,
            ray_task_actor_demand=[RayTaskActorDemand(bundles_by_count=requests(task_demands(case)))],
            cluster_constraint_demand=[ClusterConstraintDemand(bundles_by_count=requests(case["constraint"]))],
        ),
        stats=Stats(gcs_request_time_s=0.25, request_ts_s=AT),
    )
    return ClusterStatusFormatter.format(status, verbose=case["verbose"])


def main():
    import ray

    seed, cases = 1, 200
    rng = random.Random(f"status-{seed}")
    print(json.dumps({"engine": "status", "upstream": f"ray {ray.__version__}", "seed": seed, "cases": cases}))
    for _ in range(cases):
        print(json.dumps(answer(build_case(rng)), separators=(",", ":")))


if __name__ == "__main__":
    main()
