//! When Kubernetes' own controller looks, and what comes of it: its informer, queue and workers on
//! a virtual clock, against [`WorkQueue`] and [`reconcile`] with the same durations of calls.

mod case;
mod simulation;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tidetable_core::hpa::{
    Behavior, ConditionType, FeatureGates, MetricIdentifier, MetricSpec, Observation, Reading,
    Refusal, Rules, Scale, Selector, Spec, State, Status, Timing, ValueTarget, WorkQueue, Writes,
    reconcile,
};
use tidetable_core::time::{Duration, Instant};
use tidetable_tests::hpa_cases::{each_case, folder, minor};

use case::{Case, Edit, Look};

#[test]
fn looks_come_when_upstreams_come() {
    let (mut different, mut looks) = (Vec::new(), 0);
    each_run(|place, minor, case| {
        looks += case.looks.len();
        // A look that the end of the run may cut is left out.
        let longest = case.get + case.metrics + case.put + case.status;
        let longest = longest + case.scaled.len() as i64 * (case.get + 10 + case.put);
        let whole = |it: &Look| it.at + longest < case.length;
        let mut ours = Run::new(case, minor).looks();
        let mut upstream = case.looks.clone();
        ours.retain(whole);
        upstream.retain(whole);
        // Which of several HPAs comes first in one millisecond is chance.
        ours.sort_by_key(|it| (it.hpa, it.at));
        upstream.sort_by_key(|it| (it.hpa, it.at));
        if ours != upstream {
            let first = ours.iter().zip(&upstream).find(|(one, other)| one != other);
            let lengths = (ours.len(), upstream.len());
            different.push(format!("{place}: {lengths:?}, (ours, upstream) {first:?}"));
        }
    });
    let count = different.len();
    different.truncate(5);
    assert_eq!(count, 0, "{count} differ, of {looks} looks:\n{}", different.join("\n"));
}

/// Hands every recorded run to `look`, with its place and the minor release that it is of.
fn each_run(mut look: impl FnMut(&str, u32, &Case)) {
    let files = match std::env::var_os("HPA_TIMING_CASES") {
        Some(file) => vec![file.into()],
        None => ["1.37.2", "1.36.3"].map(|it| folder().join(format!("timing/{it}.jsonl"))).into(),
    };
    for file in files {
        let release = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let minor = minor(&release);
        let header = each_case(&file, |line, _, case: Case| {
            look(&format!("{release}:{line}, {}", case.name), minor, &case);
        });
        assert!(release.starts_with(&header.kubernetes), "{release} is of {}", header.kubernetes);
    }
}

/// What happens at an instant, in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The call that writes the scale of a look takes effect.
    Writes { look: usize, epoch: usize },
    /// A look is done.
    Ends { look: usize, epoch: usize },
    /// The controller is another one.
    Restarts,
    /// Someone sets the replicas.
    Scaled { hpa: usize, replicas: i32 },
    /// The cache hears that an HPA is gone.
    Disappears { hpa: usize, of: i64 },
    /// The cache hears of a new HPA.
    Appears { hpa: usize, of: i64 },
    /// The cache hears of an edit.
    Edited { hpa: usize },
    /// Someone may have waited long enough.
    Wakes { hpa: usize },
}

/// The controller at work on one case.
struct Run<'a> {
    case: &'a Case,
    timing: Timing,
    rules: Rules,
    queue: WorkQueue,
    epoch: usize,
    /// When the present controller started.
    started: i64,
    agenda: BinaryHeap<Reverse<(Instant, Event)>>,
    replicas: Vec<i32>,
    states: Vec<State>,
    /// Each HPA's status before it was last written: what a cache has that has not heard of that.
    before: Vec<Status>,
    /// When each HPA is to be woken, as it stands on the agenda.
    wakes: Vec<Option<Instant>>,
    looks: Vec<Look>,
}

