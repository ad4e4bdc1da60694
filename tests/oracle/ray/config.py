"""Random RayClusters, read by Ray's own `_derive_autoscaling_config_from_ray_cr`."""

import copy
import json

from ray.autoscaler._private.kuberay.autoscaling_config import (
    _derive_autoscaling_config_from_ray_cr,
)
from ray.autoscaler.v2.instance_manager.config import AutoscalingConfig

QUANTITIES = ["1", "2", "4", "500m", "2500m", "0.5", "1.5", "0", "1e3", "1Gi", "1.5Gi", "3Gi", "100Mi",
              "7", "1k", "1M", "2G", "1E", "1Ei", "123456789", ".5", "5.", "1_0", " 3", "9007199254740993",
              "1500u", "1n", "3mi", "+2", "1.00000000000000000000000000001", "12345678901234567.89Ki"]
BROKEN = ["-1500m", "1ki", "abc", "", "1i", "NaN", "inf", "1.2.3", "--1", "1e", "Gi", "-1"]
INTEGERS = ["0", "1", "4", " 8 ", "+2", "1_0", "1073741824", "007"]
BROKEN_INTEGERS = ["1.5", "2Gi", "", "-1", "x", "1__0"]
CUSTOM = ["'{\"Custom1\": 1}'", '"{\\"A\\": 1, \\"B\\": 5}"', "'{}'", "'{\"CPU\": 7}'", "'{\"TPU\": 2}'",
          "'{\"GPU\": 3, \"memory\": 10}'", "'{\"A\": 1, \"A\": 2}'"]
BROKEN_CUSTOM = ["'{\"A\": 1.5}'", '{"A": 1}', "", "'[]'", "'3'", "'{\"A\": \"1\"}'", "'{\"A\": -1}'",
                 "'{\"A\": 01}'", "'{\"A\": 1,}'", "'{\"A\": null}'", "'{\"A\": [1]}'"]
GPUS = ["nvidia.com/gpu", "amd.com/gpu", "nvidia.com/mig-1g.5gb", "habana.ai/gaudi", "gpu"]
TPUS = ["tpu-v4-podslice", "tpu-v5-lite-podslice", "tpu-v5p-slice", "tpu-v6e-slice", "tpu7x", "tpu-v9", ""]
LABELS = [("ray.io/zone", "a"), ("market", "spot"), ("a.b-c/d_e", "x.y"), ("k", "")]
BROKEN_LABELS = [("-k", "v"), ("k", "v-"), ("a b/c", "v"), ("k", "x" * 64), ("/k", "v"), ("p-/k", "v")]


def pick(rng, good, bad, chance=0.015):
    return rng.choice(bad) if rng.random() < chance else rng.choice(good)


def container_resources(rng):
    amounts = {}
    if rng.random() < 0.85:
        amounts["cpu"] = pick(rng, QUANTITIES, BROKEN)
    if rng.random() < 0.6:
        amounts["memory"] = pick(rng, QUANTITIES, BROKEN)
    for name in rng.sample(GPUS, rng.choice([0, 0, 0, 1, 2])):
        amounts[name] = pick(rng, ["0", "1", "2", "4", "500m"], BROKEN)
    if rng.random() < 0.12:
        amounts["google.com/tpu"] = pick(rng, ["0", "4", "8"], BROKEN)
    items = list(amounts.items())
    rng.shuffle(items)
    return dict(items)


def group(rng, name):
    resources = {}
    if rng.random() < 0.97:
        resources["limits"] = container_resources(rng)
    if rng.random() < 0.5:
        resources["requests"] = container_resources(rng)
    pod = {"containers": [{"name": "ray", "resources": resources}]}
    if rng.random() < 0.2:
        pod["nodeSelector"] = {
            "cloud.google.com/gke-tpu-topology": rng.choice(["2x2x2", "2x4", "1x1", "4X4", " 2x2", "", "2xa"]),
            "cloud.google.com/gke-tpu-accelerator": rng.choice(TPUS),
        }
    spec = {"rayStartParams": {}, "template": {"spec": pod}}
    params = spec["rayStartParams"]
    for key, chance in [("num-cpus", 0.15), ("num-gpus", 0.1), ("memory", 0.1)]:
        if rng.random() < chance:
            params[key] = pick(rng, INTEGERS, BROKEN_INTEGERS, 0.05)
    if rng.random() < 0.2:
        params["resources"] = pick(rng, CUSTOM, BROKEN_CUSTOM, 0.1)
    if rng.random() < 0.15:
        names = rng.sample(["CPU", "memory", "GPU", "TPU", "a", "cpu"], rng.choice([1, 2, 3]))
        spec["resources"] = {n: pick(rng, QUANTITIES, BROKEN) for n in names}
    if rng.random() < 0.2:
        spec["labels"] = dict([pick(rng, LABELS, BROKEN_LABELS, 0.15), rng.choice(LABELS)])
    if name is not None:
        low = rng.choice([0, 0, 0, 1, 3])
        spec.update(groupName=name, minReplicas=low, maxReplicas=low + rng.choice([0, 1, 10, 2147483647]))
        if rng.random() < 0.04:
            spec["maxReplicas"] = rng.choice([-1, 0, 2])
        if rng.random() < 0.02:
            del spec[rng.choice(["minReplicas", "maxReplicas"])]
        if rng.random() < 0.2:
            spec["numOfHosts"] = rng.choice([0, 1, 2, 4])
    if rng.random() < 0.15:
        spec["idleTimeoutSeconds"] = rng.choice([0, 7, 300])
    if rng.random() < 0.15:
        spec["priority"] = rng.choice([0, 3, -1])
    return spec


def build_case(rng):
    names = [rng.choice("abc") for _ in range(rng.choice([0, 1, 1, 1, 2]))]
    if rng.random() < 0.03:
        names.append("headgroup")
    options = {}
    if rng.random() < 0.3:
        options["idleTimeoutSeconds"] = rng.choice([0, 1, 7, 49, 60, 90, 1013, -1])
    if rng.random() < 0.3:
        options["upscalingMode"] = rng.choice(["Default", "Aggressive", "Conservative", "Wat"])
    return {
        "metadata": {"name": "c", "namespace": "n"},
        "spec": {
            "autoscalerOptions": options,
            "headGroupSpec": group(rng, None),
            "workerGroupSpecs": [group(rng, name) for name in names],
        },
    }


def answer(cr):
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
    spec = cr["spec"]
    return {
        "options": spec["autoscalerOptions"],
        "head": flat(spec["headGroupSpec"]),
        "groups": [flat(g) for g in spec["workerGroupSpecs"]],
        "out": out,
    }


def flat(spec):
    """What is read of a group, maps as lists: their order matters."""
    pod = spec["template"]["spec"]
    resources = pod["containers"][0]["resources"]
    maps = {
        "resources": spec.get("resources", {}),
        "params": spec["rayStartParams"],
        "limits": resources.get("limits", {}),
        "requests": resources.get("requests", {}),
        "labels": spec.get("labels", {}),
        "selector": pod.get("nodeSelector", {}),
    }
    numbers = {
        "name": spec.get("groupName"),
        "min": spec.get("minReplicas"),
        "max": spec.get("maxReplicas"),
        "hosts": spec.get("numOfHosts"),
        "idle": spec.get("idleTimeoutSeconds"),
        "prio": spec.get("priority"),
    }
    return {
        **{key: list(map(list, amounts.items())) for key, amounts in maps.items() if amounts},
        **{key: value for key, value in numbers.items() if value is not None},
    }
