//! All metrics together: the largest proposal wins.
//!
//! Each metric is asked, in the order of the spec. A metric that fails does not stop a scale-up
//! that the others ask for, but it does stop a scale-down. The first proposal of equal ones wins; a
//! proposal of 0 gives way to whatever comes next.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
//! `computeReplicasForMetrics`, `validateAndParseSelector`.

use super::event::Sync;
use super::{
    Cause, ConditionType, Failure, MetricStatus, Observation, Rules, Scale, Selector,
    SelectorProblem, Spec, propose,
};

/// What the metrics ask for.
pub(super) struct Recommended {
    /// The raw count; may be negative.
    pub(super) replicas: i32,
    /// Index in `spec.metrics` of the winner.
    pub(super) metric: usize,
}

/// Asks every metric. `Err` is the text of the `FailedComputeMetricsReplicas` event.
pub(super) fn recommend(
    sync: &mut Sync,
    spec: &Spec,
    scale: Scale,
    seen: &Observation<'_>,
) -> Result<Recommended, String> {
    check_selector(sync, seen.selector, spec.settings.rules)?;
    assert_eq!(seen.metrics.len(), spec.metrics.len(), "one reading for each metric");

    let mut winner: Option<Recommended> = None;
    let mut first_failure: Option<(usize, Failure)> = None;
    let mut failed = 0;
    for metric in 0..spec.metrics.len() {
        match propose(spec, metric, scale, seen, sync.now, &mut sync.trace) {
            Ok(proposal) => {
                sync.status.current_metrics.push(proposal.status);
                let replicas = proposal.replicas;
                if winner.as_ref().is_none_or(|best| best.replicas == 0 || replicas > best.replicas)
                {
                    winner = Some(Recommended { replicas, metric });
                }
            }
            Err(failure) => {
                sync.status.current_metrics.push(MetricStatus::Failed);
                sync.because(Cause::MetricFailed { metric, failure });
                // A metric that is switched off says nothing of itself.
                if failure != Failure::GateOff {
                    let reason = spec.metrics[metric].failure_reason();
                    sync.warn(reason, failure.text(spec, metric, seen));
                }
                first_failure.get_or_insert((metric, failure));
                failed += 1;
            }
        }
    }
    let wants_fewer = winner.as_ref().is_none_or(|best| best.replicas < scale.spec_replicas);
    match (winner, first_failure) {
        (Some(winner), failure) if failure.is_none() || !wants_fewer => {
            let said = "the HPA was able to successfully calculate a replica count from ";
            let title = spec.metrics[winner.metric].name();
            let [start, name, end] = title.pieces();
            let pieces = [said, start, name, end];
            sync.say_pieces(ConditionType::ScalingActive, true, "ValidMetricFound", &pieces);
            Ok(winner)
        }
        (winner, failure) => {
            let (metric, failure) = failure.expect("no winner, so some metric failed");
            let metrics = spec.metrics.len();
            sync.because(Cause::MetricsFailed {
                failed,
                metrics,
                proposal: winner.map(|it| it.replicas),
                current_replicas: scale.spec_replicas,
            });
            if failure != Failure::GateOff {
                let text = failure.text(spec, metric, seen);
                let message = format!("the HPA was unable to compute the replica count: {text}");
                let reason = spec.metrics[metric].failure_reason();
                sync.say(ConditionType::ScalingActive, false, reason, message);
            }
            let text = failure.outer_text(spec, metric, seen);
            Err(format!(
                "invalid metrics ({failed} invalid out of {metrics}), first error is: {text}"
            ))
        }
    }
}

/// Whether the scale's selector tells this HPA's pods.
fn check_selector(sync: &mut Sync, selector: Selector<'_>, rules: Rules) -> Result<(), String> {
    let (problem, event, reason, error, message) = match selector {
        Selector::Valid => return Ok(()),
        Selector::Missing => (
            SelectorProblem::Missing,
            "SelectorRequired",
            "InvalidSelector",
            "selector is required".to_owned(),
            "the HPA target's scale is missing a selector".to_owned(),
        ),
        Selector::Unparsable(text) => {
            let error = format!(
                "couldn't convert selector into a corresponding internal selector object: {text}"
            );
            let problem = SelectorProblem::Unparsable;
            (problem, "InvalidSelector", "InvalidSelector", error.clone(), error)
        }
        Selector::Ambiguous { selector, hpas } => {
            let all = hpas.join(" ");
            let error = match hpas {
                [one, other, ..] if rules.names_two_hpas => format!(
                    "pods by selector {selector} are controlled by more than one HPA \
                     (e.g. [{one} {other}])"
                ),
                _ => {
                    format!("pods by selector {selector} are controlled by multiple HPAs: [{all}]")
                }
            };
            let problem = SelectorProblem::Ambiguous;
            (problem, "AmbiguousSelector", "AmbiguousSelector", error.clone(), error)
        }
    };
    sync.because(Cause::SelectorUnusable(problem));
    sync.warn(event, error.clone());
    sync.say(ConditionType::ScalingActive, false, reason, message);
    Err(error)
}
