//! `<tidetable-widget>`: one text, drawn as its `Widget` document says, with knobs.
//!
//! | what | file |
//! |---|---|
//! | the text, the cursor, and what was drawn last | `model.rs` |
//! | who predicts | `engine.rs` |
//! | the element and its controls | this file, `controls.rs` |
//! | pictures | `chart.rs`, `staircase.rs`, `strips.rs`, `delays.rs`, `tables.rs` |
//!
//! Everything that is drawn comes from [`tidetable_core::widget`]; nothing is computed here but
//! where it stands.

mod chart;
mod controls;
mod delays;
mod engine;
mod model;
mod scale;
mod staircase;
mod strips;
mod tables;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Function;
use tidetable_core::{
    diagnostic::Diagnostic,
    report::{Explanation, Language},
    share,
    widget::{Panel, Picture, words::words},
};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Element, FocusEvent, HtmlElement, PointerEvent, Worker};
use yew::{
    Callback, Html, Properties, UseReducerDispatcher, component, html, use_callback, use_effect,
    use_effect_with, use_mut_ref, use_node_ref, use_reducer,
};

use crate::parts::{message_view, tone_name};
use crate::queries::book;
use engine::{Job, Text};
use model::{Action, Model, Panels, Pieces, Shown};

/// Makes an element live inside `root`: `text` holds manifests, Scenario and `Widget` document,
/// `page` is the address of Tidetable's page, `language` is `ko` or else English. `worker` predicts
/// for all widgets of the page; without one this thread does. `drawn` hears of the first picture.
#[wasm_bindgen]
pub fn widget(
    root: &Element,
    text: String,
    page: String,
    language: &str,
    worker: Option<Worker>,
    drawn: Function,
) {
    let language = if language == "ko" { Language::Ko } else { Language::En };
    if let Some(worker) = worker {
        engine::use_worker(worker);
    }
    let root = root.clone().unchecked_into();
    let props = LiveProps { text, page, language, drawn };
    yew::Renderer::<Live>::with_root_and_props(root, props).render();
}

#[derive(Clone, PartialEq, Properties)]
struct LiveProps {
    text: String,
    page: String,
    language: Language,
    drawn: Function,
}

/// One job at a time: of those that come meanwhile only the last is done.
#[derive(Default)]
struct Asking {
    is_busy: bool,
    next: Option<Job>,
    /// Layout and paint of one piece of a picture, in milliseconds.
    each_ms: f64,
}

impl Asking {
    /// How many pieces fit into a frame that a finger does not notice.
    fn room(&self) -> usize {
        const BUDGET: f64 = 6.0;
        ((BUDGET / self.each_ms.max(0.5)) as usize).max(1)
    }
}

fn ask(asking: Rc<RefCell<Asking>>, model: UseReducerDispatcher<Model>, job: Job) {
    if std::mem::replace(&mut asking.borrow_mut().is_busy, true) {
        asking.borrow_mut().next = Some(job);
        return;
    }
    let drawn = Callback::from(move |panels: Vec<Panel>| {
        model.dispatch(Action::Drawn(panels, asking.borrow().room()));
    });
    engine::draw(job, drawn);
}

/// After a frame of an answer: draws what is left of it in the next ones, and then asks for the next
/// answer. That has to wait until this one can be seen, so that a slow machine has time for the
/// finger as well.
fn show_more(asking: Rc<RefCell<Asking>>, model: UseReducerDispatcher<Model>, is_whole: bool) {
    let room = asking.borrow().room();
    engine::after_frame(move |took| {
        if !is_whole {
            // A frame that was not full says less.
            let old = asking.borrow().each_ms * 0.9;
            asking.borrow_mut().each_ms = (took / room as f64).max(old);
            let room = asking.borrow().room();
            model.dispatch(Action::More(room));
            return;
        }
        asking.borrow_mut().is_busy = false;
        let next = asking.borrow_mut().next.take();
        if let Some(job) = next {
            ask(asking, model, job);
        }
    });
}

