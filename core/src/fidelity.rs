//! Where the prediction departs from upstream on purpose.
//!
//! The decisions are upstream's own; what is listed here is simplified around them, or is random
//! upstream. Each stands in the code under the same name, as a `DIFFERENCE` comment.

/// A deliberate departure from upstream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name in the code.
    pub id: &'static str,
    /// What happens here.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// What upstream does, and where.
    pub upstream: &'static str,
}

/// Every departure, by id.
pub const DIFFERENCES: &[Difference] = &[
    Difference {
        id: "cron-zone",
        what: "Each cron trigger goes by its own time zone, but a zone follows in all years the rule \
               that is in force now (tzdata 2025c): earlier rules, and the changes around Ramadan in \
               Morocco and Gaza, are left out. A `start` without Z is the time in the zone of the \
               first cron trigger.",
        why: "The whole database is some hundred kilobytes.",
        upstream: "keda 2.21 pkg/scalers/cron_scaler.go `GetMetricsAndActivity`",
    },
    Difference {
        id: "custom-metrics",
        what: "A custom or external metric is what the Scenario says: a workload's requests or queue, \
               or numbers of its own; pod by pod it is split evenly over the ready pods. It reaches \
               the HPA through scrapes and rate(), not through the adapter's own query.",
        why: "An adapter's query can be anything; the text does not hold it.",
        upstream: "prometheus-adapter 0.12 pkg/naming/metrics_query.go",
    },
    Difference {
        id: "disk",
        what: "Requests for ephemeral-storage hold up no pod.",
        why: "Scenarios do not say how much disk a node has.",
        upstream: "kubernetes 1.37 pkg/scheduler/framework/plugins/noderesources/fit.go `fitsRequest`",
    },
    Difference {
        id: "even-arrivals",
        what: "Jobs of a queue arrive evenly spaced, and each is worked on for exactly its service \
               time; a queue has no partitions.",
        why: "When a job comes is chance, and how long each takes as well.",
        upstream: "keda 2.21 pkg/scalers: the queue itself is asked; kafka_scaler.go \
                   `getTotalLag` limits the lag by the partitions",
    },
    Difference {
        id: "failure-clock",
        what: "Failures of node types are ordered by the time of the run, not by Unix time.",
        why: "A run has no date; the order, which is all that counts, is the same.",
        upstream: "ray 2.60.0 autoscaler/v2/instance_manager/subscribers/cloud_resource_monitor.py",
    },
    Difference {
        id: "image-pulls",
        what: "All containers of a template count as one image, and a node keeps an image for ever.",
        why: "How large layers are and how full a disk is, no manifest says.",
        upstream: "kubernetes 1.37 pkg/kubelet/images/image_manager.go, image_gc_manager.go",
    },
    Difference {
        id: "job-passes",
        what: "The controller of a RayJob passes as soon as its cluster is ready, its submitter ends or \
               its own status changes, and otherwise every 3 s. No call fails.",
        why: "Upstream is told of these a few milliseconds later, and asks again after each error.",
        upstream: "kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go \
                   `SetupWithManager`",
    },
    Difference {
        id: "job-submission",
        what: "A RayJob's program is submitted as soon as its submitter's container runs, or in \
               SidecarMode the head's Ray, and the submitter ends with the program. Submitting never \
               fails.",
        why: "`ray job submit` and `ray job logs` take a few seconds that no manifest names.",
        upstream: "ray 2.60.0 dashboard/modules/job/cli.py `submit`, `logs`",
    },
    Difference {
        id: "keda-formula",
        what: "Of scalingModifiers.formula numbers, lists, comparisons, conditions and the functions \
               of numbers are evaluated; a formula with text, maps or other functions is the metric \
               composite-metric, which the Scenario says.",
        why: "It is a language of its own; formulas over triggers need little of it.",
        upstream: "keda 2.21 pkg/scaling/modifiers/modifiers.go",
    },
    Difference {
        id: "look-phase",
        what: "The HPA controller and every Ray autoscaler start when the run begins; a look of a \
               Ray autoscaler takes no time.",
        why: "When a controller was started is chance.",
        upstream: "kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `Run`; ray 2.60.0 \
                   autoscaler/v2/monitor.py",
    },
    Difference {
        id: "metrics-phase",
        what: "All containers are measured at the same moments, the same time before each read of \
               metrics-server.",
        why: "The kubelet measures each container at moments of its own, 10 to 20 s apart: chance.",
        upstream: "cAdvisor manager/container.go `housekeepingTick`",
    },
    Difference {
        id: "no-queue",
        what: "Requests beyond what the ready pods can serve are lost, unless a metric of the \
               Scenario is the workload's queue length: then they wait. They slow nobody down.",
        why: "Queues and retries differ from service to service.",
        upstream: "the service itself",
    },
    Difference {
        id: "one-container",
        what: "Everything that a pod uses counts as its first container's.",
        why: "What a sidecar costs, no manifest says.",
        upstream: "metrics-server reports each container",
    },
    Difference {
        id: "one-moment",
        what: "An HPA sees its pods and all its metrics as they are when the last metric is \
               answered.",
        why: "Between the answers lie milliseconds.",
        upstream: "kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go \
                   `computeReplicasForMetrics`",
    },
    Difference {
        id: "phase-lock",
        what: "Looks of the HPA controller that begin together with a resync of its cache go on \
               for a fixed number of looks.",
        why: "Which of the two comes first is a race of microseconds.",
        upstream: "client-go 0.37 util/workqueue/delaying_queue.go `waitingLoop`, \
                   tools/cache/shared_informer.go",
    },
    Difference {
        id: "quantity-range",
        what: "Quantities with more than 29 digits before the point are refused.",
        why: "128 bits hold every amount that a cluster could have.",
        upstream: "kubernetes 1.37 staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go",
    },
    Difference {
        id: "ray-placement",
        what: "Ray work goes to the first node, by age, that has room; Serve's replicas to the next \
               one after the replica before.",
        why: "Ray prefers nodes that are less than half used, and picks among equal ones by chance.",
        upstream: "ray 2.60.0 src/ray/raylet/scheduling/policy/hybrid_scheduling_policy.cc",
    },
    Difference {
        id: "resize-room",
        what: "kube-scheduler counts with the new size of a pod once its kubelet has granted it; the \
               kubelet grants it as soon as the node has room, and never fails at it.",
        why: "Only the moments between a resize and its grant differ.",
        upstream: "kubernetes 1.37 pkg/scheduler/framework/types.go, \
                   pkg/kubelet/allocation/allocation_manager.go",
    },
    Difference {
        id: "rolling-updates",
        what: "Pods of a StatefulSet start and stop all at once, and nothing is rolled out.",
        why: "Templates do not change during a run.",
        upstream: "kubernetes 1.37 pkg/controller/statefulset/stateful_set_control.go",
    },
    Difference {
        id: "scheduler-ties",
        what: "A pod gets the emptiest node that has room, and of equal ones the first. Taints, \
               selectors and affinity are not read.",
        why: "The scheduler picks one of the best nodes at random.",
        upstream: "kubernetes 1.37 pkg/scheduler/schedule_one.go `selectHost`",
    },
    Difference {
        id: "scrape-phase",
        what: "Every target is scraped for the first time when the run begins, and exactly on time; \
               a scrape takes no time.",
        why: "Prometheus spreads its scrapes by a hash of target and server.",
        upstream: "prometheus 3.14 scrape/target.go `offset`",
    },
    Difference {
        id: "serve-clock",
        what: "The loop of Serve's controller turns at whole tenths of a second of the run.",
        why: "Upstream's loop waits for 0.1 s and then works, for a time that nobody knows; its \
              clock is Unix time.",
        upstream: "ray 2.60.0 serve/_private/controller.py `run_control_loop`",
    },
    Difference {
        id: "serve-dot",
        what: "A mean is summed as on x86-64 with AVX2.",
        why: "numpy's dot product adds in an order of its own on each kind of processor, which \
              changes the last bit.",
        upstream: "ray 2.60.0 serve/_private/autoscaling_metrics_merge.py \
                   `time_weighted_average_arrays`",
    },
    Difference {
        id: "serve-flow",
        what: "Requests spread evenly over the replicas of Serve that run, and take exactly their \
               service time; how many run at once is a mean. What waits counts in whole requests.",
        why: "When a request comes and which of two replicas it goes to is chance.",
        upstream: "ray 2.60.0 serve/_private/request_router/pow_2_router.py",
    },
    Difference {
        id: "serve-graph",
        what: "Every Serve deployment in the text gets every request of its RayService.",
        why: "Which deployments a request passes through is in the application's code.",
        upstream: "ray 2.60.0 serve/handle.py `DeploymentHandle.remote`",
    },
    Difference {
        id: "serve-one-handle",
        what: "One handle stands for those of all Serve proxies. It begins to sample and to report \
               with the run, and is never lost.",
        why: "Each proxy has one, which begins when it first sees the deployment.",
        upstream: "ray 2.60.0 serve/_private/router.py `RouterMetricsManager`",
    },
    Difference {
        id: "service-passes",
        what: "The controller of a RayService passes when somebody edits it, and then every 2 s until \
               nothing is left to do. Gateway and route of an incremental upgrade are ready at once, \
               and no call fails.",
        why: "Upstream also passes whenever a cluster, a pod or its own status changes, a few \
              milliseconds later.",
        upstream: "kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go \
                   `SetupWithManager`",
    },
    Difference {
        id: "stale-status",
        what: "Before Kubernetes 1.37, a look that follows another one without a pause knows the \
               status that was just written.",
        why: "Only where a metrics API takes longer than the sync period do looks follow so \
              closely.",
        upstream: "kubernetes 1.36 pkg/controller/podautoscaler/horizontal.go \
                   `updateStatusIfNeeded`",
    },
    Difference {
        id: "v1-restart",
        what: "A Ray autoscaler v1 whose process ended after six errors is back for the next look.",
        why: "How long Kubernetes waits before it starts the container again depends on how often \
              it did so before.",
        upstream: "ray 2.60.0 autoscaler/_private/kuberay/run_autoscaler.py \
                   `run_kuberay_autoscaler`",
    },
    Difference {
        id: "victims",
        what: "Of pods that are equal in every other way, the younger goes first.",
        why: "Upstream compares their UIDs, which are random.",
        upstream: "kubernetes 1.37 pkg/controller/controller_utils.go `ActivePodsWithRanks.Less`",
    },
    Difference {
        id: "warm-start",
        what: "What the manifests ask for has been there for long when the run begins, but its Ray \
               nodes have only just become idle.",
        why: "Otherwise every idle worker would go in the first second, before the work arrives.",
        upstream: "ray 2.60.0 src/ray/raylet/scheduling/local_resource_manager.cc",
    },
];
