//! One autoscaler's decision track: a faint tick for each look, a mark for each decision.
//!
//! The marks are one group of buttons with one tab stop; the arrow keys step through them.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::{Placed, tone_name, use_property};
use crate::{
    host,
    queries::{axis::Range, summary, track},
    state::{Selection, Shared},
    strings::use_strings,
};
use tidetable_core::Report;

#[derive(PartialEq, Properties)]
pub(crate) struct DecisionTrackProps {
    pub(crate) report: Shared<Report>,
    /// Index into the report's autoscalers.
    pub(crate) autoscaler: usize,
    pub(crate) range: Range,
    /// Width of the track, in pixels.
    pub(crate) width: f64,
    pub(crate) selection: Option<Selection>,
    /// Called with the look of a mark.
    pub(crate) on_pick: Callback<usize>,
}

#[component]
pub(crate) fn DecisionTrack(props: &DecisionTrackProps) -> Html {
    let DecisionTrackProps { report, autoscaler, range, width, selection, on_pick } = props;
    let strings = use_strings();
    let Some(own) = report.autoscalers.get(*autoscaler) else { return Html::default() };
    let marks = track::marks(report, *autoscaler, *range);
    let labels = track::labels(&marks, *range, *width);
    let ticks = track::ticks(&own.looks.at_ms, *range, *width);
    let chosen = selection.as_ref().filter(|it| it.autoscaler == *autoscaler).map(|it| it.look);
    let tab_stop = chosen.filter(|look| marks.iter().any(|it| it.look == *look));
    let tab_stop = tab_stop.or(marks.first().map(|it| it.look));
    html! {
        <div
            class="track"
            data-tone={tone_name(own.tone)}
            role="group"
            aria-label={own.name.clone()}
        >
            <span class="track-name" title={own.name.clone()}>{ own.short_name.clone() }</span>
            <div class="track-line">
                <svg class="track-ticks" aria-hidden="true"><path d={ticks} /></svg>
                { for labels.into_iter().map(|it| html! {
                    <Placed key={format!("label {}", it.at_ms)} share={range.share(it.at_ms)}>
                        <span
                            class="track-label"
                            data-side={if it.left { "left" } else { "right" }}
                            aria-hidden="true"
                        >{ it.text }</span>
                    </Placed>
                }) }
                { for marks.iter().map(|it| html! {
                    <Mark
                        key={it.look}
                        share={range.share(it.at_ms)}
                        name={(strings.mark)(&own.name, &it.change, &summary::instant(it.at_ms))}
                        acts={it.acts}
                        is_chosen={chosen == Some(it.look)}
                        is_tab_stop={tab_stop == Some(it.look)}
                        on_pick={on_pick.reform({ let look = it.look; move |()| look })}
                    />
                }) }
            </div>
        </div>
    }
}

#[derive(PartialEq, Properties)]
struct MarkProps {
    share: f64,
    name: String,
    acts: bool,
    is_chosen: bool,
    is_tab_stop: bool,
    on_pick: Callback<()>,
}

#[component]
fn Mark(props: &MarkProps) -> Html {
    let node = use_node_ref();
    use_property(&node, "--at", props.share);
    // The focus follows the choice while it is among the marks.
    use_effect_with((props.is_chosen, node.clone()), |(is_chosen, node)| {
        let chosen = node.cast::<HtmlElement>().filter(|_| *is_chosen && is_focus_on_a_mark());
        if let Some(button) = chosen {
            // Fails only for what can't have the focus.
            let _ = button.focus();
        }
    });
    html! {
        <button
            ref={node}
            type="button"
            class="mark"
            data-acts={props.acts.to_string()}
            aria-label={props.name.clone()}
            aria-pressed={props.is_chosen.to_string()}
            tabindex={if props.is_tab_stop { "0" } else { "-1" }}
            onclick={props.on_pick.reform(|_| ())}
        />
    }
}

fn is_focus_on_a_mark() -> bool {
    let focused = host::window().document().and_then(|it| it.active_element());
    focused.is_some_and(|it| it.class_list().contains("mark"))
}
