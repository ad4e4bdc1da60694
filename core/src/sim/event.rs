//! What will happen, and in which order.
//!
//! Events leave the queue by time, then by phase, then in the order in which they were added; looks
//! that may rest by whose they are before that. Time is never nudged to break a tie.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::time::Instant;

/// The order within one instant: deriving `Ord` here is the rule.
///
/// Load arrives, pods and tasks change state, metrics are read, and only then do the autoscalers
/// look; what they ask for is scheduled last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Request rates change, Ray work is submitted, someone edits a workload.
    Load,
    /// Pods start, become ready and go; Ray nodes join; tasks end.
    Readiness,
    /// metrics-server reads the nodes, Prometheus scrapes.
    Metrics,
    /// KEDA polls its triggers.
    Keda,
    /// HPA controllers look.
    Hpa,
    /// The loops of Serve controllers turn.
    Serve,
    /// Ray autoscalers look, KubeRay's operator acts.
    Ray,
    /// Pods that wait are given nodes.
    Scheduling,
}

/// Something that happens at an instant. Numbers are indexes into the world's lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// The request rate of a workload changes.
    LoadChanges { workload: usize },
    /// The edit of a workload with that number is made.
    WorkloadEdited { workload: usize, edit: usize },
    /// A new pod of a Deployment has been ready for long enough.
    DeploymentLooks { workload: usize },
    /// Someone edits a RayCluster, for the time with that number.
    RayClusterEdited { cluster: usize, edit: usize },
    /// A submission of Ray work.
    WorkArrives { cluster: usize, submission: usize },
    /// `request_resources` number `call` is taken back.
    ConstraintEnds { cluster: usize, call: usize },
    /// The containers of a pod run.
    PodStarts { pod: usize },
    /// A pod is done with the work of starting.
    StartEnds { pod: usize },
    /// A pod can serve requests, or its Ray node joins.
    PodServes { pod: usize },
    /// A pod turns ready.
    PodReady { pod: usize },
    /// A kubelet answers a resize.
    PodResizes { pod: usize },
    /// A deleted pod is gone.
    PodGone { pod: usize },
    /// A task, actor or placement group ends.
    WorkEnds { cluster: usize, unit: usize },
    /// Nothing waits for a workload any more.
    QueueEmpties { workload: usize },
    /// A metric with numbers of its own changes.
    SeriesChanges { series: usize },
    /// metrics-server reads.
    Scrape,
    /// Prometheus scrapes.
    SeriesScrape { series: usize },
    /// KEDA polls.
    KedaPolls { scaled_object: usize },
    /// An HPA has waited long enough.
    HpaWakes { hpa: usize },
    /// Another HPA controller takes over.
    ControllerRestarts,
    /// The HPA controller hears of an edit.
    HpaEdited { hpa: usize, edit: usize },
    /// The HPA controller with that number reads a scale.
    HpaReads { hpa: usize, number: usize },
    /// It has its answers, and decides.
    HpaLooks { hpa: usize, number: usize },
    /// It has written a count.
    HpaWrites { hpa: usize, number: usize },
    /// It is done with an HPA.
    HpaEnds { hpa: usize, number: usize },
    /// Requests for a Serve deployment change.
    ServeLoadChanges { service: usize },
    /// Nothing waits for a Serve deployment any more.
    ServeQueueEmpties { service: usize },
    /// A Serve replica has started.
    ReplicaRuns { service: usize, replica: u32 },
    /// A Serve replica that was told to stop is gone.
    ReplicaGone { service: usize, replica: u32 },
    /// A handle samples, reports, or both.
    HandleWakes { service: usize },
    /// A request comes while nothing runs.
    FirstRequest { service: usize },
    /// The controller's loop turns, and may decide.
    ServeTurns { service: usize },
    /// The controller starts or stops replicas.
    ServeScales { service: usize },
    /// A Ray autoscaler looks.
    RayLooks { cluster: usize },
    /// KubeRay's operator sees a patched RayCluster.
    OperatorActs { cluster: usize },
    /// A RayService is edited: it takes its next version.
    RayServiceEdited { ray_service: usize, version: usize },
    /// The controller of a RayService passes.
    RayServiceActs { ray_service: usize },
    /// The supervisor of a RayJob's program has had its time to start.
    RayJobLate { job: usize, program: u32 },
    /// The program of a RayJob is over.
    RayJobEnds { job: usize, program: u32 },
    /// The controller of a RayJob passes.
    RayJobActs { job: usize },
    /// Pods that wait try their luck.
    Schedule,
}

