//! Right now: the next decision of each HPA, from its metrics as they are, without a time axis.
//!
//! | step | file |
//! |---|---|
//! | which HPAs there are, and what is told of each | `subject.rs`, `status.rs`, [`kubectl`](crate::kubectl) |
//! | numbers: typed, else told, else assumed | `known.rs`, `metrics.rs` |
//! | pods and samples that these describe; one look | `look.rs` |
//! | at which values the answer changes | `staircase.rs` |
//! | the next look of a Ray cluster | `cluster.rs`, [`ray_status`](crate::ray_status) |
//! | a RayCluster's own status, and what KubeRay's operator does | `operator.rs` |
//! | where pasted text goes | `paste.rs` |
//!
//! The look is the simulation's own step, and its reasons are told by the same explanation. What a
//! status can't tell is an assumption that is said out loud and can be typed: `spec.now` of the
//! Scenario.
//!
//! Further findings:
//!
//! | code | what |
//! |---|---|
//! | TT601 | what kubectl printed: it is read here |
//! | TT602 | what kubectl printed, below a manifest without `---` between them |
//! | TT603 | a line or cell that kubectl does not print so |
//! | TT604 | the text shows other metrics than the manifest has |
//! | TT605 | `spec.now` speaks of an HPA that is not there |
//! | TT606 | a typed value that does not fit its metric |
//! | TT607 | a limit that is reached |

mod cluster;
mod inputs;
mod known;
mod look;
mod metrics;
mod operator;
mod paste;
mod staircase;
mod status;
mod subject;
#[cfg(test)]
mod tests;

pub use paste::paste;

use std::rc::Rc;

use crate::assemble::assemble;
use crate::explain::finding;
use crate::explain::hpa::{Context, explain, metric_name};
use crate::explain::now_phrase::{NowPhrase, Taken};
use crate::explain::phrase::Phrase;
use crate::hpa::{Cause, Direction, MetricSpec, Step};
use crate::kubectl::Current;
use crate::manifest::{self, Body};
use crate::report::{self, Condition, Language, NowHpa, Origin, RightNow};
use crate::scenario::{self, Scenario};
use crate::sim::HpaLook;
use crate::time::{Duration, Instant};

use inputs::inputs;
use known::{Known, known};
use look::{Look, Scene, is_per_replica, told_request};
use metrics::is_share;
use subject::{Subject, subjects};

/// The next decision of each HPA of `text`, and of each Ray cluster whose status it holds.
///
/// ```
/// use tidetable_core::{Language, right_now};
///
/// let text = "NAME  REFERENCE       TARGETS       MINPODS  MAXPODS  REPLICAS  AGE\n\
///             web   Deployment/web  cpu: 85%/60%  1        10       4         5d\n";
/// let now = right_now(text, Language::En);
/// assert_eq!(now.hpas[0].explanation.to, 6.0, "ceil(85 / 60 * 4)");
/// ```
pub fn right_now(text: &str, language: Language) -> RightNow {
    let documents = manifest::read(text);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        Body::Scenario(node) => Some(node),
        _ => None,
    });
    let scenario = scenario::read(scenarios).scenario.unwrap_or_else(Scenario::empty);
    let assembly = assemble(&documents, &scenario);
    let mut diagnostics = Vec::new();
    let subjects = subjects(text, &documents, &scenario, &assembly, &mut diagnostics);
    let mut hpas = Vec::new();
    for subject in &subjects {
        let target = subject.target.as_ref().ok().and_then(|it| *it);
        let pasted = target.filter(|it| assembly.workloads[*it].is_some());
        let workload = pasted.map(|it| &assembly.model.workloads[it]);
        let sync_period = scenario.assumptions.hpa.sync_period;
        let kubernetes = scenario.assumptions.versions.kubernetes.minor;
        let replicas = workload.map(|it| it.replicas);
        let known = known(subject, replicas, sync_period, &mut diagnostics);
        let scene = Scene::new(subject, &known, workload);
        let look = scene.next();
        let staircases = staircases(&scene, subject, &known);
        let mut notes = known.notes.clone();
        assume(&mut notes, subject, &known, scene.has_requests, &look.step);
        let told = hpa(subject, &known, look, staircases, &notes, (language, kubernetes));
        hpas.push(told);
    }
    let mut clusters = cluster::clusters(text, &documents, &assembly, language, &mut diagnostics);
    clusters.extend(operator::operators(&documents, &assembly, language));
    finding::tell(&mut diagnostics, language);
    RightNow { hpas, clusters, diagnostics }
}

fn staircases(scene: &Scene<'_>, subject: &Subject, known: &Known) -> Vec<report::Staircase> {
    let specs = subject.spec.metrics.iter().zip(&known.metrics).enumerate();
    specs
        .filter_map(|(metric, (spec, value))| {
            let name = metric_name(&subject.spec, metric);
            staircase::staircase(scene, metric, spec, value.value, &name)
        })
        .collect()
}

