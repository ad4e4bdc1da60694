//! The Scenario of a text as the forms edit it.

use tidetable_core::order;
use tidetable_core::{
    assumption::{self, Value},
    diagnostic::TextEdit,
    manifest::{self, Body, Documents},
    scenario::{self, Scenario, Target, TargetKind, edit},
    source::Span,
    time::{Duration, Instant},
    workload::{Rate, Shape},
    yaml,
};

/// The Scenario of a text, and what it can be about.
pub(crate) struct ScenarioForm {
    /// The Scenario; its places are those of [`Self::document`].
    pub(crate) scenario: Scenario,
    /// What may be given a load.
    pub(crate) targets: Vec<Target>,
    /// Ray clusters that may be given work: name and namespace.
    pub(crate) clusters: Vec<(String, Option<String>)>,
    text: String,
    /// The document that is assumed while the text has none.
    assumed: Option<String>,
}

impl ScenarioForm {
    /// Reads `text`.
    pub(crate) fn of(text: &str) -> Self {
        let documents = manifest::read(text);
        let (targets, clusters) = (targets(&documents), clusters(&documents));
        let read = |text: &str| {
            let parts = yaml::read(text).parts;
            scenario::read(parts.iter().filter_map(|it| it.root.as_ref())).scenario
        };
        let own = read(text);
        let assumed = own.is_none().then(|| tidetable_core::assumed_scenario(text));
        let assumed_read = || assumed.as_deref().and_then(read);
        let scenario = own.or_else(assumed_read).unwrap_or_else(Scenario::empty);
        Self { scenario, targets, clusters, text: text.to_owned(), assumed }
    }

    /// The text that the Scenario stands in: the user's, or an assumed document.
    fn document(&self) -> &str {
        self.assumed.as_deref().unwrap_or(&self.text)
    }

    /// Sets the field at `path` to what someone typed; an empty text takes it away.
    pub(crate) fn set(&self, path: &str, typed: &str) -> Vec<TextEdit> {
        match typed.trim() {
            "" => self.written(edit::remove(self.document(), path)),
            typed => self.written(edit::set(self.document(), "", path, &scalar(typed))),
        }
    }

    /// Sets the mapping at `path` to `CPU: 1, GPU: 1`, as someone typed it.
    pub(crate) fn set_mapping(&self, path: &str, typed: &str) -> Vec<TextEdit> {
        let is_plain = |it: char| it.is_ascii_alphanumeric() || " .:,_-/".contains(it);
        if !typed.chars().all(is_plain) {
            return Vec::new();
        }
        self.written(edit::set(self.document(), "", path, &format!("{{{}}}", typed.trim())))
    }

    /// Adds `item`, YAML on one line, to the list at `path`.
    pub(crate) fn append(&self, path: &str, item: &str) -> Vec<TextEdit> {
        self.written(edit::append(self.document(), "", path, item))
    }

    /// Takes the list item at `path` away.
    pub(crate) fn remove(&self, path: &str) -> Vec<TextEdit> {
        self.written(edit::remove(self.document(), path))
    }

    /// Gives the load entry `index` another shape.
    pub(crate) fn set_shape(&self, index: usize, shape: &Shape) -> Vec<TextEdit> {
        let Some(entry) = self.scenario.load.get(index) else { return Vec::new() };
        self.written(edit::set_shape(self.document(), entry, shape))
    }

    /// Sets the assumption `id` to what someone typed; an empty text resets it.
    pub(crate) fn set_assumption(&self, id: &str, typed: &str) -> Vec<TextEdit> {
        let Some(known) = assumption::find(id) else { return Vec::new() };
        let typed = typed.trim();
        if typed.is_empty() {
            return self.reset_assumption(id);
        }
        // Without quotes, 1.40 would be 1.4.
        let is_version = known.unit() == assumption::Unit::Version;
        let value = if is_version {
            format!("\"{}\"", typed.replace(['"', '\\'], ""))
        } else {
            scalar(typed)
        };
        let path = format!("spec.assumptions.{id}");
        self.written(edit::set(self.document(), "", &path, &value))
    }

    /// Lets the default of the assumption `id` hold again.
    pub(crate) fn reset_assumption(&self, id: &str) -> Vec<TextEdit> {
        let found = assumption::find(id);
        found.map(|it| edit::reset_assumption(&self.text, it)).unwrap_or_default()
    }

