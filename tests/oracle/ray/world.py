"""The world of a closed loop: what is no autoscaler.

Pods come and go, Ray nodes join, drain and die, tasks run. It stands in for the Kubernetes API, the
operator and the GCS, and tells what they show. `v2_loop.py` and `v1_loop.py` let upstream decide.
"""

import copy

from ray.core.generated.autoscaler_pb2 import (
    ClusterResourceConstraint,
    ClusterResourceState,
    GangResourceRequest,
    GetClusterResourceStateReply,
    NodeState,
    NodeStatus,
)

import resize
from config import group_of
from provider import patch_of, pod_of
from scheduler import by_count, pairs, tell_counted, tell_order, to_request

UNIX = 1_700_000_000


class Clock:
    """Stands in for the module `time`."""

    def __init__(self):
        self.now = 0

    def time(self):
        return UNIX + self.now

    def monotonic(self):
        return float(self.now)

    def time_ns(self):
        return (UNIX + self.now) * 1_000_000_000

    def sleep(self, seconds):
        raise AssertionError("upstream sleeps")


class Pod:
    def __init__(self, number, group, replica, joins_at):
        self.number, self.group, self.replica, self.joins_at = number, group, replica, joins_at
        self.gone_at = None
        self.raylet = None


class Task:
    """What one task asks for; many that are asked for together are one object."""

    def __init__(self, res, selectors, seconds):
        self.res, self.selectors, self.seconds = res, selectors, seconds
        # Tasks of the same shape fit the same nodes, and are one row of what waits.
        self.shape = (tuple(sorted(res.items())), repr(selectors))


class Raylet:
    def __init__(self, number, pod, total, labels, now):
        self.number, self.pod, self.total, self.labels = number, pod, total, labels
        self.tasks, self.idle_since = [], now
        self.left = dict(total)
        self.status, self.until = "alive", None

    def run(self, task, end):
        self.tasks.append((end, task.res))
        self.take(task.res)

    def take(self, res):
        for name, amount in res.items():
            self.left[name] -= amount

    def keep(self, tasks):
        """These still run; the others are over."""
        if len(tasks) < len(self.tasks):
            self.tasks, self.left = tasks, dict(self.total)
            for _, res in tasks:
                self.take(res)

    def free(self):
        return {name: amount for name, amount in self.left.items() if amount > 0}

    def takes(self, task):
        left = self.left
        return (
            self.status == "alive"
            and all(left.get(name, 0) >= amount for name, amount in task.res.items())
            and all(
                (self.labels.get(key) in values) == (operator == 1)
                for selector in task.selectors
                for key, operator, values in selector
            )
        )