/// What the look took for granted.
fn assume(
    notes: &mut Vec<NowPhrase>,
    subject: &Subject,
    known: &Known,
    has_requests: bool,
    step: &Step,
) {
    let values = || subject.spec.metrics.iter().zip(&known.metrics);
    if values().any(|(_, it)| it.origin == Origin::Assumed && it.value != Current::Unknown) {
        notes.push(NowPhrase::Taken(Taken::AtTarget));
    }
    if values().any(|(_, it)| it.origin != Origin::Typed && it.value == Current::Unknown) {
        notes.push(NowPhrase::Taken(Taken::NoValue));
    }
    if !has_requests {
        requests(notes, subject, known);
    }
    let over = known.told_over;
    for (spec, it) in values() {
        if let (Current::Milli(milli), Origin::Read, true) =
            (it.value, it.origin, is_per_replica(spec))
        {
            let whole = milli.saturating_mul(i64::from(over.max(1)));
            notes.push(NowPhrase::Taken(Taken::WholeOfAverage {
                average: milli,
                replicas: over,
                whole,
            }));
        }
    }
    let (current, wants) = (known.current.value, step.decision.desired_replicas);
    if known.recommendations.origin == Origin::Assumed && wants != current {
        let direction = if wants < current { Direction::Down } else { Direction::Up };
        if let Some(window) = window(subject, direction) {
            notes.push(NowPhrase::Taken(Taken::NothingRemembered { direction, window, current }));
        }
    }
    if known.scale_events.origin == Origin::Assumed
        && subject.spec.behavior.is_some()
        && wants != current
    {
        notes.push(NowPhrase::Taken(Taken::NoChangesRemembered));
    }
}

/// Which requests stand for those that nobody told.
fn requests(notes: &mut Vec<NowPhrase>, subject: &Subject, known: &Known) {
    let specs = subject.spec.metrics.iter().zip(&known.metrics);
    let has_containers =
        subject.spec.metrics.iter().any(|it| matches!(it, MetricSpec::ContainerResource { .. }));
    let mut is_stand_in = false;
    for (spec, _) in specs.filter(|(spec, it)| is_share(spec) && it.value != Current::Unknown) {
        let told = match spec {
            MetricSpec::Resource { name, .. } if !has_containers => {
                told_request(subject, known, name)
            }
            _ => None,
        };
        match told {
            Some(request) => notes.push(NowPhrase::Taken(Taken::RequestOfAverage { request })),
            None => is_stand_in = true,
        }
    }
    if is_stand_in {
        notes.push(NowPhrase::Taken(Taken::RequestStandIn));
    }
}

/// How far back a recommendation can hold a change in `direction`.
fn window(subject: &Subject, direction: Direction) -> Option<Duration> {
    let spec = &subject.spec;
    let window = match (&spec.behavior, direction) {
        (None, Direction::Up) => None,
        (None, Direction::Down) => Some(spec.settings.downscale_stabilization),
        (Some(it), Direction::Up) => it.scale_up.stabilization_window,
        (Some(it), Direction::Down) => {
            it.scale_down.stabilization_window.or(Some(spec.settings.downscale_stabilization))
        }
    };
    window.filter(|it| it.ms() > 0)
}

fn hpa(
    subject: &Subject,
    known: &Known,
    look: Look,
    staircases: Vec<report::Staircase>,
    notes: &[NowPhrase],
    (language, kubernetes): (Language, u32),
) -> NowHpa {
    let document = &subject.document;
    let (namespace, hpa) = (document.namespace(), &subject.name);
    let name = format!("HPA {hpa}");
    let Look { step: Step { decision, state, trace }, detail } = look;
    let (from, to) = (known.current.value, decision.desired_replicas);
    let status = Rc::new(state.status);
    let spec = Rc::new(subject.spec.clone());
    let look = HpaLook { at: Instant::ZERO, from, decision, trace, status, spec, detail };
    let context = Context { spec: &subject.spec, document, language, kubernetes };
    let mut explanation = explain(&context, &look, &name, 1);
    explanation.title = NowPhrase::Title { name: name.clone() }.text(language);
    told_conditions(subject, &mut explanation.conditions);
    let is_kept = look.trace.causes.iter().any(|it| {
        matches!(
            it,
            Cause::ScaleUnavailable
                | Cause::SelectorUnusable(_)
                | Cause::MetricsFailed { .. }
                | Cause::ScalingDisabled { .. }
        )
    });
    let reason = explanation.conditions.iter().find(|it| {
        matches!(it.kind.as_str(), "AbleToScale" | "ScalingActive") && it.status != "True"
    });
    let verdict = match reason.filter(|_| is_kept) {
        Some(it) => NowPhrase::Stands { count: from, reason: it.reason.clone() },
        None if from == to => NowPhrase::Stays { count: to },
        None => NowPhrase::Goes { from, to },
    };
    NowHpa {
        id: format!("hpa/{namespace}/{hpa}"),
        name,
        hpa: hpa.clone(),
        namespace: document.metadata.namespace.as_ref().map(|it| it.value.clone()),
        span: document.kind.span,
        verdict: verdict.say(language),
        explanation,
        inputs: inputs(subject, known, language),
        assumptions: notes.iter().map(|it| it.say(language)).collect(),
        staircases,
    }
}

/// Conditions that the look leaves as they are told.
fn told_conditions(subject: &Subject, conditions: &mut Vec<Condition>) {
    for told in subject.told.iter().flat_map(|it| &it.conditions) {
        if conditions.iter().all(|it| it.kind != told.kind) {
            conditions.push(Condition {
                kind: told.kind.clone(),
                status: if told.status { "True" } else { "False" }.to_owned(),
                reason: told.reason.clone(),
                message: told.message.clone(),
            });
        }
    }
}
