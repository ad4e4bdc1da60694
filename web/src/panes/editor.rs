//! The YAML editor: a plain text field at first, CodeMirror once the first prediction shows.

use std::{cell::RefCell, rc::Rc};

use js_sys::Object;
use serde::Serialize;
use tidetable_core::{Language, source::Span};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlTextAreaElement};
use yew::prelude::*;

use crate::{
    app::Message,
    host::{self, EditorEvents, EditorView},
    queries::{guide, marks, offsets::Offsets},
    state::{Now, Picture},
    strings::use_strings,
};

#[derive(PartialEq, Properties)]
pub(crate) struct YamlEditorProps {
    pub(crate) text: Rc<str>,
    pub(crate) latest: Option<Picture>,
    pub(crate) highlight: Option<Span>,
    pub(crate) goal: Option<(u32, Span)>,
    pub(crate) now: Option<Now>,
    pub(crate) send: Callback<Message>,
}

#[component]
pub(crate) fn YamlEditor(props: &YamlEditorProps) -> Html {
    let YamlEditorProps { text, latest, highlight, goal, now, send } = props;
    let strings = use_strings();
    let place = use_node_ref();
    let language = use_mut_ref(Language::default);
    *language.borrow_mut() = use_context::<Language>().unwrap_or_default();
    let editor = use_editor(&place, send, &language);
    let view = (*editor).clone();
    use_effect_with((view.clone(), text.clone()), |(view, text)| {
        if let Some(view) = view {
            view.set_text(text);
        }
    });
    use_effect_with((view.clone(), latest.clone(), now.clone()), |(view, latest, now)| {
        if let (Some(view), Some(it)) = (view, latest) {
            show_marks(view, it, now.as_ref());
        }
    });
    let text_of_marks = latest.as_ref().map(|it| it.text.clone());
    use_effect_with((view.clone(), *highlight), move |(view, highlight)| {
        if let (Some(view), Some(text)) = (view, text_of_marks) {
            let (from, to) = highlight.map_or((-1, -1), |span| {
                let offsets = Offsets::new(&text);
                (offsets.unit(span.start) as i32, offsets.unit(span.end) as i32)
            });
            view.highlight(from, to);
        }
    });
    let text_of_goal = text.clone();
    use_effect_with((view.clone(), *goal), move |(view, goal)| {
        if let (Some(view), Some((_, span))) = (view, goal) {
            view.go_to(Offsets::new(&text_of_goal).unit(span.start) as u32);
        }
    });
    let oninput = send.reform(|event: InputEvent| {
        Message::Edited(Rc::from(event.target_unchecked_into::<HtmlTextAreaElement>().value()))
    });
    html! {
        <div class="editor" ref={place}>
            if view.is_none() {
                <textarea
                    class="plain-editor"
                    aria-label={strings.yaml}
                    spellcheck="false"
                    wrap="off"
                    value={text.to_string()}
                    {oninput}
                />
            }
        </div>
    }
}

/// Loads the editor once the page has been drawn.
#[hook]
fn use_editor(
    place: &NodeRef,
    send: &Callback<Message>,
    language: &Rc<RefCell<Language>>,
) -> UseStateHandle<Option<EditorView>> {
    let editor = use_state(|| None::<EditorView>);
    let (loaded, place, send) = (editor.clone(), place.clone(), send.clone());
    let language = language.clone();
    use_effect_with((), move |()| {
        spawn_local(async move {
            let Some(place) = place.cast::<Element>() else { return };
            // Without the editor (a lost connection) the plain text field goes on working.
            if let Ok(view) = host::create_editor(&place, &events(&send, &language)).await {
                loaded.set(Some(view.unchecked_into()));
            }
        });
    });
    editor
}

/// The page has one editor, which lives as long as the page: so may these.
fn events(send: &Callback<Message>, language: &Rc<RefCell<Language>>) -> EditorEvents {
    let events: EditorEvents = Object::new().unchecked_into();
    let to = send.clone();
    let edited = Closure::<dyn Fn(String)>::new(move |text: String| {
        to.emit(Message::Edited(Rc::from(text)));
    });
    let to = send.clone();
    let pointed = Closure::<dyn Fn(i32, i32)>::new(move |from: i32, end: i32| {
        let units = (from >= 0).then_some((from as usize, end.max(from) as usize));
        to.emit(Message::LinePointed(units));
    });
    let to = send.clone();
    let picked = Closure::<dyn Fn(u32, u32)>::new(move |mark: u32, fix: u32| {
        to.emit(Message::FixPicked { mark: mark as usize, fix: fix as usize });
    });
    events.set_edited(edited.into_js_value().unchecked_ref());
    events.set_pointed(pointed.into_js_value().unchecked_ref());
    events.set_picked(picked.into_js_value().unchecked_ref());
    let own = language.clone();
    let suggest = Closure::<dyn Fn(String, u32) -> JsValue>::new(move |text: String, at: u32| {
        to_js(guide::suggest(&text, at as usize, *own.borrow()))
    });
    let own = language.clone();
    let describe = Closure::<dyn Fn(String, u32) -> JsValue>::new(move |text: String, at: u32| {
        to_js(guide::describe(&text, at as usize, *own.borrow()))
    });
    events.set_suggest(suggest.into_js_value().unchecked_ref());
    events.set_describe(describe.into_js_value().unchecked_ref());
    events
}

/// `undefined` for nothing.
fn to_js(value: Option<impl Serialize>) -> JsValue {
    value.and_then(|it| serde_wasm_bindgen::to_value(&it).ok()).unwrap_or(JsValue::UNDEFINED)
}

fn show_marks(view: &EditorView, picture: &Picture, now: Option<&Now>) {
    let now = now.filter(|it| it.text == picture.text);
    let found = now.map_or(&[][..], |it| &it.answer.diagnostics);
    let marks = marks::of(&picture.text, &picture.report, found);
    if let Ok(marks) = serde_wasm_bindgen::to_value(&marks) {
        view.set_marks(&marks);
    }
}
