//! How a request rate moves over time.
//!
//! Every shape is a staircase: constant between the instants that [`Shape::next_change`] names.
//! Steps are so by nature. A slope is cut into equal pieces, each with the rate in its middle, so
//! that as many requests arrive as on the slope itself:
//!
//! * a ramp, and each flank of a spike: at most 60 pieces, none shorter than a second;
//! * a wave: 288 pieces a period (5 minutes of a day), none shorter than 5 seconds;
//! * points joined by lines: at most 60 pieces a line, none shorter than 5 seconds.
//!
//! A day's wave therefore costs 288 changes, and no shape more than 17,280 a day, ramps aside.

use crate::math;
use crate::time::{Duration, Instant};

use super::Rate;

/// How a request rate moves over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Always the same.
    Constant(Rate),
    /// `from`, then `to` from `at` on, then `from` again from `until` on.
    Step {
        /// When it rises or falls.
        at: Instant,
        /// Before and after.
        from: Rate,
        /// In between.
        to: Rate,
        /// When it returns; never, if absent.
        until: Option<Instant>,
    },
    /// A straight line from `from` to `to`.
    Ramp {
        /// Up to `start`.
        from: Rate,
        /// From `end` on.
        to: Rate,
        /// Where the line begins.
        start: Instant,
        /// Where the line ends, not before `start`.
        end: Instant,
    },
    /// A burst: up, a plateau, down.
    Spike {
        /// Before and after.
        base: Rate,
        /// On the plateau.
        peak: Rate,
        /// Where it leaves the base.
        at: Instant,
        /// How long the way up takes.
        rise: Duration,
        /// How long it stays.
        hold: Duration,
        /// How long the way down takes.
        fall: Duration,
    },
    /// A smooth wave, the raised cosine, as day and night make it.
    Wave {
        /// Half a period away from the peak.
        low: Rate,
        /// At the peak.
        high: Rate,
        /// From peak to peak: a minute or more, a shorter one is no wave any more.
        period: Duration,
        /// One of the peaks.
        peak_at: Instant,
    },
    /// Given points, in the order of time. The first holds before it, the last after it.
    Points {
        /// The points, with strictly growing times. None: no load.
        points: Vec<Point>,
        /// What lies between two of them.
        interpolation: Interpolation,
    },
}

/// One point of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// When.
    pub at: Instant,
    /// How much.
    pub rate: Rate,
}

/// What lies between two points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The earlier point's rate.
    Step,
    /// A straight line.
    Linear,
}

const SLOPE_PIECES: i64 = 60;
const WAVE_PIECES: i64 = 288;
const SHORT_PIECE: Duration = Duration::from_seconds(1);
const LONG_PIECE: Duration = Duration::from_seconds(5);

impl Shape {
    /// The rate at `now`.
    pub fn rate_at(&self, now: Instant) -> Rate {
        match self {
            Self::Constant(rate) => *rate,
            Self::Step { at, from, to, until } => {
                let over = until.is_some_and(|until| now >= until);
                if now < *at || over { *from } else { *to }
            }
            Self::Ramp { from, to, start, end } => {
                Slope::new([*start, *end], [*from, *to], SHORT_PIECE).rate_at(now)
            }
            Self::Spike { base, peak, at, rise, hold, fall } => {
                let [up, down] = flanks([*base, *peak], *at, [*rise, *hold, *fall]);
                if now < down.start { up.rate_at(now) } else { down.rate_at(now) }
            }
            Self::Wave { low, high, period, peak_at } => {
                let turns = WaveGrid::new(*peak_at, *period).middle(now);
                let share = f64::midpoint(1.0, math::cosine_of_turns(turns));
                let (low, high) = (low.micro(), high.micro());
                Rate::from_micro(low + ((high - low) as f64 * share + 0.5).floor() as i64)
            }
            Self::Points { points, interpolation } => rate_of_points(points, *interpolation, now),
        }
    }

    /// The next instant after `now` at which the rate may differ.
    pub fn next_change(&self, now: Instant) -> Option<Instant> {
        match self {
            Self::Constant(_) => None,
            Self::Step { at, until, .. } => {
                [Some(*at), *until].into_iter().flatten().filter(|&change| change > now).min()
            }
            Self::Ramp { from, to, start, end } => {
                Slope::new([*start, *end], [*from, *to], SHORT_PIECE).next_change(now)
            }
            Self::Spike { base, peak, at, rise, hold, fall } => {
                let flanks = flanks([*base, *peak], *at, [*rise, *hold, *fall]);
                flanks.iter().filter_map(|flank| flank.next_change(now)).min()
            }
            Self::Wave { low, high, .. } if low == high => None,
            Self::Wave { period, peak_at, .. } => WaveGrid::new(*peak_at, *period).next_edge(now),
            Self::Points { points, interpolation } => {
                let next = points.partition_point(|point| point.at <= now);
                match (interpolation, next.checked_sub(1).map(|before| points[before])) {
                    (Interpolation::Linear, Some(before)) if next < points.len() => {
                        Slope::between(before, points[next]).next_change(now)
                    }
                    _ => points.get(next).map(|point| point.at),
                }
            }
        }
    }
}

