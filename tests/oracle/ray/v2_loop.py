"""Ray's own `Autoscaler.update_autoscaling_state` in a closed loop, look by look.

The question holds worker groups and, for each look, what somebody changes. The world of `world.py`
lives on; upstream decides. The answer tells for each look what was seen and what was decided, so
that another autoscaler can be shown the same. A part of what is seen that is the same as in the look
before is left out.
"""

import copy
import types
import uuid

import constant_schema  # noqa: F401
from ray.autoscaler._private.kuberay.autoscaling_config import (
    _derive_autoscaling_config_from_ray_cr,
)
from ray.autoscaler.v2 import autoscaler as upstream
from ray.autoscaler.v2 import scheduler as ray_scheduler
from ray.autoscaler.v2 import schema
from ray.autoscaler.v2.instance_manager import common, reconciler
from ray.autoscaler.v2.instance_manager.cloud_providers.kuberay import (
    cloud_provider,
    ippr_provider,
)
from ray.autoscaler.v2.instance_manager.config import KubeRayConfigReader
from ray.autoscaler.v2.instance_manager.subscribers import cloud_resource_monitor, ray_stopper
from ray.core.generated.instance_manager_pb2 import Instance

from world import Clock, World, changes

OVER = (Instance.TERMINATED, Instance.ALLOCATION_FAILED)


class Done:
    """A future that is done."""

    def __init__(self, call, arguments):
        call(*arguments)

    def result(self):
        pass

    def add_done_callback(self, callback):
        callback(self)


class AtOnce:
    """An executor without threads."""

    def __init__(self, max_workers=None):
        pass

    def submit(self, call, *arguments):
        return Done(call, arguments)


def answer(case):
    clock = Clock()
    modules = (ray_scheduler, common, reconciler, cloud_provider, cloud_resource_monitor)
    for module in modules + (ippr_provider, schema):
        module.time = clock
    ids = iter(range(10**12))
    uuid.uuid4 = lambda: uuid.UUID(int=next(ids))
    ray_stopper.ThreadPoolExecutor = AtOnce
    world = World(case, clock)
    cloud_provider.KubernetesHttpApiClient = lambda namespace: world
    errors = []
    upstream.logger = types.SimpleNamespace(
        info=lambda text: None, exception=lambda error: errors.append(type(error).__name__)
    )
    producer = lambda: _derive_autoscaling_config_from_ray_cr(world.cluster())
    it = upstream.Autoscaler("s", KubeRayConfigReader(producer), world)
    out, before = [], {}
    for edits in copy.deepcopy(case["looks"]):
        for edit in edits:
            world.edit(edit)
        world.work()
        world.operate()
        seen = world.see()
        errors.clear()
        world.patches, world.drained, world.resizes = [], [], []
        state = it.update_autoscaling_state()
        decided = {
            "patches": world.patches,
            "drains": world.drained,
            "rows": rows_of(it),
            "error": errors[0] if errors else None,
        }
        if world.resizable:
            decided["resizes"] = world.resizes
        if state is not None:
            decided["infeasible"] = [
                len(state.infeasible_resource_requests),
                len(state.infeasible_gang_resource_requests),
                len(state.infeasible_cluster_resource_constraints),
            ]
        out.append({"at": clock.now, "seen": changes(before, seen), "decided": decided})
        before = seen
        world.operate()
        clock.now += 5
    return dict(case, out=out)


def rows_of(autoscaler):
    """Every instance that is not over: type, status, pod and Ray node."""
    instances, _ = autoscaler._instance_manager._instance_storage.get_instances()
    number = lambda text, base: int(text, base) if text else None
    return [
        [
            it.instance_type,
            Instance.InstanceStatus.Name(it.status),
            number(it.cloud_instance_id[1:], 10),
            number(it.node_id, 16),
        ]
        for it in instances.values()
        if it.status not in OVER
    ]
