//! One pod, from its creation until it is gone.

use crate::hpa::{PodPhase, ReadyCondition, ReadyStatus};
use crate::metrics::{Sample, Storage, UsageHistory};
use crate::nodes::PodResources;
use crate::sim::model::{PodTemplate, Probe};
use crate::sim::timeline::PodLife;
use crate::time::{Duration, Instant};

/// Whose pod it is. Numbers are indexes into the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A workload.
    Workload(usize),
    /// The head of a cluster.
    Head(usize),
    /// Cluster and worker group.
    Worker(usize, usize),
    /// What submits a RayJob.
    Submitter(usize),
}

/// One pod.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Pod {
    pub(in crate::sim) owner: Owner,
    pub(in crate::sim) name: String,
    /// Pods of a worker group that live and die together have the same.
    pub(in crate::sim) replica: u32,
    /// The number of its ReplicaSet.
    pub(in crate::sim) set: u32,
    /// Pods of one template have the same image until it is replaced: how many came before.
    pub(in crate::sim) image: u32,
    pub(in crate::sim) created: Instant,
    pub(in crate::sim) node: Option<usize>,
    /// When the kubelet accepts it; may still lie ahead.
    bound: Option<Instant>,
    pub(in crate::sim) started: Option<Instant>,
    /// Whether it does the work of starting, which takes CPU.
    pub(in crate::sim) starting: bool,
    pub(in crate::sim) serves: bool,
    pub(in crate::sim) ready: Option<Instant>,
    /// When its Ray node joined.
    pub(in crate::sim) joined: Option<Instant>,
    pub(in crate::sim) deleting: Option<Instant>,
    pub(in crate::sim) gone: bool,
    /// What it requests beyond its template, since it was resized.
    pub(in crate::sim) grown: PodResources,
    pub(in crate::sim) usage: UsageHistory,
    /// What metrics-server keeps.
    pub(in crate::sim) storage: Storage,
    /// What the metrics API answers.
    pub(in crate::sim) sample: Option<Sample>,
}

impl Pod {
    pub(super) fn new(owner: Owner, name: String, created: Instant) -> Self {
        Self {
            owner,
            name,
            replica: 0,
            set: 0,
            image: 0,
            created,
            node: None,
            bound: None,
            started: None,
            starting: false,
            serves: false,
            ready: None,
            joined: None,
            deleting: None,
            gone: false,
            grown: PodResources::default(),
            usage: UsageHistory::default(),
            storage: Storage::default(),
            sample: None,
        }
    }

    pub(super) fn bind(&mut self, node: usize, bound: Instant) {
        self.node = Some(node);
        self.bound = Some(bound);
    }

    pub(super) fn warm_up(&mut self, node: usize, at: Instant, template: &PodTemplate) {
        self.bind(node, at);
        self.created = at;
        self.start(at, template);
        self.serves = true;
        self.ready = Some(at);
    }

    /// The containers run.
    pub(in crate::sim) fn start(&mut self, at: Instant, template: &PodTemplate) {
        self.started = Some(at);
        self.usage = UsageHistory::new(at);
        self.usage.set(at, template.idle_cpu_nano, template.idle_memory_bytes);
    }

    /// When it came how far.
    pub(in crate::sim) fn life(&self) -> PodLife {
        PodLife {
            owner: self.owner,
            name: self.name.clone(),
            created: self.created,
            bound: self.bound,
            started: self.started,
            ready: self.ready,
            joined: self.joined,
            deleted: self.deleting,
        }
    }

    /// Whether it receives requests.
    pub(in crate::sim) fn is_ready(&self) -> bool {
        self.ready.is_some() && self.deleting.is_none()
    }

    pub(in crate::sim) fn phase(&self) -> PodPhase {
        if self.started.is_some() { PodPhase::Running } else { PodPhase::Pending }
    }

    /// `status.startTime`, in whole seconds as the API keeps it.
    pub(in crate::sim) fn start_time(&self, now: Instant) -> Option<Instant> {
        self.bound.filter(|bound| *bound <= now).map(whole_seconds)
    }

    /// The Ready condition, which the kubelet writes once it has accepted the pod.
    pub(in crate::sim) fn ready_condition(&self, now: Instant) -> Option<ReadyCondition> {
        let accepted = self.start_time(now)?;
        Some(match self.ready {
            Some(at) => ReadyCondition {
                status: ReadyStatus::True,
                last_transition: Some(whole_seconds(at)),
            },
            None => ReadyCondition { status: ReadyStatus::False, last_transition: Some(accepted) },
        })
    }
}

impl Probe {
    /// The first probe that succeeds: probes fall on multiples of the period after `accepted`, one
    /// more when the container starts, none within the initial delay.
    ///
    /// Upstream: kubernetes 1.37 pkg/kubelet/prober/worker.go `doProbe`.
    pub(super) fn succeeds(self, accepted: Instant, started: Instant, serves: Instant) -> Instant {
        let from = serves.max(started + self.initial_delay);
        if from <= started {
            return started;
        }
        let period = self.period.ms().max(1);
        let into = from.since(accepted).ms();
        accepted + Duration::from_ms((into + period - 1) / period * period)
    }
}

/// As the API keeps times.
fn whole_seconds(at: Instant) -> Instant {
    Instant::from_ms(at.ms().div_euclid(1000).saturating_mul(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_finds_out_at_its_next_tick() {
        let seconds = Instant::from_seconds;
        let probe = |delay, period| Probe {
            initial_delay: Duration::from_seconds(delay),
            period: Duration::from_seconds(period),
        };
        // accepted at 100 s, started at 103 s
        let ready =
            |probe: Probe, serves| probe.succeeds(seconds(100), seconds(103), seconds(serves));
        assert_eq!(ready(probe(0, 10), 103), seconds(103), "the probe at the start");
        assert_eq!(ready(probe(0, 10), 104), seconds(110));
        assert_eq!(ready(probe(0, 10), 110), seconds(110), "a tick at that very moment");
        assert_eq!(ready(probe(15, 5), 104), seconds(120), "first tick after 118 s");
    }
}
