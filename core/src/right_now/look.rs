//! One look at an HPA as it is known: the pods and samples that the numbers describe, and the same
//! step that the simulation takes.
//!
//! The pods are made so that upstream's formulas give back the numbers: each ready pod shows the
//! average. Without requests in the text, 100 stands for each request, which leaves every share as
//! it is.

use super::known::{Known, Number};
use super::subject::Subject;
use crate::hpa::{
    self, Cause, Condition, ConditionType, Container, ContainerKind, Detail, Event, MetricSpec,
    Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition, ReadyStatus, Recommendation,
    ResourceName, Sample, Scale, ScaleEvent, ScaleEvents, Selector, State, Status, Step,
    ValueTarget, Writes,
};
use crate::kubectl::Current;
use crate::metrics::adapter::{self, CUSTOM};
use crate::order;
use crate::report::Origin;
use crate::scenario::Past;
use crate::sim::Workload;
use crate::time::{Duration, Instant};

/// The time of the look; what was before is negative.
const NOW: Instant = Instant::ZERO;
const DAY: Duration = Duration::from_seconds(24 * 3600);
/// Stands for a request that nobody told, so that a usage is a percentage.
const STAND_IN_MILLI: i64 = 100_000;
/// What the ScalingActive condition says before the error of the first metric that failed.
const UNABLE: &str = "the HPA was unable to compute the replica count: ";

/// What is looked at.
pub(super) struct Scene<'a> {
    subject: &'a Subject,
    known: &'a Known,
    /// Containers of each pod, and what it requests as a whole.
    containers: Vec<Container>,
    own_requests: Vec<(ResourceName, i64)>,
    /// Whether the requests are those of the text.
    pub(super) has_requests: bool,
    /// The pods' names: ready, not ready, without samples.
    names: Vec<String>,
}

/// One look, and what it saw from close by.
pub(super) struct Look {
    pub(super) step: Step,
    pub(super) detail: Option<Detail>,
}

impl<'a> Scene<'a> {
    /// `target` is what the HPA scales, if the text holds it.
    pub(super) fn new(subject: &'a Subject, known: &'a Known, target: Option<&Workload>) -> Self {
        let told = subject.told.as_ref().and_then(|it| Some(it.target.as_ref()?.1.as_str()));
        let name = target.map(|it| it.name.as_str()).or(told).unwrap_or(&subject.name);
        let count = known.ready.value + known.not_ready.value + known.missing.value;
        let mut scene = Self {
            subject,
            known,
            containers: target.map_or_else(Vec::new, |it| it.pod.containers.clone()),
            own_requests: target.map_or_else(Vec::new, |it| it.pod.own_requests.clone()),
            has_requests: target.is_some(),
            names: (1..=count).map(|number| format!("{name}-{number}")).collect(),
        };
        let mut metrics = subject.spec.metrics.iter().zip(&known.metrics);
        let fits = metrics.all(|(spec, it)| scene.usage(spec, it.value).is_some());
        if !scene.has_requests || !fits {
            scene.has_requests = false;
            scene.containers = stand_in(subject, known);
            scene.own_requests.clear();
        }
        scene
    }

    /// The next look.
    pub(super) fn next(&self) -> Look {
        self.look(None, true)
    }

    /// The next look if metric `metric` showed `value`.
    pub(super) fn with(&self, metric: usize, value: Current) -> Step {
        self.look(Some((metric, value)), false).step
    }

