//! An HPA is looked at: what it sees, and what is decided.

use std::rc::Rc;

use super::answers::Answer;
use crate::hpa::{
    self, Cause, Observation, Pod, Reading, Refusal, Selector, Spec, State, Step, Writes,
};
use crate::sim::event::Event;
use crate::sim::model::{Controller, HpaTarget};
use crate::sim::timeline::HpaLook;
use crate::sim::world::{LOOK_STEPS, POD_STEPS, World};
use crate::time::{Duration, Instant};

/// Attempts to write a scale, and the time between two of them.
///
/// Upstream: client-go 0.37 util/retry/util.go `DefaultRetry`.
const MOST_ATTEMPTS: usize = 5;
const BACK_OFF: Duration = Duration::from_ms(10);

/// A look, decided.
struct Decided {
    step: Step,
    detail: Option<hpa::Detail>,
    /// When the count is written, if it is.
    wrote: Instant,
    /// When the look is done.
    ends: Instant,
    /// Whether the status is written then.
    writes_status: bool,
}

impl World<'_> {
    /// The answers to a look are there: what it decides.
    pub(in crate::sim) fn hpa_looks(&mut self, hpa: usize, number: usize, now: Instant) {
        if number != self.controller.number {
            return;
        }
        let spec = Rc::clone(&self.controller.found[hpa]);
        let mut state = std::mem::take(&mut self.hpas[hpa]);
        let found = self.controller.stale_status(hpa).unwrap_or(&state.status).clone();
        let stored = std::mem::replace(&mut state.status, found);
        self.steps += LOOK_STEPS + state.recommendations.len() as u64 / 8;
        let mut answers = Vec::new();
        if let HpaTarget::Workload(workload) = self.model.hpas[hpa].target {
            let pods = self.selected(workload).count() * spec.metrics.len();
            self.steps += pods as u64 * POD_STEPS;
            answers = self.answers(hpa, workload, now);
        }
        let Decided { step, detail, wrote, ends, writes_status } =
            self.decide(hpa, &spec, state, &answers, now);
        let look = &mut self.controller.looks[hpa];
        let from = look.scale.map_or(0, |it| it.spec_replicas);
        look.is_open = false;
        look.writes_status = writes_status;
        if step.decision.rescale {
            look.writes = Some(step.decision.desired_replicas);
            self.queue.add(wrote, Event::HpaWrites { hpa, number });
        }
        self.queue.add(ends, Event::HpaEnds { hpa, number });
        let Step { decision, mut state, trace } = step;
        if writes_status {
            self.controller.before[hpa] = stored;
        } else {
            state.status = stored;
        }
        // Most looks leave the status as it was.
        let last = self.timeline.hpas[hpa].looks.last().map(|it| &it.status);
        let status = match last.filter(|it| ***it == state.status) {
            Some(same) => Rc::clone(same),
            None => Rc::new(state.status.clone()),
        };
        if self.controller.looks[hpa].outlives_hpa {
            state = state.recreated();
        }
        let looks = &mut self.timeline.hpas[hpa].looks;
        looks.push(HpaLook { at: now, from, decision, trace, status, spec, detail });
        self.hpas[hpa] = state;
    }

    fn decide(
        &self,
        hpa: usize,
        spec: &Spec,
        state: State,
        answers: &[Answer],
        now: Instant,
    ) -> Decided {
        let (model, look) = (&self.model.hpas[hpa], &self.controller.looks[hpa]);
        let controller = &self.model.controller;
        let readings: Vec<Reading<'_>> = answers.iter().map(Answer::reading).collect();
        let rivals: Vec<&str> = look.rivals.iter().map(String::as_str).collect();
        let mut pods: Vec<Pod<'_>> = Vec::new();
        let mut selector = Selector::Valid;
        let scale = match &model.target {
            HpaTarget::Refused => Err(""),
            HpaTarget::NoScale(error) => Err(error.as_str()),
            HpaTarget::Workload(workload) => {
                pods.extend(self.selected(*workload).map(|pod| self.hpa_pod(pod, now)));
                if !rivals.is_empty() {
                    let text = &self.model.workloads[*workload].selector;
                    selector = Selector::Ambiguous { selector: text, hpas: &rivals };
                }
                look.scale.ok_or("")
            }
        };
        let (refusals, scale_latency) = self.attempts(hpa, now);
        let refusals: Vec<Refusal<'_>> =
            refusals.iter().map(|error| Refusal { error, is_conflict: true }).collect();
        let writes = Writes {
            after_read: now.since(look.read),
            scale: &refusals,
            scale_latency,
            ..Writes::default()
        };
        // A status comes too late if the cache did not have the last one yet, or if the spec is
        // edited before it comes.
        let is_late = self.controller.stale_status(hpa).is_some();
        let before = (is_late || !model.edits.is_empty()).then(|| state.clone());
        let error = before.as_ref().map(|_| {
            let resource = "horizontalpodautoscalers.autoscaling";
            if model.exists(now) {
                conflict(resource, &model.name)
            } else {
                not_found(resource, &model.name)
            }
        });
        let mut seen = Observation { scale, selector, pods: &pods, metrics: &readings, writes };
        let mut step = hpa::reconcile(spec, state, &seen, now);
        let mut wrote = now;
        let failed = |it: &Cause| matches!(it, Cause::UpdateFailed { .. });
        if step.decision.rescale || step.trace.causes.iter().any(failed) {
            wrote = wrote + scale_latency;
        }
        let mut ends = wrote;
        if step.decision.writes_status {
            ends = ends + controller.put_status;
        }
        let mut writes_status = step.decision.writes_status;
        let lag = controller.timing.watch_lag;
        let is_edited = model.edits.iter().any(|it| it.at + lag > look.began && it.at < ends);
        if let Some(before) = before.filter(|_| (is_late || is_edited) && writes_status) {
            seen.writes.status_error = error.as_deref();
            step = hpa::reconcile(spec, before, &seen, now);
            writes_status = false;
        }
        let is_wanted = self.detailed == Some(hpa)
            || self.wanted == Some((hpa, self.timeline.hpas[hpa].looks.len()));
        let detail = match seen.scale {
            Ok(scale) if is_wanted => Some(hpa::detail(spec, scale, &seen, now)),
            Ok(_) | Err(_) => None,
        };
        Decided { step, detail, wrote, ends, writes_status }
    }

    /// The conflicts that writing a count meets, because someone scales between the scale is read
    /// and written, and how long all attempts take that decide at `now`.
    fn attempts(&self, hpa: usize, now: Instant) -> (Vec<String>, Duration) {
        let Controller { get_scale, put_scale, rules, .. } = self.model.controller;
        let mut wrote = now + put_scale;
        let mut refusals = Vec::new();
        let HpaTarget::Workload(workload) = self.model.hpas[hpa].target else {
            return (refusals, put_scale);
        };
        let target = &self.model.workloads[workload];
        let mut read = self.controller.looks[hpa].read;
        let is_changed = |read, wrote| target.edits.iter().any(|it| it.0 > read && it.0 <= wrote);
        while refusals.len() < MOST_ATTEMPTS && is_changed(read, wrote) {
            refusals.push(conflict(target.resource, &target.name));
            if !rules.conflict_retries {
                break;
            }
            read = wrote + get_scale;
            wrote = read + BACK_OFF + put_scale;
        }
        (refusals, wrote.since(now))
    }

    fn hpa_pod(&self, pod: usize, now: Instant) -> Pod<'_> {
        let it = &self.pods[pod];
        Pod {
            name: &it.name,
            phase: it.phase(),
            deleting: it.deleting.is_some(),
            start_time: it.start_time(now),
            ready: it.ready_condition(now),
            containers: &self.template(it.owner).containers,
            requests: &self.template(it.owner).own_requests,
            overhead: &self.template(it.owner).overhead,
        }
    }

    /// The HPAs that select pods which `hpa` selects too, if there are others beside it that have
    /// registered their selector: at the first look that got as far as its metrics.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
    /// `validateAndParseSelector`, hpa_selector_store.go `HPAsMatchingPods`.
    pub(super) fn rivals(&self, hpa: usize, workload: usize) -> Vec<String> {
        let own = &self.model.workloads[workload].selects;
        let has_pods = |it: &&usize| !self.workloads[**it].pods.is_empty();
        let selects = |index: &usize| match self.model.hpas[*index].target {
            HpaTarget::Workload(other) if *index == hpa || self.controller.registered[*index] => {
                let theirs = &self.model.workloads[other].selects;
                own.iter().filter(has_pods).any(|it| theirs.contains(it))
            }
            _ => false,
        };
        let selecting: Vec<usize> = (0..self.model.hpas.len()).filter(selects).collect();
        let name = |index: &usize| {
            let it = &self.model.hpas[*index];
            format!("{}/{}", it.namespace, it.name)
        };
        if selecting.len() > 1 { selecting.iter().map(name).collect() } else { Vec::new() }
    }
}

/// What the API server answers where nothing is left to write to.
///
/// Upstream: apimachinery 0.37 pkg/api/errors/errors.go `NewNotFound`.
fn not_found(resource: &str, name: &str) -> String {
    format!("{resource} \"{name}\" not found")
}

/// What the API server answers to a write that comes too late.
///
/// Upstream: kubernetes 1.37 staging/src/k8s.io/apiserver/pkg/registry/generic/registry/store.go
/// `OptimisticLockErrorMsg`.
fn conflict(resource: &str, name: &str) -> String {
    format!(
        "Operation cannot be fulfilled on {resource} \"{name}\": the object has been modified; \
         please apply your changes to the latest version and try again"
    )
}
