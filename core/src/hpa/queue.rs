//! When the controller looks at which HPA.
//!
//! An HPA waits for one period, then for a worker, then it is looked at; once that is done it waits
//! again. So looks are one period and their own length apart. Meanwhile the cache tells of every
//! HPA again, one period after the other (a resync); of an HPA that waits that changes nothing, but
//! one that is just being looked at starts to wait at that moment already. Its next look then comes
//! one period after the *resync*, that is at the next one, which again falls into the look: the two
//! are locked, and looks are exactly one period apart, counted from their beginnings.
//!
//! An HPA that is deleted waits on; only when it would be looked at again does the controller find
//! that it is gone, and forgets what it remembers. One that is created under the same name before
//! that inherits the wait and the memory.
//!
//! An HPA that shall be looked at again while it is being looked at comes right after. If the look
//! wrote its status, that is too early: the cache does not have it yet, and the look is skipped.
//!
//! DIFFERENCE(phase-lock): a resync and a look at the same moment race by microseconds. On a
//! virtual clock the look always comes first; on a real one a lock holds for a few looks. How many
//! is [`Timing::locked_looks`].
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `enqueueHPA`, `updateHPA`,
//! `deleteHPA`, `processNextWorkItem`, `reconcileKey`, rate_limiters.go;
//! pkg/controller/util/consistency/consistency.go `EnsureReady`; client-go 0.37
//! util/workqueue/delaying_queue.go `waitingLoop`, queue.go `Typed`; tools/cache/shared_informer.go.

use std::collections::VecDeque;

use crate::time::{Duration, Instant};

/// How the controller is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// `--horizontal-pod-autoscaler-sync-period`, also the time between two resyncs.
    pub period: Duration,
    /// `--concurrent-horizontal-pod-autoscaler-syncs`, at least 1.
    pub workers: usize,
    /// Looks that a lock holds.
    pub locked_looks: u32,
    /// Whether an HPA that appears is looked at at once.
    pub looks_at_once: bool,
    /// Whether an HPA that is edited is looked at at once.
    pub edits_at_once: bool,
    /// Until the cache has heard of a change, also of the controller's own.
    pub watch_lag: Duration,
    /// Whether an HPA whose status the controller has written is not looked at before the cache has
    /// heard of that.
    pub skips_stale: bool,
}

/// The controller's queue of HPAs, by index.
///
/// ```
/// # use tidetable_core::{hpa::{Timing, WorkQueue}, time::{Duration, Instant}};
/// # let timing = Timing {
/// #     period: Duration::from_seconds(15), workers: 5, locked_looks: 4, looks_at_once: true,
/// #     edits_at_once: true, watch_lag: Duration::ZERO, skips_stale: true,
/// # };
/// let at = Instant::from_ms;
/// let mut queue = WorkQueue::new(timing, 1, Instant::ZERO);
/// queue.appear(0, at(1_000));
/// assert_eq!(queue.take(), Some(0));
/// queue.done(0, true, at(1_500));
/// assert_eq!(queue.waits_until(0), Some(at(16_500)), "from the end of a look");
///
/// // A look of an HPA that appeared later has a resync in it, at 15 s.
/// let mut queue = WorkQueue::new(timing, 1, Instant::ZERO);
/// queue.appear(0, at(14_800));
/// assert_eq!(queue.take(), Some(0));
/// queue.done(0, true, at(15_300));
/// assert_eq!(queue.waits_until(0), Some(at(30_000)), "from the resync");
/// ```
#[derive(Clone, Debug)]
pub struct WorkQueue {
    timing: Timing,
    /// When the cache was filled; resyncs are whole periods later.
    started: Instant,
    items: Vec<Item>,
    /// Those that a worker may take, in this order.
    ready: VecDeque<usize>,
    idle: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Item {
    /// Until when it waits, if it does.
    until: Option<Instant>,
    /// Since when it has not waited; `None` if it is not there.
    since: Option<Instant>,
    /// Looks in a row that began together with a resync.
    locked: u32,
    /// To be looked at, now or as soon as the present look is done.
    dirty: bool,
    /// Being looked at.
    taken: bool,
    /// When the cache has heard of the last status.
    known: Option<Instant>,
}

impl WorkQueue {
    /// The queue of a controller that starts at `started`, for as many HPAs as there may ever be.
    pub fn new(timing: Timing, hpas: usize, started: Instant) -> Self {
        let (items, ready) = (vec![Item::default(); hpas], VecDeque::new());
        Self { timing, started, items, ready, idle: timing.workers.max(1) }
    }

    /// `hpa` is there, because it was created or because the controller has just started.
    ///
    /// One of that name may have been there before: what that waits for stays.
    pub fn appear(&mut self, hpa: usize, now: Instant) {
        self.advance(hpa, now);
        self.items[hpa].since = Some(now);
        self.items[hpa].locked = 0;
        if self.timing.looks_at_once { self.add(hpa) } else { self.wait(hpa, now) }
    }

