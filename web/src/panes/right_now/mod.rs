//! Right now: the calculator without a time axis. Each HPA's numbers, its next decision, and the
//! values at which that would change, and the same of each Ray cluster; the why column explains
//! the one that is chosen.

mod cluster;
mod inputs;
mod staircase;

use tidetable_core::{report::NowHpa, source::LineIndex};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use crate::{
    app::Message,
    parts::message_view,
    queries::marks,
    state::Now,
    strings::{Strings, use_strings},
};
use cluster::cluster;
use inputs::inputs;
use staircase::staircase;

#[derive(PartialEq, Properties)]
pub(crate) struct RightNowProps {
    pub(crate) now: Option<Now>,
    /// Whether the answer is of an older text.
    pub(crate) is_stale: bool,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn RightNow(props: &RightNowProps) -> Html {
    let strings = use_strings();
    html! {
        <section
            class="right-now"
            aria-label={strings.right_now}
            data-stale={props.is_stale.to_string()}
        >
            { paste_box(props, strings) }
            if let Some(now) = &props.now {
                { problems(now, props, strings) }
                if now.answer.hpas.is_empty() && now.answer.clusters.is_empty() {
                    <p class="empty">{ strings.no_hpa }</p>
                }
                { for now.answer.hpas.iter().enumerate().map(|(index, it)| {
                    hpa(it, index, now.chosen == index, props, strings)
                }) }
                { for now.answer.clusters.iter().enumerate().map(|(index, it)| {
                    let index = now.answer.hpas.len() + index;
                    cluster(it, index, now.chosen == index, &props.send, strings)
                }) }
            } else {
                <p class="empty">{ strings.computing }</p>
            }
        </section>
    }
}

/// Takes whatever has a line break in it: whole lines are pasted, and Enter ends a typed one.
fn paste_box(props: &RightNowProps, strings: &Strings) -> Html {
    let send = props.send.clone();
    let oninput = move |event: InputEvent| {
        let field = event.target_unchecked_into::<HtmlTextAreaElement>();
        let pasted = field.value();
        if pasted.contains('\n') {
            field.set_value("");
            send.emit(Message::NowPasted(pasted));
        }
    };
    html! {
        <label class="paste-box">
            <span>{ strings.paste }</span>
            <textarea rows="1" wrap="off" spellcheck="false" autocomplete="off"
                placeholder={strings.paste_hint} {oninput} />
        </label>
    }
}

fn problems(now: &Now, props: &RightNowProps, strings: &Strings) -> Html {
    let diagnostics = &now.answer.diagnostics;
    if diagnostics.is_empty() {
        return Html::default();
    }
    let lines = LineIndex::new(&now.text);
    html! {
        <ul class="now-problems">
            { for diagnostics.iter().map(|it| {
                let span = it.span;
                html! {
                    <li>
                        <button
                            type="button"
                            class="problem"
                            data-kind={marks::severity_name(it.severity)}
                            onclick={props.send.reform(move |_| Message::WentTo(span))}
                        >
                            <span class="faint">{ (strings.line)(lines.line(span.start) + 1) }</span>
                            { it.message.clone() }
                        </button>
                    </li>
                }
            }) }
        </ul>
    }
}

/// A name; with an `index`, the why column can explain what stands below it.
fn heading(name: String, index: Option<usize>, is_chosen: bool, send: &Callback<Message>) -> Html {
    let name = html! { <><i class="swatch" aria-hidden="true" />{ name }</> };
    html! {
        <h2>
            if let Some(index) = index {
                <button
                    type="button"
                    aria-pressed={is_chosen.to_string()}
                    onclick={send.reform(move |_| Message::NowPicked(index))}
                >{ name }</button>
            } else {
                { name }
            }
        </h2>
    }
}

fn hpa(
    it: &NowHpa,
    index: usize,
    is_chosen: bool,
    props: &RightNowProps,
    strings: &Strings,
) -> Html {
    html! {
        <article class="now-hpa" key={it.id.clone()} data-tone="hpa">
            { heading(it.name.clone(), Some(index), is_chosen, &props.send) }
            <p class="now-verdict" aria-live="polite">
                { message_view(&it.verdict, None) }
                { " " }
                <span class="decision-note">{ message_view(&it.explanation.note, None) }</span>
            </p>
            { inputs(it, &props.send, strings) }
            <h3>{ strings.taken_for_granted }</h3>
            <ul class="now-assumptions">
                { for it.assumptions.iter().map(|it| html! {
                    <li>{ message_view(it, None) }</li>
                }) }
            </ul>
            { for it.staircases.iter().map(|it| staircase(it, strings)) }
        </article>
    }
}
