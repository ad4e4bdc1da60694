//! What a reader can turn: knobs, the cursor, the text itself.

use std::rc::Rc;

use tidetable_core::{
    report::Language,
    widget::{
        Knob, Picture, Range, Widget,
        words::{clock, words},
    },
};
use web_sys::{
    Element, Event, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement, InputEvent,
    PointerEvent,
};
use yew::{
    Callback, Html, Properties, TargetCast, UseReducerDispatcher, component, html, use_state_eq,
};

use super::engine::Text;
use super::model::{Action, Model};

/// Steps of the cursor over a whole run.
const CURSOR_STEPS: f64 = 240.0;

#[derive(PartialEq, Properties)]
pub(super) struct ControlsProps {
    pub(super) widget: Rc<Widget>,
    pub(super) values: Rc<[String]>,
    /// Where the cursor stands in how long a run, if a picture is of one instant.
    pub(super) cursor: Option<(f64, f64)>,
    pub(super) language: Language,
    pub(super) model: UseReducerDispatcher<Model>,
}

/// One line for each knob, and the cursor where there is something to point at; made again only
/// when one of them is turned.
#[component]
pub(super) fn Controls(props: &ControlsProps) -> Html {
    let knobs = props.widget.knobs.iter().enumerate();
    html! {
        <div class="controls">
            { for knobs.map(|(index, it)| knob(index, it, props)) }
            { for props.cursor.map(|it| cursor(it, props)) }
        </div>
    }
}

fn knob(index: usize, knob: &Knob, props: &ControlsProps) -> Html {
    let value = props.values.get(index).cloned().unwrap_or_default();
    let turn = {
        let model = props.model.clone();
        move |value: String| model.dispatch(Action::Turn(index, value))
    };
    match &knob.range {
        Range::Words(choices) => {
            let onchange = Callback::from(move |event: Event| {
                turn(event.target_unchecked_into::<HtmlSelectElement>().value());
            });
            html! {
                <label class="knob">
                    <span>{ &knob.label }</span>
                    <select {onchange}>
                        { for choices.iter().map(|it| html! {
                            <option value={it.clone()} selected={*it == value}>{ it }</option>
                        }) }
                    </select>
                    <output />
                </label>
            }
        }
        Range::Numbers(from, to, step) => {
            let number = value.strip_suffix(&knob.suffix).unwrap_or(&value).to_owned();
            let suffix = knob.suffix.clone();
            slider(&knob.label, &number, &value, (*from, *to, *step), move |it| {
                turn(format!("{it}{suffix}"));
            })
        }
    }
}

/// The cursor, if a picture is of one instant: where it stands in how long a run.
pub(super) fn place(model: &Model) -> Option<(f64, f64)> {
    let panel = &model.latest.first()?.panel;
    let at_one_instant =
        |it: &Picture| matches!(it, Picture::Chart(_) | Picture::Nodes(_) | Picture::Fit(_));
    let is_shown = panel.pictures.iter().any(at_one_instant);
    is_shown.then_some((model.job.at_ms.unwrap_or(panel.at_ms), panel.end_ms))
}

fn cursor((at_ms, end_ms): (f64, f64), props: &ControlsProps) -> Html {
    let step = (end_ms / CURSOR_STEPS / 1000.0).ceil().max(1.0);
    let range = (0.0, end_ms / 1000.0, step);
    let at = at_ms / 1000.0;
    let model = props.model.clone();
    slider(words(props.language).cursor, &at.to_string(), &clock(at_ms), range, move |it| {
        if let Ok(seconds) = it.parse::<f64>() {
            model.dispatch(Action::Cursor(seconds * 1000.0));
        }
    })
}

fn slider(
    label: &str,
    value: &str,
    shown: &str,
    (from, to, step): (f64, f64, f64),
    set: impl Fn(String) + 'static,
) -> Html {
    let oninput = Callback::from(move |event: InputEvent| {
        set(event.target_unchecked_into::<HtmlInputElement>().value());
    });
    // A finger's drag would not focus it, and a widget that has the focus is a layer of its own.
    let onpointerdown = Callback::from(|event: PointerEvent| {
        let _ = event.target_unchecked_into::<HtmlInputElement>().focus();
    });
    html! {
        <label class="knob">
            <span>{ label }</span>
            <span class="slide">
                <input type="range" min={from.to_string()} max={to.to_string()}
                    step={step.to_string()} value={value.to_owned()}
                    aria-valuetext={shown.to_owned()} {oninput} {onpointerdown} />
            </span>
            <output><span>{ shown }</span></output>
        </label>
    }
}

#[derive(PartialEq, Properties)]
pub(super) struct TextFieldProps {
    pub(super) text: Text,
    pub(super) name: &'static str,
    pub(super) on_edit: Callback<String>,
}

/// The reader's own text, a click away. Until then it is not there: filling a field at each step of
/// a slider is work that nobody sees.
#[component]
pub(super) fn TextField(props: &TextFieldProps) -> Html {
    let is_open = use_state_eq(|| false);
    let ontoggle = {
        let is_open = is_open.setter();
        Callback::from(move |event: Event| {
            is_open.set(event.target_unchecked_into::<Element>().has_attribute("open"));
        })
    };
    let oninput = props
        .on_edit
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <details {ontoggle}>
            <summary>{ props.name }</summary>
            if *is_open {
                <textarea aria-label={props.name} spellcheck="false" rows="16"
                    value={props.text.whole()} {oninput} />
            }
        </details>
    }
}
