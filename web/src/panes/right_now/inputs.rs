//! The numbers of one HPA. Each can be typed; what is typed is written into the Scenario, and an
//! emptied field is read or assumed again.

use tidetable_core::report::{NowHpa, NowInput, Origin};
use yew::prelude::*;

use crate::{app::Message, parts::TextField, strings::Strings};

pub(super) fn inputs(hpa: &NowHpa, send: &Callback<Message>, strings: &Strings) -> Html {
    html! {
        <div class="now-inputs">
            { for hpa.inputs.iter().map(|it| input(hpa, it, send, strings)) }
        </div>
    }
}

fn input(hpa: &NowHpa, input: &NowInput, send: &Callback<Message>, strings: &Strings) -> Html {
    let name = hpa.hpa.clone();
    let (namespace, field) = (hpa.namespace.clone(), input.field.clone());
    let typed = send.reform(move |typed: String| Message::NowTyped {
        hpa: name.clone(),
        namespace: namespace.clone(),
        field: field.clone(),
        typed,
    });
    let is_history = matches!(input.field.as_str(), "recommendations" | "scaleEvents");
    html! {
        <div class="now-input" key={input.field.clone()} data-origin={origin_name(input.origin)}>
            <TextField
                name={input.label.clone()}
                value={input.value.clone()}
                placeholder={if is_history { strings.history_hint } else { "" }}
                on_change={typed.clone()}
            />
            if !input.target.is_empty() {
                <span class="now-target">{ format!("/ {}", input.target) }</span>
            }
            { origin(input, send, strings) }
            if input.origin == Origin::Typed {
                <button
                    type="button"
                    class="now-reset"
                    aria-label={format!("{}: {}", strings.reset, input.label)}
                    title={strings.reset}
                    onclick={typed.reform(|_| String::new())}
                >{ "×" }</button>
            }
        </div>
    }
}

/// Where the number comes from; a place in the text can be gone to.
fn origin(input: &NowInput, send: &Callback<Message>, strings: &Strings) -> Html {
    let name = match input.origin {
        Origin::Typed => strings.origin_typed,
        Origin::Read => strings.origin_read,
        Origin::Assumed => strings.origin_assumed,
    };
    match input.span {
        Some(span) => html! {
            <button
                type="button"
                class="now-origin place"
                aria-label={format!("{}: {name}", input.label)}
                onclick={send.reform(move |_| Message::WentTo(span))}
            >{ name }</button>
        },
        None => html! { <span class="now-origin">{ name }</span> },
    }
}

/// As in `data-origin`, which the styles select by.
const fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Typed => "typed",
        Origin::Read => "read",
        Origin::Assumed => "assumed",
    }
}
