//! What one target is asked to serve: its shapes, added up.

use crate::time::Instant;

use super::{Rate, Shape};

/// The requests for one target. Shapes add up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// The parts; none means no load.
    pub shapes: Vec<Shape>,
}

/// From `at` on, `rate` requests per second arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Instant,
    /// The new rate.
    pub rate: Rate,
}

impl Load {
    /// The rate at `now`.
    pub fn rate_at(&self, now: Instant) -> Rate {
        self.shapes.iter().fold(Rate::ZERO, |sum, shape| sum + shape.rate_at(now))
    }

    /// The next instant after `now` at which the rate may differ.
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        self.shapes.iter().filter_map(|shape| shape.next_change(now)).min()
    }

    /// The rate at `from`, then each change of it up to `to`, `to` included.
    ///
    /// ```
    /// # use tidetable_core::{time::Instant, workload::{Load, Rate, Shape}};
    /// let step = Shape::Step {
    ///     at: Instant::from_seconds(120),
    ///     from: Rate::from_rps(20.0),
    ///     to: Rate::from_rps(160.0),
    ///     until: None,
    /// };
    /// let load = Load { shapes: vec![step] };
    /// let changes = load.changes(Instant::ZERO, Instant::from_seconds(600));
    /// let seen: Vec<_> = changes.map(|it| (it.at.to_string(), it.rate.rps())).collect();
    /// assert_eq!(seen, [("0s".to_owned(), 20.0), ("2m 00s".to_owned(), 160.0)]);
    /// ```
    pub fn changes(&self, from: Instant, to: Instant) -> impl Iterator<Item = Change> {
        let first = Change { at: from, rate: self.rate_at(from) };
        let after = move |last: &Change| {
            let mut at = last.at;
            loop {
                at = self.next_change(at).filter(|&next| next <= to)?;
                let rate = self.rate_at(at);
                if rate != last.rate {
                    return Some(Change { at, rate });
                }
            }
        };
        std::iter::successors((from <= to).then_some(first), after)
    }
}
