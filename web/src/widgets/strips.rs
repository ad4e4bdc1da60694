//! One strip a pod: as what it counted, from one look to the next.

use tidetable_core::{
    report::{Language, PodCount},
    widget::{
        Panel,
        picture::{Stretch, Strip},
        words::{clock, pod_count},
    },
};
use yew::{Html, html};

use super::{chart::times, scale::x};

const ROW: f64 = 22.0;
const BAR: f64 = 13.0;

const KINDS: [PodCount; 4] = [PodCount::Counted, PodCount::Full, PodCount::Zero, PodCount::Ignored];

pub(super) fn strips(strips: &[Strip], panel: &Panel, width: f64, language: Language) -> Html {
    let end = panel.end_ms.max(1.0);
    let height = ROW * strips.len() as f64;
    html! {
        <figure class="chart strips">
            <figcaption>
                { for KINDS.map(|it| html! {
                    <span class="legend" data-counted={name(it)}>{ pod_count(it, language) }</span>
                }) }
            </figcaption>
            <svg viewBox={format!("0 0 {width} {}", height + 18.0)} role="img"
                aria-label={told(strips, language)}>
                { for strips.iter().enumerate().map(|(row, strip)| {
                    let top = ROW * row as f64 + 4.0;
                    html! {
                        <g>
                            <text class="axis pod" x="0" y={(top + BAR - 2.5).to_string()}>
                                { short_name(&strip.pod) }
                            </text>
                            { for strip.stretches.iter().map(|it| bar(it, top, width, end)) }
                        </g>
                    }
                }) }
                { times(width, end, height + 13.0) }
            </svg>
        </figure>
    }
}

fn bar(it: &Stretch, top: f64, width: f64, end: f64) -> Html {
    let (from, to) = (x(width, it.from_ms / end), x(width, it.to_ms / end));
    html! {
        <rect class="strip" data-counted={name(it.counted)} x={from.to_string()}
            y={top.to_string()} width={(to - from).max(0.5).to_string()} height={BAR.to_string()}>
            <title>
                { format!("{} – {}: {}", clock(it.from_ms), clock(it.to_ms), it.label) }
            </title>
        </rect>
    }
}

fn told(strips: &[Strip], language: Language) -> String {
    let strip = |it: &Strip| {
        let stretches = it.stretches.iter().map(|it| {
            format!("{} {} ({})", clock(it.from_ms), pod_count(it.counted, language), it.label)
        });
        format!("{}: {}", it.pod, stretches.collect::<Vec<_>>().join(", "))
    };
    strips.iter().map(strip).collect::<Vec<_>>().join("; ")
}

/// The end of a pod's name tells pods of a workload apart.
fn short_name(pod: &str) -> String {
    pod.rsplit('-').next().unwrap_or(pod).to_owned()
}

const fn name(counted: PodCount) -> &'static str {
    match counted {
        PodCount::Counted => "counted",
        PodCount::Full => "full",
        PodCount::Zero => "zero",
        PodCount::Ignored => "ignored",
    }
}
