//! One proposal without a cluster: so many ready pods at so much utilization.
//!
//! Builds the pods and samples that such a sentence describes and asks [`propose`], so that a
//! calculator can't differ from the controller.

use super::{
    Container, ContainerKind, Failure, MetricProposal, MetricSpec, Observation, Pod, PodIndex,
    PodPhase, Reading, ReadyCondition, ReadyStatus, ResourceName, ResourceTarget, Sample, Scale,
    Selector, Spec, Trace, Writes, propose,
};
use crate::time::{Duration, Instant};

/// What `replicas` ready pods at `utilization` percent of their requests ask for, against a target
/// of `target` percent and with the controller's default flags; and why.
///
/// # Errors
/// If there are no replicas.
///
/// ```
/// # use tidetable_core::hpa::propose_at_utilization;
/// assert_eq!(propose_at_utilization(4, 66, 60).unwrap().0.replicas, 4, "within the tolerance");
/// assert_eq!(propose_at_utilization(4, 67, 60).unwrap().0.replicas, 5, "ceil(67 / 60 * 4)");
/// ```
pub fn propose_at_utilization(
    replicas: i32,
    utilization: i32,
    target: i32,
) -> Result<(MetricProposal, Trace), Failure> {
    let request_milli = 1000;
    let containers = [Container {
        name: "app".to_owned(),
        kind: ContainerKind::App,
        requests: vec![(ResourceName::Cpu, request_milli)],
    }];
    // Long after every start-up period.
    let now = Instant::from_seconds(3600);
    let pod = Pod {
        name: "app",
        phase: PodPhase::Running,
        deleting: false,
        start_time: Some(Instant::ZERO),
        ready: Some(ReadyCondition {
            status: ReadyStatus::True,
            last_transition: Some(Instant::ZERO),
        }),
        containers: &containers,
        requests: &[],
        overhead: &[],
    };
    let count = usize::try_from(replicas).unwrap_or(0);
    let pods = vec![pod; count];
    let samples: Vec<Sample> = (0..count)
        .map(|pod| Sample {
            pod: Some(PodIndex::of(pod)),
            value_milli: i64::from(utilization) * request_milli / 100,
            timestamp: now,
            window: Duration::from_seconds(15),
        })
        .collect();
    let mut spec = Spec::new(0, i32::MAX);
    spec.metrics = vec![MetricSpec::Resource {
        name: ResourceName::Cpu,
        target: ResourceTarget::AverageUtilization(target),
    }];
    let scale = Scale { spec_replicas: replicas, status_replicas: replicas };
    let seen = Observation {
        scale: Ok(scale),
        selector: Selector::Valid,
        pods: &pods,
        metrics: &[Reading::Samples(&samples)],
        writes: Writes::default(),
    };
    let mut trace = Trace::default();
    let proposal = propose(&spec, 0, scale, &seen, now, &mut trace)?;
    Ok((proposal, trace))
}
