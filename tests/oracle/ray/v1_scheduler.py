"""Ray's own v1 `ResourceDemandScheduler.get_nodes_to_launch`."""

from ray.autoscaler._private.node_provider_availability_tracker import NodeAvailabilitySummary
from ray.autoscaler._private.resource_demand_scheduler import ResourceDemandScheduler
from ray.autoscaler.tags import TAG_RAY_NODE_KIND, TAG_RAY_USER_NODE_TYPE
from ray.core.generated.common_pb2 import PlacementStrategy
from ray.core.generated.gcs_pb2 import PlacementGroupTableData


class Provider:
    """All that the scheduler asks of a provider."""

    def __init__(self, nodes):
        self.nodes = nodes

    def node_tags(self, index):
        node = self.nodes[index]
        return {TAG_RAY_NODE_KIND: node["kind"], TAG_RAY_USER_NODE_TYPE: node["type"]}

    def internal_ip(self, index):
        return f"ip{index}"


def placement_group(spec):
    """The group, whose bundles get the order in which Python walks through them."""
    group = PlacementGroupTableData(strategy=PlacementStrategy.Value(spec["strategy"]))
    for bundle in spec["bundles"]:
        message = group.bundles.add(node_id=b"n" if bundle["placed"] else b"")
        message.unit_resources.update(dict(bundle["res"]))
        bundle["res"] = [[name, amount] for name, amount in message.unit_resources.items()]
    return group


def repeated(demands):
    return [dict(demand["res"]) for demand in demands for _ in range(demand["count"])]


def answer(case):
    """Runs upstream and adds its answer to the case."""
    types = {
        it["name"]: {"resources": dict(it["res"]), "min_workers": it["min"], "max_workers": it["max"]}
        for it in case["types"]
    }
    nodes = case["nodes"]
    loads = {f"ip{index}": it["load"] for index, it in enumerate(nodes) if it["load"]}
    groups = [placement_group(it) for it in case["groups"]]
    scheduler = ResourceDemandScheduler(
        Provider(nodes), types, case["max"], case["types"][0]["name"], case["speed"]
    )
    try:
        launch, unfulfilled = scheduler.get_nodes_to_launch(
            list(range(len(nodes))),
            {it["name"]: 0 for it in case["types"]},
            repeated(case["demands"]),
            {ip: dict(load["available"]) for ip, load in loads.items()},
            groups,
            {ip: dict(load["total"]) for ip, load in loads.items()},
            repeated(case["requests"]),
            NodeAvailabilitySummary({}),
        )
    except Exception as error:
        case["out"] = {"error": type(error).__name__}
        return case
    left = [[[name, float(amount)] for name, amount in bundle.items()] for bundle in unfulfilled]
    case["out"] = {"launch": [list(it) for it in launch.items()], "unfulfilled": left}
    return case