    /// `hpa` was deleted. It waits on; when it is [taken](Self::take) the next time and has not
    /// come back, it is to be forgotten, with all that was remembered of it.
    pub fn disappear(&mut self, hpa: usize, now: Instant) {
        self.advance(hpa, now);
        self.items[hpa].since = None;
        self.items[hpa].known = None;
    }

    /// Whether `hpa` is there, as far as the cache knows.
    pub fn is_there(&self, hpa: usize) -> bool {
        self.items[hpa].since.is_some()
    }

    /// The spec of `hpa` was edited. What it waits for stays.
    pub fn edit(&mut self, hpa: usize, now: Instant) {
        self.advance(hpa, now);
        if self.timing.edits_at_once { self.add(hpa) } else { self.wait(hpa, now) }
    }

    /// `hpa` may have waited long enough.
    pub fn wake(&mut self, hpa: usize, now: Instant) {
        self.advance(hpa, now);
    }

    /// The next HPA for which a worker is free. If it is [no longer there](Self::is_there) it is
    /// [forgotten](Self::forget). Otherwise, and unless it [is stale](Self::is_stale), it is looked
    /// at now; then, or at once, it is [done](Self::done).
    pub fn take(&mut self) -> Option<usize> {
        if self.idle == 0 {
            return None;
        }
        let hpa = self.ready.pop_front()?;
        self.idle -= 1;
        self.items[hpa].dirty = false;
        self.items[hpa].taken = true;
        Some(hpa)
    }

    /// Whether `hpa` must not be looked at yet.
    pub fn is_stale(&self, hpa: usize, now: Instant) -> bool {
        self.timing.skips_stale && !self.knows_status(hpa, now)
    }

    /// The look at `hpa` is done; its status may have been written just now.
    pub fn done(&mut self, hpa: usize, wrote_status: bool, now: Instant) {
        if wrote_status {
            self.items[hpa].known = Some(now + self.timing.watch_lag);
        }
        self.advance(hpa, now);
        if self.items[hpa].until.is_none() {
            self.items[hpa].locked = 0;
            self.wait(hpa, now);
        }
        self.let_go(hpa);
    }

    /// `hpa` was taken although it is gone: it is not looked at again.
    pub fn forget(&mut self, hpa: usize, now: Instant) {
        self.advance(hpa, now);
        self.let_go(hpa);
    }

    fn let_go(&mut self, hpa: usize) {
        self.idle += 1;
        self.items[hpa].taken = false;
        if self.items[hpa].dirty {
            self.ready.push_back(hpa);
        }
    }

    /// Whether the cache has, at `now`, the status that was last written to `hpa`. A look that does
    /// not find it there can't write another one.
    pub fn knows_status(&self, hpa: usize, now: Instant) -> bool {
        self.items[hpa].known.is_none_or(|known| known <= now)
    }

    /// Until when `hpa` waits, if it does.
    pub fn waits_until(&self, hpa: usize) -> Option<Instant> {
        self.items[hpa].until
    }

    /// `hpa` shall be looked at.
    fn add(&mut self, hpa: usize) {
        let item = &mut self.items[hpa];
        if !item.dirty {
            item.dirty = true;
            if !item.taken {
                self.ready.push_back(hpa);
            }
        }
    }

    /// `hpa` waits for one period, unless it waits already.
    fn wait(&mut self, hpa: usize, now: Instant) {
        let until = now + self.timing.period;
        self.items[hpa].until.get_or_insert(until);
    }

    /// What happened to `hpa` up to `now` without anybody doing anything: resyncs, and waits that
    /// are over.
    fn advance(&mut self, hpa: usize, now: Instant) {
        loop {
            let Item { since, until, locked, .. } = self.items[hpa];
            if let Some(until) = until {
                if until > now {
                    return;
                }
                self.items[hpa].until = None;
                self.items[hpa].since = since.map(|_| until);
                self.add(hpa);
                continue;
            }
            // The cache tells of no HPA that is gone.
            let Some(since) = since else { return };
            let resync = self.resync(since, locked);
            if resync >= now {
                return;
            }
            self.items[hpa].locked += 1;
            if resync != since {
                self.items[hpa].locked = 0;
            }
            self.wait(hpa, resync);
        }
    }

    /// The first resync that finds an HPA which has not waited since `since`.
    fn resync(&self, since: Instant, locked: u32) -> Instant {
        let Timing { period, locked_looks, .. } = self.timing;
        let (after, length) = (since.since(self.started).ms(), period.ms().max(1));
        let count = (after / length + i64::from(after % length > 0)).max(1);
        let resync = self.started + Duration::from_ms(count.saturating_mul(length));
        let together = resync == since;
        if together && locked >= locked_looks { resync + period } else { resync }
    }
}