/// The widget.
#[component]
fn Live(props: &LiveProps) -> Html {
    let model = use_reducer(|| Model::new(&props.text, props.language));
    let asking = use_mut_ref(Asking::default);
    let dispatcher = model.dispatcher();
    let (asked, asker) = (asking.clone(), dispatcher.clone());
    use_effect_with(model.job.clone(), move |job| ask(asked, asker, job.clone()));
    let is_whole = model.is_whole();
    use_effect_with(model.frames, move |frames| {
        if *frames > 0 {
            show_more(asking, dispatcher, is_whole);
        }
    });
    let is_drawn = !model.latest.is_empty();
    let drawn = props.drawn.clone();
    use_effect_with(is_drawn, move |is_drawn| {
        if *is_drawn {
            // It shows what is drawn, and can't fail in a way that matters here.
            let _ = drawn.call0(&JsValue::NULL);
        }
    });
    let dispatcher = model.dispatcher();
    let set_cursor = use_callback((), move |at, ()| dispatcher.dispatch(Action::Cursor(at)));
    let dispatcher = model.dispatcher();
    let on_edit = use_callback((), move |text, ()| dispatcher.dispatch(Action::Edit(text)));
    let words = words(props.language);
    let width = scale::width(model.pictured.len());
    if !is_drawn {
        return Html::default();
    }
    html! {
        <div class="widget" lang={props.language.tag()}>
            <p class="caption">{ &model.widget.caption }</p>
            { for model.problem.as_ref().map(|it| problem(it, &props.page, props.language)) }
            <div class={if model.pictured.len() == 1 { "panels" } else { "panels several" }}>
                { for model.pictured.iter().map(|it| html! {
                    <Pictures pieces={it.clone()} {width} language={props.language}
                        set_cursor={set_cursor.clone()} />
                }) }
            </div>
            <controls::Controls widget={model.widget.clone()} values={model.values.clone()}
                cursor={controls::place(&model)} language={props.language}
                model={model.dispatcher()} />
            <Formulas panels={model.told.clone()} />
            <p class="foot">
                <span>{ model.told.first().and_then(|it| source(&it.panel)).unwrap_or_default() }</span>
                <Link text={model.job.text.clone()} page={props.page.clone()} name={words.open} />
            </p>
            <controls::TextField text={model.job.text.clone()} name={words.yaml} {on_edit} />
        </div>
    }
}

