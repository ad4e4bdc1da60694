"""Random cases for the scheduler, answered by Ray's own `ResourceDemandScheduler.schedule`."""

from ray.autoscaler.v2.instance_manager.config import NodeTypeConfig
from ray.autoscaler.v2.scheduler import ResourceDemandScheduler, SchedulingRequest
from ray.autoscaler.v2.schema import AutoscalerInstance
from ray.autoscaler.v2.utils import ResourceRequestUtil
from ray.core.generated.autoscaler_pb2 import (
    ClusterResourceConstraint,
    GangResourceRequest,
    NodeState,
    ResourceRequestByCount,
)
from ray.core.generated.instance_manager_pb2 import Instance, NodeKind, TerminationRequest

STATUSES = [
    "QUEUED",
    "REQUESTED",
    "ALLOCATED",
    "RAY_RUNNING",
    "RAY_STOP_REQUESTED",
    "RAY_STOPPING",
    "RAY_STOPPED",
    "TERMINATING",
]
IMPLICIT = "node:__internal_implicit_resource_x"
AFFINITY = ResourceRequestUtil.PlacementConstraintType


def pairs(proto_map):
    """Name and amount in the order in which Python iterates: sums depend on it."""
    return [[k, v] for k, v in proto_map.items()]


def random_amounts(rng):
    amounts = {"CPU": rng.choice([1, 2, 4, 8, 0.5, 16])}
    if rng.random() < 0.3:
        amounts["GPU"] = rng.choice([1, 2, 4, 8])
    if rng.random() < 0.3:
        amounts["memory"] = rng.choice([1e9, 4e9, 32e9, 1073741824])
    if rng.random() < 0.2:
        amounts["X"] = rng.choice([0.3, 1, 2, 0])
    return amounts


def random_request(rng):
    amounts = {}
    if rng.random() < 0.85:
        amounts["CPU"] = rng.choice([1, 1, 1, 2, 4, 0, 0.1, 0.2, 0.25, 0.5, 0.6, 1 / 3, 5])
    if rng.random() < 0.2:
        amounts["GPU"] = rng.choice([1, 1, 2, 0, 0.5])
    if rng.random() < 0.15:
        amounts["memory"] = rng.choice([1e9, 5e8, 123456789])
    if rng.random() < 0.1:
        amounts["X"] = rng.choice([0.1, 0.001, 1])
    if rng.random() < 0.05:
        amounts[IMPLICIT] = rng.choice([0.5, 1 / 3, 1])
    return amounts


def random_selector(rng):
    """One selector: a list of (key, operator, values); operator 1 is `in`, 2 is `not in`."""
    keys = rng.sample(["z", "y"], rng.choice([0, 1, 1, 2]))
    return [(k, rng.choice([1, 1, 2]), rng.sample(["a", "b", "c"], rng.choice([1, 2]))) for k in keys]


def random_labels(rng):
    return {k: rng.choice("abc") for k in ["z", "y"] if rng.random() < 0.4}


def build_case(rng):
    types = [dict(name="head", min=0, max=1, res={"CPU": 1}, labels={}, idle=None, prio=0)]
    for name in rng.sample(["a", "b", "c", "d"], rng.choice([1, 1, 2, 2, 3])):
        low = rng.choice([0, 0, 0, 1, 3])
        res = random_amounts(rng) if not types[1:] or rng.random() < 0.7 else dict(types[1]["res"])
        types.append(
            dict(
                name=name,
                min=low,
                max=low + rng.choice([0, 1, 2, 5, 20]),
                res=res,
                labels=random_labels(rng) if rng.random() < 0.4 else {},
                idle=rng.choice([None, None, None, 0.0, 10.0]),
                prio=rng.choice([0, 0, 0, 1, 5]),
            )
        )
    total = sum(t["max"] for t in types)
    max_nodes = total if rng.random() < 0.8 else max(1, total - rng.choice([1, 3, 10]))
    instances = [random_instance(rng, types[0])] if rng.random() < 0.95 else []
    for _ in range(rng.choice([0, 0, 1, 2, 4, 8])):
        instances.append(random_instance(rng, rng.choice(types[1:])))
    if rng.random() < 0.03:
        instances.append(random_instance(rng, dict(types[1], name="gone")))
    rng.shuffle(instances)
    gangs = [random_gang(rng, i) for i in range(rng.choice([0, 0, 0, 1, 2, 4]))]
    names = [t["name"] for t in types]
    failed = rng.random() < 0.15
    return dict(
        types=types,
        max_nodes=max_nodes,
        idle_s=rng.choice([60.0, 60.0, 1.5]),
        pending_s=None,
        recoverable={n: rng.choice([0.0, 0.5, 1.0]) for n in names} if failed else {},
        cloud={n: rng.choice([0.0, 1e-7]) for n in names} if failed else {},
        instances=instances,
        demands=random_demands(rng, task=True),
        gangs=gangs,
        constraint=random_demands(rng, task=False) if rng.random() < 0.25 else None,
    )


def random_instance(rng, kind_of):
    is_head = kind_of["name"] == "head"
    status = rng.choice(["RAY_RUNNING"] * 6 + STATUSES) if not is_head else "RAY_RUNNING"
    instance = dict(type=kind_of["name"], status=status, head=is_head, ray=None)
    if status == "RAY_RUNNING" and rng.random() < 0.97:
        total = dict(kind_of["res"])
        if rng.random() < 0.5:
            total["node:1.2.3.4"] = 1.0
            total["object_store_memory"] = 3e8
        used = rng.random() < 0.6
        available = dict(total)
        for name in kind_of["res"]:
            if used:
                left = total[name] * rng.choice([0, 0, 0.25, 0.5, 1])
                if left:
                    available[name] = left
                else:
                    del available[name]
        idle = 0 if used else rng.choice([0, 1, 5, 1500, 1501, 59999, 60000, 60001, 61000, 99000])
        dynamic = {"_PG_0": ""} if rng.random() < 0.1 else {}
        instance["ray"] = dict(
            total=total, available=available, labels=dict(kind_of["labels"]), dynamic=dynamic, idle_ms=idle
        )
    return instance


