//! From values to places in a drawing.

/// The drawing's own units; the style sheet scales it.
pub(super) const WIDTH: f64 = 640.0;
/// Of one among several, and on a phone.
pub(super) const NARROW: f64 = 330.0;
pub(super) const LEFT: f64 = 40.0;
pub(super) const RIGHT: f64 = 12.0;

/// How wide a drawing is: narrow where it has little room, so that its text keeps its size.
pub(super) fn width(panels: usize) -> f64 {
    const PHONE: f64 = 560.0;
    let window = gloo::utils::window().inner_width().ok().and_then(|it| it.as_f64());
    if panels > 1 || window.is_some_and(|it| it < PHONE) { NARROW } else { WIDTH }
}

/// Where the share `share` of the plot stands in a drawing of that width.
pub(super) fn x(width: f64, share: f64) -> f64 {
    LEFT + share.clamp(0.0, 1.0) * (width - LEFT - RIGHT)
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

/// A round time that cuts a run in at most six, or three in a narrow drawing.
pub(super) fn time_step(width: f64, end_ms: f64) -> f64 {
    const MINUTES: [f64; 10] = [0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 240.0, 1440.0];
    let step = MINUTES.into_iter().find(|it| it * 60_000.0 * 6.0 >= end_ms * WIDTH / width);
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
