//! Looks worth a mark: those that changed a count, or from which on something else holds it.

use super::{Run, Who};
use crate::explain;
use crate::hpa::Cause;
use crate::order;
use crate::report::{Autoscaler, AutoscalerKind, Decision};
use crate::sim::{HpaLook, RayLook};

/// Every decision, by time, then in the order of the autoscalers.
pub(super) fn decisions(run: &Run, autoscalers: &[Autoscaler]) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for (autoscaler, who) in Who::all(run).into_iter().enumerate() {
        for (look, acts) in marks(run, who) {
            let Some(explanation) = run.explain(autoscaler, look, &autoscalers[autoscaler].name)
            else {
                continue;
            };
            let at_ms = autoscalers[autoscaler].looks.at_ms[look];
            decisions.push(Decision { autoscaler, look, at_ms, acts, explanation });
        }
    }
    // KEDA polls before its HPA looks, although it stands after it in the list.
    let is_keda = |it: &Decision| autoscalers[it.autoscaler].kind == AutoscalerKind::Keda;
    order::sort_by(&mut decisions, |one, other| {
        one.at_ms.total_cmp(&other.at_ms).then(is_keda(other).cmp(&is_keda(one)))
    });
    decisions
}

/// The looks that are marked, and whether each changed a count.
fn marks(run: &Run, who: Who) -> Vec<(usize, bool)> {
    match who {
        Who::Hpa(hpa) => {
            let looks = &run.timeline.hpas[hpa].looks;
            changes(looks.iter().enumerate(), |look| look.decision.rescale, hpa_state)
        }
        Who::Keda(object) => {
            let looks = &run.timeline.keda[object];
            changes(looks.iter().enumerate(), |look| look.from != look.to, explain::keda::hold)
        }
        Who::Serve(service) => {
            let looks = &run.timeline.services[service].looks;
            changes(looks.iter().enumerate(), |look| look.from != look.to, explain::serve::limit)
        }
        Who::Ray(cluster) => {
            let looks = run.timeline.clusters[cluster].looks.news();
            changes(looks, |look| look.from != look.to, ray_state)
        }
        Who::RayService(service) => {
            let looks = run.timeline.ray_services[service].iter().enumerate();
            looks.map(|(index, look)| (index, look.from != look.to)).collect()
        }
        Who::RayJob(job) => {
            let looks = run.timeline.ray_jobs[job].iter().enumerate();
            looks.map(|(index, look)| (index, look.from != look.to)).collect()
        }
        Who::Operator(cluster) => {
            let passes = run.timeline.clusters[cluster].passes.iter().enumerate();
            passes.map(|(index, pass)| (index, pass.from != pass.to)).collect()
        }
    }
}

/// Looks that act, and those from which on something else holds; not those from which on nothing
/// does.
fn changes<'a, L: 'a, S: PartialEq + Default>(
    looks: impl Iterator<Item = (usize, &'a L)>,
    acts: impl Fn(&L) -> bool,
    state: impl Fn(&L) -> S,
) -> Vec<(usize, bool)> {
    let mut marks = Vec::new();
    let mut last = None;
    for (index, look) in looks {
        let now = state(look);
        let begins = last.as_ref() != Some(&now) && now != S::default();
        if acts(look) || (begins && index > 0) {
            marks.push((index, acts(look)));
        }
        last = Some(now);
    }
    marks
}

/// Which limit holds the HPA's count, and what fails. Stabilization is left out: it comes and goes
/// with every look on the way down.
fn hpa_state(look: &HpaLook) -> (Option<&'static str>, Vec<&'static str>) {
    let limit = look.trace.causes.iter().find_map(|cause| match cause {
        Cause::Limited { limit, .. } => Some(explain::hpa::limit_name(limit)),
        _ => None,
    });
    let failures = look.status.conditions.iter().filter(|it| !it.status).map(|it| it.reason);
    (limit, failures.filter(|it| *it != "DesiredWithinRange").collect())
}

/// What holds the Ray cluster's count.
fn ray_state(look: &RayLook) -> (Option<String>, bool, bool, bool) {
    let decision = &look.decision;
    let infeasible = !decision.infeasible_demands.is_empty()
        || !decision.infeasible_gangs.is_empty()
        || decision.infeasible_constraint;
    let full = explain::ray::full_group(look).map(str::to_owned);
    (full, infeasible, decision.stuck.is_some(), !decision.drains.is_empty())
}