    /// Adds a load for `target`.
    pub(crate) fn add_load(&self, target: &Target) -> Vec<TextEdit> {
        let shape = default_shape(ShapeKind::Step, self.scenario.duration);
        self.written(edit::add_load(self.document(), "", &target.to_yaml(), &shape))
    }

    /// Where the text has no Scenario, the assumed one is written below it, with the change made.
    fn written(&self, edits: Vec<TextEdit>) -> Vec<TextEdit> {
        let Some(assumed) = self.assumed.as_deref().filter(|_| !edits.is_empty()) else {
            return edits;
        };
        let changed = edit::apply(assumed, &edits);
        let duration = Value::Duration(self.scenario.duration).to_string();
        edit::set(&self.text, &changed, "spec.duration", &duration)
    }
}

/// What someone typed, as a YAML scalar.
fn scalar(typed: &str) -> String {
    let is_plain = typed.chars().all(|it| it.is_ascii_alphanumeric() || "._-/".contains(it));
    if is_plain { typed.to_owned() } else { yaml::edit::quote(typed) }
}

fn hpa_targets(documents: &Documents) -> impl Iterator<Item = Target> {
    documents.hpas().filter_map(|(document, hpa)| {
        let kind = workload_kind(&hpa.target.kind.value)?;
        Some(target(
            kind,
            &hpa.target.name.value,
            document.metadata.namespace.as_ref().map(|it| &it.value),
        ))
    })
}

fn targets(documents: &Documents) -> Vec<Target> {
    let written = documents.documents.iter().filter_map(|document| {
        let kind = match &document.body {
            Body::Workload(_) => workload_kind(&document.kind.value)?,
            Body::RayService(_) => TargetKind::RayService,
            _ => return None,
        };
        Some(target(
            kind,
            document.name(),
            document.metadata.namespace.as_ref().map(|it| &it.value),
        ))
    });
    let mut all: Vec<Target> = hpa_targets(documents).chain(written).collect();
    order::sort_by(&mut all, |a, b| {
        (a.kind, &a.name, &a.namespace).cmp(&(b.kind, &b.name, &b.namespace))
    });
    all.dedup();
    all
}

fn clusters(documents: &Documents) -> Vec<(String, Option<String>)> {
    documents
        .ray_clusters()
        .map(|(document, _)| {
            let namespace = document.metadata.namespace.as_ref().map(|it| it.value.clone());
            (document.name().to_owned(), namespace)
        })
        .collect()
}

fn target(kind: TargetKind, name: &str, namespace: Option<&String>) -> Target {
    Target {
        kind,
        name: name.to_owned(),
        namespace: namespace.cloned(),
        application: None,
        span: Span::default(),
    }
}

fn workload_kind(kind: &str) -> Option<TargetKind> {
    match kind {
        "Deployment" => Some(TargetKind::Deployment),
        "StatefulSet" => Some(TargetKind::StatefulSet),
        "ReplicaSet" => Some(TargetKind::ReplicaSet),
        _ => None,
    }
}

/// The shapes that a load can have, as the Scenario names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShapeKind {
    Constant,
    Step,
    Ramp,
    Spike,
    Wave,
    Points,
}

impl ShapeKind {
    pub(crate) const ALL: [Self; 6] =
        [Self::Constant, Self::Step, Self::Ramp, Self::Spike, Self::Wave, Self::Points];

    /// The kind of `shape`.
    pub(crate) const fn of(shape: &Shape) -> Self {
        match shape {
            Shape::Constant(_) => Self::Constant,
            Shape::Step { .. } => Self::Step,
            Shape::Ramp { .. } => Self::Ramp,
            Shape::Spike { .. } => Self::Spike,
            Shape::Wave { .. } => Self::Wave,
            Shape::Points { .. } => Self::Points,
        }
    }

    /// The Scenario's field.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Step => "step",
            Self::Ramp => "ramp",
            Self::Spike => "spike",
            Self::Wave => "wave",
            Self::Points => "points",
        }
    }
}

