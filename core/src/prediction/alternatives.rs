//! What would change a decision: the same run with one field changed, at the same look.
//!
//! Each costs a run, so that they are made only when somebody asks.

use super::{Run, Who};
use crate::diagnostic::{Fix, TextEdit};
use crate::explain::phrase::{NotePhrase, Phrase};
use crate::hpa::{Cause, Limit, MetricSpec, ResourceTarget};
use crate::manifest::Document;
use crate::manifest::field::{Direction, Field};
use crate::ray;
use crate::report::Alternative;
use crate::sim::{self, Model};
use crate::time::Duration;
use crate::yaml::edit;

/// A changed field: its name, its new value, the edit that writes it, and the model with it.
struct Change {
    field: &'static str,
    value: i64,
    edit: Option<TextEdit>,
    model: Model,
}

/// Changes of one field that lead to another answer at that look.
pub(super) fn alternatives(run: &Run, who: Who, look: usize) -> Vec<Alternative> {
    let changes = match who {
        Who::Hpa(hpa) => hpa_changes(run, hpa, look),
        Who::Keda(_) | Who::Serve(_) | Who::RayService(_) | Who::RayJob(_) | Who::Operator(_) => {
            Vec::new()
        }
        Who::Ray(cluster) => ray_changes(run, cluster, look),
    };
    let answer = |timeline: &sim::Timeline| match who {
        Who::Hpa(hpa) => {
            timeline.hpas[hpa].looks.get(look).map(|it| f64::from(it.decision.desired_replicas))
        }
        Who::Keda(object) => timeline.keda[object].get(look).map(|it| f64::from(it.to)),
        Who::Serve(service) => timeline.services[service].looks.get(look).map(|it| it.to as f64),
        Who::Ray(cluster) => {
            timeline.clusters[cluster].looks.get(look).map(|it| it.to.iter().sum::<i64>() as f64)
        }
        Who::RayService(service) => timeline.ray_services[service].get(look).map(|it| it.to as f64),
        Who::RayJob(job) => timeline.ray_jobs[job].get(look).map(|it| it.to as f64),
        Who::Operator(cluster) => {
            timeline.clusters[cluster].passes.get(look).map(|it| it.to as f64)
        }
    };
    let present = answer(&run.timeline);
    changes
        .into_iter()
        .filter_map(|change| {
            let edits = vec![change.edit?];
            let result = answer(&sim::run(&change.model))?;
            let value = change.value.to_string();
            let phrase = NotePhrase::Alternative { field: change.field, value: &value, result };
            let fix = Fix::changes_decisions(format!("{} {value}", change.field), edits);
            let message = phrase.say(run.language);
            (present != Some(result)).then_some(Alternative { message, fix })
        })
        .collect()
}

fn hpa_changes(run: &Run, hpa: usize, look: usize) -> Vec<Change> {
    let Some(found) = run.timeline.hpas[hpa].looks.get(look) else { return Vec::new() };
    let document = run.hpa_context(hpa).document;
    let spec = &run.assembly.model.hpas[hpa].spec;
    let changed = |change: &dyn Fn(&mut crate::hpa::Spec)| {
        let mut model = run.assembly.model.clone();
        change(&mut model.hpas[hpa].spec);
        model
    };
    let mut changes = Vec::new();
    let limited_by = |limit: Limit| {
        found
            .trace
            .causes
            .iter()
            .any(|it| matches!(it, Cause::Limited { limit: own, .. } if *own == limit))
    };
    if limited_by(Limit::MaxReplicas)
        && let Some(ghost) = run.ghost(hpa)
        && ghost.max() > f64::from(spec.max_replicas)
    {
        let value = ghost.max() as i32;
        changes.push(Change {
            field: "maxReplicas",
            value: i64::from(value),
            edit: written(run, document, &Field::MaxReplicas, &value.to_string()),
            model: changed(&|spec| spec.max_replicas = value),
        });
    }
    for step in [TARGET_STEP, -TARGET_STEP] {
        changes.extend(target_change(run, document, hpa, step));
    }
    if found.trace.causes.iter().any(|it| matches!(it, Cause::Stabilized { .. })) {
        let field = Field::StabilizationWindow(Direction::Down);
        changes.push(Change {
            field: "stabilizationWindowSeconds",
            value: 60,
            edit: written(run, document, &field, "60"),
            model: changed(&|spec| {
                let behavior = spec.behavior.get_or_insert_default();
                behavior.scale_down.stabilization_window = Some(Duration::from_seconds(60));
            }),
        });
    }
    changes
}

