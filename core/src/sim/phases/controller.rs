//! The HPA controller's day: who is looked at when, what each call takes, edits and restarts.

use std::rc::Rc;

use crate::hpa::{self, Scale};
use crate::sim::event::Event;
use crate::sim::model::{Action, Edit, HpaTarget};
use crate::sim::world::{Look, World};
use crate::time::Instant;

impl World<'_> {
    /// A controller starts, and finds every HPA.
    pub(in crate::sim) fn controller_starts(&mut self, now: Instant) {
        for (hpa, it) in self.model.hpas.iter().enumerate() {
            if it.target != HpaTarget::Refused && it.exists(now) {
                self.controller.queue.appear(hpa, now);
                self.take_turns(hpa, now);
            }
        }
    }

    /// Another controller takes over; looks that are under way end with the old one.
    pub(in crate::sim) fn controller_restarts(&mut self, now: Instant) {
        self.controller.restart(&self.model.controller, now);
        for (hpa, it) in self.model.hpas.iter().enumerate() {
            let known = it.edits.iter().filter(|it| it.at <= now).count();
            self.controller.specs[hpa] = Rc::new(it.spec_after(known));
            self.hpas[hpa] = std::mem::take(&mut self.hpas[hpa]).restarted();
            // A status that is not written yet is lost.
            if self.controller.looks[hpa].writes_status {
                self.hpas[hpa].status = std::mem::take(&mut self.controller.before[hpa]);
            }
            let lag = self.model.controller.timing.watch_lag;
            let is_unheard =
                |it: &Edit| it.action == Action::Create && it.at <= now && now <= it.at + lag;
            if !it.exists(now) || it.edits.iter().any(is_unheard) {
                self.hpas[hpa] = hpa::State::default();
            }
            // A count that was not written was never decided.
            if self.controller.looks[hpa].writes.take().is_some() {
                self.timeline.hpas[hpa].looks.pop();
            }
            self.controller.looks[hpa] = Look::default();
        }
        self.controller_starts(now);
    }

    /// `hpa` may have waited long enough.
    pub(in crate::sim) fn hpa_wakes(&mut self, hpa: usize, now: Instant) {
        self.controller.queue.wake(hpa, now);
        self.take_turns(hpa, now);
    }

    /// Foresees when `changed` has waited long enough, and begins the looks for which a worker is
    /// free.
    fn take_turns(&mut self, changed: usize, now: Instant) {
        self.foresee(changed);
        while let Some(hpa) = self.controller.queue.take() {
            if !self.controller.queue.is_there(hpa) {
                self.controller.queue.forget(hpa, now);
                self.hpas[hpa] = hpa::State::default();
                self.foresee(hpa);
                continue;
            }
            if self.controller.queue.is_stale(hpa, now) {
                self.controller.queue.done(hpa, false, now);
                self.foresee(hpa);
                continue;
            }
            self.controller.looks[hpa] = Look { began: now, is_open: true, ..Look::default() };
            self.controller.found[hpa] = Rc::clone(&self.controller.specs[hpa]);
            let number = self.controller.number;
            let read = now + self.model.controller.get_scale;
            self.queue.add(read, Event::HpaReads { hpa, number });
        }
    }

    fn foresee(&mut self, hpa: usize) {
        let until = self.controller.queue.waits_until(hpa);
        if let Some(until) = until.filter(|_| until != self.controller.wakes[hpa]) {
            self.queue.add(until, Event::HpaWakes { hpa });
        }
        self.controller.wakes[hpa] = until;
    }

    /// The scale of `hpa`'s target is read; its metrics are asked for one after the other.
    ///
    /// DIFFERENCE(one-moment): they are all answered, and the pods read, when the last one is.
    pub(in crate::sim) fn hpa_reads(&mut self, hpa: usize, number: usize, now: Instant) {
        if number != self.controller.number {
            return;
        }
        let mut decides = now;
        let mut look = std::mem::take(&mut self.controller.looks[hpa]);
        look.read = now;
        if let HpaTarget::Workload(workload) = self.model.hpas[hpa].target {
            let target = &self.workloads[workload];
            let existing = target.pods.iter().filter(|pod| self.pods[**pod].deleting.is_none());
            let status_replicas = existing.count() as i32;
            look.scale = Some(Scale { spec_replicas: target.replicas, status_replicas });
            let spec = &self.controller.found[hpa];
            let status = self.controller.stale_status(hpa).unwrap_or(&self.hpas[hpa].status);
            if hpa::reads_metrics(spec, status, target.replicas) {
                if !self.controller.queue.is_there(hpa) {
                    // "HPA … was deleted during reconciliation": that it tries to say so is all.
                    look.is_open = false;
                    self.controller.looks[hpa] = look;
                    let ends = now + self.model.controller.put_status;
                    self.queue.add(ends, Event::HpaEnds { hpa, number });
                    return;
                }
                self.controller.registered[hpa] = true;
                look.rivals = self.rivals(hpa, workload);
                if look.rivals.is_empty() {
                    let metrics = spec.metrics.len() as i64;
                    decides = now + self.model.controller.get_metric.times(metrics);
                }
            }
        }
        self.controller.looks[hpa] = look;
        self.queue.add(decides, Event::HpaLooks { hpa, number });
    }

    /// The count that a look decided on is written.
    pub(in crate::sim) fn hpa_writes(&mut self, hpa: usize, number: usize, now: Instant) {
        if number != self.controller.number {
            return;
        }
        let replicas = self.controller.looks[hpa].writes.take();
        if let (Some(replicas), HpaTarget::Workload(workload)) =
            (replicas, &self.model.hpas[hpa].target)
        {
            self.scale_workload(*workload, replicas, now);
        }
    }

    /// A look is done.
    pub(in crate::sim) fn hpa_ends(&mut self, hpa: usize, number: usize, now: Instant) {
        if number == self.controller.number {
            let wrote_status = std::mem::take(&mut self.controller.looks[hpa].writes_status);
            self.controller.queue.done(hpa, wrote_status, now);
            self.take_turns(hpa, now);
        }
    }

    /// The controller's cache hears of the edit with that number, of its HPA's. One that began
    /// later found it there already.
    pub(in crate::sim) fn hpa_edited(&mut self, hpa: usize, edit: usize, now: Instant) {
        let model = &self.model.hpas[hpa];
        let Edit { at, action, .. } = model.edits[edit];
        let is_known = self.controller.number > 0 && at <= self.controller.started;
        let is_there = self.controller.queue.is_there(hpa);
        if is_known || model.target == HpaTarget::Refused || is_there == (action == Action::Create)
        {
            return;
        }
        match action {
            Action::Edit => {
                self.controller.specs[hpa] = Rc::new(model.spec_after(edit + 1));
                self.controller.queue.edit(hpa, now);
            }
            Action::Delete => {
                self.controller.registered[hpa] = false;
                self.controller.queue.disappear(hpa, now);
            }
            Action::Create => {
                self.controller.specs[hpa] = Rc::new(model.spec_after(edit + 1));
                // A look goes on with what it began with.
                let look = &mut self.controller.looks[hpa];
                look.outlives_hpa = look.is_open;
                if !look.is_open {
                    self.hpas[hpa] = std::mem::take(&mut self.hpas[hpa]).recreated();
                }
                self.controller.queue.appear(hpa, now);
            }
        }
        self.take_turns(hpa, now);
    }
}
