//! KubeRay's operator in a report: the pods of each RayCluster, the RayClusters of each RayService.

use super::verdicts::{if_accepted, moves, say_moves};
use super::{Run, Who};
use crate::explain::kuberay_phrase::UpgradePhrase;
use crate::explain::phrase::{Phrase, What};
use crate::ray::service::{Cause, ClusterId};
use crate::report::{Autoscaler, AutoscalerKind, Looks, Message, Tone, Verdict};

impl Run {
    /// RayServices and RayJobs whose controller had something to do (or would have, were they not
    /// suspended), then clusters over which the operator passed and did something.
    pub(super) fn operators(&self) -> impl Iterator<Item = Who> {
        let model = &self.assembly.model;
        let services = self.timeline.ray_services.iter().enumerate();
        let is_suspended = |it: usize| model.ray_services[it].versions[0].spec.suspend;
        let services = services.filter(move |(it, looks)| is_suspended(*it) || !looks.is_empty());
        let clusters = self.timeline.clusters.iter().enumerate();
        let clusters = clusters.filter(|(_, it)| !it.passes.is_empty());
        let services = services.map(|(index, _)| Who::RayService(index));
        let jobs = self.timeline.ray_jobs.iter().enumerate();
        let jobs = jobs.filter(|(_, looks)| !looks.is_empty());
        let jobs = jobs.map(|(index, _)| Who::RayJob(index));
        services.chain(jobs).chain(clusters.map(|(index, _)| Who::Operator(index)))
    }

    /// Names of the clusters of a RayService, by number; empty for those that were never made.
    pub(super) fn cluster_names(&self, ray_service: usize) -> Vec<String> {
        let last = self.timeline.ray_services[ray_service].last();
        let made = last.map(|it| it.clusters.as_slice()).unwrap_or_default();
        let name = |it: usize| self.assembly.model.clusters[it].name.clone();
        made.iter().map(|it| it.map(name).unwrap_or_default()).collect()
    }
}

pub(super) fn operator(run: &Run, cluster: usize) -> Autoscaler {
    let model = &run.assembly.model.clusters[cluster];
    let passes = &run.timeline.clusters[cluster].passes;
    let changes = passes.iter().map(|it| (it.at, it.from as f64, it.to as f64));
    let start = passes.first().map_or(0.0, |it| it.from as f64);
    Autoscaler {
        id: format!("operator/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Operator,
        short_name: run.short_name("KubeRay", cluster),
        name: format!("KubeRay {}", model.name),
        tone: Tone::Ray,
        span: Some(run.documents.documents[run.assembly.clusters[cluster]].metadata.name.span),
        verdict: Verdict {
            message: if_accepted(run, cluster, say_moves(run, &moves(changes), start, What::Pods)),
            decision: None,
        },
        looks: Looks {
            at_ms: passes.iter().map(|it| it.at.ms() as f64).collect(),
            from: passes.iter().map(|it| it.from as f64).collect(),
            to: passes.iter().map(|it| it.to as f64).collect(),
        },
    }
}

pub(super) fn ray_service(run: &Run, ray_service: usize) -> Autoscaler {
    let model = &run.assembly.model.ray_services[ray_service];
    let looks = &run.timeline.ray_services[ray_service];
    let cluster = model.versions[0].cluster;
    Autoscaler {
        id: format!("rayservice/{}/{}", model.namespace, model.name),
        kind: AutoscalerKind::Operator,
        short_name: "Service".to_owned(),
        name: format!("RayService {}", model.name),
        tone: Tone::Serve,
        span: Some(run.documents.documents[run.assembly.clusters[cluster]].metadata.name.span),
        verdict: Verdict { message: verdict(run, ray_service), decision: None },
        looks: Looks {
            at_ms: looks.iter().map(|it| it.at.ms() as f64).collect(),
            from: looks.iter().map(|it| it.from as f64).collect(),
            to: looks.iter().map(|it| it.to as f64).collect(),
        },
    }
}

/// Which cluster takes over when, which goes, and what is not over by the end.
fn verdict(run: &Run, ray_service: usize) -> Message {
    let looks = &run.timeline.ray_services[ray_service];
    let names = run.cluster_names(ray_service);
    let of = |id: ClusterId| names.get(id.0 as usize).map_or("", String::as_str);
    let (mut phrases, mut pending, mut in_place) = (Vec::new(), None, false);
    for look in looks {
        for cause in &look.trace.causes {
            match *cause {
                Cause::ClusterMade { cluster, .. } => pending = Some(cluster),
                Cause::Promoted { new, .. } => {
                    pending = None;
                    phrases.push(UpgradePhrase::TakesOver { cluster: of(new), at: look.at });
                }
                Cause::DeletionDue { cluster } | Cause::SuspendDeletes { cluster } => {
                    pending = pending.filter(|it| *it != cluster);
                    phrases.push(UpgradePhrase::Deleted { cluster: of(cluster), at: look.at });
                }
                Cause::UpdatedInPlace { .. } | Cause::Submitted { .. } => in_place = true,
                _ => {}
            }
        }
    }
    phrases.extend(pending.map(|it| UpgradePhrase::NotOver { cluster: of(it) }));
    if phrases.is_empty() {
        phrases.push(match in_place {
            true => UpgradePhrase::InPlace,
            false if looks.is_empty() => UpgradePhrase::NeverMade,
            false => UpgradePhrase::NothingChanges,
        });
    }
    let messages = phrases.iter().map(|it| it.say(run.language));
    messages.reduce(|all, it| all.text(" ").and(it)).unwrap_or_default()
}
