//! Parts of a Scenario as YAML on one line, for edits and for an assumed document.

use super::{Target, TargetKind};
use crate::assumption::Value;
use crate::time::{Duration, Instant};
use crate::workload::{Interpolation, Shape};
use crate::yaml::edit::quote;

impl TargetKind {
    /// The kind as manifests write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::ReplicaSet => "ReplicaSet",
            Self::RayService => "RayService",
            Self::RayCluster => "RayCluster",
            Self::RayJob => "RayJob",
        }
    }
}

impl Target {
    /// `{kind: Deployment, name: web}`
    pub fn to_yaml(&self) -> String {
        let optional = [("namespace", &self.namespace), ("application", &self.application)];
        let optional = optional.map(|(key, value)| match value {
            Some(value) => format!(", {key}: {}", quote(value)),
            None => String::new(),
        });
        let (kind, name) = (self.kind.as_str(), quote(&self.name));
        format!("{{kind: {kind}, name: {name}{}}}", optional.concat())
    }
}

/// The fields that a shape is written as, each with its value: `step` and `{at: 2m, to: 160}`. Each
/// point of a list has a `value` of that name.
pub(super) fn shape(shape: &Shape, value: &str) -> Vec<(&'static str, String)> {
    let only = |key, value| vec![(key, value)];
    match shape {
        Shape::Constant(rate) => only("constant", rate.to_string()),
        Shape::Step { at, from, to, until } => {
            let until = until.map_or(String::new(), |it| format!(", until: {}", instant(it)));
            only("step", format!("{{at: {}, from: {from}, to: {to}{until}}}", instant(*at)))
        }
        Shape::Ramp { from, to, start, end } => {
            let (start, end) = (instant(*start), instant(*end));
            only("ramp", format!("{{from: {from}, to: {to}, start: {start}, end: {end}}}"))
        }
        Shape::Spike { base, peak, at, rise, hold, fall } => {
            let [rise, hold, fall] = [*rise, *hold, *fall].map(duration);
            let times = format!("at: {}, rise: {rise}, hold: {hold}, fall: {fall}", instant(*at));
            only("spike", format!("{{base: {base}, peak: {peak}, {times}}}"))
        }
        Shape::Wave { low, high, period, peak_at } => {
            let (period, peak_at) = (duration(*period), instant(*peak_at));
            let rates = format!("low: {low}, high: {high}");
            only("wave", format!("{{{rates}, period: {period}, peakAt: {peak_at}}}"))
        }
        Shape::Points { points, interpolation } => {
            let points =
                points.iter().map(|it| format!("{{at: {}, {value}: {}}}", instant(it.at), it.rate));
            let list = format!("[{}]", points.collect::<Vec<_>>().join(", "));
            let mut fields = only("points", list);
            if *interpolation == Interpolation::Linear {
                fields.push(("interpolate", "linear".to_owned()));
            }
            fields
        }
    }
}

fn duration(length: Duration) -> String {
    Value::Duration(length).to_string()
}

fn instant(at: Instant) -> String {
    duration(at.since(Instant::ZERO))
}
