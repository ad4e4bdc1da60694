//! One rule at work: its number, what it gave, the formula and a sentence.

use tidetable_core::{report::LedgerStep, source::Span};
use yew::prelude::*;

use super::{Links, MessageView};
use crate::strings::use_strings;

#[derive(PartialEq, Properties)]
pub(crate) struct LedgerLineProps {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) step: LedgerStep,
    /// Whether the reader points at its line in the editor.
    pub(crate) is_pointed: bool,
    pub(crate) links: Links,
}

#[component]
pub(crate) fn LedgerLine(props: &LedgerLineProps) -> Html {
    let LedgerLineProps { number, step, is_pointed, links } = props;
    let strings = use_strings();
    let point = |to: Option<Span>| {
        let pointed = links.pointed.clone();
        move |_: MouseEvent| pointed.emit(to)
    };
    let (onmouseenter, onmouseleave) = (point(step.span), point(None));
    html! {
        <li
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
                    <MessageView message={step.formula.clone()} links={links.clone()} />
                </p>
            }
            if !step.text.is_empty() {
                <p class="step-text">
                    <MessageView message={step.text.clone()} links={links.clone()} />
                </p>
            }
        </li>
    }
}