class World:
    def __init__(self, case, clock):
        self.head_cpu, self.clock = case["head_cpu"], clock
        self.start_s, self.grace_s = case["start_s"], case["grace_s"]
        self.drain_s, self.dead_s = case["drain_s"], case["dead_s"]
        self.options = case["options"]
        self.groups = copy.deepcopy(case["groups"])
        self.pods, self.raylets = [], []
        self.next_pod, self.next_raylet = 0, 0
        self.waiting, self.gangs, self.constraint = [], [], None
        self.operates, self.refuses = True, False
        self.refused, self.patches, self.drained = [], [], []
        self.resize, self.kubelet = case.get("resize"), ["grant", None]
        self.resizable = "resize" in case
        self.head_requests, self.resizes = case.get("head_requests", []), []
        self.add_pod("headgroup", 0, 0)

    # What somebody does.

    def edit(self, edit):
        what, value = edit
        if what == "tasks":
            task = Task(value["res"], value["selectors"], value["seconds"])
            self.waiting += [task] * value["count"]
        elif what == "gang":
            if not value["bundles"]:
                raise ValueError("Ray refuses a placement group without bundles")
            self.gangs.append(dict(value, until=self.clock.now + value["seconds"]))
        elif what in ("constraint", "operates", "refuses", "resize", "kubelet"):
            setattr(self, what, value)
        elif what == "set":
            name, field, content = value
            for group in self.groups:
                if group["name"] == name:
                    group[field] = content
                    # KubeRay refuses a minimum above the maximum.
                    if field == "min":
                        group["max"] = max(group["max"], content)
                    elif field == "max":
                        group["min"] = min(group["min"], content)
        elif what == "unset":
            name, field = value
            for group in self.groups:
                if group["name"] == name:
                    group.pop(field, None)
        elif what == "drop":
            self.groups = [group for group in self.groups if group["name"] != value]
        elif what == "add":
            self.groups.append(copy.deepcopy(value))
        elif what == "wait":
            self.clock.now += value
        elif what == "done":
            self.waiting = []
        else:
            self.edit_pod(what, [pod for pod in self.pods[1:] if pod.gone_at is None], value)

    def edit_pod(self, what, pods, value):
        if not pods:
            return
        pod = pods[value % len(pods)]
        if what == "never" and pod.raylet is None:
            pod.joins_at = None
        elif what == "kill":
            self.delete(pod)
        elif what == "die" and pod.raylet:
            self.end(pod.raylet)
        elif what == "restart" and pod.raylet:
            self.end(pod.raylet)
            pod.raylet, pod.joins_at = None, self.clock.now
        elif what == "forget" and pod.raylet in self.raylets:
            self.raylets.remove(pod.raylet)
            pod.raylet.status = "forgotten"

    # What happens by itself.

    def work(self):
        now = self.clock.now
        resize.answer_resizes(self)
        self.pods = [pod for pod in self.pods if pod.gone_at is None or pod.gone_at > now]
        self.gangs = [gang for gang in self.gangs if gang["until"] > now]
        for raylet in self.raylets:
            if raylet.status == "draining" and raylet.until <= now:
                self.end(raylet)
            if raylet.pod not in self.pods and raylet.status != "dead":
                self.end(raylet)
            ends = [end for end, _ in raylet.tasks]
            raylet.keep([task for task in raylet.tasks if task[0] > now])
            if ends and not raylet.tasks:
                raylet.idle_since = max(ends)
        stays = lambda it: it.status != "dead" or it.until > now
        self.raylets = [raylet for raylet in self.raylets if stays(raylet)]
        for pod in self.pods:
            joins = pod.joins_at is not None and pod.joins_at <= now and pod.gone_at is None
            if joins and pod.raylet is None:
                self.join(pod)
        # What had no place has none later in the same pass: nodes only fill up.
        still, stuck = [], set()
        for task in self.waiting:
            raylet = None
            if task.shape not in stuck:
                raylet = next((it for it in self.raylets if it.takes(task)), None)
            if raylet is None:
                stuck.add(task.shape)
                still.append(task)
            else:
                raylet.run(task, now + task.seconds)
        self.waiting = still

    def join(self, pod):
        number = self.next_raylet
        self.next_raylet += 1
        group = self.group(pod.group)
        total = {"CPU": float(self.head_cpu), "node:__internal_head__": 1.0}
        if pod.number > 0:
            total = dict(pod.total)
        memory = resize.memory_of(pod)
        if memory is not None:
            total["memory"] = memory
        total[f"node:10.0.0.{number}"] = 1.0
        labels = dict(group.get("labels", [])) if group else {}
        pod.raylet = Raylet(number, pod, total, labels, self.clock.now)
        self.raylets.append(pod.raylet)

    def end(self, raylet):
        self.requeue(raylet)
        raylet.status, raylet.until = "dead", self.clock.now + self.dead_s

    def requeue(self, raylet):
        for end, amounts in raylet.tasks:
            left = max(5, end - self.clock.now)
            self.waiting.append(Task(amounts, [[]], left))
        raylet.keep([])

    def group(self, name):
        return next((group for group in self.groups if group["name"] == name), None)

    def add_pod(self, group, replica, start_s):
        pod = Pod(self.next_pod, group, replica, self.clock.now + start_s)
        self.next_pod += 1
        if group != "headgroup":
            limits = dict(self.group(group)["limits"])
            pod.total = {"CPU": float(limits["cpu"])}
            if "nvidia.com/gpu" in limits:
                pod.total["GPU"] = float(limits["nvidia.com/gpu"])
            pod.total["object_store_memory"] = 3e8
        resize.give_resources(pod, self.head() if group == "headgroup" else self.group(group))
        self.pods.append(pod)

    def head(self):
        return {"limits": [["cpu", self.head_cpu]], "requests": self.head_requests}

    def delete(self, pod):
        if self.grace_s == 0:
            self.pods.remove(pod)
        elif pod.gone_at is None:
            pod.gone_at = self.clock.now + self.grace_s

    def operate(self):
        if not self.operates:
            return
        for group in self.groups:
            hosts = max(1, group["hosts"])
            low, high = group["min"], group["max"]
            desired = min(max(group.get("replicas", low), low), high)
            pods = [pod for pod in self.pods if pod.group == group["name"]]
            doomed = {pod.replica for pod in pods if pod.number in group["delete"]}
            if hosts > 1:
                size = lambda it: sum(pod.replica == it for pod in pods)
                doomed |= {pod.replica for pod in pods if size(pod.replica) < hosts}
            for pod in pods:
                if pod.replica in doomed:
                    self.delete(pod)
            alive = {pod.replica for pod in self.pods if pod.group == group["name"]}
            for _ in range(desired - len(alive)):
                replica = self.next_pod
                for _ in range(hosts):
                    self.add_pod(group["name"], replica, self.start_s)

    # What upstream sees and does.

    def cluster(self):
        groups = []
        for flat in self.groups:
            group = group_of(flat)
            if "replicas" in flat:
                group["replicas"] = flat["replicas"]
            names = [f"p{number}" for number in flat["delete"]]
            group["scaleStrategy"] = {"workersToDelete": names}
            groups.append(group)
        annotations = {} if self.resize is None else {"ray.io/ippr": self.resize}
        return {
            "metadata": {"name": "c", "namespace": "n", "annotations": annotations},
            "spec": {
                "autoscalerOptions": dict(self.options),
                "headGroupSpec": group_of(self.head()),
                "workerGroupSpecs": groups,
            },
        }

    def get(self, path):
        if not path.startswith("pods"):
            return self.cluster()
        pods = [
            pod_of(
                {
                    "id": pod.number,
                    "group": pod.group,
                    "head": pod.number == 0,
                    "deleting": pod.gone_at is not None,
                }
            )
            for pod in self.pods
        ]
        for shown, pod in zip(pods, self.pods):
            resize.add_to(shown, pod)
        return {"metadata": {"resourceVersion": "1"}, "items": pods}

    def patch(self, path, payload, content_type=None):
        if path.startswith("pods/"):
            self.resizes.append(resize.patch_pod(self, path, payload))
            return {}
        for op in payload:
            field, index, value = patch_of(op)
            self.groups[index][field] = value
            self.patches.append([field, index, value])
        return self.cluster()

    def state(self):
        """The GCS' reply, and what it says for the answer."""
        now = self.clock.now
        nodes, seen = [], []
        for it in self.raylets:
            idle = it.status != "alive" or not it.tasks
            node = NodeState(
                node_id=bytes.fromhex(f"{it.number:056x}"),
                instance_id=f"p{it.pod.number}",
                node_ip_address=self.address(it),
                ray_node_type_name=it.pod.group,
                total_resources=it.total,
                available_resources=it.free(),
                idle_duration_ms=(now - it.idle_since) * 1000 if idle else 0,
                labels=it.labels,
                status=NodeStatus.Value(
                    {"dead": "DEAD", "draining": "DRAINING"}.get(it.status, "IDLE" if idle else "RUNNING")
                ),
            )
            nodes.append(node)
        demands = self.shapes()
        gangs = [copy.deepcopy(gang["bundles"]) for gang in self.gangs]
        constraint = copy.deepcopy(self.constraint)
        constraints = []
        if constraint is not None:
            constraints = [ClusterResourceConstraint(resource_requests=by_count(constraint))]
        reply = GetClusterResourceStateReply(
            cluster_resource_state=ClusterResourceState(
                node_states=nodes,
                pending_resource_requests=by_count(demands),
                pending_gang_resource_requests=[
                    GangResourceRequest(requests=[to_request(it) for it in gang]) for gang in gangs
                ],
                cluster_resource_constraints=constraints,
            )
        ).SerializeToString()
        # Upstream reads the same bytes, and so walks through maps in the same order.
        read = GetClusterResourceStateReply.FromString(reply).cluster_resource_state
        tell_counted(demands, read.pending_resource_requests)
        for gang, request in zip(gangs, read.pending_gang_resource_requests):
            tell_order(gang, request.requests)
        for request in read.cluster_resource_constraints:
            tell_counted(constraint, request.resource_requests)
        for it, node in zip(self.raylets, read.node_states):
            seen.append(
                {
                    "id": it.number,
                    "pod": it.pod.number,
                    "type": it.pod.group,
                    "total": pairs(node.total_resources),
                    "available": pairs(node.available_resources),
                    "labels": dict(node.labels),
                    "idle_ms": node.idle_duration_ms,
                    "status": NodeStatus.Name(node.status),
                }
            )
        return reply, {"nodes": seen, "demands": demands, "gangs": gangs, "constraint": constraint}

    def shapes(self):
        """What waits, with the number of each shape, in the order in which it came."""
        counts = {}
        for task in self.waiting:
            known = counts.get(task.shape)
            if known:
                known["count"] += 1
            else:
                counts[task.shape] = {
                    "res": task.res, "selectors": task.selectors, "place": None, "count": 1
                }
        return list(counts.values())

    def address(self, raylet):
        """The IP address of a Ray node; v2 asks for none."""
        return ""

    def see(self):
        self.reply, seen = self.state()
        pods = [
            {
                "id": pod.number,
                "group": pod.group,
                "head": pod.number == 0,
                "deleting": pod.gone_at is not None,
            }
            for pod in self.pods
        ]
        refused, self.refused = self.refused, []
        if self.resizable:
            seen["resize"] = self.resize
            seen["resources"] = [resize.seen(pod) for pod in self.pods]
        return dict(seen, pods=pods, groups=copy.deepcopy(self.groups), refused=refused)

    # The GCS.

    def get_cluster_resource_state(self):
        return self.reply

    def raylet(self, node_id):
        number = int(node_id, 16)
        return next((it for it in self.raylets if it.number == number), None)

    def resize_raylet_resource_instances(self, node_id, wanted):
        raylet = self.raylet(node_id)
        total = resize.resize_raylet(raylet, wanted)
        self.resizes.append(["raylet", raylet.number, wanted["CPU"], wanted["memory"]])
        return total

    def drain_node(self, node_id, reason, reason_message, deadline_timestamp_ms):
        raylet = self.raylet(node_id)
        self.drained.append([int(node_id, 16), "idle"])
        if self.refuses or raylet is None or raylet.tasks or raylet.status == "dead":
            self.refused.append(int(node_id, 16))
            return False, "no"
        self.drain(raylet)
        return True, ""

    def drain_nodes(self, node_ids):
        for node_id in node_ids:
            raylet = self.raylet(node_id.hex())
            self.drained.append([int(node_id.hex(), 16), "forced"])
            if raylet is None or raylet.status == "dead":
                self.refused.append(int(node_id.hex(), 16))
                return []
            self.requeue(raylet)
            self.drain(raylet)
        return node_ids

    def drain(self, raylet):
        # It ends by itself: however soon, the look that drains it still finds it.
        raylet.status, raylet.until = "draining", self.clock.now + self.drain_s


def changes(before, seen):
    """The parts of what is seen that are new."""
    return {key: it for key, it in seen.items() if key not in before or before[key] != it}
