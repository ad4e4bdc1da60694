"""Histories of a deployment, answered by Ray Serve's own handle, codec and controller.

A question is an `autoscaling_config` and events in the order of time. Each event has an answer: what
a handle pushed, or what one turn of the controller's loop decided. A config that is refused is
answered with the complaints alone.

The clock is the question's. OpenBLAS picks its kernel by the processor unless it is told one.
"""

import os
import types
import warnings

os.environ["OPENBLAS_CORETYPE"] = "Haswell"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

from pydantic import ValidationError  # noqa: E402
from ray.serve import autoscaling_policy  # noqa: E402
from ray.serve._private import autoscaling_metrics_codec as codec  # noqa: E402
from ray.serve._private import autoscaling_state, router  # noqa: E402
from ray.serve._private.common import (  # noqa: E402
    RUNNING_REQUESTS_KEY,
    DeploymentHandleSource,
    DeploymentID,
    HandleMetricReport,
    ReplicaID,
    TargetCapacityDirection,
    TimeStampedValue,
)
from ray.serve._private.metrics_utils import InMemoryMetricsStore  # noqa: E402
from ray.serve.config import AutoscalingConfig, AutoscalingPolicy  # noqa: E402


class Clock:
    now = 0.0

    def time(self):
        return self.now

    monotonic = time


class Gauge:
    """What is exported to Prometheus has no part in a decision."""

    def __init__(self, *_, **__):
        pass

    def set(self, *_, **__):
        pass


clock = Clock()
for module in (autoscaling_policy, autoscaling_state, router):
    module.time = clock
autoscaling_state.metrics = types.SimpleNamespace(Gauge=Gauge)

DEPLOYMENT = DeploymentID("d", "a")
# Serialized once: it is the same for all.
POLICY = AutoscalingPolicy()


def replica(number):
    return ReplicaID(f"r{number}", DEPLOYMENT)


def replica_number(text):
    return int(text.rsplit("r", 1)[1])


def series(points):
    return [TimeStampedValue(at, value) for at, value in points]


class Handle:
    """The counting, sampling and reporting of a `RouterMetricsManager`, without its event loop."""

    def __init__(self, number, config):
        manager = router.RouterMetricsManager.__new__(router.RouterMetricsManager)
        manager._deployment_id = DEPLOYMENT
        manager._handle_id = f"h{number}"
        manager._deployment_config = types.SimpleNamespace(autoscaling_config=config)
        manager.metrics_store = InMemoryMetricsStore()
        self.manager = manager

    def count(self, event):
        self.manager.num_queued_requests = event["queued"]
        counts = {replica(number): count for number, count in event["running"]}
        self.manager.num_requests_sent_to_replicas = counts

    def sample(self, event):
        self.count(event)
        self.manager._add_autoscaling_metrics_point()

    def report(self, event):
        self.count(event)
        actor = event.get("actor")
        known = DeploymentHandleSource.PROXY
        self.manager._self_actor_id = "" if actor is None else f"a{actor}"
        self.manager._handle_source = DeploymentHandleSource.UNKNOWN if actor is None else known
        return self.manager._get_metrics_report()


class Deployment:
    def __init__(self, question):
        config = AutoscalingConfig(**question["config"], policy=POLICY)
        capacity = question.get("capacity")
        gang = question["gang"]
        info = types.SimpleNamespace(
            deployment_config=types.SimpleNamespace(
                autoscaling_config=config,
                gang_scheduling_config=types.SimpleNamespace(gang_size=gang) if gang > 1 else None,
            ),
            target_capacity=capacity and capacity["percent"],
            target_capacity_direction=capacity
            and (TargetCapacityDirection.UP if capacity["rises"] else TargetCapacityDirection.DOWN),
        )
        self.config = config
        self.handles = {}
        self.state = autoscaling_state.DeploymentAutoscalingState(DEPLOYMENT)
        self.target = self.state.register(info, question["target"])

    def handle(self, event):
        number = event["handle"]
        if number not in self.handles:
            self.handles[number] = Handle(number, self.config)
        return self.handles[number]

    def receive(self, report):
        """As `record_autoscaling_metrics_from_handle` of the controller."""
        self.state.record_columnar_metrics_for_handle(codec.decode_handle_flat(codec.encode(report)))

    def answer(self, event):
        clock.now = float(event["at"])
        return getattr(self, event["do"])(event)

    def sample(self, event):
        self.handle(event).sample(event)

    def push(self, event):
        report = self.handle(event).report(event)
        self.receive(report)
        running = report.metrics[RUNNING_REQUESTS_KEY]
        points = lambda it: [[point.timestamp, point.value] for point in it]  # noqa: E731
        return {
            "queued": points(report.queued_requests),
            "running": [[replica_number(key), points(it)] for key, it in running.items()],
        }

    def report(self, event):
        actor = event.get("actor")
        self.receive(
            HandleMetricReport(
                deployment_id=DEPLOYMENT,
                handle_id=f"h{event['handle']}",
                actor_id="" if actor is None else f"a{actor}",
                handle_source=DeploymentHandleSource.UNKNOWN
                if actor is None
                else DeploymentHandleSource.REPLICA,
                queued_requests=series(event["queued"]),
                metrics={
                    RUNNING_REQUESTS_KEY: {
                        replica(number).to_full_id_str(): series(points)
                        for number, points in event["running"]
                    }
                },
                timestamp=event["written"],
            )
        )

    def run(self, event):
        self.state.update_running_replica_ids([replica(number) for number in event["replicas"]])

    def turn(self, event):
        """As `run_control_loop_step`: decisions first, then what is stale goes."""
        state = self.state
        self.target = state.get_decision_num_replicas(self.target)
        policy = state._policy_state
        counter = policy.get("__decision_counters", 0)
        answer = {
            "target": self.target,
            "requests": state._last_decision_total_num_requests,
            "waits": (counter > 0) - (counter < 0),
            "since": policy.get("__decision_timestamp"),
        }
        state.drop_stale_handle_metrics({f"a{number}" for number in event["alive"]})
        return dict(answer, handles=len(state._handle_store.columnar))


def answered(question):
    clock.now = float(question["events"][0]["at"]) if question["events"] else 0.0
    try:
        deployment = Deployment(question)
    except ValidationError as error:
        complaints = [[str(it["loc"][0]) if it["loc"] else "", it["msg"]] for it in error.errors()]
        return {"refused": complaints}
    state = deployment.state
    bounds = [state.get_num_replicas_lower_bound(), state.get_num_replicas_upper_bound()]
    first = deployment.target
    return {
        "first": first,
        "bounds": bounds,
        "events": [deployment.answer(event) for event in question["events"]],
    }


def answer(question):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return dict(question, out=answered(question))
