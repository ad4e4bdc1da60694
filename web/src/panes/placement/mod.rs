//! Placement: which work sits on which Ray node, which pod on which Kubernetes node, what would fit
//! where, and the autoscaler's own book, at one instant that a slider moves.

mod book;
mod feasibility;
mod kubernetes;
mod ray_node;

use tidetable_core::report::PlacedCluster;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::{
    app::Message,
    parts::message_view,
    queries::summary::instant,
    state::PlacedAt,
    strings::{Strings, use_strings},
};

#[derive(PartialEq, Properties)]
pub(crate) struct PlacementProps {
    pub(crate) placed: Option<PlacedAt>,
    /// The instant that is asked for, in milliseconds.
    pub(crate) at_ms: f64,
    /// How long the run is, in milliseconds.
    pub(crate) duration_ms: f64,
    /// Whether the run is of an older text.
    pub(crate) is_stale: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn Placement(props: &PlacementProps) -> Html {
    let strings = use_strings();
    html! {
        <section
            class="placement"
            aria-label={strings.placement}
            data-stale={props.is_stale.to_string()}
        >
            { time(props, strings) }
            if let Some(placed) = &props.placed {
                { for placed.answer.clusters.iter().map(|it| cluster(it, placed.answer.at_ms, strings)) }
                { kubernetes::nodes(&placed.answer, strings) }
            } else {
                <p class="empty">{ strings.computing }</p>
            }
        </section>
    }
}

/// The instant, to a second.
fn time(props: &PlacementProps, strings: &Strings) -> Html {
    let oninput = props.send.reform(|event: InputEvent| {
        let seconds = event.target_unchecked_into::<HtmlInputElement>().value_as_number();
        Message::PlacementAt(seconds * 1000.0)
    });
    html! {
        <label class="placement-time">
            <span>{ strings.placement_at }</span>
            <input
                type="range"
                min="0"
                step="1"
                max={(props.duration_ms / 1000.0).floor().to_string()}
                value={(props.at_ms / 1000.0).round().to_string()}
                aria-valuetext={instant(props.at_ms)}
                {oninput}
            />
            <output>{ instant(props.at_ms) }</output>
        </label>
    }
}

fn cluster(it: &PlacedCluster, at_ms: f64, strings: &Strings) -> Html {
    html! {
        <article class="placed-cluster" key={it.name.clone()} data-tone="ray">
            <h2><i class="swatch" aria-hidden="true" />{ (strings.ray_nodes)(&it.name) }</h2>
            if it.nodes.is_empty() {
                <p class="empty">{ strings.no_ray_node }</p>
            }
            <ul class="ray-nodes">{ for it.nodes.iter().map(ray_node::ray_node) }</ul>
            if !it.waiting.is_empty() {
                <h3>{ strings.waiting_work }</h3>
                <ul class="waiting-work">
                    { for it.waiting.iter().map(|it| html! { <li>{ message_view(it, None) }</li> }) }
                </ul>
            }
            { feasibility::matrix(&it.feasibility, strings) }
            { book::book(&it.instances, at_ms, strings) }
        </article>
    }
}
