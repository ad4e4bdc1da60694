//! The HPA controller as a process: its queue, and the looks that are under way.

use std::rc::Rc;

use crate::hpa::{self, Scale, WorkQueue};
use crate::sim::model::{Controller, Model};
use crate::time::Instant;

/// What the controller is at.
pub(in crate::sim) struct ControllerState {
    pub(in crate::sim) queue: WorkQueue,
    /// When it started.
    pub(in crate::sim) started: Instant,
    /// Which controller it is, from 0; each restart brings another one.
    pub(in crate::sim) number: usize,
    /// The last look of each HPA.
    pub(in crate::sim) looks: Vec<Look>,
    /// Each HPA's spec as the controller's cache has it.
    pub(in crate::sim) specs: Vec<Rc<hpa::Spec>>,
    /// The same as the look under way found it.
    pub(in crate::sim) found: Vec<Rc<hpa::Spec>>,
    /// Each HPA's status before it was last written. Until the cache hears of that, it has this one.
    pub(in crate::sim) before: Vec<hpa::Status>,
    /// For which instant of each HPA it is already foreseen that the controller wakes.
    pub(in crate::sim) wakes: Vec<Option<Instant>>,
    /// For each HPA: whether the controller knows its selector.
    pub(in crate::sim) registered: Vec<bool>,
}

/// A look that is under way.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Look {
    /// When it began.
    pub(in crate::sim) began: Instant,
    /// When it read the scale.
    pub(in crate::sim) read: Instant,
    /// The scale; `None` if there is none.
    pub(in crate::sim) scale: Option<Scale>,
    /// The HPAs that select the same pods, if there are others.
    pub(in crate::sim) rivals: Vec<String>,
    /// The count that is being written, and not yet there.
    pub(in crate::sim) writes: Option<i32>,
    /// Whether it has not decided yet.
    pub(in crate::sim) is_open: bool,
    /// Whether its HPA was deleted since it began, and another one has its name.
    pub(in crate::sim) outlives_hpa: bool,
    /// Whether its status is written at its end.
    pub(in crate::sim) writes_status: bool,
}

impl ControllerState {
    pub(in crate::sim) fn new(model: &Model) -> Self {
        let hpas = model.hpas.len();
        let specs: Vec<_> = model.hpas.iter().map(|it| Rc::new(it.spec.clone())).collect();
        Self {
            queue: queue(&model.controller, hpas, Instant::ZERO - model.controller.resync_age),
            started: Instant::ZERO,
            number: 0,
            looks: vec![Look::default(); hpas],
            found: specs.clone(),
            specs,
            before: vec![hpa::Status::default(); hpas],
            wakes: vec![None; hpas],
            registered: vec![false; hpas],
        }
    }

    /// The status of `hpa` that the look under way found in the cache, if that is not the last one.
    pub(in crate::sim) fn stale_status(&self, hpa: usize) -> Option<&hpa::Status> {
        let is_stale = !self.queue.knows_status(hpa, self.looks[hpa].began);
        is_stale.then(|| &self.before[hpa])
    }

    /// Another controller begins at `now`; nothing of what this one remembers is left.
    pub(in crate::sim) fn restart(&mut self, controller: &Controller, now: Instant) {
        self.queue = queue(controller, self.specs.len(), now);
        self.started = now;
        self.number += 1;
        self.registered.fill(false);
    }
}

fn queue(controller: &Controller, hpas: usize, started: Instant) -> WorkQueue {
    WorkQueue::new(controller.timing, hpas, started)
}
