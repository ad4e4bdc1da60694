//! Our own answers to cases for the HPA, in the words of [`hpa_case`](crate::hpa_case).

use std::collections::BTreeSet;

use tidetable_core::hpa::{
    Behavior, Failure, FeatureGates, MetricStatus, Observation, PolicyKind, Reading, Refusal,
    Rules, Sample, Scale, ScalingPolicy, ScalingRules, SelectPolicy, Selector, Settings, Spec,
    State, Step, Trace, Writes, propose, reconcile,
};
use tidetable_core::quantity::Quantity;
use tidetable_core::time::{Duration, Instant};

use crate::hpa_answer::{Told, attempted};
use crate::hpa_case::{
    CalculatorAnswer, CalculatorCase, CaseBehavior, CaseRules, CaseSync, History, SyncAnswer,
};
use crate::hpa_pods::Pods;
use crate::hpa_trace::{retrace, rule};

/// A decision of the replica calculator, with everything that it borrows from.
pub struct Asked {
    spec: Spec,
    scale: Scale,
    pods: Pods,
    samples: Vec<Sample>,
    now: Instant,
}

impl Asked {
    /// Prepares `case` for Kubernetes 1.`minor`.
    pub fn of(case: &CalculatorCase, minor: u32) -> Self {
        let now = Instant::from_seconds(1_000_000);
        let mut spec = Spec::new(1, i32::MAX);
        spec.metrics = vec![case.metric.spec()];
        let mut gates = feature_gates(&case.gates);
        gates.configurable_tolerance = Some(true);
        spec.settings = Settings {
            tolerance: case.up,
            cpu_initialization_period: Duration::from_ms(case.initialization),
            initial_readiness_delay: Duration::from_ms(case.delay),
            rules: Rules::of(minor, gates),
            ..Settings::default()
        };
        let mut behavior = Behavior::default();
        behavior.scale_down.tolerance = Some(case.down);
        behavior.scale_up.tolerance = Some(case.up);
        spec.behavior = Some(behavior);
        Self {
            spec,
            scale: Scale { spec_replicas: case.spec, status_replicas: case.status },
            pods: Pods::of(&case.pods),
            samples: case.reading.samples(0, &case.pods, now),
            now,
        }
    }

    /// The answer.
    ///
    /// # Panics
    /// If a proposal comes with a status of failure.
    pub fn answer(&self, case: &CalculatorCase) -> CalculatorAnswer {
        let pods = self.pods.at(&case.pods, self.now);
        let reading = case.reading.reading(&case.metric, &self.samples);
        let seen = observation(self.scale, &pods, std::slice::from_ref(&reading));
        let mut trace = Trace::default();
        match propose(&self.spec, 0, self.scale, &seen, self.now, &mut trace) {
            Ok(proposal) => {
                let (utilization, usage) = match proposal.status {
                    MetricStatus::Utilization { average_utilization, average_value_milli } => {
                        (average_utilization, average_value_milli)
                    }
                    MetricStatus::AverageValue(milli) | MetricStatus::Value(milli) => (0, milli),
                    MetricStatus::Failed => panic!("a proposal has a status"),
                };
                let error = String::new();
                CalculatorAnswer { error, replicas: proposal.replicas, utilization, usage }
            }
            Err(failure) => {
                let error = self.bare(failure, case, &seen);
                CalculatorAnswer { error, ..CalculatorAnswer::default() }
            }
        }
    }

    /// The error without what the calculator's caller puts before it.
    fn bare(&self, failure: Failure, case: &CalculatorCase, seen: &Observation<'_>) -> String {
        let text = failure.text(&self.spec, 0, seen);
        let prefix = format!("failed to get {} ", case.metric.resource);
        let rest = text.strip_prefix(&prefix).and_then(|rest| rest.split_once(": "));
        rest.map_or(text.as_str(), |(_, bare)| bare).to_owned()
    }

    /// Hands what is seen to `decide`, for timing.
    pub fn with<T>(&self, case: &CalculatorCase, decide: impl FnOnce(&Decide<'_>) -> T) -> T {
        let pods = self.pods.at(&case.pods, self.now);
        let reading = case.reading.reading(&case.metric, &self.samples);
        let seen = observation(self.scale, &pods, std::slice::from_ref(&reading));
        decide(&|| {
            let mut trace = Trace::default();
            propose(&self.spec, 0, self.scale, &seen, self.now, &mut trace)
                .map_or(-1, |proposal| proposal.replicas)
        })
    }
}

/// One decision of the replica calculator.
pub type Decide<'a> = dyn Fn() -> i32 + 'a;

fn observation<'a>(
    scale: Scale,
    pods: &'a [tidetable_core::hpa::Pod<'a>],
    metrics: &'a [Reading<'a>],
) -> Observation<'a> {
    let (selector, writes) = (Selector::Valid, Writes::default());
    Observation { scale: Ok(scale), selector, pods, metrics, writes }
}

