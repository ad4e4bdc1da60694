//! From values to places in a drawing.

/// The drawing's own units; the style sheet scales it.
pub(super) const WIDTH: f64 = 640.0;
/// Of one among several: its text keeps about the same size.
pub(super) const NARROW: f64 = 330.0;
pub(super) const LEFT: f64 = 40.0;
pub(super) const RIGHT: f64 = 12.0;

/// Where the share `share` of the plot stands in a drawing of that width.
pub(super) fn x_in(width: f64, share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * (width - LEFT - RIGHT)
}

/// The same in a drawing of the whole width.
pub(super) fn x(share: f64) -> f64 {
    x_in(WIDTH, share)
}

/// A round distance that cuts `most` in about `parts`.
pub(super) fn grid_step(most: f64, parts: f64) -> f64 {
    let mut step = 1.0;
    // Values of a chart are far from where this would not end.
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(60) {
        if step * parts >= most {
            break;
        }
        step *= factor;
    }
    step
}

/// A round time that cuts a run in at most six.
pub(super) fn time_step(end_ms: f64) -> f64 {
    const MINUTES: [f64; 10] = [0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 240.0, 1440.0];
    let step = MINUTES.into_iter().find(|it| it * 60_000.0 * 6.0 >= end_ms);
    step.unwrap_or(10_080.0) * 60_000.0
}

/// A number for an axis.
pub(super) fn short(value: f64) -> String {
    if value >= 1e9 {
        format!("{}G", (value / 1e8).round() / 10.0)
    } else if value >= 1e6 {
        format!("{}M", (value / 1e5).round() / 10.0)
    } else {
        ((value * 100.0).round() / 100.0).to_string()
    }
}
