//! The ledger of one pass of KubeRay's RayJob controller: its trace, arranged.

use super::job_phrase::JobPhrase;
use super::ledger::Ledger;
use super::phrase::{NotePhrase, Phrase, Title};
use crate::ray::job::{Cause, Deletes, Reason};
use crate::report::{Explanation, Language};
use crate::sim::RayJobLook;

/// Why the RayJob's controller did what it did at `look`. `names` are its clusters', by number.
pub(crate) fn look(
    names: &[String],
    look: &RayJobLook,
    name: &str,
    number: usize,
    language: Language,
) -> Explanation {
    let mut ledger = Ledger::new(language);
    for cause in &look.trace.causes {
        let (rule, title, text) = phrase(names, *cause);
        let step = ledger.say(rule, title, &text);
        step.binds = matches!(
            cause,
            Cause::ActiveDeadline { .. }
                | Cause::PreRunningDeadline { .. }
                | Cause::StartTimeout { .. }
                | Cause::NoSuchCluster
                | Cause::WaitsForCluster { .. }
                | Cause::Fails { .. }
        );
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: look.from as f64,
        to: look.to as f64,
        steps: ledger.steps,
        ..Explanation::default()
    }
}

/// The field that says that something goes.
pub(crate) fn deletes(by: Deletes) -> &'static str {
    match by {
        Deletes::Shutdown => "shutdownAfterJobFinishes",
        Deletes::Policies => "deletionStrategy",
        Deletes::Rules => "deletionRules",
    }
}

/// That of the cluster with that number; with `clusterSelector` there is one.
pub(crate) fn name(names: &[String], number: u32) -> &str {
    names.get(number as usize).or(names.last()).map_or("", String::as_str)
}

fn phrase(names: &[String], cause: Cause) -> (&'static str, Title<'static>, JobPhrase<'_>) {
    let of = |number: u32| name(names, number);
    let (job, clusters) = (Title::Job, Title::Clusters);
    match cause {
        Cause::Begins { attempt } => ("kuberay-job-begin", job, JobPhrase::Begins { attempt }),
        Cause::Suspends => ("kuberay-job-suspend", job, JobPhrase::Suspends),
        Cause::Suspended => ("kuberay-job", job, JobPhrase::Suspended),
        Cause::ActiveDeadline { limit } => {
            ("kuberay-job-deadline", job, JobPhrase::ActiveDeadline { limit })
        }
        Cause::PreRunningDeadline { limit } => {
            ("kuberay-job-pre-running", job, JobPhrase::PreRunningDeadline { limit })
        }
        Cause::ClusterMade { cluster } => {
            ("kuberay-job-cluster", clusters, JobPhrase::ClusterMade { cluster: of(cluster) })
        }
        Cause::NoSuchCluster => ("kuberay-job-cluster", clusters, JobPhrase::NoSuchCluster),
        Cause::WaitsForCluster { cluster, sidecar } => {
            let cluster = of(cluster);
            ("kuberay-job", clusters, JobPhrase::WaitsForCluster { cluster, sidecar })
        }
        Cause::SubmitterMade => ("kuberay-job-submitter", job, JobPhrase::SubmitterMade),
        Cause::SubmittedOverHttp => ("kuberay-job", job, JobPhrase::SubmittedOverHttp),
        Cause::WaitsForUser => ("kuberay-job", job, JobPhrase::WaitsForUser),
        Cause::JobIs { status } => ("kuberay-job", job, JobPhrase::JobIs { status: status.name() }),
        Cause::StartTimeout { limit } => ("ray-job-start", job, JobPhrase::StartTimeout { limit }),
        Cause::SubmitterFailed => ("kuberay-job-check", job, JobPhrase::SubmitterFailed),
        Cause::HeadGone => ("kuberay-job-check", job, JobPhrase::HeadGone),
        Cause::SubmitterDoneTooLong { limit } => {
            ("kuberay-job-timeout", job, JobPhrase::SubmitterDoneTooLong { limit })
        }
        Cause::WaitsForSubmitter => ("kuberay-job", job, JobPhrase::WaitsForSubmitter),
        Cause::GracePeriod { limit } => {
            ("kuberay-job-grace", job, JobPhrase::GracePeriod { limit })
        }
        Cause::Completes { status } => {
            ("kuberay-job", job, JobPhrase::Completes { status: status.name() })
        }
        Cause::Fails { reason, failed, limit } => {
            let (reason, limit) = (reason.map(Reason::name), limit.unwrap_or(0));
            ("kuberay-job-backoff", job, JobPhrase::Fails { reason, failed, limit })
        }
        Cause::Retries { failed, limit } => {
            ("kuberay-job-backoff", job, JobPhrase::Retries { failed, limit })
        }
        Cause::Clears => ("kuberay-job-clear", clusters, JobPhrase::Clears),
        Cause::WaitsForDeletion => ("kuberay-job", clusters, JobPhrase::WaitsForDeletion),
        Cause::SelectedStays => ("kuberay-job", clusters, JobPhrase::SelectedStays),
        Cause::NothingGoes => ("kuberay-job", clusters, JobPhrase::NothingGoes),
        Cause::PolicyNone => ("kuberay-job-policy", clusters, JobPhrase::PolicyNone),
        Cause::DeletionDueAt { policy, by, at } => {
            let (policy, field) = (policy.name(), deletes(by));
            (rule(by), clusters, JobPhrase::DeletionDueAt { policy, field, at })
        }
        Cause::DeletionDue { policy, by } => {
            let (policy, field) = (policy.name(), deletes(by));
            (rule(by), clusters, JobPhrase::DeletionDue { policy, field })
        }
    }
}

fn rule(by: Deletes) -> &'static str {
    match by {
        Deletes::Shutdown => "kuberay-job-shutdown",
        Deletes::Policies => "kuberay-job-policy",
        Deletes::Rules => "kuberay-job-rules",
    }
}
