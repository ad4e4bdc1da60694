//! One Ray cluster: its nodes, what waits, and what its autoscaler does at its next look. How many
//! wait can be typed: it is written into the pasted status.

use tidetable_core::report::{NowCluster, NowNodes, NowWaiting};
use yew::prelude::*;

use super::heading;
use crate::{
    app::Message,
    parts::{TextField, message_view},
    strings::Strings,
};

/// `index` is its place among all that can be chosen.
pub(super) fn cluster(
    it: &NowCluster,
    index: usize,
    is_chosen: bool,
    send: &Callback<Message>,
    strings: &Strings,
) -> Html {
    let name =
        if it.name.is_empty() { strings.unknown_cluster.to_owned() } else { it.name.clone() };
    let note = it.explanation.as_ref().map(|it| message_view(&it.note, None));
    html! {
        <article class="now-hpa now-cluster" key={format!("{}/{}", it.id, it.span.start)} data-tone="ray">
            { heading(name, it.explanation.is_some().then_some(index), is_chosen, send) }
            <p class="now-verdict" aria-live="polite">
                { message_view(&it.verdict, None) }
                { " " }
                <span class="decision-note">{ note }</span>
            </p>
            if !it.nodes.is_empty() {
                { nodes(&it.nodes, strings) }
            }
            if !it.waiting.is_empty() {
                <h3>{ strings.waiting_work }</h3>
                <div class="now-inputs">
                    { for it.waiting.iter().map(|it| waiting(it, send, strings)) }
                </div>
            } else if !it.nodes.is_empty() {
                <p class="now-nothing">{ strings.nothing_waits }</p>
            }
            if !it.assumptions.is_empty() {
                <h3>{ strings.taken_for_granted }</h3>
                <ul class="now-assumptions">
                    { for it.assumptions.iter().map(|it| html! { <li>{ message_view(it, None) }</li> }) }
                </ul>
            }
        </article>
    }
}

/// How many of each type run, idle, come and failed.
fn nodes(nodes: &[NowNodes], strings: &Strings) -> Html {
    html! {
        <table class="stairs now-nodes">
            <caption>{ strings.told_nodes }</caption>
            <thead>
                <tr>
                    { for strings.node_columns.map(|it| html! { <th scope="col">{ it }</th> }) }
                </tr>
            </thead>
            <tbody>
                { for nodes.iter().map(|it| html! {
                    <tr>
                        <th scope="row">{ it.node_type.clone() }</th>
                        { for [it.active, it.idle, it.pending, it.failed].map(count) }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn count(count: i64) -> Html {
    let text = if count == 0 { "–".to_owned() } else { count.to_string() };
    html! { <td>{ text }</td> }
}

fn waiting(it: &NowWaiting, send: &Callback<Message>, strings: &Strings) -> Html {
    let span = it.span;
    html! {
        <div class="now-input" key={span.start.to_string()} data-origin="read">
            <TextField
                name={it.what.clone()}
                value={it.count.to_string()}
                on_change={send.reform(move |typed| Message::NowCounted { span, typed })}
            />
            <button
                type="button"
                class="now-origin place"
                aria-label={format!("{}: {}", it.what, strings.origin_read)}
                onclick={send.reform(move |_| Message::WentTo(span))}
            >{ strings.origin_read }</button>
        </div>
    }
}