fn feature_gates(gates: &std::collections::BTreeMap<String, bool>) -> FeatureGates {
    let gate = |name: &str| gates.get(name).copied();
    FeatureGates {
        configurable_tolerance: gate("HPAConfigurableTolerance"),
        container_metrics: gate("HPAContainerMetrics"),
        generation: gate("HPAGeneration"),
        scale_to_zero: gate("HPAScaleToZero"),
        pod_level_resources: gate("PodLevelResources"),
    }
}

/// One HPA on its way through a history.
pub struct Run<'a> {
    history: &'a History,
    spec: Spec,
    /// What is put back when `spec.behavior` was removed.
    behavior: Option<Behavior>,
    state: State,
    replicas: i32,
    now: Instant,
    told: Told,
    /// Every rule that was at work so far.
    pub rules: BTreeSet<&'static str>,
}

impl<'a> Run<'a> {
    /// Before the first sync, with Kubernetes 1.`minor`.
    pub fn of(history: &'a History, minor: u32) -> Self {
        let mut spec = Spec::new(history.min, history.max);
        spec.generation = 1;
        spec.metrics = history.metrics.iter().map(crate::hpa_case::CaseMetric::spec).collect();
        spec.behavior = history.behavior.as_ref().map(CaseBehavior::behavior);
        spec.settings = Settings {
            downscale_stabilization: Duration::from_ms(history.stabilization),
            tolerance: history.tolerance,
            cpu_initialization_period: Duration::from_ms(history.initialization),
            initial_readiness_delay: Duration::from_ms(history.delay),
            rules: Rules::of(minor, feature_gates(&history.gates)),
        };
        let (behavior, now) = (spec.behavior.clone(), Instant::ZERO);
        let (state, told) = (State::default(), Told::default());
        let rules = BTreeSet::new();
        Self { history, spec, behavior, state, replicas: 0, now, told, rules }
    }

    /// The answer to the next sync. `selector_error` is why the selector can't be parsed.
    ///
    /// # Errors
    /// If the trace does not lead to the decision.
    pub fn sync(&mut self, sync: &CaseSync, selector_error: &str) -> Result<SyncAnswer, String> {
        self.happen(sync);
        let state = std::mem::take(&mut self.state);
        let seen = Seen::of(self.history, sync, self.spec.settings.rules, self.now);
        let step = seen.look(self.history, sync, selector_error, self.replicas, |seen| {
            reconcile(&self.spec, state, seen, self.now)
        });
        retrace(&self.spec, self.replicas, &step)
            .map_err(|error| format!("{error}:\n  {:?}", step.trace))?;
        self.rules.extend(step.trace.causes.iter().map(rule));
        if sync.get_error.is_empty() {
            self.replicas = step.decision.desired_replicas;
        }
        if attempted(&step) {
            self.now = self.now + latency(sync, self.spec.settings.rules);
        }
        let mut answer = self.told.answer(&self.spec, &step, self.replicas);
        selector_error.clone_into(&mut answer.selector_error);
        self.state = step.state;
        Ok(answer)
    }

    /// Hands the sync that comes next to `look`, for timing: the state before it, and what makes a
    /// step of it.
    pub fn with<T>(
        mut self,
        sync: &CaseSync,
        look: impl FnOnce(&State, &dyn Fn(State) -> Step) -> T,
    ) -> T {
        self.happen(sync);
        let seen = Seen::of(self.history, sync, self.spec.settings.rules, self.now);
        seen.look(self.history, sync, "", self.replicas, |seen| {
            look(&self.state, &|state| reconcile(&self.spec, state, seen, self.now))
        })
    }