/// What is wrong and where, with the way to why.
fn problem((found, line): &(Diagnostic, usize), page: &str, language: Language) -> Html {
    let words = words(language);
    let why = found.chapter.as_deref().map(|it| format!("{page}{}", book::chapter(language, it)));
    html! {
        <p class="problem" role="alert">
            <a href={why} target="_top">{ &found.code }</a>
            { format!(" · {} · {} · {}", (words.line)(*line), found.message, words.stale) }
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct LinkProps {
    text: Text,
    page: String,
    name: &'static str,
}

/// Opens the page with exactly this text. Its address is made when someone is about to follow it:
/// packing a text takes longer than a step of a slider may.
#[component]
fn Link(props: &LinkProps) -> Html {
    let place = use_node_ref();
    let make = {
        let (place, text, page) = (place.clone(), props.text.clone(), props.page.clone());
        move || {
            let Some(link) = place.cast::<Element>() else { return };
            let address = format!("{page}{}", share::write(&text.whole()).unwrap_or_default());
            let _ = link.set_attribute("href", &address);
        }
    };
    let (pointed, focused) = (make.clone(), make);
    let onpointerenter = Callback::from(move |_: PointerEvent| pointed());
    let onfocus = Callback::from(move |_: FocusEvent| focused());
    html! {
        <a ref={place} href={props.page.clone()} target="_top" {onpointerenter} {onfocus}>
            { props.name }
        </a>
    }
}

#[derive(PartialEq, Properties)]
struct PicturesProps {
    pieces: Pieces,
    width: f64,
    language: Language,
    set_cursor: Callback<f64>,
}

#[derive(PartialEq, Properties)]
struct FormulasProps {
    panels: Panels,
}

/// The formulas of all variants.
#[component]
fn Formulas(props: &FormulasProps) -> Html {
    let is_one = props.panels.len() == 1;
    html! {
        <div class="formulas" aria-live="polite">
            <Steady>
                { for props.panels.iter().filter_map(|it| formulas(&it.panel, is_one)) }
            </Steady>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct SteadyProps {
    children: Html,
}

/// Words that take no less room than they did: one line less would move all that stands below, in
/// the page as well, at each step of a slider.
#[component]
fn Steady(props: &SteadyProps) -> Html {
    let place = use_node_ref();
    let words = place.clone();
    use_effect(move || {
        if let Some(words) = words.cast::<HtmlElement>() {
            let height = format!("{}px", words.offset_height());
            // Its only errors are of a style that nobody may write.
            let _ = words.style().set_property("min-height", &height);
        }
    });
    html! { <div class="steady" ref={place}>{ props.children.clone() }</div> }
}

/// One variant.
#[component]
fn Pictures(props: &PicturesProps) -> Html {
    let PicturesProps { pieces, width, language, set_cursor } = props;
    html! {
        <section>
            { for pieces.iter().enumerate().map(|(index, it)| html! {
                <Piece shown={it.clone()} {index} width={*width} language={*language}
                    set_cursor={set_cursor.clone()} />
            }) }
        </section>
    }
}

#[derive(PartialEq, Properties)]
struct PieceProps {
    shown: Shown,
    /// 0 is what stands above the pictures.
    index: usize,
    width: f64,
    language: Language,
    set_cursor: Callback<f64>,
}

/// One piece of a variant; made again only when there is another.
#[component]
fn Piece(props: &PieceProps) -> Html {
    let PieceProps { shown, width, language, .. } = props;
    let (panel, width, language) = (&shown.panel, *width, *language);
    let Some(index) = props.index.checked_sub(1) else { return verdicts(panel) };
    let tops = shown.tops.get(index).copied().unwrap_or([1.0; 2]);
    match panel.pictures.get(index) {
        Some(Picture::Chart(chart)) => {
            let is_chart = |it: &Picture| matches!(it, Picture::Chart(_));
            let frame = chart::Frame {
                panel,
                width,
                top: tops[1],
                has_marks: index == 0,
                is_last: !panel.pictures[index + 1..].iter().any(is_chart),
            };
            chart::chart(chart, &frame, props.set_cursor.clone())
        }
        Some(Picture::Why(steps)) => html! { <Steady>{ tables::why(steps) }</Steady> },
        Some(Picture::Staircase(it, present, target)) => staircase::staircase(
            it,
            [present, target],
            panel,
            &staircase::Frame { width, tops },
            language,
        ),
        Some(Picture::Metrics(rows)) => tables::metrics(rows, language),
        Some(Picture::Pods(strips)) => strips::strips(strips, panel, width, language),
        Some(Picture::Nodes(placement)) => tables::nodes(placement, language),
        Some(Picture::Fit(all)) => {
            html! { <>{ for all.iter().map(|it| tables::fit(&it.1, language)) }</> }
        }
        Some(Picture::Delays(all)) => delays::delays(all, language),
        None => Html::default(),
    }
}

/// The variant's name, and a sentence for each autoscaler.
fn verdicts(panel: &Panel) -> Html {
    html! {
        <Steady>
            if !panel.label.is_empty() {
                <h4>{ &panel.label }</h4>
            }
            { for panel.verdicts.iter().map(|(tone, message)| html! {
                <p class="verdict" data-tone={tone_name(*tone)}>{ message_view(message, None) }</p>
            }) }
        </Steady>
    }
}

/// The formulas of the decision at the cursor; of several variants only what each asks for.
fn formulas(panel: &Panel, is_one: bool) -> Option<Html> {
    let reasons = panel.reasons.as_ref()?;
    let Explanation { title, from, to, note, steps, .. } = reasons;
    let shown = steps.iter().filter(|it| !it.formula.is_empty() && (is_one || it.binds));
    Some(html! {
        <div class="formula">
            <p class="decision">
                { if panel.label.is_empty() { title.clone() } else { panel.label.clone() } }
                { format!(": {from} → ") }<b>{ to }</b>
                if !note.is_empty() {
                    <>{ " · " }{ message_view(note, None) }</>
                }
            </p>
            { for shown.map(|it| html! {
                <p class={if it.binds { "binds" } else { "" }}>
                    <span>{ &it.title }</span>{ " " }{ message_view(&it.formula, None) }
                </p>
            }) }
        </div>
    })
}

/// Where the rule stands upstream that bound, or else the last one with a formula.
fn source(panel: &Panel) -> Option<String> {
    let steps = &panel.reasons.as_ref()?.steps;
    let step = steps
        .iter()
        .rfind(|it| it.binds)
        .or_else(|| steps.iter().rfind(|it| !it.formula.is_empty()))
        .or(steps.last())?;
    let file = step.source.path.rsplit('/').next().unwrap_or_default();
    Some(format!("{} · {file} · {}", step.source.project, step.source.function))
}