/// Percent points by which another target is tried.
const TARGET_STEP: i32 = 15;

fn target_change(run: &Run, document: &Document, hpa: usize, step: i32) -> Option<Change> {
    let mut model = run.assembly.model.clone();
    let mut metrics = model.hpas[hpa].spec.metrics.iter_mut().enumerate();
    let (index, target) = metrics.find_map(|(index, it)| match it {
        MetricSpec::Resource { target: ResourceTarget::AverageUtilization(target), .. } => {
            Some((index, target))
        }
        _ => None,
    })?;
    let value = target.checked_add(step).filter(|value| (1..=100).contains(value))?;
    *target = value;
    let span = document.span_of(&Field::MetricTarget(index));
    let is_number = run.text.get(span.start..span.end).is_some_and(|it| it.parse::<i32>().is_ok());
    let edit = is_number.then(|| TextEdit { span, text: value.to_string() });
    Some(Change { field: "averageUtilization", value: i64::from(value), edit, model })
}

fn ray_changes(run: &Run, cluster: usize, look: usize) -> Vec<Change> {
    let context = run.ray_context(cluster);
    let Some(found) = run.timeline.clusters[cluster].looks.get(look) else { return Vec::new() };
    // What an edit leaves is not what the manifest says.
    if !context.cluster.edits.is_empty() {
        return Vec::new();
    }
    let full = found.trace.causes.iter().find_map(|it| match it {
        ray::Cause::TypeFull { node_type, .. } => Some(node_type),
        ray::Cause::CappedByMaxReplicas { group, .. } => Some(group),
        _ => None,
    });
    let group =
        full.and_then(|name| context.cluster.groups.iter().position(|it| *it.name == **name));
    let Some(group) = group else { return Vec::new() };
    let value = context.cluster.groups[group].max_replicas.saturating_mul(2).max(1);
    let mut model = run.assembly.model.clone();
    let changed = &mut model.clusters[cluster];
    changed.groups[group].max_replicas = value;
    let hosts = changed.groups[group].num_of_hosts;
    let name = changed.groups[group].name.clone();
    if let Some(Ok(config)) = &mut changed.autoscaler {
        for node_type in config.node_types.iter_mut().filter(|it| *it.name == *name) {
            let more = value.saturating_mul(hosts) - node_type.max_nodes;
            node_type.max_nodes += more;
            config.max_nodes = config.max_nodes.saturating_add(more);
        }
    }
    let span = context.document.span_of(&Field::GroupMaxReplicas(group));
    let is_number = run.text.get(span.start..span.end).is_some_and(|it| it.parse::<i64>().is_ok());
    let edit = is_number.then(|| TextEdit { span, text: value.to_string() });
    vec![Change { field: "maxReplicas", value, edit, model }]
}

/// The edit that sets a field of `document`.
fn written(run: &Run, document: &Document, field: &Field, value: &str) -> Option<TextEdit> {
    let path = document.path_of(field);
    edit::set(&run.text, &document.root, &edit::steps(&path), value)
}

#[cfg(test)]
mod tests {
    use crate::report::Language;
    use crate::{examples, predict};

    /// Every alternative is checked against the whole way: its edit, applied to the text, and the
    /// text predicted.
    #[test]
    fn an_alternative_leads_to_what_its_edit_leads_to() {
        let text = examples::EXAMPLES[0].text();
        let prediction = predict(text, Language::En);
        let mut checked = 0;
        for decision in prediction.report.decisions.iter().filter(|it| it.autoscaler == 0) {
            let explained = prediction.explain(0, decision.look).unwrap();
            for alternative in explained.alternatives {
                let edit = &alternative.fix.edits[0];
                let mut changed = text.to_owned();
                changed.replace_range(edit.span.start..edit.span.end, &edit.text);
                let after =
                    predict(&changed, Language::En).report.autoscalers[0].looks.to[decision.look];
                let said = alternative.message.to_string();
                assert!(said.ends_with(&format!("→ {after}")), "{said}, but {after}");
                assert_ne!(after, decision.explanation.to, "{said} changes nothing");
                checked += 1;
            }
        }
        assert!(checked >= 5, "{checked} alternatives");
    }
}
