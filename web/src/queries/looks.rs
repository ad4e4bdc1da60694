//! Which look, which decision: stepping through what an autoscaler did.

use tidetable_core::{
    Report,
    report::{Decision, Looks},
};

/// The last look at or before `at_ms`.
pub(crate) fn at_or_before(looks: &Looks, at_ms: f64) -> Option<usize> {
    looks.at_ms.partition_point(|&it| it <= at_ms).checked_sub(1)
}

/// The decision of `autoscaler` that comes next after look `look`, or before it.
pub(crate) fn neighbour(
    report: &Report,
    autoscaler: usize,
    look: usize,
    forward: bool,
) -> Option<&Decision> {
    let mut own = report.decisions.iter().filter(|it| it.autoscaler == autoscaler);
    if forward { own.find(|it| it.look > look) } else { own.rfind(|it| it.look < look) }
}

/// The last decision of `autoscaler` at or before `at_ms`, else its first.
pub(crate) fn decision_at(report: &Report, autoscaler: usize, at_ms: f64) -> Option<&Decision> {
    let mut own = report.decisions.iter().filter(|it| it.autoscaler == autoscaler);
    own.clone().rfind(|it| it.at_ms <= at_ms).or_else(|| own.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_holds_until_the_next() {
        let looks = Looks { at_ms: vec![15.0, 30.0], from: vec![1.0; 2], to: vec![1.0; 2] };
        let cases =
            [(0.0, None), (15.0, Some(0)), (29.0, Some(0)), (30.0, Some(1)), (9e9, Some(1))];
        for (at_ms, expected) in cases {
            assert_eq!(at_or_before(&looks, at_ms), expected, "{at_ms}");
        }
    }
}
