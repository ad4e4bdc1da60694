//! Where the seconds go between more load and the first pod more that serves it.
//!
//! Read off the run: nothing is decided here.

use serde::{Deserialize, Serialize};

use super::Run;
use crate::explain::hpa::value_seen;
use crate::series::Series;
use crate::sim::{Owner, PodLife};
use crate::time::Instant;

/// Shorter parts are not worth a word: the calls of a controller. They belong to the next one.
const SHORTEST: i64 = 50;

/// What time passes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DelayPart {
    /// Until the autoscaler sees that there is more to do.
    Seen,
    /// Until it asks for more: its window, its delay, its limits.
    Decided,
    /// Ray Serve has more replicas that wait: until Ray's autoscaler asks for a worker.
    RayDecided,
    /// Until the pod is there.
    Created,
    /// Until the pod has a node.
    Scheduled,
    /// Until its containers run: image, init containers, start.
    Started,
    /// Until it is ready, or its Ray node has joined.
    Ready,
}

/// The way of one scale-up from cause to effect.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delay {
    /// Index into the report's autoscalers.
    pub autoscaler: usize,
    /// When there was more to do.
    pub from: Instant,
    /// What passed until then, in order; parts of a few milliseconds belong to the next one.
    pub parts: Vec<(DelayPart, Instant)>,
}

impl Run {
    /// The first scale-up of each autoscaler.
    pub(super) fn delays(&self) -> Vec<Delay> {
        let all = super::Who::all(self).into_iter().enumerate();
        all.filter_map(|(index, who)| match who {
            super::Who::Hpa(hpa) => self.hpa_delay(index, hpa),
            super::Who::Ray(cluster) => self.ray_delay(index, cluster),
            super::Who::Keda(_)
            | super::Who::Serve(_)
            | super::Who::RayService(_)
            | super::Who::RayJob(_)
            | super::Who::Operator(_) => None,
        })
        .collect()
    }

    fn hpa_delay(&self, autoscaler: usize, hpa: usize) -> Option<Delay> {
        let workload = self.workload_of(hpa)?;
        let looks = &self.timeline.hpas[hpa].looks;
        // Before the load rises, a count below `minReplicas` is raised.
        let load = &self.timeline.workloads[workload].load;
        let ups = looks.iter().filter(|it| it.decision.desired_replicas > it.from);
        let (at, from) = ups.map(|it| it.at).find_map(|at| Some((at, last_rise(load, at)?)))?;
        let mut values =
            looks.iter().take_while(|it| it.at <= at).map(|it| (it.at, value_seen(it, 0)));
        let before = looks.iter().rfind(|it| it.at <= from).and_then(|it| value_seen(it, 0));
        let is_more = |value: Option<f64>| value > before;
        let seen = values.find(|(at, value)| *at > from && is_more(*value));
        let mut way = Way::new(autoscaler, from);
        way.until(DelayPart::Seen, seen.map(|it| it.0));
        way.until(DelayPart::Decided, Some(at));
        way.pod(self.first_pod(Owner::Workload(workload), at, |it| it.ready));
        Some(way.delay)
    }

    fn ray_delay(&self, autoscaler: usize, cluster: usize) -> Option<Delay> {
        let track = &self.timeline.clusters[cluster];
        let sum = |counts: &[i64]| counts.iter().sum::<i64>();
        let ups = track.looks.news().map(|it| it.1).filter(|it| sum(&it.to) > sum(&it.from));
        // Before anything waits, groups are brought to their `minReplicas`.
        let (look, waits) = ups
            .map(|it| (it, last_rise(&track.pending, it.at)))
            .find_map(|(look, waits)| Some((look, waits?)))?;
        let group = look.to.iter().zip(&look.from).position(|(to, from)| to > from)?;
        let services = self.assembly.model.services.iter().zip(&self.timeline.services);
        let serve = services.filter(|(it, _)| it.cluster == cluster).find_map(|(_, track)| {
            let turn = track.looks.iter().find(|it| it.to > it.from && it.at <= look.at)?;
            Some((last_rise(&track.load, turn.at).unwrap_or(turn.at), turn.at))
        });
        let mut way = Way::new(autoscaler, serve.map_or(waits, |it| it.0));
        way.until(DelayPart::Decided, serve.map(|it| it.1));
        way.until(DelayPart::RayDecided, Some(look.at));
        let pod = self.first_pod(Owner::Worker(cluster, group), look.at, |it| it.joined);
        way.pod(pod);
        way.until(DelayPart::Ready, pod.and_then(|it| it.joined));
        Some(way.delay)
    }

    /// Of the first pods that were made at `at` or later, all at once, the one that `served` first.
    fn first_pod(
        &self,
        owner: Owner,
        at: Instant,
        served: impl Fn(&PodLife) -> Option<Instant>,
    ) -> Option<&PodLife> {
        let is_later = |it: &&PodLife| it.owner == owner && it.created >= at;
        let mut pods = self.timeline.lives.iter().filter(is_later);
        let first = pods.next()?;
        let together = pods.take_while(|it| it.created == first.created);
        let when = |it: &PodLife| served(it).map_or((true, at), |it| (false, it));
        Some(together.fold(first, |best, it| if when(it) < when(best) { it } else { best }))
    }
}

/// The last instant up to `at` at which the series rose.
fn last_rise(series: &Series, at: Instant) -> Option<Instant> {
    let points = series.points();
    let mut pairs = points.windows(2);
    pairs.rfind(|it| it[1].1 > it[0].1 && it[1].0 <= at).map(|it| it[1].0)
}

/// A way in the making.
struct Way {
    delay: Delay,
    reached: Instant,
}

impl Way {
    fn new(autoscaler: usize, from: Instant) -> Self {
        Self { delay: Delay { autoscaler, from, parts: Vec::new() }, reached: from }
    }

    fn until(&mut self, part: DelayPart, at: Option<Instant>) {
        if let Some(at) = at.filter(|it| it.since(self.reached).ms() >= SHORTEST) {
            self.delay.parts.push((part, at));
            self.reached = at;
        }
    }

    fn pod(&mut self, pod: Option<&PodLife>) {
        let Some(pod) = pod else { return };
        self.until(DelayPart::Created, Some(pod.created));
        self.until(DelayPart::Scheduled, pod.bound);
        self.until(DelayPart::Started, pod.started);
        self.until(DelayPart::Ready, pod.ready);
    }
}
