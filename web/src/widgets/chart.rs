//! A chart over time as SVG: areas are what is, lines what is asked for, dashes limits.

use std::fmt::Write;

use tidetable_core::{
    report::{Chart, Points, Series, SeriesRole, Unit},
    widget::{Panel, words::clock},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};
use yew::{Callback, Html, Properties, component, html};

use super::scale::{LEFT, RIGHT, grid_step, short, time_step, x};
use crate::parts::tone_name;

const HEIGHT: f64 = 120.0;
const TOP: f64 = 8.0;
const MARKS: f64 = 18.0;
const AXIS: f64 = 18.0;

/// What a chart shares with the others of its panel.
pub(super) struct Frame<'a> {
    pub(super) panel: &'a Panel,
    /// How wide it is, in its own units.
    pub(super) width: f64,
    /// The highest value that fits.
    pub(super) top: f64,
    /// Whether the decisions stand above it.
    pub(super) has_marks: bool,
    /// Whether the time stands below it.
    pub(super) is_last: bool,
}

/// The highest value of a chart.
pub(super) fn top(chart: &Chart) -> f64 {
    let shown = chart.series.iter().filter(|it| !is_far_limit(chart, it));
    shown.flat_map(|it| it.points.values.iter().copied()).fold(1.0, f64::max)
}

/// A limit that would press everything else to the ground is named and not drawn.
fn is_far_limit(chart: &Chart, series: &Series) -> bool {
    let others = chart.series.iter().filter(|it| it.role != SeriesRole::Limit);
    let most = others.flat_map(|it| it.points.values.iter().copied()).fold(1.0, f64::max);
    let own = series.points.values.iter().copied().fold(0.0, f64::max);
    series.role == SeriesRole::Limit && own > 3.0 * most
}

pub(super) fn chart(chart: &Chart, frame: &Frame<'_>, set_cursor: Callback<f64>) -> Html {
    let end = frame.panel.end_ms.max(1.0);
    let width = frame.width;
    let step = grid_step(frame.top, 4.0);
    let top = (frame.top / step).ceil() * step;
    let above = if frame.has_marks { MARKS } else { TOP };
    let below = if frame.is_last { AXIS } else { 6.0 };
    let height = above + HEIGHT + below;
    let y = move |value: f64| above + HEIGHT * (1.0 - (value / top).clamp(0.0, 1.0));
    let onpointerdown = Callback::from(move |event: PointerEvent| {
        let target = event.current_target().and_then(|it| it.dyn_into::<Element>().ok());
        let Some(target) = target else { return };
        let place = target.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - place.left()) / place.width().max(1.0) * width;
        set_cursor.emit((at - LEFT) / (width - LEFT - RIGHT) * end);
    });
    let scale = Scale { width, end, base: above + HEIGHT, y: &y };
    let unit = match chart.unit {
        Unit::Percent => "%",
        Unit::MilliCpu => "m",
        Unit::RequestsPerSecond | Unit::Count | Unit::Bytes => "",
    };
    let cursor = x(width, frame.panel.at_ms / end).to_string();
    html! {
        <figure class="chart">
            <figcaption>
                <b>{ &chart.title }</b>
                { for chart.series.iter().filter(|it| it.role != SeriesRole::Band).map(legend) }
            </figcaption>
            <svg viewBox={format!("0 0 {width} {height}")} role="img" aria-label={told(chart)}
                {onpointerdown}>
                <Axes {width} {above} {step} {top} {unit} end={frame.is_last.then_some(end)} />
                { for drawn(chart, &scale) }
                if frame.has_marks {
                    { marks(frame, above) }
                }
                <line class="cursor" x1={cursor.clone()} x2={cursor} y1={above.to_string()}
                    y2={(above + HEIGHT).to_string()} />
            </svg>
        </figure>
    }
}

#[derive(PartialEq, Properties)]
struct AxesProps {
    width: f64,
    above: f64,
    step: f64,
    top: f64,
    unit: &'static str,
    end: Option<f64>,
}

/// The grid with its numbers, and the time below it; at most steps of a slider they stay.
#[component]
fn Axes(props: &AxesProps) -> Html {
    let AxesProps { width, above, step, top, unit, end } = *props;
    let lines = (0..=4).map(|it| f64::from(it) * step).take_while(|it| *it <= top);
    html! {
        <>
            { for lines.map(|it| grid_line(it, unit, width, above + HEIGHT * (1.0 - it / top))) }
            if let Some(end) = end {
                { times(width, end, above + HEIGHT + 13.0) }
            }
        </>
    }
}

/// The chart in words: where each series ends up.
fn told(chart: &Chart) -> String {
    let mut text = chart.title.clone();
    for series in chart.series.iter().filter(|it| it.role != SeriesRole::Band) {
        let values = &series.points.values;
        let most = values.iter().copied().fold(0.0, f64::max);
        let last = values.last().copied().unwrap_or(0.0);
        // Writing to a string can't fail.
        let _ = write!(text, "; {}: {} → {}", series.name, short(most), short(last));
    }
    text
}