    fn look(&self, other: Option<(usize, Current)>, is_close: bool) -> Look {
        let pods = self.pods();
        let total = pods.len() as i32;
        let value = |index: usize| match other {
            Some((metric, value)) if metric == index => value,
            _ => self.known.metrics[index].value,
        };
        let specs = &self.subject.spec.metrics;
        // What was read is an average over the pods of the last look.
        let over = |index: usize| match self.known.metrics[index].origin {
            Origin::Read => self.known.told_over,
            Origin::Typed | Origin::Assumed => total,
        };
        let samples: Vec<Vec<Sample>> =
            specs.iter().enumerate().map(|(at, it)| self.samples(it, value(at))).collect();
        let values: Vec<[i64; 1]> =
            specs.iter().enumerate().map(|(at, it)| [whole(it, value(at), over(at))]).collect();
        // An object has one value or none: without one the API has an error, and no empty list.
        let absent: Vec<String> = specs.iter().map(absent_object).collect();
        let readings: Vec<Reading<'_>> = specs
            .iter()
            .enumerate()
            .map(|(at, spec)| match (spec, value(at)) {
                (MetricSpec::Object { .. }, Current::Unknown) => Reading::Failed(&absent[at]),
                (MetricSpec::External { .. }, Current::Unknown) => Reading::Series(&[]),
                (_, Current::Unknown) => Reading::Samples(&[]),
                (MetricSpec::Object { .. }, _) => Reading::Value(values[at][0]),
                (MetricSpec::External { .. }, _) => Reading::Series(&values[at]),
                _ => Reading::Samples(&samples[at]),
            })
            .collect();
        let trouble = Trouble::of(self.subject);
        let rivals: Vec<&str> = self.subject.rivals.iter().map(String::as_str).collect();
        let scale = Scale { spec_replicas: self.known.current.value, status_replicas: total };
        let seen = Observation {
            scale: match (&self.subject.target, &trouble) {
                (Err(error), _) => Err(error.as_str()),
                (Ok(_), Trouble::Scale(error)) => Err(error),
                (Ok(_), _) => Ok(scale),
            },
            selector: match &trouble {
                _ if !rivals.is_empty() && total > 0 => {
                    Selector::Ambiguous { selector: &self.subject.selector, hpas: &rivals }
                }
                Trouble::NoSelector => Selector::Missing,
                Trouble::Selector(text) => Selector::Unparsable(text),
                Trouble::Ambiguous { selector, hpas } => Selector::Ambiguous { selector, hpas },
                Trouble::None | Trouble::Scale(_) => Selector::Valid,
            },
            pods: &pods,
            metrics: &readings,
            writes: Writes::default(),
        };
        let spec = &self.subject.spec;
        let mut step = hpa::reconcile(spec, self.state(), &seen, NOW);
        if is_close {
            self.tell_error(&mut step);
        }
        let has_metrics =
            step.trace.causes.iter().any(|it| matches!(it, Cause::Recommended { .. }));
        let detail = (is_close && has_metrics).then(|| hpa::detail(spec, scale, &seen, NOW));
        Look { step, detail }
    }

    /// Puts the error that the status tells in place of the one that follows from a missing value:
    /// the status tells that of the first metric that failed.
    fn tell_error(&self, step: &mut Step) -> Option<()> {
        let told = self.subject.told.as_ref()?;
        let condition = told.condition("ScalingActive").filter(|it| !it.status)?;
        let error = condition.message.strip_prefix(UNABLE)?;
        if self.known.metrics.iter().any(|it| it.origin == Origin::Typed) {
            return None;
        }
        let failed = step.trace.causes.iter().find_map(|it| match it {
            Cause::MetricFailed { metric, .. } => Some(*metric),
            _ => None,
        })?;
        let is_it = |it: &&Event| it.reason == condition.reason;
        let event = step.decision.events.iter().find(is_it)?;
        if self.subject.spec.metrics[failed].failure_reason() != event.reason {
            return None;
        }
        let made = event.message.clone();
        for event in &mut step.decision.events {
            event.message = event.message.replace(&made, error);
        }
        for it in &mut step.state.status.conditions {
            if it.message.contains(&made) {
                it.message = it.message.replace(&made, error).into();
            }
        }
        Some(())
    }

    /// How many pods there are.
    pub(super) fn pod_count(&self) -> i64 {
        self.names.len() as i64
    }

