//! Kinds of questions that both upstream and we answer, and how the answers are compared.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::choices::Choices;
use crate::hpa_case::{CalculatorAnswer, CalculatorCase, CaseEvent, History, SyncAnswer};
use crate::hpa_engine::{Asked, Run};

/// A kind of question.
pub trait Question: Clone + Default + Serialize + DeserializeOwned + Send {
    /// What upstream answers.
    type Answer: Serialize + DeserializeOwned;
    /// The test of the Go program that answers it.
    const UPSTREAM: &'static str;
    /// Its name in files.
    const NAME: &'static str;

    /// A random one for Kubernetes 1.`minor`.
    fn random(choices: &mut Choices<'_>, minor: u32) -> Self;

    /// Whether it can be asked; one that was cut down may lack a part.
    fn is_whole(&self) -> bool;

    /// Decisions that it asks for.
    fn decisions(&self) -> u64;

    /// How our answer differs from upstream's, if it does.
    ///
    /// # Errors
    /// Both answers.
    fn compare(&self, upstream: &Self::Answer, minor: u32) -> Result<(), String>;
}

impl Question for CalculatorCase {
    type Answer = CalculatorAnswer;
    const UPSTREAM: &'static str = "TestCalculator";
    const NAME: &'static str = "calculator";

    fn random(choices: &mut Choices<'_>, minor: u32) -> Self {
        crate::hpa_generate::calculator_case(choices, minor)
    }

    fn is_whole(&self) -> bool {
        self.metric.is_whole() && self.pods.iter().all(|pod| pod.samples.len() == 1)
    }

    fn decisions(&self) -> u64 {
        1
    }

    fn compare(&self, upstream: &CalculatorAnswer, minor: u32) -> Result<(), String> {
        let ours = Asked::of(self, minor).answer(self);
        if ours == *upstream { Ok(()) } else { Err(fields(upstream, &ours)) }
    }
}

impl Question for History {
    type Answer = Vec<SyncAnswer>;
    const UPSTREAM: &'static str = "TestHistory";
    const NAME: &'static str = "history";

    fn random(choices: &mut Choices<'_>, minor: u32) -> Self {
        crate::hpa_generate_history::history(choices, minor)
    }

    fn is_whole(&self) -> bool {
        let metrics = self.metrics.len();
        let behaviors = self.syncs.iter().filter_map(|sync| sync.behavior.as_ref());
        let has_policies = |it: &crate::hpa_case::CaseBehavior| {
            let rules = [&it.up, &it.down];
            rules.iter().all(|it| it.is_whole()) && it.up.window.is_some()
        };
        let replicas = |it: Option<i32>| it.is_none_or(|it| it >= 0);
        let is_whole = |sync: &crate::hpa_case::CaseSync| {
            sync.readings.len() == metrics
                && sync.pods.iter().all(|pod| pod.samples.len() == metrics)
                && (!sync.toggle || self.behavior.is_some())
                && replicas(sync.spec)
                && replicas(sync.min)
                && sync.max.is_none_or(|it| it > 0)
                && sync.status >= 0
        };
        metrics > 0
            && self.max > 0
            && self.metrics.iter().all(crate::hpa_case::CaseMetric::is_whole)
            && self.syncs.first().is_some_and(|it| it.spec.is_some())
            && self.syncs.iter().all(is_whole)
            && self.behavior.iter().chain(behaviors).all(has_policies)
    }

    fn decisions(&self) -> u64 {
        self.syncs.len() as u64
    }

    fn compare(&self, upstream: &Vec<SyncAnswer>, minor: u32) -> Result<(), String> {
        if upstream.len() != self.syncs.len() {
            return Err(format!("{} answers to {} syncs", upstream.len(), self.syncs.len()));
        }
        let mut run = Run::of(self, minor);
        for (index, (sync, upstream)) in self.syncs.iter().zip(upstream).enumerate() {
            let mut ours = run
                .sync(sync, &upstream.selector_error)
                .map_err(|error| format!("  sync {index}: {error}"))?;
            let mut upstream = upstream.clone();
            leave_out_chance(&mut upstream.events);
            leave_out_chance(&mut ours.events);
            if ours != upstream {
                return Err(format!("  sync {index}:\n{}", fields(&upstream, &ours)));
            }
        }
        Ok(())
    }
}

/// An AmbiguousSelector text lists HPAs in the order of a map, which is another one each time. So it
/// is chance whether the text changed, hence whether the status is written, hence whether that fails.
fn leave_out_chance(events: &mut Vec<CaseEvent>) {
    if events.iter().any(|it| it.reason == "AmbiguousSelector") {
        events.retain(|it| it.reason != "FailedUpdateStatus");
    }
}

/// The fields in which two answers differ.
fn fields(upstream: &impl Serialize, ours: &impl Serialize) -> String {
    let upstream = serde_json::to_value(upstream).unwrap_or_default();
    let ours = serde_json::to_value(ours).unwrap_or_default();
    let names = [&upstream, &ours].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    let names: BTreeSet<&String> = names.collect();
    let mut text = String::new();
    for name in names.into_iter().filter(|name| upstream[*name] != ours[*name]) {
        text += &format!("  {name}\n    upstream: {}\n", upstream[name]);
        text += &format!("    ours:     {}\n", ours[name]);
    }
    text
}