/// A shape of `kind` to start from, within a run of `duration`.
pub(crate) fn default_shape(kind: ShapeKind, duration: Duration) -> Shape {
    let part = |tenths: i64| Duration::from_ms(duration.ms() / 10_000 * 1000 * tenths);
    let at = |tenths: i64| Instant::ZERO + part(tenths);
    let (low, high) = (Rate::from_rps(20.0), Rate::from_rps(100.0));
    match kind {
        ShapeKind::Constant => Shape::Constant(high),
        ShapeKind::Step => Shape::Step { at: at(1), from: low, to: high, until: Some(at(5)) },
        ShapeKind::Ramp => Shape::Ramp { from: low, to: high, start: at(1), end: at(5) },
        ShapeKind::Spike => Shape::Spike {
            base: low,
            peak: high,
            at: at(1),
            rise: part(1),
            hold: part(2),
            fall: part(1),
        },
        ShapeKind::Wave => {
            let period = Duration::from_ms(part(5).ms().max(60_000));
            Shape::Wave { low, high, period, peak_at: at(2) }
        }
        ShapeKind::Points => Shape::Points {
            points: [(0, low), (1, high), (5, low)]
                .map(|(tenths, rate)| tidetable_core::workload::Point { at: at(tenths), rate })
                .to_vec(),
            interpolation: tidetable_core::workload::Interpolation::Step,
        },
    }
}

/// The fields of a shape below its load entry: path and value.
pub(crate) fn shape_fields(shape: &Shape) -> Vec<(String, String)> {
    let named = |name: &str, fields: &[(&str, String)]| {
        fields.iter().map(|(key, value)| (format!("{name}.{key}"), value.clone())).collect()
    };
    match shape {
        Shape::Constant(rate) => vec![("constant".to_owned(), rate.to_string())],
        Shape::Step { at, from, to, until } => named(
            "step",
            &[
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("at", instant(*at)),
                ("until", until.map_or_else(String::new, instant)),
            ],
        ),
        Shape::Ramp { from, to, start, end } => named(
            "ramp",
            &[
                ("from", from.to_string()),
                ("to", to.to_string()),
                ("start", instant(*start)),
                ("end", instant(*end)),
            ],
        ),
        Shape::Spike { base, peak, at, rise, hold, fall } => named(
            "spike",
            &[
                ("base", base.to_string()),
                ("peak", peak.to_string()),
                ("at", instant(*at)),
                ("rise", length(*rise)),
                ("hold", length(*hold)),
                ("fall", length(*fall)),
            ],
        ),
        Shape::Wave { low, high, period, peak_at } => named(
            "wave",
            &[
                ("low", low.to_string()),
                ("high", high.to_string()),
                ("period", length(*period)),
                ("peakAt", instant(*peak_at)),
            ],
        ),
        Shape::Points { points, .. } => points
            .iter()
            .enumerate()
            .flat_map(|(index, point)| {
                [
                    (format!("points[{index}].at"), instant(point.at)),
                    (format!("points[{index}].rps"), point.rate.to_string()),
                ]
            })
            .collect(),
    }
}

/// A length of time as the Scenario writes it.
pub(crate) fn length(length: Duration) -> String {
    Value::Duration(length).to_string()
}

/// A time as the Scenario writes it.
pub(crate) fn instant(at: Instant) -> String {
    length(at.since(Instant::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queries::edits;

    const HPA: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
";

    fn after(text: &str, edits: &[TextEdit]) -> String {
        edits::apply(text, edits).expect("the edits fit the text")
    }

    #[test]
    fn the_first_change_writes_the_assumed_document() {
        let form = ScenarioForm::of(HPA);
        assert_eq!(form.targets.len(), 1);
        let text = after(HPA, &form.set("spec.load[0].step.to", "90"));
        assert!(text.starts_with(HPA));
        assert!(text.contains("step: {at: 2m, from: 20, to: 90, until: 14m}"), "{text}");
        let again = ScenarioForm::of(&text);
        let text = after(&text, &again.set("spec.load[0].step.until", ""));
        assert!(text.contains("step: {at: 2m, from: 20, to: 90}"), "{text}");
    }

    #[test]
    fn every_shape_can_be_chosen_and_is_read_again() {
        for kind in ShapeKind::ALL {
            let form = ScenarioForm::of(HPA);
            let shape = default_shape(kind, form.scenario.duration);
            let text = after(HPA, &form.set_shape(0, &shape));
            let read = ScenarioForm::of(&text);
            assert_eq!(read.scenario.load[0].shape, shape, "{text}");
            assert!(!shape_fields(&shape).is_empty());
        }
    }

    #[test]
    fn what_someone_types_stays_one_value() {
        let form = ScenarioForm::of(HPA);
        let text = after(HPA, &form.set("spec.load[0].step.to", "5} # x"));
        assert!(text.contains("to: \"5} # x\""), "{text}");
        assert_eq!(form.set_mapping("spec.ray[0].work[0].tasks.resources", "{CPU: 1}"), []);
    }
}
