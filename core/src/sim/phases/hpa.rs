//! An HPA controller looks, and the Deployment follows.

use std::rc::Rc;

use super::answers::Answer;
use crate::hpa::{self, Cause, Pod, Reading, Scale, Selector, Writes};
use crate::sim::event::Event;
use crate::sim::model::HpaTarget;
use crate::sim::timeline::HpaLook;
use crate::sim::world::{LOOK_STEPS, POD_STEPS, World};
use crate::time::Instant;

impl World<'_> {
    /// One sync of `hpa`.
    pub(in crate::sim) fn hpa_looks(&mut self, hpa: usize, now: Instant) {
        let model = &self.model.hpas[hpa];
        let state = std::mem::take(&mut self.hpas[hpa]);
        self.steps += LOOK_STEPS + state.recommendations.len() as u64 / 8;
        let (from, step, detail) = match &model.target {
            HpaTarget::Refused => return,
            HpaTarget::NoScale(error) => {
                let seen = hpa::Observation {
                    scale: Err(error),
                    selector: Selector::Valid,
                    pods: &[],
                    metrics: &[],
                    writes: Writes::default(),
                };
                (0, hpa::reconcile(&model.spec, state, &seen, now), None)
            }
            HpaTarget::Workload(workload) => {
                let pods = self.workloads[*workload].pods.len() * model.spec.metrics.len();
                self.steps += pods as u64 * POD_STEPS;
                let answers = self.answers(hpa, *workload, now);
                self.reconcile(hpa, *workload, state, &answers, now)
            }
        };
        if let (true, HpaTarget::Workload(workload)) = (step.decision.rescale, &model.target) {
            self.scale_workload(*workload, step.decision.desired_replicas, now);
        }
        self.registered[hpa] |= !step.trace.causes.iter().any(is_before_metrics);
        // Most looks leave the status as it was.
        let last = self.timeline.hpas[hpa].looks.last().map(|it| &it.status);
        let status = match last.filter(|it| ***it == step.state.status) {
            Some(same) => Rc::clone(same),
            None => Rc::new(step.state.status.clone()),
        };
        self.timeline.hpas[hpa].looks.push(HpaLook {
            at: now,
            from,
            decision: step.decision,
            trace: step.trace,
            status,
            detail,
        });
        self.hpas[hpa] = step.state;
        self.queue.add(now + model.sync_period, Event::HpaLooks { hpa });
    }

    fn reconcile(
        &self,
        hpa: usize,
        workload: usize,
        state: hpa::State,
        answers: &[Answer],
        now: Instant,
    ) -> (i32, hpa::Step, Option<hpa::Detail>) {
        let spec = &self.model.hpas[hpa].spec;
        let target = &self.workloads[workload];
        let existing = target.pods.iter().filter(|pod| self.pods[**pod].deleting.is_none());
        let status_replicas = existing.count() as i32;
        let pods: Vec<Pod<'_>> = target.pods.iter().map(|pod| self.hpa_pod(*pod, now)).collect();
        let readings: Vec<Reading<'_>> = answers.iter().map(Answer::reading).collect();
        let others = self.other_hpas(hpa, workload);
        let hpas: Vec<&str> = others.iter().map(String::as_str).collect();
        let selector = match &hpas[..] {
            [] => Selector::Valid,
            _ => Selector::Ambiguous {
                selector: &self.model.workloads[workload].selector,
                hpas: &hpas,
            },
        };
        let scale = Scale { spec_replicas: target.replicas, status_replicas };
        let seen = hpa::Observation {
            scale: Ok(scale),
            selector,
            pods: &pods,
            metrics: &readings,
            writes: Writes::default(),
        };
        let is_wanted = self.wanted == Some((hpa, self.timeline.hpas[hpa].looks.len()));
        let detail = is_wanted.then(|| hpa::detail(spec, scale, &seen, now));
        (target.replicas, hpa::reconcile(spec, state, &seen, now), detail)
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

    /// The HPAs that select the pods of `workload`, if there are others beside `hpa` that have
    /// registered their selector: at the first look that got as far as its metrics.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go
    /// `validateAndParseSelector`.
    fn other_hpas(&self, hpa: usize, workload: usize) -> Vec<String> {
        let selects = |index: &usize| {
            self.model.hpas[*index].target == HpaTarget::Workload(workload)
                && (*index == hpa || self.registered[*index])
        };
        let selecting: Vec<usize> = (0..self.model.hpas.len()).filter(selects).collect();
        let name = |index: &usize| {
            let it = &self.model.hpas[*index];
            format!("{}/{}", it.namespace, it.name)
        };
        if selecting.len() > 1 { selecting.iter().map(name).collect() } else { Vec::new() }
    }
}

/// Whether a look ended, or was answered, before the selector was read.
fn is_before_metrics(cause: &Cause) -> bool {
    matches!(cause, Cause::ScalingDisabled { .. } | Cause::AboveMax { .. } | Cause::BelowMin { .. })
}
