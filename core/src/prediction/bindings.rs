//! Fields that held a count back, and for how long.

use super::{Run, Who};
use crate::diagnostic::{Fix, TextEdit};
use crate::explain;
use crate::explain::hpa::limit_field;
use crate::explain::phrase::{NotePhrase, Phrase};
use crate::hpa::{Cause, Limit};
use crate::manifest::field::Field;
use crate::ray;
use crate::report::Binding;
use crate::serve;
use crate::source::Span;
use crate::time::Instant;

/// Every field that bound, in the order of the autoscalers; `minReplicas` is left out, because it
/// binds whenever nothing happens.
pub(super) fn bindings(run: &Run) -> Vec<Binding> {
    let mut bindings = Vec::new();
    for (autoscaler, who) in Who::all(run).into_iter().enumerate() {
        match who {
            Who::Hpa(hpa) => hpa_bindings(run, autoscaler, hpa, &mut bindings),
            // A cooldown holds for a while after each activity; that is no limit.
            // KubeRay follows; it holds nothing back.
            Who::Keda(_) | Who::RayService(_) | Who::RayJob(_) | Who::Operator(_) => {}
            Who::Serve(service) => serve_bindings(run, autoscaler, service, &mut bindings),
            Who::Ray(cluster) => ray_bindings(run, autoscaler, cluster, &mut bindings),
        }
    }
    bindings
}

/// From the first to the last look at which something was held, by the place that held it.
struct Held(Vec<(Span, Instant, Instant)>);

impl Held {
    fn add(&mut self, span: Span, at: Instant, until: Instant) {
        match self.0.iter_mut().find(|(it, ..)| *it == span) {
            Some((_, _, last)) => *last = until,
            None => self.0.push((span, at, until)),
        }
    }
}

fn hpa_bindings(run: &Run, autoscaler: usize, hpa: usize, bindings: &mut Vec<Binding>) {
    let document = run.hpa_context(hpa).document;
    let looks = &run.timeline.hpas[hpa].looks;
    let end = run.timeline.end;
    let mut held = Held(Vec::new());
    for (index, look) in looks.iter().enumerate() {
        let until = looks.get(index + 1).map_or(end, |next| next.at);
        for cause in &look.trace.causes {
            if let Cause::Limited { limit, .. } = cause
                && !matches!(limit, Limit::MinReplicas)
                && let Some(field) = limit_field(limit)
            {
                held.add(document.span_of(&field), look.at, until);
            }
        }
    }
    let max = document.span_of(&Field::MaxReplicas);
    let peak = run.ghost(hpa).map(|ghost| ghost.max() as i64);
    let limit = i64::from(run.assembly.model.hpas[hpa].spec.max_replicas);
    for (span, from, to) in held.0 {
        let value = peak.filter(|peak| span == max && *peak > limit);
        bindings.push(binding(run, autoscaler, span, (from, to), value));
    }
}

fn ray_bindings(run: &Run, autoscaler: usize, cluster: usize, bindings: &mut Vec<Binding>) {
    let context = run.ray_context(cluster);
    let looks = &run.timeline.clusters[cluster].looks;
    let end = run.timeline.end;
    let mut held = Held(Vec::new());
    let next = looks.news().skip(1).map(|(_, next)| next.at).chain([end]);
    for ((_, look), until) in looks.news().zip(next) {
        for cause in &look.trace.causes {
            let group = match cause {
                ray::Cause::TypeFull { node_type, .. } => node_type,
                ray::Cause::CappedByMaxReplicas { group, .. } => group,
                _ => continue,
            };
            let groups = &context.cluster.groups;
            if let Some(group) = groups.iter().position(|it| *it.name == **group) {
                let span = context.document.span_of(&Field::GroupMaxReplicas(group));
                held.add(span, look.at, until);
            }
        }
    }
    for (span, from, to) in held.0 {
        bindings.push(binding(run, autoscaler, span, (from, to), None));
    }
}

fn serve_bindings(run: &Run, autoscaler: usize, service: usize, bindings: &mut Vec<Binding>) {
    let Some(config) = run.serve_context(service).config else { return };
    let looks = &run.timeline.services[service].looks;
    let mut held = Held(Vec::new());
    for (index, look) in looks.iter().enumerate() {
        let until = looks.get(index + 1).map_or(run.timeline.end, |next| next.at);
        if explain::serve::limit(look) == Some(serve::Limit::MaxReplicas) {
            held.add(config.span_of("max_replicas"), look.at, until);
        }
    }
    for (span, from, to) in held.0 {
        bindings.push(binding(run, autoscaler, span, (from, to), None));
    }
}

fn binding(
    run: &Run,
    autoscaler: usize,
    span: Span,
    (from, to): (Instant, Instant),
    value: Option<i64>,
) -> Binding {
    let fix = value.map(|value| {
        let title = NotePhrase::TryValue { value }.text(run.language);
        Fix::changes_decisions(title, vec![TextEdit { span, text: value.to_string() }])
    });
    Binding {
        autoscaler,
        span,
        message: NotePhrase::Binds { from, to }.say(run.language),
        from_ms: from.ms() as f64,
        to_ms: to.ms() as f64,
        fix,
    }
}
