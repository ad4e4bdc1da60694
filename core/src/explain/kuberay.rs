//! The ledger of one pass of KubeRay's operator: its trace, arranged.

use super::kuberay_phrase::{PodsPhrase, UpgradePhrase};
use super::ledger::Ledger;
use super::number::percent;
use super::phrase::{NotePhrase, Phrase, Title};
use crate::ray::operator::Cause as PodsCause;
use crate::ray::service::{Cause, ClusterId};
use crate::report::{Explanation, Language};
use crate::sim::{Cluster, OperatorPass, RayServiceLook};

/// Why `pass` over `cluster` made and deleted what it did.
pub(crate) fn pass(
    cluster: &Cluster,
    pass: &OperatorPass,
    name: &str,
    number: usize,
    language: Language,
) -> Explanation {
    let mut ledger = Ledger::new(language);
    for cause in &pass.trace.causes {
        let (rule, text) = pods_phrase(cluster, *cause);
        let step = ledger.say(rule, Title::Pods, &text);
        step.binds = matches!(cause, PodsCause::Surplus { kept: true, .. });
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: pass.at }.text(language),
        from: pass.from as f64,
        to: pass.to as f64,
        steps: ledger.steps,
        ..Explanation::default()
    }
}

fn pods_phrase(cluster: &Cluster, cause: PodsCause) -> (&'static str, PodsPhrase<'_>) {
    let of = |group: usize| cluster.groups.get(group).map_or("", |it| it.name.as_str());
    let hosts = |group: usize| cluster.groups.get(group).map_or(1, |it| it.num_of_hosts);
    let rule = |group: usize| {
        if hosts(group) > 1 { "kuberay-multi-host" } else { "kuberay-pods" }
    };
    match cause {
        PodsCause::Suspending { pods } => ("kuberay-pods", PodsPhrase::Suspending { pods }),
        PodsCause::Suspended => ("kuberay-pods", PodsPhrase::Suspended),
        PodsCause::SpecChanged { pods } => ("kuberay-recreate", PodsPhrase::SpecChanged { pods }),
        PodsCause::HeadGoes => ("kuberay-expectations", PodsPhrase::HeadGoes),
        PodsCause::HeadEnded => ("kuberay-pods", PodsPhrase::HeadEnded),
        PodsCause::HeadNotMadeAgain => ("kuberay-pods", PodsPhrase::HeadNotMadeAgain),
        PodsCause::HeadMade => ("kuberay-pods", PodsPhrase::HeadMade),
        PodsCause::SeveralHeads { count } => ("kuberay-pods", PodsPhrase::SeveralHeads { count }),
        PodsCause::PodsGo { group } => {
            ("kuberay-expectations", PodsPhrase::PodsGo { group: of(group) })
        }
        PodsCause::GroupSuspended { group, pods } => {
            ("kuberay-pods", PodsPhrase::GroupSuspended { group: of(group), pods })
        }
        PodsCause::PodsEnded { group, pods } => {
            (rule(group), PodsPhrase::PodsEnded { group: of(group), pods })
        }
        PodsCause::PodsNamed { group, pods } => {
            (rule(group), PodsPhrase::PodsNamed { group: of(group), pods })
        }
        PodsCause::ReplicaIncomplete { group, pods, num_of_hosts } => {
            let text = PodsPhrase::ReplicaIncomplete { group: of(group), pods, num_of_hosts };
            ("kuberay-multi-host", text)
        }
        PodsCause::PodsMade { group, desired, pods } => {
            (rule(group), PodsPhrase::PodsMade { group: of(group), desired, pods })
        }
        PodsCause::Surplus { group, desired, pods, kept } => {
            (rule(group), PodsPhrase::Surplus { group: of(group), desired, pods, kept })
        }
    }
}

