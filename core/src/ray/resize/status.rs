//! How far one pod's resize is.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/schema.py `IPPRStatus`.

use super::pod::Notes;
use crate::ray::config::ResizeLimits;
use crate::ray::observation::PodId;
use crate::time::Instant;

/// What Kubernetes says of a resize.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: it is done, or there is none.
    Done,
    /// Not asked for yet.
    New,
    /// The kubelet works on it.
    InProgress,
    /// The node lacks room now.
    Deferred,
    /// The node will never have room.
    Infeasible,
    /// The kubelet failed.
    Error,
    /// A condition of another reason.
    Other,
}

/// One pod's resize.
#[derive(Clone, Debug, PartialEq)]
pub struct ResizeStatus {
    /// The pod.
    pub pod: PodId,
    /// How large it may become.
    pub limits: ResizeLimits,
    /// What it has, in cores.
    pub current_cpu: f64,
    /// What it has, in bytes.
    pub current_memory: i64,
    /// What its spec asks for, or what it is to ask for.
    pub desired_cpu: f64,
    /// The same for memory.
    pub desired_memory: i64,
    /// What Kubernetes says.
    pub progress: Progress,
    /// What it says more.
    pub message: Option<String>,
    /// What is noted on the pod.
    pub notes: Notes,
}

/// Seconds since the start, as Python's `int(time.time())` counts them.
pub(super) fn seconds(now: Instant) -> i64 {
    now.ms().div_euclid(1000)
}

impl ResizeStatus {
    /// Asks for another size; whether it is another.
    pub fn queue(&mut self, cpu: Option<f64>, memory: Option<i64>) -> bool {
        let mut updated = false;
        if let Some(cpu) = cpu.filter(|it| *it != self.desired_cpu) {
            self.desired_cpu = cpu;
            updated = true;
        }
        if let Some(memory) = memory.filter(|it| *it != self.desired_memory) {
            self.desired_memory = memory;
            updated = true;
        }
        if updated {
            self.notes.resizing_at_s = None;
            self.progress = Progress::New;
            self.message = None;
        }
        updated
    }

    /// Whether the API server is to be asked now.
    pub fn is_to_send(&self) -> bool {
        self.notes.ray_node.is_some() && self.progress == Progress::New
    }

    /// Whether it was asked, or is to be: the pod then counts with its desired size.
    pub fn is_in_progress(&self) -> bool {
        self.notes.resizing_at_s.is_some() || self.is_to_send()
    }

    /// Whether the raylet is to be told of a resize that Kubernetes is done with.
    pub fn is_to_tell(&self) -> bool {
        self.notes.ray_node.is_some()
            && self.notes.resizing_at_s.is_some()
            && self.progress == Progress::Done
            && self.desired_cpu == self.current_cpu
            && self.desired_memory == self.current_memory
    }

    /// The most cores that it may have.
    pub fn max_cpu(&self) -> f64 {
        self.notes.suggested_cpu.unwrap_or(self.limits.max_cpu)
    }

    /// The most bytes that it may have.
    pub fn max_memory(&self) -> i64 {
        self.notes.suggested_memory.unwrap_or(self.limits.max_memory)
    }

    /// Whether it may grow: nothing is under way and no resize of it ever failed.
    pub fn may_grow(&self) -> bool {
        self.notes.last_failed_at_s.is_none()
            && self.progress == Progress::Done
            && self.notes.resizing_at_s.is_none()
            && (self.current_cpu < self.max_cpu() || self.current_memory < self.max_memory())
    }

    /// Whether it has been under way for longer than it may.
    pub(super) fn is_timed_out(&self, now: Instant) -> bool {
        let Some(since_s) = self.notes.resizing_at_s else { return false };
        let until_s = since_s.saturating_add(self.limits.timeout_s);
        !self.is_to_tell() && until_s.saturating_mul(1000) < now.ms()
    }
}