fn legend(series: &Series) -> Html {
    html! {
        <span class="legend" data-tone={tone_name(series.tone)} data-role={role(series.role)}>
            { &series.name }
        </span>
    }
}

const fn role(role: SeriesRole) -> &'static str {
    match role {
        SeriesRole::Area => "area",
        SeriesRole::Line => "line",
        SeriesRole::Limit => "limit",
        SeriesRole::Ghost => "ghost",
        SeriesRole::Unserved => "unserved",
        SeriesRole::Band => "band",
    }
}

/// How values become places.
struct Scale<'a> {
    width: f64,
    end: f64,
    base: f64,
    y: &'a dyn Fn(f64) -> f64,
}

impl Scale<'_> {
    /// The corners of a step line.
    fn corners(&self, points: &Points) -> Vec<(f64, f64)> {
        let mut corners = Vec::new();
        for (at, value) in points.at_ms.iter().zip(&points.values) {
            let (x, y) = (x(self.width, at / self.end), (self.y)(*value));
            if let Some((_, before)) = corners.last().copied() {
                corners.push((x, before));
            }
            corners.push((x, y));
        }
        if let Some((_, last)) = corners.last().copied() {
            corners.push((x(self.width, 1.0), last));
        }
        corners
    }

    fn line(&self, points: &Points) -> String {
        path(&self.corners(points))
    }

    /// Down to the ground.
    fn area(&self, points: &Points) -> String {
        let mut corners = self.corners(points);
        if let (Some(first), Some(last)) = (corners.first().copied(), corners.last().copied()) {
            corners.extend([(last.0, self.base), (first.0, self.base)]);
        }
        path(&corners)
    }

    /// Between two step lines.
    fn between(&self, one: &Points, other: &Points) -> String {
        let mut corners = self.corners(one);
        corners.extend(self.corners(other).into_iter().rev());
        path(&corners)
    }
}

fn path(corners: &[(f64, f64)]) -> String {
    let mut path = String::new();
    for (index, (x, y)) in corners.iter().enumerate() {
        let letter = if index == 0 { 'M' } else { 'L' };
        // Writing to a string can't fail.
        let _ = write!(path, "{letter}{x:.1} {y:.1}");
    }
    path
}

fn drawn<'a>(chart: &'a Chart, scale: &'a Scale<'_>) -> impl Iterator<Item = Html> + 'a {
    let find = |role| move |it: &&Series| it.role == role;
    chart.series.iter().enumerate().map(move |(index, series)| {
        let points = &series.points;
        let path = match series.role {
            SeriesRole::Area => scale.area(points),
            SeriesRole::Unserved => match chart.series.iter().find(find(SeriesRole::Area)) {
                Some(served) => scale.between(points, &served.points),
                None => return Html::default(),
            },
            SeriesRole::Band => {
                // The first of the two draws both.
                let rest = &chart.series[index + 1..];
                match rest.iter().find(find(SeriesRole::Band)) {
                    Some(other) => scale.between(points, &other.points),
                    None => return Html::default(),
                }
            }
            SeriesRole::Line | SeriesRole::Limit | SeriesRole::Ghost => scale.line(points),
        };
        html! { <path class={role(series.role)} data-tone={tone_name(series.tone)} d={path} /> }
    })
}

pub(super) fn grid_line(value: f64, unit: &str, width: f64, y: f64) -> Html {
    let y = y.to_string();
    html! {
        <>
            <line class="grid" x1={LEFT.to_string()} x2={(width - RIGHT).to_string()}
                y1={y.clone()} y2={y.clone()} />
            <text class="axis" x={(LEFT - 6.0).to_string()} {y} dy="0.35em" text-anchor="end">
                { short(value) }{ unit }
            </text>
        </>
    }
}

pub(super) fn times(width: f64, end: f64, y: f64) -> Html {
    let step = time_step(width, end);
    let all = (0..=6).map(|it| f64::from(it) * step).take_while(|it| *it <= end);
    html! {
        { for all.map(|it| html! {
            <text class="axis" x={x(width, it / end).to_string()} y={y.to_string()} text-anchor="middle">
                { clock(it).trim_end_matches(" 00s").to_owned() }
            </text>
        }) }
    }
}

/// Decisions that acted: a tick each, and what they did where there is room.
fn marks(frame: &Frame<'_>, base: f64) -> Html {
    const ROOM: f64 = 34.0;
    let mut free_from = 0.0;
    let end = frame.panel.end_ms.max(1.0);
    let all = frame.panel.marks.iter().map(|mark| {
        let at = x(frame.width, mark.at_ms / end);
        let has_room = at - ROOM / 2.0 >= free_from;
        if has_room {
            free_from = at + ROOM / 2.0;
        }
        html! {
            <g data-tone={tone_name(mark.tone)} class="mark">
                <line x1={at.to_string()} x2={at.to_string()} y1={(base - 5.0).to_string()}
                    y2={base.to_string()} />
                if has_room {
                    <text x={at.to_string()} y={(base - 7.0).to_string()} text-anchor="middle">
                        { format!("{}→{}", mark.from, mark.to) }
                    </text>
                }
            </g>
        }
    });
    html! { <>{ for all }</> }
}
