//! `<tidetable-tolerance>`: the tolerance band, with the controller's own arithmetic.
//!
//! Three sliders (measured utilization, target, replicas now), the staircase of replicas that the
//! HPA asks for, and the formula with the reader's numbers. Every number comes from
//! [`propose_at_utilization`] and its trace.

use tidetable_core::{
    hpa::{Cause, propose_at_utilization},
    scenario, upstream,
};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use web_sys::{Element, HtmlInputElement, InputEvent};
use yew::{Callback, Html, Properties, TargetCast, component, html, use_state};

use crate::share;

mod chart;
mod words;

use chart::Staircase;
use words::Words;

/// The highest utilization that the slider and the chart reach, in percent.
const MOST_USAGE: i32 = 200;

/// Makes one element live; its table stays for print.
#[wasm_bindgen]
pub fn tolerance_widget(host: &Element) {
    let number = |name: &str, otherwise: i32| {
        host.get_attribute(name).and_then(|it| it.parse().ok()).unwrap_or(otherwise)
    };
    let language = host.closest("[lang]").ok().flatten().and_then(|it| it.get_attribute("lang"));
    let props = ToleranceProps {
        usage: number("usage", 85).clamp(0, MOST_USAGE),
        target: number("target", 60).clamp(1, 100),
        current: number("current", 4).clamp(1, 20),
        page: host.get_attribute("page").unwrap_or_default(),
        is_korean: language.as_deref() == Some("ko"),
    };
    let document = gloo::utils::document();
    if let Ok(root) = document.create_element("div") {
        root.set_class_name("widget");
        if host.append_child(root.unchecked_ref()).is_ok() {
            yew::Renderer::<Tolerance>::with_root_and_props(root, props).render();
        }
    }
}

/// Where the sliders start, and the widget's surroundings.
#[derive(Clone, PartialEq, Properties)]
pub struct ToleranceProps {
    /// Measured utilization, in percent.
    pub usage: i32,
    /// Target utilization, in percent.
    pub target: i32,
    /// Replicas now.
    pub current: i32,
    /// Address of the page.
    pub page: String,
    /// Korean, or else English.
    pub is_korean: bool,
}

/// The widget.
#[component]
pub fn Tolerance(props: &ToleranceProps) -> Html {
    let usage = use_state(|| props.usage);
    let target = use_state(|| props.target);
    let current = use_state(|| props.current);
    let words = if props.is_korean { &words::KOREAN } else { &words::ENGLISH };
    let answer = Answer::of(*current, *usage, *target);
    let (set_usage, set_target, set_current) = (usage.setter(), target.setter(), current.setter());
    html! {
        <>
            <Staircase current={*current} target={*target} usage={*usage} {words} />
            <div class="widget-controls">
                { slider(words.usage, *usage, 0, MOST_USAGE, words.percent, move |it| set_usage.set(it)) }
                { slider(words.target, *target, 1, 100, words.percent, move |it| set_target.set(it)) }
                { slider(words.current, *current, 1, 20, "", move |it| set_current.set(it)) }
            </div>
            <p class="widget-formula" aria-live="polite">{ formula(&answer, words) }</p>
            <p class="widget-foot">
                <span>
                    { format!("kubernetes {} · replica_calculator.go · GetResourceReplicas",
                        upstream::KUBERNETES) }
                </span>
                <a href={page_link(&props.page, &answer)}>{ words.open }</a>
            </p>
        </>
    }
}

/// The page, with the widget's numbers as the state of an HPA.
fn page_link(page: &str, answer: &Answer) -> String {
    let Answer { current, usage, target, .. } = answer;
    let text = format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\nspec:\n  \
         scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  minReplicas: 1\n  \
         maxReplicas: 100\n  metrics:\n  - type: Resource\n    resource: {{name: cpu, target: \
         {{type: Utilization, averageUtilization: {target}}}}}\n---\n\
         apiVersion: {}\nkind: {}\nspec:\n  now:\n  - {{hpa: web, currentReplicas: {current}, \
         metrics: [{usage}%]}}\n",
        scenario::API_VERSION,
        scenario::KIND,
    );
    // A text as short as this fits any link.
    format!("{page}{}", share::write(&text).unwrap_or_default())
}

/// One proposal, with the numbers of its trace.
pub(super) struct Answer {
    current: i32,
    usage: i32,
    target: i32,
    ratio: f64,
    pub(super) replicas: i32,
    pub(super) is_within: bool,
}

impl Answer {
    pub(super) fn of(current: i32, usage: i32, target: i32) -> Self {
        let mut answer =
            Self { current, usage, target, ratio: 0.0, replicas: current, is_within: false };
        if let Ok((proposal, trace)) = propose_at_utilization(current, usage, target) {
            answer.replicas = proposal.replicas;
            for cause in trace.causes {
                match cause {
                    Cause::Proposed { ratio, .. } => answer.ratio = ratio,
                    Cause::WithinTolerance { ratio, .. } => {
                        answer.ratio = ratio;
                        answer.is_within = true;
                    }
                    _ => {}
                }
            }
        }
        answer
    }
}

/// The formula in upstream's order: it divides before it multiplies, which can decide a pod.
fn formula(answer: &Answer, words: &Words) -> Html {
    let Answer { current, usage, target, ratio, replicas, is_within } = answer;
    let number = |it: i32| html! { <b>{ it }</b> };
    if *is_within {
        return html! {
            <>{ number(*usage) }{ " / " }{ number(*target) }{ " = " }{ short(*ratio) }{ ", " }
            { words.within }{ " → " }{ number(*replicas) }</>
        };
    }
    html! {
        <>{ "ceil(" }{ number(*usage) }{ " / " }{ number(*target) }{ " × " }{ number(*current) }
        { ") = ceil(" }{ short(ratio * f64::from(*current)) }{ ") = " }{ number(*replicas) }</>
    }
}

/// Two decimals; all of them where two would hide why a whole pod more is asked for.
fn short(value: f64) -> String {
    let looks_whole = (value - value.round()).abs() < 0.005;
    if looks_whole { value.to_string() } else { format!("{value:.2}") }
}

fn slider(
    label: &'static str,
    value: i32,
    min: i32,
    max: i32,
    unit: &'static str,
    set: impl Fn(i32) + 'static,
) -> Html {
    let oninput = Callback::from(move |event: InputEvent| {
        if let Ok(value) = event.target_unchecked_into::<HtmlInputElement>().value().parse() {
            set(value);
        }
    });
    let shown = format!("{value}{unit}");
    html! {
        <label class="widget-slider">
            <span>{ label }</span>
            <input type="range" min={min.to_string()} max={max.to_string()}
                value={value.to_string()} aria-valuetext={shown.clone()} {oninput} />
            <output>{ shown }</output>
        </label>
    }
}