/// Why the RayService's controller did what it did at `look`. `names` are its clusters', by number.
pub(crate) fn look(
    names: &[String],
    look: &RayServiceLook,
    name: &str,
    number: usize,
    language: Language,
) -> Explanation {
    let mut ledger = Ledger::new(language);
    for (index, cause) in look.trace.causes.iter().enumerate() {
        // Each of the two clusters is asked whether its capacity may move.
        if look.trace.causes[..index].contains(cause) {
            continue;
        }
        let (rule, title, text) = upgrade_phrase(names, *cause);
        let step = ledger.say(rule, title, &text);
        match cause {
            Cause::CapacityMoved { to, .. } | Cause::TrafficMoved { to, .. } => {
                step.gives(percent(to, language));
            }
            Cause::NoHead { .. } | Cause::GatewayNotReady | Cause::TrafficBehind { .. } => {
                step.binds();
            }
            _ => {}
        }
    }
    Explanation {
        title: NotePhrase::DecisionTitle { name, number, at: look.at }.text(language),
        from: look.from as f64,
        to: look.to as f64,
        steps: ledger.steps,
        ..Explanation::default()
    }
}

fn upgrade_phrase(
    names: &[String],
    cause: Cause,
) -> (&'static str, Title<'static>, UpgradePhrase<'_>) {
    let of = |id: ClusterId| names.get(id.0 as usize).map_or("", String::as_str);
    let (clusters, serve) = (Title::Clusters, Title::ServeConfig);
    match cause {
        Cause::DeletionScheduled { cluster, at } => {
            let cluster = of(cluster);
            ("kuberay-cleanup", clusters, UpgradePhrase::DeletionScheduled { cluster, at })
        }
        Cause::DeletionDue { cluster } => {
            ("kuberay-cleanup", clusters, UpgradePhrase::DeletionDue { cluster: of(cluster) })
        }
        Cause::SpecChanged { given_up, .. } => {
            let text = UpgradePhrase::SpecChanged { given_up: given_up.map(of) };
            ("kuberay-new", clusters, text)
        }
        Cause::FirstCluster { .. } => ("kuberay-new", clusters, UpgradePhrase::FirstCluster),
        Cause::ClusterMade { cluster, without_replicas } => {
            let text = UpgradePhrase::ClusterMade { cluster: of(cluster), without_replicas };
            ("kuberay-clusters", clusters, text)
        }
        Cause::NoHead { cluster } => {
            ("kuberay-head-label", clusters, UpgradePhrase::NoHead { cluster: of(cluster) })
        }
        Cause::UpdatedInPlace { cluster, without_replicas } => {
            let text = UpgradePhrase::UpdatedInPlace { cluster: of(cluster), without_replicas };
            ("kuberay-update", clusters, text)
        }
        Cause::Submitted { cluster, first } => {
            ("kuberay-serve", serve, UpgradePhrase::Submitted { cluster: of(cluster), first })
        }
        Cause::GatewayNotReady => {
            ("kuberay-capacity", Title::Capacity, UpgradePhrase::GatewayNotReady)
        }
        Cause::TrafficBehind { target_capacity, traffic } => {
            let text = UpgradePhrase::TrafficBehind { target_capacity, traffic };
            ("kuberay-capacity", Title::Capacity, text)
        }
        Cause::CapacityMoved { cluster, from, to } => {
            let text = UpgradePhrase::CapacityMoved { cluster: of(cluster), from, to };
            ("kuberay-capacity", Title::Capacity, text)
        }
        Cause::TrafficMoved { from, to } => {
            ("kuberay-traffic", Title::Traffic, UpgradePhrase::TrafficMoved { from, to })
        }
        Cause::RollbackBegan => ("kuberay-rollback", clusters, UpgradePhrase::RollbackBegan),
        Cause::RollbackCancelled => {
            ("kuberay-rollback", clusters, UpgradePhrase::RollbackCancelled)
        }
        Cause::RollbackDone { cluster } => {
            ("kuberay-rollback", clusters, UpgradePhrase::RollbackDone { cluster: of(cluster) })
        }
        Cause::Suspends => ("kuberay-suspend", clusters, UpgradePhrase::Suspends),
        Cause::SuspendDeletes { cluster } => {
            let text = UpgradePhrase::SuspendDeletes { cluster: of(cluster) };
            ("kuberay-suspend", clusters, text)
        }
        Cause::Suspended => ("kuberay-suspend", clusters, UpgradePhrase::Suspended),
        Cause::Resumes => ("kuberay-suspend", clusters, UpgradePhrase::Resumes),
        Cause::Promoted { old, new } => {
            let text = UpgradePhrase::Promoted { old: old.map(of), new: of(new) };
            ("kuberay-promote", clusters, text)
        }
    }
}
