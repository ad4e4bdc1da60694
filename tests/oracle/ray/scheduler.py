"""Ray's own `ResourceDemandScheduler.schedule`, asked once for each of the times."""

import copy
import types

from ray.autoscaler.v2 import scheduler as upstream
from ray.autoscaler.v2.instance_manager.config import NodeTypeConfig
from ray.autoscaler.v2.scheduler import ResourceDemandScheduler, SchedulingRequest
from ray.autoscaler.v2.schema import AutoscalerInstance, IPPRGroupSpec, IPPRSpecs, IPPRStatus
from ray.autoscaler.v2.utils import ResourceRequestUtil
from ray.core.generated.autoscaler_pb2 import (
    ClusterResourceConstraint,
    GangResourceRequest,
    NodeState,
    ResourceRequestByCount,
)
from ray.core.generated.instance_manager_pb2 import Instance, NodeKind, TerminationRequest

_dataclass, _made = upstream.dataclass, {}


def dataclass(kind):
    """The dataclass that upstream makes, at each call of a function, of the same text again."""
    if kind.__qualname__ not in _made:
        _made[kind.__qualname__] = _dataclass(kind)
    return _made[kind.__qualname__]


# It takes a quarter of the time. Only its fields are used.
upstream.dataclass = dataclass
AFFINITY = ResourceRequestUtil.PlacementConstraintType


def pairs(proto_map):
    """Name and amount in the order in which Python iterates: sums depend on it."""
    return [[k, v] for k, v in proto_map.items()]


def to_request(spec):
    constraints = None
    if spec["place"]:
        kind, label = spec["place"]
        kind = AFFINITY.AFFINITY if kind == "affinity" else AFFINITY.ANTI_AFFINITY
        constraints = [(kind, label, "")]
    return ResourceRequestUtil.make(spec["res"], constraints, spec["selectors"])


def tell_order(specs, requests):
    """Writes the resources of each in the order of the message that upstream walks through.

    A copy of a message has an order of its own, so that it must be this very one.
    """
    for spec, request in zip(specs, requests):
        spec["res"] = pairs(request.resources_bundle)


def tell_counted(specs, counted):
    tell_order(specs, (it.request for it in counted))


def by_count(demands):
    return [ResourceRequestByCount(request=to_request(it), count=it["count"]) for it in demands]


def pod_name(index, spec):
    return f"p{spec.get('pod', index)}"


def to_limits(limits):
    cpu, memory, timeout = limits
    return IPPRGroupSpec(
        min_cpu=0.0, max_cpu=cpu, min_memory=0, max_memory=memory, resize_timeout=timeout
    )


def add_resizes(case, request):
    """Groups that may be resized, and where the resizes of their pods stand."""
    groups = {t["name"]: to_limits(t["resize"]) for t in case["types"] if t.get("resize")}
    request.ippr_specs = IPPRSpecs(groups=groups)
    for index, spec in enumerate(case["instances"]):
        it = spec.get("resize")
        if it is None or spec["type"] not in groups:
            continue
        request.ippr_statuses[f"p{index}"] = IPPRStatus(
            cloud_instance_id=f"p{index}",
            spec=groups[spec["type"]],
            current_cpu=it["current"][0],
            current_memory=it["current"][1],
            desired_cpu=it["desired"][0],
            desired_memory=it["desired"][1],
            resizing_at=it["resizing_at"],
            k8s_resize_status=it["progress"],
            suggested_max_cpu=it["cpu"],
            suggested_max_memory=it["memory"],
            last_failed_at=it["failed_at"],
            raylet_id=f"n{index}" if it["raylet"] else None,
        )


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
        cloud_instance_id="" if pending else pod_name(index, spec),
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
    demands = by_count(case["demands"])
    tell_counted(case["demands"], demands)
    gangs = [GangResourceRequest(requests=[to_request(b) for b in gang]) for gang in case["gangs"]]
    for gang, request in zip(case["gangs"], gangs):
        tell_order(gang, request.requests)
    constraints = []
    if case["constraint"] is not None:
        constraints = [ClusterResourceConstraint(resource_requests=by_count(case["constraint"]))]
        tell_counted(case["constraint"], constraints[0].resource_requests)
    request = SchedulingRequest(
        disable_launch_config_check=True,
        node_type_configs=configs,
        max_num_nodes=case["max_nodes"],
        idle_timeout_s=case["idle_s"],
        pending_idle_timeout_s=case["pending_s"],
        resource_requests=demands,
        gang_resource_requests=gangs,
        cluster_resource_constraints=constraints,
        current_instances=[to_instance(i, s) for i, s in enumerate(case["instances"])],
        recoverable_resource_availabilities=case["recoverable"],
        cloud_resource_availabilities=case["cloud"],
    )
    for t in case["types"]:
        t["res"] = [[k, v] for k, v in t["res"].items()]
    if case.get("resizes"):
        add_resizes(case, request)
    scheduler = ResourceDemandScheduler()
    statuses = request.ippr_statuses
    case["out"] = []
    for now in case["times"]:
        # Every look reads them anew.
        request.ippr_statuses = copy.deepcopy(statuses)
        case["out"].append(reply_at(scheduler, request, now, demands, gangs))
    return case


def reply_at(scheduler, request, now, demands, gangs):
    upstream.time = types.SimpleNamespace(monotonic=lambda: now, time_ns=lambda: 0)
    try:
        reply = scheduler.schedule(request)
    except Exception as error:
        return {"error": type(error).__name__}
    shapes = [it.request.SerializeToString(deterministic=True) for it in demands]
    infeasible = {}
    for left in reply.infeasible_resource_requests:
        index = shapes.index(left.SerializeToString(deterministic=True))
        infeasible[index] = infeasible.get(index, 0) + 1
    gang_shapes = [g.SerializeToString(deterministic=True) for g in gangs]
    resizes = {}
    if request.ippr_specs is not None:
        resizes["resize"] = [
            [int(it.cloud_instance_id[1:]), float(it.desired_cpu), it.desired_memory, int(it.raylet_id[1:])]
            for it in reply.to_ippr
        ]
    return dict(
        **resizes,
        launch=[[r.instance_type, r.count] for r in reply.to_launch],
        terminate=[
            [int(r.instance_id) if r.instance_id else -1, TerminationRequest.Cause.Name(r.cause)]
            for r in reply.to_terminate
        ],
        infeasible=sorted(map(list, infeasible.items())),
        gangs=sorted(
            gang_shapes.index(g.SerializeToString(deterministic=True))
            for g in reply.infeasible_gang_resource_requests
        ),
        constraint=bool(reply.infeasible_cluster_resource_constraints),
    )
