//! What a RayCluster's own `status` tells, and what KubeRay's operator does at its next pass.
//!
//! The status has no numbers by group, and none of pods that do not run: what is made and deleted
//! is told from the counts of the spec, as they differ from those that the operator last wrote.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/raycluster_controller.go `calculateStatus`,
//! `reconcilePods`.

use super::kuberay_phrase::PodsPhrase;
use super::ledger::Ledger;
use super::now_phrase::NowPhrase;
use super::phrase::{Phrase, Title};
use super::ray_now_phrase::RayNowPhrase;
use crate::report::{Condition, Explanation, Language, Message};
use crate::source::Span;

/// A RayCluster, and what its status tells.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClusterNow {
    /// As `KubeRay ray`.
    pub(crate) name: String,
    /// Where the status stands.
    pub(crate) span: Span,
    /// `state`, and `reason` if there is one.
    pub(crate) state: Option<(String, String)>,
    /// `desiredWorkerReplicas`.
    pub(crate) desired: i64,
    /// `availableWorkerReplicas`: pods that run.
    pub(crate) available: i64,
    /// `readyWorkerReplicas`.
    pub(crate) ready: i64,
    /// `observedGeneration` and the object's own, if they differ.
    pub(crate) generations: Option<(i64, i64)>,
    /// Fields of the status whose quantity is not what the spec's pods ask for: name, quantity of
    /// the status, of the spec, and where it stands.
    pub(crate) amounts: Vec<(&'static str, String, String, Span)>,
    /// `conditions`.
    pub(crate) conditions: Vec<Condition>,
    /// The groups of the spec that are not suspended.
    pub(crate) groups: Vec<GroupNow>,
    /// Pods of all groups together, in upstream's 32 bits.
    pub(crate) wanted: i64,
    /// Whether only Ray's autoscaler says which pods go.
    pub(crate) autoscaling: bool,
    /// `suspend`.
    pub(crate) suspended: bool,
}

/// A worker group of the spec.
#[derive(Clone, Debug)]
pub(crate) struct GroupNow {
    /// `groupName`.
    pub(crate) name: String,
    /// Pods that it should have.
    pub(crate) pods: i64,
    /// Pods in its `workersToDelete`.
    pub(crate) named: usize,
    /// Where the group stands.
    pub(crate) span: Span,
}

/// What the operator does, in a sentence, and why.
pub(crate) fn explain(now: &ClusterNow, language: Language) -> (Message, Explanation) {
    let mut ledger = Ledger::new(language);
    status(now, &mut ledger);
    let mut does: Vec<Message> = Vec::new();
    if now.suspended {
        let pods = usize::try_from(now.available).unwrap_or(0);
        let text = match pods {
            0 => PodsPhrase::Suspended,
            // The head too.
            _ => PodsPhrase::Suspending { pods: pods.saturating_add(1) },
        };
        ledger.say("kuberay-pods", Title::Pods, &text);
        does.push(text.say(language));
    } else {
        next(now, &mut ledger, &mut does);
    }
    let verdict = does.into_iter().reduce(|all, it| all.text(" ").and(it)).unwrap_or_default();
    let explanation = Explanation {
        title: NowPhrase::Title { name: now.name.clone() }.text(language),
        from: now.available as f64,
        to: if now.suspended { 0.0 } else { now.wanted as f64 },
        steps: ledger.steps,
        conditions: now.conditions.clone(),
        ..Explanation::default()
    };
    (verdict, explanation)
}

/// What the status says, and where it is not what the spec says.
fn status(now: &ClusterNow, ledger: &mut Ledger) {
    let language = ledger.language;
    let ClusterNow { desired, available, ready, .. } = *now;
    let text = RayNowPhrase::StatusCounts { desired, available, ready };
    let step = ledger.say("kuberay-status", Title::Status, &text).gives(available);
    step.at(Some(now.span));
    if let Some((state, reason)) = &now.state {
        let (state, reason) = (state.clone(), reason.clone());
        step.says(RayNowPhrase::ClusterState { state, reason }.say(language));
    }
    if let Some((observed, own)) = now.generations {
        step.says(RayNowPhrase::OldGeneration { observed, own }.say(language));
    }
    for (field, told, own, span) in &now.amounts {
        let (told, own) = (told.clone(), own.clone());
        let text = RayNowPhrase::AmountDiffers { field, told, own };
        ledger.say("kuberay-status", Title::Status, &text).at(Some(*span));
    }
}

/// What the next pass makes and deletes.
fn next(now: &ClusterNow, ledger: &mut Ledger, does: &mut Vec<Message>) {
    let language = ledger.language;
    let each = now.groups.iter().map(|it| format!("{} {}", it.name, it.pods));
    let groups = each.collect::<Vec<_>>().join(", ");
    let text = RayNowPhrase::SpecAsks { wanted: now.wanted, groups };
    ledger.say("kuberay-desired", Title::Pods, &text).gives(now.wanted);
    for group in now.groups.iter().filter(|it| it.named > 0) {
        let text = PodsPhrase::PodsNamed { group: &group.name, pods: group.named };
        ledger.say("kuberay-pods", Title::Pods, &text).at(Some(group.span));
        does.push(text.say(language));
    }
    let more = now.wanted - now.desired;
    let text = if more > 0 {
        match &now.groups[..] {
            [only] => RayNowPhrase::OperatorMakes { pods: more, group: Some(only.name.clone()) },
            _ => RayNowPhrase::OperatorMakes { pods: more, group: None },
        }
    } else if more < 0 && now.autoscaling {
        RayNowPhrase::OperatorKeeps { pods: -more }
    } else if more < 0 {
        RayNowPhrase::OperatorDeletes { pods: -more }
    } else if now.available < now.wanted {
        RayNowPhrase::OperatorWaits { pods: now.wanted - now.available, desired: now.wanted }
    } else if now.available > now.wanted && now.autoscaling {
        RayNowPhrase::OperatorKeeps { pods: now.available - now.wanted }
    } else if now.available > now.wanted {
        RayNowPhrase::OperatorDeletes { pods: now.available - now.wanted }
    } else {
        RayNowPhrase::OperatorDone { desired: now.wanted }
    };
    let step = ledger.say("kuberay-pods", Title::Pods, &text);
    step.binds = matches!(text, RayNowPhrase::OperatorKeeps { .. });
    if !matches!(text, RayNowPhrase::OperatorDone { .. }) || does.is_empty() {
        does.push(text.say(language));
    }
}
