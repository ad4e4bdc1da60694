//! What a pod tells of its resize.
//!
//! The kubelet's answer is read for a smaller size that would do, and a resize that failed or took
//! too long is taken back.
//!
//! Upstream: ray 2.60.0
//! autoscaler/v2/instance_manager/cloud_providers/kuberay/ippr_provider.py
//! `_get_ippr_status_from_pod` and what it calls.

use super::amount::Amount;
use super::status::{Progress, ResizeStatus, seconds};
use crate::ray::config::ResizeLimits;
use crate::ray::observation::{PodId, RayNodeId};
use crate::ray::trace::{Cause, Stuck, Trace};
use crate::time::Instant;

/// `requests` or `limits` of a container, as far as they matter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Requirements {
    /// `cpu`.
    pub cpu: Option<Amount>,
    /// `memory`.
    pub memory: Option<Amount>,
}

impl Requirements {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let sum = |one: Option<Amount>, other: Option<Amount>| match (one, other) {
            (Some(one), Some(other)) => Some(one.plus(other)),
            (one, other) => one.or(other),
        };
        Self { cpu: sum(self.cpu, other.cpu), memory: sum(self.memory, other.memory) }
    }
}

/// The first of the pod's resize conditions that is true.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `PodResizePending`.
    Pending {
        /// `reason`: `Deferred` or `Infeasible`.
        reason: String,
        /// `message`.
        message: Option<String>,
    },
    /// `PodResizeInProgress`.
    InProgress {
        /// Whether its `reason` is `Error`.
        failed: bool,
        /// `message`.
        message: Option<String>,
    },
}

/// The annotation `ray.io/ippr-status`. Times are in whole seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// The raylet in the pod.
    pub ray_node: Option<RayNodeId>,
    /// When a resize was asked for.
    pub resizing_at_s: Option<i64>,
    /// The most cores that the kubelet could give.
    pub suggested_cpu: Option<f64>,
    /// The most bytes that the kubelet could give.
    pub suggested_memory: Option<i64>,
    /// When a resize failed for good.
    pub last_failed_at_s: Option<i64>,
    /// Why.
    pub last_failed_reason: Option<String>,
}

/// What of one pod its resize depends on. The first container is meant where nothing else is said.
#[derive(Clone, Debug, PartialEq)]
pub struct PodResources {
    /// The pod.
    pub pod: PodId,
    /// `requests` of its spec.
    pub requests: Requirements,
    /// `limits` of its spec.
    pub limits: Requirements,
    /// `requests` of its status, where the kubelet reports them.
    pub actual_requests: Option<Requirements>,
    /// `limits` of its status, where the kubelet reports them.
    pub actual_limits: Option<Requirements>,
    /// `requests` in the status of the other containers.
    pub other_requests: Vec<Requirements>,
    /// What the kubelet says.
    pub condition: Option<Condition>,
    /// What the autoscaler noted.
    pub notes: Notes,
}

impl PodResources {
    pub(super) fn in_use(&self) -> (Requirements, Requirements) {
        let requests = self.actual_requests.unwrap_or(self.requests);
        (requests, self.actual_limits.unwrap_or(self.limits))
    }
}

type Of = fn(&Requirements) -> Option<Amount>;

pub(super) const CPU: Of = |it| it.cpu;
pub(super) const MEMORY: Of = |it| it.memory;

/// The limit, else the request.
fn size(requests: &Requirements, limits: &Requirements, of: Of) -> Option<Amount> {
    of(limits).or_else(|| of(requests))
}

/// By how much the limit exceeds the request.
pub(super) fn gap(requests: &Requirements, limits: &Requirements, of: Of) -> Option<Amount> {
    Some(size(requests, limits, of)?.minus(of(requests)?))
}

