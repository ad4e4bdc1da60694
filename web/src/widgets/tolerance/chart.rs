//! The staircase: replicas asked for at each whole per cent, and the band without change.

use std::fmt::Write;

use yew::{Html, Properties, component, html};

use super::{Answer, MOST_USAGE, words::Words};

// The drawing's own units; the style sheet scales it.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 34.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 22.0;

#[derive(PartialEq, Properties)]
pub(super) struct StaircaseProps {
    pub(super) current: i32,
    pub(super) target: i32,
    pub(super) usage: i32,
    pub(super) words: &'static Words,
}

#[component]
pub(super) fn Staircase(props: &StaircaseProps) -> Html {
    let StaircaseProps { current, target, usage, words } = *props;
    let answers: Vec<Answer> =
        (0..=MOST_USAGE).map(|usage| Answer::of(current, usage, target)).collect();
    let most = answers.iter().map(|it| it.replicas).max().unwrap_or(0).max(current).max(1);
    let step = grid_step(most);
    let top = (most + step - 1) / step * step;
    let y = move |replicas: i32| {
        HEIGHT - BOTTOM - f64::from(replicas) / f64::from(top) * (HEIGHT - TOP - BOTTOM)
    };

    let here = Answer::of(current, usage, target);
    let label = format!("{usage}{} → {}{}", words.percent, here.replicas, words.replicas);
    let is_right = usage > MOST_USAGE * 3 / 5;
    let label_x = x(usage) + if is_right { -10.0 } else { 10.0 };
    let anchor = if is_right { "end" } else { "start" };
    // Below the line, unless the axis is in the way.
    let label_y = (y(here.replicas) + 18.0).min(y(0) - 6.0);
    html! {
        <svg class="widget-chart" viewBox={format!("0 0 {WIDTH} {HEIGHT}")} role="img"
            aria-label={format!("{}: {label}", words.title)}>
            <text class="widget-title" x={LEFT.to_string()} y="14">{ words.title }</text>
            { for (0..=top).step_by(step as usize).map(|it| grid_line(it, y(it))) }
            { for [0, 50, 100, 150, 200].map(|it| axis_label(it, words)) }
            { band(&answers, words) }
            <path class="widget-line" d={staircase(&answers, y)} />
            <circle class="widget-point" cx={x(usage).to_string()}
                cy={y(here.replicas).to_string()} r="5" />
            <text class="widget-label" x={label_x.to_string()} y={label_y.to_string()}
                text-anchor={anchor}>{ label }</text>
        </svg>
    }
}

/// Where a utilization stands.
fn x(usage: i32) -> f64 {
    LEFT + f64::from(usage) / f64::from(MOST_USAGE) * (WIDTH - LEFT - RIGHT)
}

/// A round distance that gives three to five lines.
fn grid_step(most: i32) -> i32 {
    const STEPS: [i32; 10] = [1, 2, 4, 5, 10, 20, 50, 100, 200, 500];
    STEPS.into_iter().find(|step| most <= step * 4).unwrap_or(1000)
}

fn grid_line(replicas: i32, y: f64) -> Html {
    let y = y.to_string();
    html! {
        <>
            <line class="widget-grid" x1={LEFT.to_string()} x2={(WIDTH - RIGHT).to_string()}
                y1={y.clone()} y2={y.clone()} />
            <text class="widget-axis" x={(LEFT - 8.0).to_string()} {y} dy="0.35em"
                text-anchor="end">{ replicas }</text>
        </>
    }
}

fn axis_label(usage: i32, words: &Words) -> Html {
    html! {
        <text class="widget-axis" x={x(usage).to_string()} y={(HEIGHT - 6.0).to_string()}
            text-anchor="middle">{ format!("{usage}{}", words.percent) }</text>
    }
}

/// The utilizations at which nothing changes.
fn band(answers: &[Answer], words: &Words) -> Html {
    let within = |it: &Answer| it.is_within;
    let (Some(first), Some(last)) =
        (answers.iter().position(within), answers.iter().rposition(within))
    else {
        return Html::default();
    };
    let (left, right) = (x(first as i32), x(last as i32));
    html! {
        <>
            <rect class="widget-band" x={left.to_string()} y={TOP.to_string()}
                width={(right - left).to_string()} height={(HEIGHT - TOP - BOTTOM).to_string()} />
            <text class="widget-axis" x={f64::midpoint(left, right).to_string()}
                y={(HEIGHT - BOTTOM - 6.0).to_string()} text-anchor="middle">
                { words.no_change }
            </text>
        </>
    }
}

/// Level at each whole per cent: the controller knows no others.
fn staircase(answers: &[Answer], y: impl Fn(i32) -> f64) -> String {
    let mut path = String::new();
    let mut before = None;
    for (usage, answer) in (0..).zip(answers) {
        let (x, y) = (x(usage), y(answer.replicas));
        // Writing to a string can't fail.
        let _ = match before {
            None => write!(path, "M{x} {y}"),
            Some(before) if before == answer.replicas => Ok(()),
            Some(_) => write!(path, "H{x}V{y}"),
        };
        before = Some(answer.replicas);
    }
    let _ = write!(path, "H{}", x(MOST_USAGE));
    path
}
