//! What the middle column shows: the timeline, who is where, or right now.

use yew::prelude::*;

use crate::{app::Message, state::Middle, strings::Strings};

/// Buttons, of which `shown` is pressed.
pub(crate) fn middle_switch(shown: Middle, send: &Callback<Message>, strings: &Strings) -> Html {
    html! {
        <div class="segments" role="group" aria-label={strings.middle}>
            { for [
                (Middle::Timeline, strings.timeline),
                (Middle::Placement, strings.placement),
                (Middle::RightNow, strings.right_now),
            ].map(|(middle, name)| html! {
                <button
                    type="button"
                    aria-pressed={(middle == shown).to_string()}
                    onclick={send.reform(move |_| Message::MiddleChosen(middle))}
                >{ name }</button>
            }) }
        </div>
    }
}
