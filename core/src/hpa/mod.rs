//! The HorizontalPodAutoscaler controller: how many replicas, and why.
//!
//! [`reconcile`] is one sync, a pure step. In the order of its rules:
//!
//! | rule | file |
//! |---|---|
//! | zero replicas, above `maxReplicas`, below `minReplicas` | `reconcile.rs` |
//! | which pods count | `pods.rs`, `requests.rs` |
//! | ratio of usage to target | `utilization.rs`, `average.rs`, `value.rs` |
//! | ratio to proposal: tolerance, pods that are filled in | `tolerance.rs`, `per_pod.rs` |
//! | a metric's own selector | `selector.rs` |
//! | several metrics | `metric.rs`, `recommendation.rs` |
//! | earlier recommendations | `stabilization.rs` |
//! | both of these, and what is said of them | `normalize.rs` |
//! | limits without and with `behavior` | `limits.rs`, `behavior.rs`, `scale_events.rs` |
//! | writing it | `write.rs` |
//! | what is said about it | `conditions.rs`, `event.rs`, `failure.rs`, `trace.rs` |
//! | one look from close by | `detail.rs`, `staircase.rs` |
//! | where releases differ | `version.rs` |
//!
//! When a sync happens is decided by [`WorkQueue`], what the metrics APIs answer elsewhere.
//!
//! ```
//! use tidetable_core::hpa::{
//!     Container, ContainerKind, Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition,
//!     ReadyStatus, ResourceName, Sample, Scale, Selector, Spec, State, Writes, reconcile,
//! };
//! use tidetable_core::time::{Duration, Instant};
//!
//! // Three ready pods that request half a core each and use all of it, against a target of 80 %.
//! let spec = Spec::new(1, 10);
//! let containers = [Container {
//!     name: "web".to_owned(),
//!     kind: ContainerKind::App,
//!     requests: vec![(ResourceName::Cpu, 500)],
//! }];
//! let now = Instant::from_seconds(600);
//! let pod = Pod {
//!     name: "web-1",
//!     phase: PodPhase::Running,
//!     deleting: false,
//!     start_time: Some(Instant::ZERO),
//!     ready: Some(ReadyCondition {
//!         status: ReadyStatus::True,
//!         last_transition: Some(Instant::from_seconds(5)),
//!     }),
//!     containers: &containers,
//!     requests: &[],
//!     overhead: &[],
//! };
//! let samples = [0, 1, 2].map(|pod| Sample {
//!     pod: Some(PodIndex::of(pod)),
//!     value_milli: 500,
//!     timestamp: now,
//!     window: Duration::from_seconds(15),
//! });
//! let seen = Observation {
//!     scale: Ok(Scale { spec_replicas: 3, status_replicas: 3 }),
//!     selector: Selector::Valid,
//!     pods: &[pod; 3],
//!     metrics: &[Reading::Samples(&samples)],
//!     writes: Writes::default(),
//! };
//! let step = reconcile(&spec, State::default(), &seen, now);
//! assert_eq!(step.decision.desired_replicas, 4, "ceil(100 / 80 * 3)");
//! assert_eq!(step.decision.events[0].message,
//!     "New size: 4; reason: cpu resource utilization (percentage of request) above target");
//! ```

mod average;
mod behavior;
mod calculator;
mod conditions;
mod convert;
mod detail;
mod event;
mod failure;
mod limits;
mod metric;
mod normalize;
mod observation;
mod per_pod;
mod pods;
mod queue;
mod recommendation;
mod reconcile;
mod requests;
mod scale_events;
mod selector;
mod spec;
mod stabilization;
mod staircase;
mod state;
#[cfg(test)]
mod tests;
mod tolerance;
mod trace;
mod utilization;
mod value;
mod version;
mod write;

pub use behavior::{scale_down_limit, scale_up_limit, within_behavior};
pub use calculator::propose_at_utilization;
pub use conditions::{Condition, ConditionType};
pub use detail::{Detail, MetricDetail, detail};
pub use event::Event;
pub use limits::within_limits;
pub use metric::{MetricProposal, propose};
pub use observation::{
    Container, ContainerKind, Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition,
    ReadyStatus, Refusal, Sample, Scale, Selector, Writes,
};
pub use pods::{Standing, standings};
pub use queue::{Timing, WorkQueue};
pub use reconcile::{Decision, Step, reads_metrics, reconcile};
pub use requests::{aggregate_requests, request_of};
pub use scale_events::store_scale_event;
pub use spec::{
    Behavior, LabelSelector, LabelSelectorRequirement, MetricIdentifier, MetricSpec, PolicyKind,
    ResourceName, ResourceTarget, ScalingPolicy, ScalingRules, SelectPolicy, Settings, Spec,
    ValueTarget,
};
pub use stabilization::{stabilize, stabilize_with_behavior};
pub use staircase::{Flight, Staircase, Tread, staircase};
pub use state::{MetricStatus, Recommendation, ScaleEvent, ScaleEvents, State, Status};
pub use tolerance::Tolerances;
pub use trace::{Cause, Direction, Failure, Limit, Pass, PolicyLimit, SelectorProblem, Trace};
pub use version::{FeatureGates, Rules};
