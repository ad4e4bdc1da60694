"""RayClusters, read by Ray's own `_derive_autoscaling_config_from_ray_cr`."""

import copy
import json

import constant_schema  # noqa: F401
from ray.autoscaler._private.kuberay.autoscaling_config import (
    _derive_autoscaling_config_from_ray_cr,
)
from ray.autoscaler.v2.instance_manager.config import AutoscalingConfig

FIELDS = {
    "name": "groupName",
    "min": "minReplicas",
    "max": "maxReplicas",
    "hosts": "numOfHosts",
    "idle": "idleTimeoutSeconds",
    "prio": "priority",
}


def answer(case):
    cr = cluster_of(case)
    try:
        derived = _derive_autoscaling_config_from_ray_cr(copy.deepcopy(cr))
        config = AutoscalingConfig(derived)
        types = config.get_node_type_configs()
        out = {
            "types": [
                {
                    "name": t.name,
                    "min": t.min_worker_nodes,
                    "max": t.max_worker_nodes,
                    "res": [[k, float(v)] for k, v in t.resources.items()],
                    "labels": list(map(list, t.labels.items())),
                    "idle": t.idle_timeout_s,
                    "prio": t.priority,
                }
                for t in types.values()
            ],
            "max_nodes": config.get_max_num_nodes(),
            "idle_s": config.get_idle_timeout_s(),
            "speed": config.get_upscaling_speed(),
        }
    except Exception as error:
        text = getattr(error, "message", None) or str(error)
        if isinstance(error, (json.JSONDecodeError, AssertionError)):
            text = ""
        out = {"error": type(error).__name__, "text": text}
    return dict(case, out=out)


def cluster_of(case):
    return {
        "metadata": {"name": "c", "namespace": "n"},
        "spec": {
            "autoscalerOptions": case["options"],
            "headGroupSpec": group_of(case["head"]),
            "workerGroupSpecs": [group_of(group) for group in case["groups"]],
        },
    }


def group_of(flat):
    """A group as the RayCluster has it; maps are lists of pairs, since their order matters."""
    resources = {key: dict(flat[key]) for key in ["limits", "requests"] if key in flat}
    pod = {"containers": [{"name": "ray", "resources": resources}]}
    if "selector" in flat:
        pod["nodeSelector"] = dict(flat["selector"])
    group = {"rayStartParams": dict(flat.get("params", [])), "template": {"spec": pod}}
    for key in ["resources", "labels"]:
        if key in flat:
            group[key] = dict(flat[key])
    for key, field in FIELDS.items():
        if key in flat:
            group[field] = flat[key]
    return group
