//! Replicas over the values of a metric: the band without change, and where the metric is now.

use tidetable_core::{
    quantity::Quantity,
    report::{Language, Stair, Staircase},
    widget::{Panel, words::words},
};
use yew::{Html, html};

use super::chart::grid_line;
use super::scale::{grid_step, short, x};

const HEIGHT: f64 = 150.0;
const TOP: f64 = 10.0;
const AXIS: f64 = 20.0;

/// What it shares with those of other variants.
pub(super) struct Frame {
    pub(super) width: f64,
    /// How far it goes, to the right and up.
    pub(super) tops: [f64; 2],
}

/// How far it would go by itself: beyond the last step and the present value.
pub(super) fn tops(it: &Staircase, present: &str) -> [f64; 2] {
    let last = it.steps.iter().filter_map(|it| value(it.up_to.as_deref()?)).fold(0.0, f64::max);
    let present = value(present).unwrap_or(0.0);
    let most = it.steps.iter().map(|it| it.replicas).max().unwrap_or(1).max(1);
    let right = (last * 1.1).max(present * 1.25).max(if is_percent(it) { 100.0 } else { 1.0 });
    [right, f64::from(most)]
}

fn is_percent(it: &Staircase) -> bool {
    it.steps.iter().filter_map(|it| it.up_to.as_deref()).any(|it| it.ends_with('%'))
}

pub(super) fn staircase(
    it: &Staircase,
    [present, target]: [&str; 2],
    panel: &Panel,
    frame: &Frame,
    language: Language,
) -> Html {
    let words = words(language);
    let is_percent = is_percent(it);
    let Frame { width, tops: [most_x, most] } = *frame;
    let (present_at, target_at) = (value(present).unwrap_or(0.0), value(target));
    let step = grid_step(most, 4.0);
    let top = (most / step).ceil() * step;
    let y = move |replicas: f64| TOP + HEIGHT * (1.0 - replicas / top);
    let ends = |it: &Stair| {
        let from = it.above.as_deref().and_then(value).unwrap_or(0.0);
        let to = it.up_to.as_deref().and_then(value).unwrap_or(most_x);
        (x(width, from / most_x), x(width, to / most_x))
    };
    let mut path = String::new();
    for (index, step) in it.steps.iter().enumerate() {
        let ((from, to), y) = (ends(step), y(f64::from(step.replicas)));
        let letter = if index == 0 { 'M' } else { 'L' };
        path.push_str(&format!("{letter}{from:.1} {y:.1}L{to:.1} {y:.1}"));
    }
    let now = panel.reasons.as_ref().map_or(0.0, |it| it.from);
    let same = it.steps.iter().filter(|it| f64::from(it.replicas) == now);
    let band = same.map(ends).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
    let here = it.steps.iter().find(|it| it.is_present);
    let label = here.map(|here| format!("{present} → {}", here.replicas));
    let percent = if is_percent { "%" } else { "" };
    let grid = (0..=4).map(|it| f64::from(it) * step).take_while(|it| *it <= top);
    let values = grid_step(most_x, 5.0);
    let axis = (0..=6).map(|it| f64::from(it) * values).take_while(|it| *it <= most_x);
    html! {
        <figure class="chart">
            <figcaption><b>{ &it.metric }</b></figcaption>
            <svg viewBox={format!("0 0 {width} {}", TOP + HEIGHT + AXIS)} role="img"
                aria-label={format!("{}: {}", it.metric, label.clone().unwrap_or_default())}>
                { for grid.map(|it| grid_line(it, "", width, y(it))) }
                { for axis.map(|it| html! {
                    <text class="axis" x={x(width, it / most_x).to_string()}
                        y={(TOP + HEIGHT + 14.0).to_string()} text-anchor="middle">
                        { format!("{}{percent}", short(it)) }
                    </text>
                }) }
                if let Some((from, to)) = band {
                    <rect class="band" data-tone="hpa" x={from.to_string()} y={TOP.to_string()}
                        width={(to - from).max(0.0).to_string()} height={HEIGHT.to_string()} />
                    <text class="axis" x={f64::midpoint(from, to).to_string()}
                        y={(TOP + HEIGHT - 5.0).to_string()} text-anchor="middle">
                        { words.unchanged }
                    </text>
                }
                if let Some(target) = target_at.map(|it| x(width, it / most_x).to_string()) {
                    <path class="limit" data-tone="hpa"
                        d={format!("M{target} {TOP}V{}", TOP + HEIGHT)} />
                    <text class="axis" x={target} dx="4" y={(TOP + 9.0).to_string()}>
                        { words.target }
                    </text>
                }
                <path class="line" data-tone="hpa" d={path} />
                if let Some(here) = here {
                    { point(width, x(width, present_at / most_x), y(f64::from(here.replicas)),
                        label.unwrap_or_default()) }
                }
            </svg>
        </figure>
    }
}

fn point(width: f64, x: f64, y: f64, label: String) -> Html {
    let is_right = x > width * 0.6;
    let (anchor, dx) = if is_right { ("end", "-9") } else { ("start", "9") };
    html! {
        <>
            <circle class="point" data-tone="hpa" cx={x.to_string()} cy={y.to_string()} r="5" />
            <text class="label" x={x.to_string()} y={y.to_string()} {dx} dy="16"
                text-anchor={anchor}>{ label }</text>
        </>
    }
}

/// `85%`, `85 %` or a quantity as a number.
fn value(text: &str) -> Option<f64> {
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse().ok(),
        None => Quantity::parse(text).ok().map(|it| it.milli_value() as f64 / 1000.0),
    }
}
