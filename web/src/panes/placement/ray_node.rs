//! One Ray node: how full it is, what is on it, and what keeps it.

use tidetable_core::report::{PlacedRayNode, ResourceUse};
use yew::prelude::*;

use crate::parts::message_view;

pub(super) fn ray_node(node: &PlacedRayNode) -> Html {
    html! {
        <li class="ray-node" key={node.pod.clone()}>
            <h3>
                <span class="ray-group">{ node.group.clone() }</span>
                <span class="faint">{ node.pod.clone() }</span>
                if let Some(on) = &node.node {
                    <span class="faint">{ "· " }{ on.clone() }</span>
                }
            </h3>
            <ul class="resource-uses">{ for node.resources.iter().map(resource) }</ul>
            <ul class="holds">
                { for node.holds.iter().map(|it| html! {
                    <li class="hold">{ message_view(it, None) }</li>
                }) }
                { for node.idle.iter().map(|it| html! {
                    <li class="idle">{ message_view(it, None) }</li>
                }) }
            </ul>
        </li>
    }
}

fn resource(it: &ResourceUse) -> Html {
    html! {
        <li>
            <span class="resource-name">{ it.name.clone() }</span>
            <progress class="bar" aria-hidden="true" max="1" value={it.share.to_string()} />
            <span class="resource-text">{ message_view(&it.text, None) }</span>
        </li>
    }
}
