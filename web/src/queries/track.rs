//! A decision track: one autoscaler's looks as ticks, its decisions as marks with labels.
//!
//! Labels of marks that stand close together become one: `1→4`, `4→5` reads `1→4→5`.

use tidetable_core::{Report, report::Decision};

use super::{axis::Range, numbers};

/// One mark of a track.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackMark {
    /// Index into the autoscaler's looks.
    pub(crate) look: usize,
    /// Milliseconds since the start of the run.
    pub(crate) at_ms: f64,
    /// As `4→5`; for a decision that only changed its reason, the count that stays.
    pub(crate) change: String,
    /// Whether it wrote a count.
    pub(crate) acts: bool,
}

/// One label beside the last mark of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TrackLabel {
    /// Beside this instant.
    pub(crate) at_ms: f64,
    /// As `1→4→5`.
    pub(crate) text: String,
    /// Whether it stands on the left, since there is no room on the right.
    pub(crate) left: bool,
}

/// Width of a character of a label, in pixels; labels are short, so this is near enough.
const CHARACTER_PX: f64 = 7.0;
/// Between a mark and its label, and between a label and the next mark.
const GAP_PX: f64 = 6.0;
/// A chain with more counts than this shows its ends only.
const CHAIN_MAX: usize = 4;

/// The marks of `autoscaler` within `range`, by time.
pub(crate) fn marks(report: &Report, autoscaler: usize, range: Range) -> Vec<TrackMark> {
    let own = report.decisions.iter().filter(|it| it.autoscaler == autoscaler);
    own.filter(|it| range.contains(it.at_ms)).map(mark).collect()
}

fn mark(decision: &Decision) -> TrackMark {
    let (from, to) = (decision.explanation.from, decision.explanation.to);
    let change = if decision.acts {
        format!("{}→{}", numbers::tenth(from), numbers::tenth(to))
    } else {
        numbers::tenth(to)
    };
    TrackMark { look: decision.look, at_ms: decision.at_ms, change, acts: decision.acts }
}

/// The labels of `marks` on a track that is `width` pixels wide.
pub(crate) fn labels(marks: &[TrackMark], range: Range, width: f64) -> Vec<TrackLabel> {
    let place = |at_ms: f64| range.share(at_ms) * width;
    let mut labels: Vec<TrackLabel> = Vec::new();
    for mark in marks.iter().filter(|it| it.acts) {
        match labels.last_mut() {
            Some(last) if place(mark.at_ms) < end(last, place(last.at_ms)) => {
                last.text = joined(&last.text, &mark.change);
                last.at_ms = mark.at_ms;
            }
            _ => labels.push(TrackLabel {
                at_ms: mark.at_ms,
                text: mark.change.clone(),
                left: false,
            }),
        }
    }
    for label in &mut labels {
        label.text = shortened(&label.text);
        label.left = end(label, place(label.at_ms)) > width + GAP_PX;
    }
    labels
}

fn end(label: &TrackLabel, at_px: f64) -> f64 {
    let characters = shortened(&label.text).chars().count() as f64;
    at_px + GAP_PX + characters * CHARACTER_PX + GAP_PX
}

fn joined(chain: &str, change: &str) -> String {
    let (from, to) = change.split_once('→').unwrap_or((change, change));
    let last = chain.rsplit('→').next().unwrap_or_default();
    if last == from { format!("{chain}→{to}") } else { format!("{chain}→{from}→{to}") }
}

fn shortened(chain: &str) -> String {
    let counts: Vec<&str> = chain.split('→').collect();
    if counts.len() <= CHAIN_MAX {
        return chain.to_owned();
    }
    format!("{}→{}→…→{}", counts[0], counts[1], counts[counts.len() - 1])
}

/// The ticks of a track as an SVG path in a box of `width` by 4, at most one tick a pixel.
pub(crate) fn ticks(at_ms: &[f64], range: Range, width: f64) -> String {
    let mut path = String::new();
    let mut last = f64::NEG_INFINITY;
    for &at in at_ms.iter().filter(|&&it| range.contains(it)) {
        let x = (range.share(at) * width).round();
        if x - last >= 2.0 {
            path.push_str(&format!("M{x} 0v4"));
            last = x;
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(changes: &[(f64, &str)], width: f64) -> Vec<(f64, String, bool)> {
        let marks: Vec<_> = changes
            .iter()
            .map(|&(at_ms, change)| TrackMark {
                look: 0,
                at_ms,
                change: change.to_owned(),
                acts: true,
            })
            .collect();
        let range = Range { from: 0.0, to: 100.0 };
        labels(&marks, range, width).into_iter().map(|it| (it.at_ms, it.text, it.left)).collect()
    }

    #[test]
    fn labels_of_near_marks_merge() {
        let label = |at: f64, text: &str, left| (at, text.to_owned(), left);
        assert_eq!(told(&[(10.0, "1→4"), (12.0, "4→5")], 500.0), [label(12.0, "1→4→5", false)]);
        assert_eq!(
            told(&[(10.0, "1→4"), (80.0, "5→3")], 500.0),
            [label(10.0, "1→4", false), label(80.0, "5→3", false)]
        );
        assert_eq!(told(&[(99.0, "5→3")], 500.0), [label(99.0, "5→3", true)]);
    }

    #[test]
    fn a_long_chain_shows_its_ends() {
        let changes = [(1.0, "1→2"), (2.0, "2→4"), (3.0, "4→8"), (4.0, "8→16"), (5.0, "16→32")];
        assert_eq!(told(&changes, 500.0)[0].1, "1→2→…→32");
    }

    #[test]
    fn ticks_that_would_touch_are_left_out() {
        let at_ms = [0.0, 0.1, 50.0, 100.0, 200.0];
        let range = Range { from: 0.0, to: 100.0 };
        assert_eq!(ticks(&at_ms, range, 100.0), "M0 0v4M50 0v4M100 0v4");
    }
}
