//! Looks of a Ray autoscaler. Those that only repeat the one before are counted, not kept.

use crate::sim::timeline::RayLook;
use crate::time::{Duration, Instant};

/// Every look of one autoscaler, by number from 0.
#[derive(Clone, Debug, Default)]
pub struct RayLooks {
    kept: Vec<Kept>,
    /// How many there are in all.
    count: usize,
}

#[derive(Clone, Debug)]
struct Kept {
    /// Its number.
    number: usize,
    look: RayLook,
    /// How often it came again, and in what distance.
    again: usize,
    every: Duration,
}

impl RayLooks {
    pub(super) fn push(&mut self, look: RayLook) {
        let number = self.count;
        self.kept.push(Kept { number, look, again: 0, every: Duration::ZERO });
        self.count += 1;
    }

    /// The last look came again `times` times, each time `every` later.
    pub(super) fn repeat(&mut self, times: usize, every: Duration) {
        if let Some(last) = self.kept.last_mut() {
            last.again += times;
            last.every = every;
            self.count += times;
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The look of that number.
    pub fn get(&self, number: usize) -> Option<RayLook> {
        let after = self.kept.partition_point(|it| it.number <= number);
        let kept = &self.kept[after.checked_sub(1)?];
        let again = number - kept.number;
        let at = kept.look.at + kept.every.times(again as i64);
        (again <= kept.again).then(|| RayLook { at, ..kept.look.clone() })
    }

    /// Looks that say something new, by number.
    pub fn news(&self) -> impl DoubleEndedIterator<Item = (usize, &RayLook)> + Clone {
        self.kept.iter().map(|it| (it.number, &it.look))
    }

    /// When each look was, and what it says.
    pub fn all(&self) -> impl Iterator<Item = (Instant, &RayLook)> {
        self.kept.iter().flat_map(|it| {
            let at = |again: usize| it.look.at + it.every.times(again as i64);
            (0..=it.again).map(move |again| (at(again), &it.look))
        })
    }
}
