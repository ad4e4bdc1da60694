//! A sentence of a report: numbers in bold, and parts that point at the text they come from.

use tidetable_core::report::{Message, Part, PartRole};
use yew::prelude::*;

use super::Links;

/// `message`, with what a part with a place in the text does; without `links`, parts are plain.
pub(crate) fn message_view(message: &Message, links: Option<&Links>) -> Html {
    message.parts.iter().map(|it| part(it, links)).collect()
}

fn part(part: &Part, links: Option<&Links>) -> Html {
    let text = part.text.clone();
    let inner = match part.role {
        PartRole::Plain => html! { <>{ text }</> },
        PartRole::Strong => html! { <strong>{ text }</strong> },
        PartRole::Value => html! { <span class="value">{ text }</span> },
        PartRole::Code => html! { <code>{ text }</code> },
    };
    let (Some(span), Some(links)) = (part.span, links) else { return inner };
    let point = |to: Option<_>| {
        let pointed = links.pointed.clone();
        move || pointed.emit(to)
    };
    let (enter, leave) = (point(Some(span)), point(None));
    let (focus, blur) = (enter.clone(), leave.clone());
    let picked = links.picked.clone();
    html! {
        <button
            type="button"
            class="place"
            onmouseenter={move |_| enter()}
            onmouseleave={move |_| leave()}
            onfocus={move |_| focus()}
            onblur={move |_| blur()}
            onclick={move |_| picked.emit(span)}
        >{ inner }</button>
    }
}
