//! One bar a scale-up: where the seconds went between more load and the first pod more.

use tidetable_core::{
    Delay,
    report::{Language, Tone},
    widget::words::{clock, delay_part, words},
};
use yew::{Html, html};

use super::scale::WIDTH;
use crate::parts::tone_name;

const BAR: f64 = 20.0;

pub(super) fn delays(all: &[(String, Tone, Delay)], language: Language) -> Html {
    let longest = all.iter().map(|it| length(&it.2)).fold(1.0, f64::max);
    html! { <>{ for all.iter().map(|it| delay(it, longest, language)) }</> }
}

fn length(delay: &Delay) -> f64 {
    delay.parts.last().map_or(0.0, |it| it.1.since(delay.from).ms() as f64)
}

fn delay((who, tone, delay): &(String, Tone, Delay), longest: f64, language: Language) -> Html {
    let words = words(language);
    let mut parts = Vec::new();
    let mut from = delay.from;
    for (part, until) in &delay.parts {
        let took = until.since(from).ms() as f64;
        parts.push((from.since(delay.from).ms() as f64, took, delay_part(*part, language)));
        from = *until;
    }
    let place = |ms: f64| ms / longest * WIDTH;
    html! {
        <figure class="chart delay" data-tone={tone_name(*tone)}>
            <figcaption>
                <b>{ format!("{who}: {} {}", words.total, clock(length(delay))) }</b>
            </figcaption>
            <svg viewBox={format!("0 0 {WIDTH} {BAR}")} aria-hidden="true">
                { for parts.iter().enumerate().map(|(index, (start, took, _))| html! {
                    <rect class="part" data-part={(index % 2).to_string()}
                        x={place(*start).to_string()} y="0" height={BAR.to_string()}
                        width={place(*took).max(1.0).to_string()} />
                }) }
            </svg>
            <ol>
                { for parts.iter().map(|(_, took, what)| html! {
                    <li><span>{ *what }</span><b>{ clock(*took) }</b></li>
                }) }
            </ol>
        </figure>
    }
}
