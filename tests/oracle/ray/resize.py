"""Pods that are resized in place: the API server's, the kubelet's and the raylet's part."""

import json
from decimal import Decimal

from ray.autoscaler._private.kuberay.utils import parse_quantity

UNIX = 1_700_000_000


def give_resources(pod, flat):
    """What a new pod of a group is made of."""
    pod.requests = dict(flat.get("requests", []))
    pod.limits = dict(flat.get("limits", []))
    pod.actual = {"requests": dict(pod.requests), "limits": dict(pod.limits)}
    pod.others = [dict(it) for it in flat.get("others", [])]
    pod.condition, pod.notes, pod.asked = None, None, False


def memory_of(pod):
    text = pod.limits.get("memory") or pod.requests.get("memory")
    return float(parse_quantity(text)) if text else None


def add_to(shown, pod):
    """Adds what resizing reads to a pod as the API server shows it."""
    resources = {"requests": dict(pod.requests), "limits": dict(pod.limits)}
    names = [f"c{number}" for number in range(len(pod.others) + 1)]
    shown["spec"] = {"containers": [{"name": name} for name in names]}
    shown["spec"]["containers"][0]["resources"] = resources
    status = {"name": "c0", "state": {"running": {}}}
    if pod.actual is not None:
        status["resources"] = {key: dict(value) for key, value in pod.actual.items()}
    others = [
        {"name": name, "state": {"running": {}}, "resources": {"requests": dict(requests)}}
        for name, requests in zip(names[1:], pod.others)
    ]
    shown["status"]["containerStatuses"] = [status] + others
    if pod.condition is not None:
        shown["status"]["conditions"] = [{"type": "Ready", "status": "True"}, pod.condition]
    if pod.notes is not None:
        shown["metadata"]["annotations"] = {"ray.io/ippr-status": pod.notes}


def seen(pod):
    """What is told of a pod in the answer."""
    both = lambda it: [it.get("cpu"), it.get("memory")]
    actual = pod.actual or {}
    condition = None
    if pod.condition is not None:
        what = pod.condition["type"]
        condition = [what, pod.condition.get("reason"), pod.condition.get("message")]
    return {
        "pod": pod.number,
        "requests": both(pod.requests),
        "limits": both(pod.limits),
        "actual_requests": both(actual["requests"]) if "requests" in actual else None,
        "actual_limits": both(actual["limits"]) if "limits" in actual else None,
        "others": [both(it) for it in pod.others],
        "condition": condition,
        "notes": read_notes(pod.notes),
    }


def read_notes(text):
    if text is None:
        return None
    notes = json.loads(text)
    since = lambda key: None if notes[key] is None else notes[key] - UNIX
    return {
        "raylet": None if notes["raylet-id"] is None else int(notes["raylet-id"], 16),
        "resizing_at": since("resizing-at"),
        "cpu": notes["suggested-max-cpu"],
        "memory": notes["suggested-max-memory"],
        "failed_at": since("last-failed-at"),
        "reason": notes["last-failed-reason"],
    }


def patch_pod(world, path, payload):
    """Applies a patch of a pod, and says it for the answer."""
    parts = path.split("/")
    number = int(parts[1][1:])
    pod = next(it for it in world.pods if it.number == number)
    if parts[2:] != ["resize"]:
        pod.notes = payload["metadata"]["annotations"]["ray.io/ippr-status"]
        return ["notes", number, read_notes(pod.notes)]
    said = {"limits": [None, None], "requests": [None, None]}
    for op in payload:
        kind, name = op["path"].split("/")[-2:]
        said[kind][["cpu", "memory"].index(name)] = op["value"]
        # The API server refuses to replace what is not there.
        assert name in getattr(pod, kind), op
        getattr(pod, kind)[name] = str(Decimal(str(op["value"])))
    pod.asked = True
    return ["pod", number, said["limits"], said["requests"]]


def answer_resizes(world):
    """Every kubelet does what the case says."""
    how, report = world.kubelet
    for pod in world.pods:
        if not pod.asked or how == "silent":
            continue
        pod.condition = None
        if how == "grant":
            pod.actual = {"requests": dict(pod.requests), "limits": dict(pod.limits)}
            pod.asked = False
        elif how == "unknown":
            pod.actual = None
        elif how in ("Deferred", "Infeasible", "Odd"):
            pod.condition = {"type": "PodResizePending", "status": "True", "reason": how}
            if report is not None:
                pod.condition["message"] = report
        else:
            pod.condition = {"type": "PodResizeInProgress", "status": "True"}
            if how == "Error":
                pod.condition.update(reason="Error", message=report or "")


def resize_raylet(raylet, wanted):
    """What is in use can't be taken away: node_manager.cc `HandleResizeLocalResourceInstances`."""
    if raylet is None or raylet.status == "dead":
        raise RuntimeError("no such raylet")
    for name, target in wanted.items():
        total, left = raylet.total.get(name, 0.0), raylet.left.get(name, 0.0)
        raylet.total[name] = float(max(target, total - left))
        raylet.left[name] = left + raylet.total[name] - total
    return dict(raylet.total)
