//! Kubernetes' nodes and the pods on them.

use tidetable_core::report::{PlacedPod, Placement, PodStage};
use yew::prelude::*;

use crate::{parts::tone_name, strings::Strings};

pub(super) fn nodes(placement: &Placement, strings: &Strings) -> Html {
    html! {
        <article class="placed-cluster" data-tone="node">
            <h2><i class="swatch" aria-hidden="true" />{ strings.kubernetes_nodes }</h2>
            <ul class="kube-nodes">
                { for placement.nodes.iter().map(|node| html! {
                    <li class="kube-node" key={node.name.clone()}>
                        <h3>{ node.name.clone() }</h3>
                        { pods(&node.pods, strings) }
                    </li>
                }) }
                if !placement.waiting.is_empty() {
                    <li class="kube-node" data-waiting="true">
                        <h3>{ strings.without_node }</h3>
                        { pods(&placement.waiting, strings) }
                    </li>
                }
            </ul>
            if placement.empty_nodes > 0 {
                <p class="faint">{ (strings.empty_nodes)(placement.empty_nodes) }</p>
            }
        </article>
    }
}

fn pods(pods: &[PlacedPod], strings: &Strings) -> Html {
    html! {
        <ul class="placed-pods">
            { for pods.iter().map(|it| html! {
                <li
                    key={it.name.clone()}
                    data-tone={tone_name(it.tone)}
                    data-stage={stage_name(it.stage)}
                >
                    { it.name.clone() }
                    if it.stage != PodStage::Ready {
                        <span class="faint">{ (strings.stage)(it.stage) }</span>
                    }
                </li>
            }) }
        </ul>
    }
}

/// As in `data-stage`, which the styles select by.
const fn stage_name(stage: PodStage) -> &'static str {
    match stage {
        PodStage::Waiting => "waiting",
        PodStage::Starting => "starting",
        PodStage::Running => "running",
        PodStage::Ready => "ready",
        PodStage::Leaving => "leaving",
    }
}
