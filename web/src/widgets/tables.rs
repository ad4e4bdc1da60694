//! What is better read than looked at: steps, metrics, nodes, what fits where.

use tidetable_core::{
    report::{Feasibility, Language, LedgerStep, Message, MetricRow, PlacedRayNode, Placement},
    widget::words::words,
};
use yew::{Html, html};

use crate::parts::{message_view, tone_name};

/// Every step of a decision.
pub(super) fn why(steps: &[LedgerStep]) -> Html {
    html! {
        <ol class="why">
            { for steps.iter().map(|it| html! {
                <li class={if it.binds { "binds" } else { "" }}>
                    <b>{ &it.title }</b>
                    <span class="result">{ &it.result }</span>
                    <p>{ message_view(&it.text, None) }</p>
                </li>
            }) }
        </ol>
    }
}

/// All metrics of a decision.
pub(super) fn metrics(rows: &[MetricRow], language: Language) -> Html {
    let words = words(language);
    let head = [words.metric, words.current, words.target, words.ratio, words.asks];
    html! {
        <div class="wide">
            <table>
                <thead><tr>{ for head.map(|it| html! { <th scope="col">{ it }</th> }) }</tr></thead>
                <tbody>
                    { for rows.iter().map(|it| html! {
                        <tr class={if it.wins { "wins" } else { "" }}>
                            <th scope="row">{ &it.name }</th>
                            <td>{ &it.current }</td>
                            <td>{ &it.target }</td>
                            <td>{ &it.ratio }</td>
                            if it.error.is_empty() {
                                <td><b>{ &it.proposal }</b></td>
                            } else {
                                <td class="failed">{ &it.error }</td>
                            }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// Ray nodes with what is on them; Kubernetes' nodes where there is more than Ray.
pub(super) fn nodes(placement: &Placement, language: Language) -> Html {
    let words = words(language);
    let waiting = |lines: Vec<Html>| {
        if lines.is_empty() {
            return Html::default();
        }
        html! { <div class="node waiting"><b>{ words.waiting }</b>{ for lines }</div> }
    };
    html! {
        <div class="nodes">
            { for placement.clusters.iter().map(|it| html! {
                <>
                    { for it.nodes.iter().map(ray_node) }
                    { waiting(it.waiting.iter().map(line).collect()) }
                </>
            }) }
            if placement.has_workloads() {
                { for placement.nodes.iter().map(|it| html! {
                    <div class="node">
                        <b>{ &it.name }</b>
                        { for it.pods.iter().map(|it| html! {
                            <p data-tone={tone_name(it.tone)}>{ &it.name }</p>
                        }) }
                    </div>
                }) }
                { waiting(placement.waiting.iter().map(|it| html! { <p>{ &it.name }</p> }).collect()) }
            }
        </div>
    }
}

fn ray_node(node: &PlacedRayNode) -> Html {
    html! {
        <div class="node">
            <b>{ &node.pod }</b>
            <p class="muted">{ &node.group }</p>
            { for node.resources.iter().map(|it| html! {
                <p>{ &it.name }{ " " }{ message_view(&it.text, None) }</p>
            }) }
            { for node.holds.iter().map(line) }
            { for node.idle.iter().map(line) }
        </div>
    }
}

fn line(message: &Message) -> Html {
    html! { <p>{ message_view(message, None) }</p> }
}

/// Each request on each kind of node.
pub(super) fn fit(it: &Feasibility, language: Language) -> Html {
    let words = words(language);
    html! {
        <div class="wide">
            <table>
                <thead>
                    <tr>
                        <th scope="col">{ words.request }</th>
                        { for it.groups.iter().map(|it| html! {
                            <th scope="col">{ &it.name }<br />
                                <span class="muted">{ &it.resources }</span></th>
                        }) }
                    </tr>
                </thead>
                <tbody>
                    { for it.rows.iter().map(|row| html! {
                        <tr>
                            <th scope="row">{ message_view(&row.request, None) }</th>
                            { for row.cells.iter().map(|cell| html! {
                                <td class={if cell.fits { "fits" } else { "failed" }}>
                                    { if cell.fits { "✓" } else { "✗" } }
                                    { for cell.lines.iter().map(line) }
                                </td>
                            }) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}