impl<'a> Run<'a> {
    fn new(case: &'a Case, minor: u32) -> Self {
        let rules = Rules::of(minor, FeatureGates::default());
        let timing = timing(case, rules);
        let mut run = Self {
            case,
            timing,
            rules,
            queue: WorkQueue::new(timing, case.created.len(), Instant::ZERO),
            epoch: 0,
            started: -1,
            agenda: BinaryHeap::new(),
            replicas: vec![case.replicas; case.created.len()],
            states: vec![State::default(); case.created.len()],
            before: vec![Status::default(); case.created.len()],
            wakes: vec![None; case.created.len()],
            looks: Vec::new(),
        };
        for (hpa, created) in case.created.iter().enumerate() {
            let at = if *created == 0 { 0 } else { created + case.watch };
            run.add(at, Event::Appears { hpa, of: *created });
        }
        for &(of, hpa) in &case.deleted {
            run.add(of + case.watch, Event::Disappears { hpa, of });
        }
        for &(of, hpa) in &case.again {
            run.add(of + case.watch, Event::Appears { hpa, of });
        }
        for &(at, hpa, replicas) in &case.scaled {
            run.add(at, Event::Scaled { hpa, replicas });
        }
        for edit in &case.edits {
            run.add(edit.at + case.watch, Event::Edited { hpa: edit.hpa });
        }
        for at in &case.restarts {
            run.add(*at, Event::Restarts);
        }
        run
    }

    fn add(&mut self, at: i64, event: Event) {
        self.agenda.push(Reverse((Instant::from_ms(at), event)));
    }

    fn looks(mut self) -> Vec<Look> {
        while let Some(Reverse((now, event))) = self.agenda.pop() {
            if now.ms() >= self.case.length {
                break;
            }
            self.happen(event, now);
            while let Some(hpa) = self.queue.take() {
                if !self.queue.is_there(hpa) {
                    self.queue.forget(hpa, now);
                    self.states[hpa] = State::default();
                } else if self.queue.is_stale(hpa, now) {
                    self.queue.done(hpa, false, now);
                } else {
                    self.look(hpa, now);
                }
            }
            for hpa in 0..self.case.created.len() {
                let until = self.queue.waits_until(hpa);
                if let Some(until) = until.filter(|_| until != self.wakes[hpa]) {
                    self.add(until.ms(), Event::Wakes { hpa });
                }
                self.wakes[hpa] = until;
            }
        }
        self.looks
    }

    fn happen(&mut self, event: Event, now: Instant) {
        match event {
            Event::Writes { look, epoch } if epoch == self.epoch => {
                let look = &self.looks[look];
                self.replicas[look.hpa] = look.to.expect("it writes");
            }
            Event::Ends { look, epoch } if epoch == self.epoch => {
                let Look { hpa, status, .. } = self.looks[look];
                self.queue.done(hpa, status.is_some(), now);
            }
            // The controller that was at it is no more.
            Event::Writes { .. } | Event::Ends { .. } => {}
            Event::Wakes { hpa } => self.queue.wake(hpa, now),
            Event::Restarts => {
                self.epoch += 1;
                self.started = now.ms();
                self.queue = WorkQueue::new(self.timing, self.case.created.len(), now);
                for state in &mut self.states {
                    *state = std::mem::take(state).restarted();
                }
                for hpa in 0..self.case.created.len() {
                    if self.case.exists(hpa, now.ms()) {
                        self.queue.appear(hpa, now);
                    }
                }
            }
            Event::Scaled { hpa, replicas } => self.replicas[hpa] = replicas,
            // A controller that began later found it so.
            Event::Appears { of, .. } | Event::Disappears { of, .. } if of <= self.started => {}
            Event::Disappears { hpa, .. } => self.queue.disappear(hpa, now),
            Event::Appears { hpa, .. } => {
                self.states[hpa] = std::mem::take(&mut self.states[hpa]).recreated();
                self.queue.appear(hpa, now);
            }
            Event::Edited { hpa } => self.queue.edit(hpa, now),
        }
    }