    /// The pods: ready, not ready, without samples.
    fn pods(&self) -> Vec<Pod<'_>> {
        let count = |it: &Number<i32>| usize::try_from(it.value).unwrap_or(0);
        let ready = count(&self.known.ready);
        let not_ready = ready..ready + count(&self.known.not_ready);
        let pod = |(index, name)| {
            // Younger than any start-up period, or long over it.
            let (age, status) = if not_ready.contains(&index) {
                (Duration::from_seconds(1), ReadyStatus::False)
            } else {
                (DAY, ReadyStatus::True)
            };
            self.pod(name, age, status)
        };
        self.names.iter().map(String::as_str).enumerate().map(pod).collect()
    }

    fn pod<'pod>(&'pod self, name: &'pod str, age: Duration, status: ReadyStatus) -> Pod<'pod> {
        let since = Some(NOW - age);
        Pod {
            name,
            phase: PodPhase::Running,
            deleting: false,
            start_time: since,
            ready: Some(ReadyCondition { status, last_transition: since }),
            containers: &self.containers,
            requests: &self.own_requests,
            overhead: &[],
        }
    }

    /// One sample of each pod that has any.
    fn samples(&self, spec: &MetricSpec, current: Current) -> Vec<Sample> {
        let Some(value_milli) = self.usage(spec, current) else { return Vec::new() };
        let count = self.known.ready.value.saturating_add(self.known.not_ready.value);
        let window = Duration::from_seconds(15);
        let sample =
            |pod| Sample { pod: Some(PodIndex::of(pod)), value_milli, timestamp: NOW, window };
        (0..usize::try_from(count).unwrap_or(0)).map(sample).collect()
    }

    /// What each pod uses if the metric shows `current`; `None` if no usage gives that share of
    /// the pods' requests.
    fn usage(&self, spec: &MetricSpec, current: Current) -> Option<i64> {
        let (percent, average_milli) = match current {
            Current::Unknown => return Some(0),
            Current::Milli(milli) => return Some(milli),
            Current::Utilization { percent, average_milli } => (i64::from(percent), average_milli),
        };
        let (resource, container) = match spec {
            MetricSpec::Resource { name, .. } => (name, None),
            MetricSpec::ContainerResource { name, container, .. } => (name, Some(&**container)),
            MetricSpec::Pods { .. }
            | MetricSpec::Object { .. }
            | MetricSpec::External { .. }
            | MetricSpec::Unknown(_) => return None,
        };
        let pod = self.pod("", DAY, ReadyStatus::True);
        let rules = self.subject.spec.settings.rules;
        let request = hpa::request_of(&pod, container, resource, rules).filter(|it| *it > 0)?;
        let share = |usage: i64| Some(usage.checked_mul(100)? / request);
        if let Some(average) = average_milli.filter(|it| share(*it) == Some(percent)) {
            return Some(average);
        }
        let least = percent.checked_mul(request)?;
        let usage = if least > 0 { least.saturating_add(99) / 100 } else { least / 100 };
        (share(usage) == Some(percent)).then_some(usage)
    }

    fn state(&self) -> State {
        let at = |past: &Past| NOW - past.ago;
        let mut recommendations: Vec<Recommendation> = self
            .known
            .recommendations
            .value
            .iter()
            .map(|it| Recommendation { replicas: it.replicas, at: at(it) })
            .collect();
        if recommendations.is_empty() {
            // One that no window reaches: an empty list is that of a controller just started.
            let replicas = self.known.current.value;
            recommendations.push(Recommendation { replicas, at: NOW - DAY });
        }
        let mut scale_events = ScaleEvents::default();
        for past in &self.known.scale_events.value {
            let list =
                if past.replicas > 0 { &mut scale_events.up } else { &mut scale_events.down };
            let replica_change = past.replicas.saturating_abs();
            list.push(ScaleEvent { replica_change, at: at(past), outdated: false });
        }
        let told = self.subject.told.as_ref();
        let current_replicas = self.known.current.value;
        let desired = told.and_then(|it| it.desired_replicas).unwrap_or(current_replicas);
        let mut status =
            Status { current_replicas, desired_replicas: desired, ..Status::default() };
        if self.known.scaled_to_zero.value {
            status.conditions.push(Condition {
                kind: ConditionType::ScaledToZero,
                status: true,
                reason: "ScaledToZero",
                message: "the HPA controller scaled the workload to zero".into(),
                last_transition: NOW - DAY,
            });
        }
        State { recommendations, scale_events, status }
    }
}

