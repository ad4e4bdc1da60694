"""Launches and deletions, patched by Ray's own `KubeRayProvider`."""

import copy

from ray.autoscaler._private.kuberay.node_provider import IKubernetesHttpApiClient
from ray.autoscaler.v2.instance_manager.cloud_providers.kuberay.cloud_provider import KubeRayProvider
from ray.autoscaler.v2.instance_manager.node_provider import LaunchNodeError


class FakeApi(IKubernetesHttpApiClient):
    """Applies patches to the RayCluster; pods never change."""

    def __init__(self, cluster, pods):
        self.cluster, self.pods, self.patches = cluster, pods, []

    def get(self, path):
        if path.startswith("pods"):
            return {"metadata": {"resourceVersion": "1"}, "items": copy.deepcopy(self.pods)}
        return copy.deepcopy(self.cluster)

    def patch(self, path, payload, content_type=None):
        for op in payload:
            _, _, _, index, field = op["path"].split("/")
            self.cluster["spec"]["workerGroupSpecs"][int(index)][field] = op["value"]
        self.patches.append(payload)
        return self.cluster

    def delete(self, path):
        raise NotImplementedError


def cluster_of(case):
    groups = []
    for g in case["groups"]:
        group = {
            "groupName": g["name"],
            "minReplicas": g["min"],
            "numOfHosts": g["hosts"],
            "scaleStrategy": {"workersToDelete": [f"p{i}" for i in g["delete"]]},
        }
        for field, key in [("max", "maxReplicas"), ("replicas", "replicas")]:
            if g[field] is not None:
                group[key] = g[field]
        groups.append(group)
    return {"metadata": {"name": "c"}, "spec": {"workerGroupSpecs": groups}}


def pod_of(pod):
    metadata = {
        "name": f"p{pod['id']}",
        "labels": {
            "ray.io/cluster": "c",
            "ray.io/node-type": "head" if pod["head"] else "worker",
            "ray.io/group": pod["group"],
        },
    }
    if pod["deleting"]:
        metadata["deletionTimestamp"] = "2026-01-01T00:00:00Z"
    return {"metadata": metadata, "status": {"containerStatuses": [{"state": {"running": {}}}]}}


def patch_of(op):
    _, _, _, index, field = op["path"].split("/")
    if field == "replicas":
        return ["replicas", int(index), op["value"]]
    return ["delete", int(index), [int(name[1:]) for name in op["value"]["workersToDelete"]]]


def answer(case):
    api = FakeApi(cluster_of(case), [pod_of(p) for p in case["pods"]])
    provider = KubeRayProvider("c", {"namespace": "n"}, gcs_client=None, k8s_api_client=api)
    out = []
    for number, call in enumerate(case["calls"]):
        api.patches = []
        if "launch" in call:
            provider.launch(shape=dict(map(tuple, call["launch"])), request_id=f"r{call['request']}")
        else:
            provider.terminate(ids=[f"p{i}" for i in call["terminate"]], request_id=f"t{number}")
        errors = [
            [e.node_type, e.count] if isinstance(e, LaunchNodeError) else [int(e.cloud_instance_id[1:])]
            for e in provider.poll_errors()
        ]
        patches = [patch_of(op) for payload in api.patches for op in payload]
        out.append({"patches": patches, "errors": errors})
    return dict(case, out=out)