    /// One look that begins at `now`, up to the end of the run or of its controller.
    #[expect(clippy::too_many_lines, reason = "one look from its read to its write")]
    fn look(&mut self, hpa: usize, now: Instant) {
        let case = self.case;
        let end = case.restarts.iter().copied().filter(|it| *it > now.ms()).min();
        let end = end.unwrap_or(i64::MAX).min(case.length);
        let mut look = Look { hpa, at: now.ms(), from: -1, ..Look::default() };
        let read = now.ms() + case.get;
        let fails = case.failing.iter().any(|(from, to)| *from <= read && read < *to);
        let known: Vec<&Edit> = case
            .edits
            .iter()
            .filter(|it| it.hpa == hpa && it.at + case.watch <= now.ms())
            .collect();
        let max = known.iter().max_by_key(|it| it.at).map_or(case.max, |it| it.max);
        let mut spec = spec(case, max);
        spec.generation += known.len() as i64;
        spec.settings.rules = self.rules;
        let is_scaled = |from: i64, to: i64| {
            let own = case.scaled.iter().rev();
            own.filter(move |it| it.1 == hpa).find(move |it| from < it.0 && it.0 <= to)
        };
        let current = is_scaled(now.ms(), read).map_or(self.replicas[hpa], |it| it.2);
        if !fails && read < end {
            look.from = current;
        }
        let asks = !fails && (1..=max).contains(&current);
        if asks && case.loses(hpa, now.ms()) {
            self.add(read + case.status, Event::Ends { look: self.looks.len(), epoch: self.epoch });
            self.looks.push(look);
            return;
        }
        let decides = read + if asks { case.metrics } else { 0 };
        let wanted = case.wanted.iter().rev().find(|it| it.0 <= decides).map_or(0, |it| it.1);
        let series = [wanted * 1000];
        // Someone scales between the scale is read and written: it is read and written again.
        let mut refusals = Vec::new();
        let (mut last_read, mut writes_at) = (read, decides + case.put);
        while is_scaled(last_read, writes_at).is_some() {
            refusals.push(Refusal { error: "scaled", is_conflict: true });
            last_read = writes_at + case.get;
            writes_at = last_read + 10 + case.put;
        }
        let is_stale = !self.queue.knows_status(hpa, now);
        let mut found = self.states[hpa].clone();
        if is_stale {
            found.status = self.before[hpa].clone();
        }
        let step = |status_error| {
            let writes = Writes {
                after_read: Duration::from_ms(decides - read),
                scale: &refusals,
                scale_latency: Duration::from_ms(writes_at - decides),
                status_error,
            };
            let scale = Scale { spec_replicas: current, status_replicas: current };
            let seen = Observation {
                scale: if fails { Err("gone") } else { Ok(scale) },
                selector: Selector::Valid,
                pods: &[],
                metrics: &[Reading::Series(&series)],
                writes,
            };
            reconcile(&spec, found.clone(), &seen, Instant::from_ms(decides))
        };
        let mut done = step(None);
        let wrote = if done.decision.rescale { writes_at } else { decides };
        let ends = wrote + if done.decision.writes_status { case.status } else { 0 };
        // A status does not go with a spec that was edited since the cache saw it, nor with another
        // status that it had not seen.
        let edited = |it: &Edit| it.hpa == hpa && it.at + case.watch > now.ms() && it.at < ends;
        let replaced =
            |it: &(i64, usize)| it.1 == hpa && it.0 + case.watch > now.ms() && it.0 < ends;
        let conflicts = case.edits.iter().any(edited)
            || case.deleted.iter().chain(&case.again).any(replaced)
            || is_stale;
        if conflicts {
            done = step(Some("edited"));
        }
        let number = self.looks.len();
        if done.decision.rescale && wrote < end {
            look.to = Some(done.decision.desired_replicas);
            look.wrote = Some(wrote);
            self.add(wrote, Event::Writes { look: number, epoch: self.epoch });
        }
        // What was not written is not known to the next look, or to the next controller.
        let stored = self.states[hpa].status.clone();
        let is_written = done.decision.writes_status && !conflicts && ends < end;
        if is_written {
            look.status = Some(ends);
            let reason = |kind| done.state.status.condition(kind).map_or("", |it| it.reason);
            reason(ConditionType::AbleToScale).clone_into(&mut look.able);
            reason(ConditionType::ScalingLimited).clone_into(&mut look.limited);
        }
        if is_written {
            self.before[hpa] = stored;
        } else {
            done.state.status = stored;
        }
        self.states[hpa] = done.state;
        self.add(ends, Event::Ends { look: number, epoch: self.epoch });
        self.looks.push(look);
    }
}

fn timing(case: &Case, rules: Rules) -> Timing {
    Timing {
        period: Duration::from_seconds(15),
        workers: case.workers,
        // The virtual clock never breaks a lock.
        locked_looks: u32::MAX,
        looks_at_once: rules.looks_at_once,
        edits_at_once: rules.generation,
        watch_lag: Duration::from_ms(case.watch),
        skips_stale: rules.skips_stale,
    }
}

fn spec(case: &Case, max: i32) -> Spec {
    let mut spec = Spec::new(1, max);
    spec.metrics = vec![MetricSpec::External {
        metric: MetricIdentifier::named("wanted"),
        target: ValueTarget::AverageValue(1000),
    }];
    spec.behavior = case.behavior.then(Behavior::default);
    spec
}
