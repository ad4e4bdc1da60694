//! The values of one metric at which the next look would answer otherwise.

use tidetable_core::report::{Stair, Staircase};
use yew::prelude::*;

use crate::strings::Strings;

pub(super) fn staircase(staircase: &Staircase, strings: &Strings) -> Html {
    html! {
        <table class="stairs">
            <caption>{ (strings.staircase)(&staircase.metric) }</caption>
            <thead>
                <tr>
                    { for [strings.above, strings.up_to, strings.asks_for, strings.next_look]
                        .map(|it| html! { <th scope="col">{ it }</th> }) }
                </tr>
            </thead>
            <tbody>{ for staircase.steps.iter().map(|it| step(it, strings)) }</tbody>
        </table>
    }
}

fn step(stair: &Stair, strings: &Strings) -> Html {
    let end = |it: &Option<String>| it.clone().unwrap_or_else(|| "–".to_owned());
    let proposal = stair.proposal.map_or_else(|| "–".to_owned(), |it| it.to_string());
    html! {
        <tr aria-current={stair.is_present.then_some("true")}>
            <td>{ end(&stair.above) }</td>
            <td>{ end(&stair.up_to) }</td>
            <td>{ proposal }</td>
            <td>
                { stair.replicas }
                if stair.is_present {
                    <span class="stairs-now">{ strings.right_now }</span>
                }
            </td>
        </tr>
    }
}
