//! A load's shape as a small picture.

use tidetable_core::{
    time::{Duration, Instant},
    workload::{Load, Shape},
};
use yew::prelude::*;

const WIDTH: f64 = 100.0;
const HEIGHT: f64 = 28.0;
/// More corners than this are not seen at this size.
const CHANGES_MAX: usize = 400;

/// `shape` over a run of `duration`.
pub(crate) fn load_picture(shape: &Shape, duration: Duration) -> Html {
    let load = Load { shapes: vec![shape.clone()] };
    let length = (duration.ms() as f64).max(1.0);
    let changes: Vec<(f64, f64)> = load
        .changes(Instant::ZERO, Instant::ZERO + duration)
        .take(CHANGES_MAX)
        .map(|it| (it.at.ms() as f64 / length * WIDTH, it.rate.rps()))
        .collect();
    let top = changes.iter().map(|it| it.1).fold(0.0, f64::max).max(1e-9);
    let mut path = format!("M0 {HEIGHT}");
    for (x, rate) in changes {
        let y = HEIGHT - rate / top * (HEIGHT - 2.0);
        path.push_str(&format!("H{x:.2}V{y:.2}"));
    }
    path.push_str(&format!("H{WIDTH}V{HEIGHT}"));
    html! {
        <svg
            class="load-picture"
            viewBox={format!("0 0 {WIDTH} {HEIGHT}")}
            preserveAspectRatio="none"
            aria-hidden="true"
        ><path d={path} /></svg>
    }
}