/// Where the resize of `seen` stands.
///
/// # Errors
/// Where upstream's reading fails, and the look with it: a container that names no size.
pub(super) fn status(
    seen: &PodResources,
    limits: ResizeLimits,
    now: Instant,
    trace: &mut Trace,
) -> Result<ResizeStatus, Stuck> {
    let (actual_requests, actual_limits) = seen.in_use();
    let unsized_ = || Stuck::PodWithoutSize(seen.pod);
    let size = |requests, limits, of| size(requests, limits, of).ok_or_else(unsized_);
    let mut status = ResizeStatus {
        pod: seen.pod,
        limits,
        desired_cpu: size(&seen.requests, &seen.limits, CPU)?.to_float(),
        desired_memory: size(&seen.requests, &seen.limits, MEMORY)?.to_whole(),
        current_cpu: size(&actual_requests, &actual_limits, CPU)?.to_float(),
        current_memory: size(&actual_requests, &actual_limits, MEMORY)?.to_whole(),
        progress: Progress::Done,
        message: None,
        notes: seen.notes.clone(),
    };
    match &seen.condition {
        Some(Condition::Pending { reason, message }) => {
            status.message.clone_from(message);
            status.progress = match reason.to_lowercase().as_str() {
                "new" => Progress::New,
                "inprogress" => Progress::InProgress,
                "deferred" => Progress::Deferred,
                "infeasible" => Progress::Infeasible,
                "error" => Progress::Error,
                _ => Progress::Other,
            };
            follow_suggestion(&mut status, seen, trace)?;
        }
        Some(Condition::InProgress { failed, message }) => {
            status.message.clone_from(message);
            status.progress = if *failed { Progress::Error } else { Progress::InProgress };
        }
        None => {}
    }
    give_up(&mut status, now, trace);
    Ok(status)
}

/// Asks for what the kubelet says it has.
///
/// Upstream: `_apply_resize_suggestion`, `_suggested_resize_limit`.
fn follow_suggestion(
    status: &mut ResizeStatus,
    seen: &PodResources,
    trace: &mut Trace,
) -> Result<(), Stuck> {
    let report = status.message.as_deref().and_then(|message| match status.progress {
        Progress::Deferred => report(message, "resource", true),
        Progress::Infeasible => report(message, "capacity", false),
        _ => None,
    });
    let Some((is_cpu, free)) = report else { return Ok(()) };
    let of = if is_cpu { CPU } else { MEMORY };
    let (requests, limits) = seen.in_use();
    let gap = gap(&requests, &limits, of).ok_or(Stuck::PodWithoutSize(seen.pod))?;
    let others = seen.other_requests.iter().filter_map(of);
    let others = others.fold(Amount::default(), Amount::plus);
    let free = if is_cpu { Amount::from_milli(free) } else { Amount::from_whole(free) };
    let suggested = free.plus(gap).minus(others);
    let pod = status.pod;
    if is_cpu {
        let cpu = suggested.to_float();
        status.notes.suggested_cpu = Some(cpu);
        if status.queue(Some(cpu), None) {
            trace.push(Cause::ResizeSuggested { pod, cpu: Some(cpu), memory: None });
        }
    } else {
        let memory = suggested.to_whole();
        status.notes.suggested_memory = Some(memory);
        if status.queue(None, Some(memory)) {
            trace.push(Cause::ResizeSuggested { pod, cpu: None, memory: Some(memory) });
        }
    }
    Ok(())
}

/// Whether the kubelet's `message` is about CPU, and what the pod could have.
fn report(message: &str, what: &str, is_used: bool) -> Option<(bool, i64)> {
    let start = format!("Node didn't have enough {what}: ");
    let mut after_start = message.match_indices(&start).map(|(at, _)| &message[at + start.len()..]);
    after_start.find_map(|text| numbers(text, is_used))
}

fn numbers(text: &str, is_used: bool) -> Option<(bool, i64)> {
    let (is_cpu, rest) = match text.strip_prefix("cpu") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix("memory")?),
    };
    let (_, rest) = number(rest.strip_prefix(", requested: ")?)?;
    let (used, rest) = if is_used { number(rest.strip_prefix(", used: ")?)? } else { (0, rest) };
    let (capacity, _) = number(rest.strip_prefix(", capacity: ")?)?;
    Some((is_cpu, capacity.saturating_sub(used)))
}

/// The digits at the start, within what 64 bits hold, and what follows.
fn number(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    (!digits.is_empty()).then(|| (digits.parse().unwrap_or(i64::MAX), rest))
}

/// A resize that failed or took too long is noted, and taken back.
///
/// Upstream: `_handle_failed_or_timed_out_ippr`.
fn give_up(status: &mut ResizeStatus, now: Instant, trace: &mut Trace) {
    let has_failed = status.progress == Progress::Error;
    if !has_failed && !status.is_timed_out(now) {
        return;
    }
    if status.notes.last_failed_at_s.is_none() {
        let told = status.message.as_deref().filter(|it| !it.is_empty());
        let reason =
            if has_failed { told.unwrap_or("Pod resize failed") } else { "Pod resize timed out" };
        status.notes.last_failed_reason = Some(reason.to_owned());
        status.notes.last_failed_at_s = Some(seconds(now));
        let timeout_s = (!has_failed).then_some(status.limits.timeout_s);
        trace.push(Cause::ResizeFailed { pod: status.pod, timeout_s });
    }
    status.queue(Some(status.current_cpu), Some(status.current_memory));
}
