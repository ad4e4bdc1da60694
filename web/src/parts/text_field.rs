//! One value that can be typed; it counts once the reader leaves the field or presses Enter.

use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct TextFieldProps {
    /// What it is called, in words or as in YAML.
    pub(crate) name: String,
    /// Whether the name is shown, or only told to screen readers.
    #[prop_or(true)]
    pub(crate) is_name_shown: bool,
    pub(crate) value: String,
    /// Shown while it is empty.
    #[prop_or_default]
    pub(crate) placeholder: String,
    pub(crate) on_change: Callback<String>,
}

#[component]
pub(crate) fn TextField(props: &TextFieldProps) -> Html {
    let onchange = props
        .on_change
        .reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <label class="field">
            <span class={if props.is_name_shown { "field-name" } else { "visually-hidden" }}>
                { props.name.clone() }
            </span>
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                value={props.value.clone()}
                placeholder={props.placeholder.clone()}
                {onchange}
            />
        </label>
    }
}
