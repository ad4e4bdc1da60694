//! One rule at work: its number, what it gave, the formula and a sentence.

use tidetable_core::{
    report::{LedgerStep, Source},
    source::Span,
};
use yew::prelude::*;

use super::{Links, message_view, metric_table, pod_groups};
use crate::strings::Strings;

/// `number` counts from 1; `is_pointed`: whether the reader points at its line in the editor.
pub(crate) fn ledger_line(
    number: usize,
    step: &LedgerStep,
    is_pointed: bool,
    links: &Links,
    strings: &Strings,
) -> Html {
    let point = |to: Option<Span>| {
        let pointed = links.pointed.clone();
        move |_: MouseEvent| pointed.emit(to)
    };
    let (onmouseenter, onmouseleave) = (point(step.span), point(None));
    html! {
        <li
            key={number}
            class={classes!("step", step.binds.then_some("binds"), is_pointed.then_some("pointed"))}
            {onmouseenter}
            {onmouseleave}
        >
            <span class="step-number" aria-hidden="true">{ number }</span>
            <div class="step-head">
                <h3>
                    { step.title.clone() }
                    if step.binds {
                        <>{ " · " }{ strings.binds }</>
                    }
                </h3>
                <span class="step-result">{ step.result.clone() }</span>
            </div>
            if !step.formula.is_empty() {
                <p class="formula">
                    { message_view(&step.formula, Some(links)) }
                </p>
            }
            <p class="step-text">
                { message_view(&step.text, Some(links)) }
                { " " }
                <a
                    class="step-source"
                    href={upstream(&step.source)}
                    rel="external"
                    title={step.source.path.clone()}
                >
                    { step.source.function.clone() }
                </a>
            </p>
            { pod_groups(&step.pods, strings) }
            { metric_table(&step.metrics, strings) }
        </li>
    }
}

/// Where the file of a rule can be read.
fn upstream(source: &Source) -> String {
    let Source { project, path, .. } = source;
    let (name, version) = project.split_once(' ').unwrap_or((project, ""));
    match name {
        "ray" => format!("https://github.com/ray-project/ray/blob/ray-{version}/python/ray/{path}"),
        "kuberay" => format!("https://github.com/ray-project/kuberay/blob/v{version}.0/{path}"),
        "keda" => format!("https://github.com/kedacore/keda/blob/v{version}.0/{path}"),
        _ => format!("https://github.com/kubernetes/kubernetes/blob/release-{version}/{path}"),
    }
}