/// What keeps the controller from its metrics, as the conditions tell: it is still there.
enum Trouble<'a> {
    None,
    Scale(&'a str),
    NoSelector,
    Selector(&'a str),
    Ambiguous { selector: &'a str, hpas: Vec<&'a str> },
}

impl<'a> Trouble<'a> {
    fn of(subject: &'a Subject) -> Self {
        let Some(told) = &subject.told else { return Self::None };
        if let Some(able) = told.condition("AbleToScale").filter(|it| it.reason == "FailedGetScale")
        {
            let before = "the HPA controller was unable to get the target's current scale: ";
            return Self::Scale(able.message.strip_prefix(before).unwrap_or(&able.message));
        }
        let Some(active) = told.condition("ScalingActive") else { return Self::None };
        match active.reason.as_str() {
            "InvalidSelector" if active.message.ends_with("missing a selector") => Self::NoSelector,
            "InvalidSelector" => Self::Selector(
                active.message.rsplit("selector object: ").next().unwrap_or_default(),
            ),
            "AmbiguousSelector" => {
                let text = active.message.as_str();
                let selector = text.strip_prefix("pods by selector ").unwrap_or_default();
                let selector = selector.split(" are controlled by").next().unwrap_or_default();
                let hpas = text.split_once('[').map_or("", |(_, it)| it);
                let hpas = hpas.split([' ', ']', ')']).filter(|it| !it.is_empty()).collect();
                Self::Ambiguous { selector, hpas }
            }
            _ => Self::None,
        }
    }
}

/// Containers for metrics whose requests nobody told: one, and each that a metric names.
fn stand_in(subject: &Subject, known: &Known) -> Vec<Container> {
    let named = subject.spec.metrics.iter().filter_map(|it| match it {
        MetricSpec::ContainerResource { container, .. } => Some(container.clone()),
        _ => None,
    });
    let mut names = order::set(named);
    let is_one = names.is_empty();
    if is_one {
        names.insert("app".to_owned());
    }
    let request = |resource: ResourceName| {
        let told = told_request(subject, known, &resource).filter(|_| is_one);
        (resource, told.unwrap_or(STAND_IN_MILLI))
    };
    let requests = vec![request(ResourceName::Cpu), request(ResourceName::Memory)];
    let kind = ContainerKind::App;
    names.into_iter().map(|name| Container { name, kind, requests: requests.clone() }).collect()
}

/// The request of which a share and an average tell: 450m at 90 % is 500m.
pub(super) fn told_request(
    subject: &Subject,
    known: &Known,
    resource: &ResourceName,
) -> Option<i64> {
    subject.spec.metrics.iter().zip(&known.metrics).find_map(|(spec, it)| match (spec, it.value) {
        (
            MetricSpec::Resource { name, .. },
            Current::Utilization { percent: percent @ 1.., average_milli: Some(average) },
        ) if name == resource => {
            let (hundredfold, percent) = (average.checked_mul(100)?, i64::from(percent));
            let request = hundredfold / percent;
            // With less, not every share is a whole number of thousandths.
            (request >= 100 && hundredfold / request == percent).then_some(request)
        }
        _ => None,
    })
}

/// What Prometheus Adapter answers for an Object metric without a value.
fn absent_object(spec: &MetricSpec) -> String {
    let MetricSpec::Object { kind, name, metric, .. } = spec else { return String::new() };
    let not_found = adapter::not_found(&metric.name, &adapter::resource_of(kind));
    format!("{CUSTOM}{not_found} {name}")
}

/// The whole value of an Object or External metric that shows `current` over `replicas`.
fn whole(spec: &MetricSpec, current: Current, replicas: i32) -> i64 {
    let Current::Milli(milli) = current else { return 0 };
    if is_per_replica(spec) { milli.saturating_mul(i64::from(replicas.max(1))) } else { milli }
}

/// Whether it is shown as its whole value divided by the replicas.
pub(super) fn is_per_replica(spec: &MetricSpec) -> bool {
    matches!(
        spec,
        MetricSpec::Object { target: Some(ValueTarget::AverageValue(_)), .. }
            | MetricSpec::External { target: ValueTarget::AverageValue(_), .. }
    )
}