def random_demands(rng, task):
    demands = []
    for _ in range(rng.choice([0, 1, 1, 2, 3, 5])):
        selectors = [[]] if task else []
        if rng.random() < 0.15:
            selectors = [random_selector(rng) for _ in range(rng.choice([1, 2]))]
        demand = dict(res=random_request(rng), selectors=selectors, place=None)
        if not any(d["res"] == demand["res"] and d["selectors"] == selectors for d in demands):
            demands.append(dict(demand, count=rng.choice([1, 1, 2, 3, 5, 8, 20, 40])))
    return demands


def random_gang(rng, index):
    kind = rng.choice(["pack", "affinity", "anti"])
    bundles = []
    same = random_request(rng)
    for _ in range(rng.choice([1, 2, 2, 3, 5])):
        res = same if rng.random() < 0.6 else random_request(rng)
        selectors = [random_selector(rng)] if rng.random() < 0.1 else []
        place = None if kind == "pack" else [kind, f"_PG_{index}"]
        bundles.append(dict(res=dict(res), selectors=selectors, place=place))
    return bundles


def to_request(spec):
    constraints = None
    if spec["place"]:
        kind, label = spec["place"]
        kind = AFFINITY.AFFINITY if kind == "affinity" else AFFINITY.ANTI_AFFINITY
        constraints = [(kind, label, "")]
    request = ResourceRequestUtil.make(spec["res"], constraints, spec["selectors"])
    spec["res"] = pairs(request.resources_bundle)
    return request


def to_instance(index, spec):
    running = spec["status"] == "RAY_RUNNING"
    pending = spec["status"] in ("QUEUED", "REQUESTED")
    kind = NodeKind.HEAD if spec["head"] else NodeKind.WORKER
    im_instance = Instance(
        instance_id=str(index),
        instance_type=spec["type"],
        status=Instance.InstanceStatus.Value(spec["status"]),
        node_kind=NodeKind.UNMANAGED if pending else kind,
        node_id=f"n{index}" if running else "",
        cloud_instance_id="" if pending else f"p{index}",
    )
    ray_node = None
    if spec["ray"]:
        ray = spec["ray"]
        ray_node = NodeState(
            total_resources=ray["total"],
            available_resources=ray["available"],
            labels=ray["labels"],
            dynamic_labels=ray["dynamic"],
            idle_duration_ms=ray["idle_ms"],
        )
        ray["total"] = pairs(ray_node.total_resources)
        ray["available"] = pairs(ray_node.available_resources)
    return AutoscalerInstance(
        im_instance=im_instance, ray_node=ray_node, cloud_instance_id=im_instance.cloud_instance_id
    )


def answer(case):
    """Runs upstream and adds its answer to the case."""
    configs = {
        t["name"]: NodeTypeConfig(
            name=t["name"],
            min_worker_nodes=t["min"],
            max_worker_nodes=t["max"],
            idle_timeout_s=t["idle"],
            priority=t["prio"],
            resources=t["res"],
            labels=t["labels"],
        )
        for t in case["types"]
    }
    demands = [(to_request(d), d["count"]) for d in case["demands"]]
    gangs = [GangResourceRequest(requests=[to_request(b) for b in gang]) for gang in case["gangs"]]
    constraints = []
    if case["constraint"] is not None:
        by_count = [
            ResourceRequestByCount(request=to_request(d), count=d["count"]) for d in case["constraint"]
        ]
        constraints = [ClusterResourceConstraint(resource_requests=by_count)]
    request = SchedulingRequest(
        disable_launch_config_check=True,
        node_type_configs=configs,
        max_num_nodes=case["max_nodes"],
        idle_timeout_s=case["idle_s"],
        pending_idle_timeout_s=case["pending_s"],
        resource_requests=[ResourceRequestByCount(request=r, count=n) for r, n in demands],
        gang_resource_requests=gangs,
        cluster_resource_constraints=constraints,
        current_instances=[to_instance(i, s) for i, s in enumerate(case["instances"])],
        recoverable_resource_availabilities=case["recoverable"],
        cloud_resource_availabilities=case["cloud"],
    )
    for t in case["types"]:
        t["res"] = [[k, v] for k, v in t["res"].items()]
    try:
        reply = ResourceDemandScheduler().schedule(request)
    except Exception as error:
        case["out"] = {"error": type(error).__name__}
        return case
    shapes = [r.SerializeToString(deterministic=True) for r, _ in demands]
    infeasible = {}
    for left in reply.infeasible_resource_requests:
        index = shapes.index(left.SerializeToString(deterministic=True))
        infeasible[index] = infeasible.get(index, 0) + 1
    gang_shapes = [g.SerializeToString(deterministic=True) for g in gangs]
    case["out"] = dict(
        launch=[[r.instance_type, r.count] for r in reply.to_launch],
        terminate=[
            [int(r.instance_id) if r.instance_id else -1, TerminationRequest.Cause.Name(r.cause)]
            for r in reply.to_terminate
        ],
        infeasible=sorted(infeasible.items()),
        gangs=sorted(
            gang_shapes.index(g.SerializeToString(deterministic=True))
            for g in reply.infeasible_gang_resource_requests
        ),
        constraint=bool(reply.infeasible_cluster_resource_constraints),
    )
    return case