    /// What came before the sync.
    fn happen(&mut self, sync: &CaseSync) {
        // Times are counted from the first sync.
        if !self.told.is_new() {
            self.now = self.now + Duration::from_ms(sync.after);
        }
        let Self { spec, state, .. } = self;
        self.replicas = sync.spec.unwrap_or(self.replicas);
        if sync.restart {
            *state = std::mem::take(state).restarted();
        }
        if sync.recreate {
            (state.status, spec.generation) = (tidetable_core::hpa::Status::default(), 1);
        }
        spec.min_replicas = sync.min.unwrap_or(spec.min_replicas);
        spec.max_replicas = sync.max.unwrap_or(spec.max_replicas);
        if let Some(behavior) = &sync.behavior {
            self.behavior = Some(behavior.behavior());
            spec.behavior.clone_from(&self.behavior);
        }
        if sync.toggle {
            spec.behavior = if spec.behavior.is_some() { None } else { self.behavior.clone() };
        }
        if sync.min.is_some() || sync.max.is_some() || sync.behavior.is_some() || sync.toggle {
            spec.generation += 1;
        }
    }
}

/// How long the attempts to write the scale take: 10 ms between two of them.
fn latency(sync: &CaseSync, rules: Rules) -> Duration {
    let waits = if rules.conflict_retries { sync.conflicts.min(4) } else { 0 };
    Duration::from_ms(10 * i64::from(waits))
}

/// What is seen in one sync, except for the scale.
struct Seen {
    pods: Pods,
    samples: Vec<Vec<Sample>>,
    refusals: Vec<(bool, String)>,
    latency: Duration,
    now: Instant,
}

/// What the API server answers to a write of something that changed meanwhile.
const CONFLICT: &str = "Operation cannot be fulfilled on deployments.apps \"web\": \
                        the object has been modified";

impl Seen {
    fn of(history: &History, sync: &CaseSync, rules: Rules, now: Instant) -> Self {
        let mut refusals = vec![(true, CONFLICT.to_owned()); sync.conflicts as usize];
        if !sync.update_error.is_empty() {
            refusals.push((false, sync.update_error.clone()));
        }
        let samples = |index: usize| sync.readings[index].samples(index, &sync.pods, now);
        Self {
            pods: Pods::of(&sync.pods),
            samples: (0..history.metrics.len()).map(samples).collect(),
            refusals,
            latency: latency(sync, rules),
            now,
        }
    }

    fn look<T>(
        &self,
        history: &History,
        sync: &CaseSync,
        selector_error: &str,
        replicas: i32,
        look: impl FnOnce(&Observation<'_>) -> T,
    ) -> T {
        let metrics: Vec<Reading<'_>> = history
            .metrics
            .iter()
            .zip(&sync.readings)
            .zip(&self.samples)
            .map(|((metric, reading), samples)| reading.reading(metric, samples))
            .collect();
        let refusals: Vec<Refusal<'_>> = self
            .refusals
            .iter()
            .map(|(is_conflict, error)| Refusal { error, is_conflict: *is_conflict })
            .collect();
        let scale = Scale { spec_replicas: replicas, status_replicas: sync.status };
        // Upstream sees no rival while there is no pod.
        let ambiguous = sync.rival && !sync.pods.is_empty();
        let error = &sync.status_error;
        look(&Observation {
            scale: if sync.get_error.is_empty() { Ok(scale) } else { Err(&sync.get_error) },
            selector: match sync.selector.as_str() {
                "" => Selector::Missing,
                _ if !selector_error.is_empty() => Selector::Unparsable(selector_error),
                selector if ambiguous => {
                    Selector::Ambiguous { selector, hpas: &["default/rival", "default/web"] }
                }
                _ => Selector::Valid,
            },
            pods: &self.pods.at(&sync.pods, self.now),
            metrics: &metrics,
            writes: Writes {
                after_read: Duration::ZERO,
                scale: &refusals,
                scale_latency: self.latency,
                status_error: (!error.is_empty()).then_some(error),
            },
        })
    }
}

impl CaseBehavior {
    fn behavior(&self) -> Behavior {
        Behavior { scale_up: self.up.rules(), scale_down: self.down.rules() }
    }
}

impl CaseRules {
    fn rules(&self) -> ScalingRules {
        let policy = |policy: &crate::hpa_case::CasePolicy| ScalingPolicy {
            kind: if policy.kind == "Pods" { PolicyKind::Pods } else { PolicyKind::Percent },
            value: policy.value,
            period: Duration::from_seconds(policy.period.into()),
        };
        ScalingRules {
            stabilization_window: self.window.map(|it| Duration::from_seconds(it.into())),
            select_policy: match self.select.as_str() {
                "Max" => SelectPolicy::Max,
                "Min" => SelectPolicy::Min,
                _ => SelectPolicy::Disabled,
            },
            policies: self.policies.iter().map(policy).collect(),
            tolerance: self.tolerance.map(|milli| Quantity::from_milli(milli).as_approximate_f64()),
        }
    }
}
