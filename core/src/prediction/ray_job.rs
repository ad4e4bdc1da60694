//! RayJobs in a report: how each fares, and which clusters it has.

use super::Run;
use crate::explain::job_phrase::JobPhrase;
use crate::explain::kuberay_job::name;
use crate::explain::phrase::Phrase;
use crate::ray::job::{Cause, Reason};
use crate::report::{Autoscaler, AutoscalerKind, Looks, Message, Tone, Verdict};

impl Run {
    /// Names of the clusters of a RayJob, by number.
    pub(super) fn job_cluster_names(&self, job: usize) -> Vec<String> {
        let clusters = self.assembly.model.ray_jobs[job].clusters.iter();
        clusters.map(|it| self.assembly.model.clusters[*it].name.clone()).collect()
    }
}

pub(super) fn ray_job(run: &Run, job: usize) -> Autoscaler {
    let model = &run.assembly.model.ray_jobs[job];
    let looks = &run.timeline.ray_jobs[job];
    let is_it = |it: &&crate::manifest::Document| {
        matches!(it.body, crate::manifest::Body::RayJob(_))
            && (it.namespace(), it.name()) == (model.namespace.as_str(), model.name.as_str())
    };
    Autoscaler {
        id: format!("rayjob/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Operator,
        short_name: "Job".to_owned(),
        name: format!("RayJob {}", model.name),
        tone: Tone::Ray,
        span: run.documents.documents.iter().find(is_it).map(|it| it.metadata.name.span),
        verdict: Verdict { message: verdict(run, job), decision: None },
        looks: Looks {
            at_ms: looks.iter().map(|it| it.at.ms() as f64).collect(),
            from: looks.iter().map(|it| it.from as f64).collect(),
            to: looks.iter().map(|it| it.to as f64).collect(),
        },
    }
}

/// When it is tried again, ends, and what goes then.
fn verdict(run: &Run, job: usize) -> Message {
    let looks = &run.timeline.ray_jobs[job];
    let mut phrases = Vec::new();
    for look in looks {
        let at = look.at;
        phrases.extend(look.trace.causes.iter().filter_map(|cause| match *cause {
            Cause::Retries { .. } => Some(JobPhrase::TriedAgainAt { at }),
            Cause::Completes { .. } => Some(JobPhrase::CompletesAt { at }),
            Cause::Fails { reason, .. } => {
                Some(JobPhrase::FailsAt { at, reason: reason.map(Reason::name) })
            }
            Cause::DeletionDue { policy, .. } => {
                Some(JobPhrase::GoesAt { policy: policy.name(), at })
            }
            _ => None,
        }));
    }
    let last = looks.last();
    let names = run.job_cluster_names(job);
    // It still waits: what it sees of its cluster is said once.
    if let Some(Cause::WaitsForCluster { cluster, sidecar }) =
        last.and_then(|it| it.trace.causes.last().copied())
    {
        phrases.push(JobPhrase::WaitsForCluster { cluster: name(&names, cluster), sidecar });
    }
    if !last.is_some_and(|it| it.status.is_terminal()) {
        phrases.push(JobPhrase::NotOver);
    }
    let messages = phrases.iter().map(|it| it.say(run.language));
    messages.reduce(|all, it| all.text(" ").and(it)).unwrap_or_default()
}