/// The way up and the way down of a spike.
fn flanks([base, peak]: [Rate; 2], at: Instant, [rise, hold, fall]: [Duration; 3]) -> [Slope; 2] {
    let top = at + rise;
    let edge = top + hold;
    [
        Slope::new([at, top], [base, peak], SHORT_PIECE),
        Slope::new([edge, edge + fall], [peak, base], SHORT_PIECE),
    ]
}

fn rate_of_points(points: &[Point], interpolation: Interpolation, now: Instant) -> Rate {
    let next = points.partition_point(|point| point.at <= now);
    let before = next.checked_sub(1).map(|index| points[index]);
    match (before, points.get(next), interpolation) {
        (Some(before), Some(&after), Interpolation::Linear) => {
            Slope::between(before, after).rate_at(now)
        }
        (Some(before), _, _) => before.rate,
        (None, Some(first), _) => first.rate,
        (None, None, _) => Rate::ZERO,
    }
}

/// A straight line, cut into equal pieces.
#[derive(Clone, Copy)]
struct Slope {
    start: Instant,
    length_ms: i64,
    pieces: i64,
    from: Rate,
    to: Rate,
}

impl Slope {
    fn new([start, end]: [Instant; 2], [from, to]: [Rate; 2], shortest: Duration) -> Self {
        let length_ms = end.since(start).ms();
        let pieces = (length_ms / shortest.ms()).clamp(1, SLOPE_PIECES);
        Self { start, length_ms, pieces, from, to }
    }

    fn between(before: Point, after: Point) -> Self {
        Self::new([before.at, after.at], [before.rate, after.rate], LONG_PIECE)
    }

    /// The piece that holds `now`: -1 before the line, `pieces` after it.
    fn piece(&self, now: Instant) -> i64 {
        if now < self.start {
            return -1;
        }
        let into = now.since(self.start).ms();
        if into >= self.length_ms {
            return self.pieces;
        }
        // Edges round down, so the quotient may name the piece before an edge just reached.
        let guess =
            (i128::from(into) * i128::from(self.pieces) / i128::from(self.length_ms)) as i64;
        if self.edge(guess + 1) <= now { guess + 1 } else { guess }
    }

    /// Where piece `piece` begins.
    fn edge(&self, piece: i64) -> Instant {
        let ms = i128::from(self.length_ms) * i128::from(piece) / i128::from(self.pieces);
        self.start + Duration::from_ms(ms as i64)
    }

    fn rate_at(&self, now: Instant) -> Rate {
        let piece = self.piece(now);
        if piece < 0 {
            return self.from;
        }
        if piece >= self.pieces {
            return self.to;
        }
        let rise = i128::from(self.to.micro() - self.from.micro());
        let share = rise * i128::from(2 * piece + 1) / i128::from(2 * self.pieces);
        Rate::from_micro(self.from.micro() + share as i64)
    }

    fn next_change(&self, now: Instant) -> Option<Instant> {
        let piece = self.piece(now);
        (piece < self.pieces).then(|| self.edge(piece + 1)).filter(|&edge| edge > now)
    }
}

/// The pieces of a wave, counted from one of its peaks.
struct WaveGrid {
    peak_at: Instant,
    period_ms: i64,
    pieces: i64,
}

impl WaveGrid {
    fn new(peak_at: Instant, period: Duration) -> Self {
        let period_ms = period.ms().max(1);
        let pieces = (period_ms / LONG_PIECE.ms()).clamp(1, WAVE_PIECES);
        Self { peak_at, period_ms, pieces }
    }

    /// The start of the period that holds `now`, in milliseconds, and the piece within it.
    fn place(&self, now: Instant) -> (i128, i64) {
        let into = i128::from(now.ms()) - i128::from(self.peak_at.ms());
        let rest = into.rem_euclid(i128::from(self.period_ms));
        let guess = (rest * i128::from(self.pieces) / i128::from(self.period_ms)) as i64;
        let piece = if self.edge(guess + 1) <= rest { guess + 1 } else { guess };
        (i128::from(now.ms()) - rest, piece)
    }

    /// Where `piece` begins within its period, in milliseconds.
    fn edge(&self, piece: i64) -> i128 {
        i128::from(self.period_ms) * i128::from(piece) / i128::from(self.pieces)
    }

    /// Turns since the peak, in the middle of the piece that holds `now`.
    fn middle(&self, now: Instant) -> f64 {
        let (_, piece) = self.place(now);
        (2 * piece + 1) as f64 / (2 * self.pieces) as f64
    }

    /// Where the piece that holds `now` ends; none beyond the end of all time.
    fn next_edge(&self, now: Instant) -> Option<Instant> {
        let (start, piece) = self.place(now);
        i64::try_from(start + self.edge(piece + 1)).ok().map(Instant::from_ms)
    }
}
