//! What goes once a job is over, and when.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayjob_controller.go `handleDeletionRules`,
//! `handleLegacyDeletionPolicy`, `handleShutdownAfterJobFinishes`, `executeDeletionPolicy`.

use super::{
    Action, Cause, Condition, Deletes, Deletion, JobStatus, Observation, Policy, Rule, Spec, Step,
};
use crate::time::{Duration, Instant};

/// Added to what is left until something goes (`requeueDelayFor`).
const BUFFER: Duration = Duration::from_seconds(2);

pub(super) fn clean_up(spec: &Spec, step: &mut Step, seen: &Observation, now: Instant) {
    step.again = None;
    if spec.selects {
        step.say(Cause::SelectedStays);
        return;
    }
    match &spec.deletion {
        Some(Deletion::Rules(rules)) => by_rules(rules, step, seen, now),
        Some(Deletion::Policies { success, failure }) => {
            let policy = match step.state.job {
                JobStatus::Succeeded => *success,
                JobStatus::Failed => *failure,
                // A job that Ray never told the end of, as after a deadline.
                _ => return step.say(Cause::NothingGoes),
            };
            if policy == Policy::DeleteNone {
                return step.say(Cause::PolicyNone);
            }
            after(policy, Deletes::Policies, spec.ttl, step, seen, now);
        }
        None if spec.shutdown => {
            after(Policy::DeleteCluster, Deletes::Shutdown, spec.ttl, step, seen, now);
        }
        None => step.say(Cause::NothingGoes),
    }
}

/// One policy, `ttl` after the end.
fn after(
    policy: Policy,
    by: Deletes,
    ttl: Duration,
    step: &mut Step,
    seen: &Observation,
    now: Instant,
) {
    let at = step.state.ended.unwrap_or(now) + ttl;
    if at > now {
        step.say(Cause::DeletionDueAt { policy, by, at });
        step.again = Some(at.since(now) + BUFFER);
    } else if !is_done(policy, seen) {
        step.act(action(policy), Cause::DeletionDue { policy, by });
    }
}

/// Of the rules whose time has come, the one that deletes most; the others wait for the next pass.
fn by_rules(rules: &[Rule], step: &mut Step, seen: &Observation, now: Instant) {
    let by = Deletes::Rules;
    let ended = step.state.ended.unwrap_or(now);
    let (job, deployment) = (step.state.job, step.state.deployment);
    let matching = rules.iter().filter(|it| match it.condition {
        Condition::Job(status) => status == job,
        Condition::Deployment(status) => status == deployment,
    });
    let (pending, overdue): (Vec<&Rule>, Vec<&Rule>) =
        matching.partition(|it| now < ended + it.ttl);
    let overdue = overdue.into_iter().map(|it| it.policy).filter(|it| !is_done(*it, seen));
    // The first of equals, but there are none.
    if let Some(policy) = overdue.max() {
        step.act(action(policy), Cause::DeletionDue { policy, by });
    }
    let next = pending.into_iter().min_by_key(|it| it.ttl);
    if let Some(next) = next {
        let at = ended + next.ttl;
        step.say(Cause::DeletionDueAt { policy: next.policy, by, at });
        step.again = Some(at.since(now) + BUFFER);
    } else if step.trace.causes.is_empty() {
        step.say(Cause::NothingGoes);
    }
}

fn action(policy: Policy) -> Action {
    match policy {
        Policy::DeleteSelf => Action::DeleteSelf,
        Policy::DeleteWorkers => Action::SuspendWorkers,
        Policy::DeleteCluster | Policy::DeleteNone => Action::DeleteCluster,
    }
}

/// Upstream: `isDeletionActionCompleted`.
fn is_done(policy: Policy, seen: &Observation) -> bool {
    match policy {
        Policy::DeleteWorkers => seen.cluster.is_none_or(|it| it.workers_suspended),
        Policy::DeleteCluster => seen.cluster.is_none(),
        Policy::DeleteSelf => false,
        Policy::DeleteNone => true,
    }
}