impl Event {
    pub(super) const fn phase(self) -> Phase {
        match self {
            Self::LoadChanges { .. }
            | Self::WorkloadEdited { .. }
            | Self::RayClusterEdited { .. }
            | Self::QueueEmpties { .. }
            | Self::SeriesChanges { .. }
            | Self::WorkArrives { .. }
            | Self::ServeLoadChanges { .. }
            | Self::ServeQueueEmpties { .. }
            | Self::ConstraintEnds { .. } => Phase::Load,
            Self::PodStarts { .. }
            | Self::DeploymentLooks { .. }
            | Self::StartEnds { .. }
            | Self::PodServes { .. }
            | Self::PodReady { .. }
            | Self::PodResizes { .. }
            | Self::PodGone { .. }
            | Self::ReplicaRuns { .. }
            | Self::ReplicaGone { .. }
            | Self::ServeScales { .. }
            | Self::RayJobLate { .. }
            | Self::RayJobEnds { .. }
            | Self::WorkEnds { .. } => Phase::Readiness,
            Self::Scrape
            | Self::SeriesScrape { .. }
            | Self::HandleWakes { .. }
            | Self::FirstRequest { .. } => Phase::Metrics,
            Self::KedaPolls { .. } => Phase::Keda,
            Self::HpaWakes { .. }
            | Self::ControllerRestarts
            | Self::HpaEdited { .. }
            | Self::HpaReads { .. }
            | Self::HpaLooks { .. }
            | Self::HpaWrites { .. }
            | Self::HpaEnds { .. } => Phase::Hpa,
            Self::ServeTurns { .. } => Phase::Serve,
            Self::RayLooks { .. }
            | Self::OperatorActs { .. }
            | Self::RayServiceEdited { .. }
            | Self::RayServiceActs { .. }
            | Self::RayJobActs { .. } => Phase::Ray,
            Self::Schedule => Phase::Scheduling,
        }
    }
}

impl Event {
    /// The order within a phase, before that of being added: what may be left out and foreseen
    /// anew has its own place.
    fn rank(self) -> usize {
        match self {
            Self::HandleWakes { service } | Self::ServeTurns { service } => service + 1,
            Self::OperatorActs { .. }
            | Self::RayServiceEdited { .. }
            | Self::RayServiceActs { .. }
            | Self::RayJobActs { .. } => usize::MAX,
            Self::RayLooks { cluster } => cluster,
            _ => 0,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    at: Instant,
    phase: Phase,
    rank: usize,
    sequence: u64,
}

/// Everything that will happen.
#[derive(Default)]
pub(super) struct Queue {
    heap: BinaryHeap<Reverse<(Key, usize)>>,
    events: Vec<Event>,
    free: Vec<usize>,
    sequence: u64,
    /// When the next [`Event::Schedule`] is due, so that an instant has only one.
    schedule_at: Option<Instant>,
}

impl Queue {
    /// `event` will happen at `at`.
    pub(super) fn add(&mut self, at: Instant, event: Event) {
        let slot = if let Some(slot) = self.free.pop() {
            self.events[slot] = event;
            slot
        } else {
            self.events.push(event);
            self.events.len() - 1
        };
        let (phase, rank) = (event.phase(), event.rank());
        let key = Key { at, phase, rank, sequence: self.sequence };
        self.sequence += 1;
        self.heap.push(Reverse((key, slot)));
    }

    /// Pods that wait try their luck at `now`, after all else of this instant.
    pub(super) fn schedule(&mut self, now: Instant) {
        if self.schedule_at != Some(now) {
            self.schedule_at = Some(now);
            self.add(now, Event::Schedule);
        }
    }

    /// When the next event happens.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((key, _))| key.at)
    }

    /// The next event, if it happens before `end`.
    pub(super) fn next_before(&mut self, end: Instant) -> Option<(Instant, Event)> {
        let Reverse((key, _)) = self.heap.peek()?;
        if key.at >= end {
            return None;
        }
        let Reverse((key, slot)) = self.heap.pop()?;
        self.free.push(slot);
        let event = self.events[slot];
        if event == Event::Schedule {
            self.schedule_at = None;
        }
        Some((key.at, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_runs_phase_by_phase_then_in_the_order_added() {
        let mut queue = Queue::default();
        let at = Instant::from_seconds(15);
        queue.schedule(at);
        queue.schedule(at);
        for event in [
            Event::HpaLooks { hpa: 1, number: 0 },
            Event::HpaLooks { hpa: 0, number: 0 },
            Event::Scrape,
            Event::PodReady { pod: 7 },
            Event::LoadChanges { workload: 0 },
        ] {
            queue.add(at, event);
        }
        queue.add(Instant::ZERO, Event::RayLooks { cluster: 0 });
        let end = Instant::from_seconds(16);
        let order: Vec<_> = std::iter::from_fn(|| queue.next_before(end)).map(|it| it.1).collect();
        assert_eq!(
            order,
            [
                Event::RayLooks { cluster: 0 },
                Event::LoadChanges { workload: 0 },
                Event::PodReady { pod: 7 },
                Event::Scrape,
                Event::HpaLooks { hpa: 1, number: 0 },
                Event::HpaLooks { hpa: 0, number: 0 },
                Event::Schedule,
            ]
        );
    }

    #[test]
    fn what_lies_at_the_end_does_not_happen() {
        let mut queue = Queue::default();
        queue.add(Instant::from_seconds(2), Event::Scrape);
        assert_eq!(queue.next_before(Instant::from_seconds(2)), None);
        assert!(queue.next_before(Instant::from_ms(2001)).is_some());
    }
}
