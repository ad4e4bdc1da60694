//! One chart: its title, what its lines are, uPlot's picture, and the same in words.

use js_sys::Array;
use serde::Serialize;
use tidetable_core::{
    Report,
    report::{Chart, SeriesRole, Tone, Unit},
};
use web_sys::Element;
use yew::prelude::*;

use super::{message_view, tone_name};
use crate::{
    host::{self, ChartView},
    queries::{axis::Range, chart_lists, legend, summary},
    state::Shared,
    strings::use_strings,
};

#[derive(PartialEq, Properties)]
pub(crate) struct ChartFigureProps {
    pub(crate) report: Shared<Report>,
    /// Index into the report's charts.
    pub(crate) chart: usize,
    pub(crate) range: Range,
}

#[component]
pub(crate) fn ChartFigure(props: &ChartFigureProps) -> Html {
    let ChartFigureProps { report, chart: index, range } = props;
    let strings = use_strings();
    let place = use_node_ref();
    use_chart(&place, report, *index, *range);
    let Some(chart) = report.charts.get(*index) else { return Html::default() };
    let note = legend::note(chart);
    let named = chart.series.iter().filter(|it| legend::is_named(chart, it.role));
    let title_id = format!("chart-{index}");
    html! {
        <figure
            class="chart"
            aria-labelledby={title_id.clone()}
            data-autoscaler={chart.autoscaler.map(|it| it.to_string())}
        >
            <figcaption>
                <h2 id={title_id}>{ chart.title.clone() }</h2>
                <span class="legend">
                    { for named.map(|it| {
                        entry(it.role, it.tone, chart.series[0].tone, &it.name)
                    }) }
                    if !note.is_empty() {
                        <span class="chart-note">{ message_view(&note, None) }</span>
                    }
                </span>
            </figcaption>
            <div class="plot" ref={place} aria-hidden="true" />
            <ul class="visually-hidden">
                { for chart.series.iter().map(|it| html! {
                    <li>{ (strings.series_summary)(
                        &it.name,
                        &summary::changes(&it.points, chart.unit, strings),
                    ) }</li>
                }) }
            </ul>
        </figure>
    }
}

/// A name with the shape that its series has in the picture.
fn entry(role: SeriesRole, tone: Tone, first: Tone, name: &str) -> Html {
    let (kind, shape) = match role {
        SeriesRole::Area | SeriesRole::Unserved => ("area", "M1 3.5h10v6h-10z"),
        SeriesRole::Line if tone != first => ("line", "M0 6.5h2M3.300 6.5h2M6.600 6.5h2M10 6.5h2"),
        SeriesRole::Line | SeriesRole::Limit | SeriesRole::Ghost | SeriesRole::Band => {
            ("line", "M1 6.5h10")
        }
    };
    html! {
        <span class="legend-entry" data-tone={tone_name(tone)} data-role={kind}>
            <svg width="12" height="12" aria-hidden="true"><path d={shape} /></svg>
            { name.to_owned() }
        </span>
    }
}

/// What uPlot is told beside the numbers; `web/js/chart.ts` reads it under these names.
#[derive(Serialize)]
struct Shape<'chart> {
    unit: Unit,
    series: Vec<SeriesShape<'chart>>,
}

#[derive(Serialize)]
struct SeriesShape<'chart> {
    name: &'chart str,
    role: SeriesRole,
    tone: Tone,
}

/// Keeps one uPlot chart in `place`.
#[hook]
fn use_chart(place: &NodeRef, report: &Shared<Report>, index: usize, range: Range) {
    let view = use_mut_ref(|| None::<ChartView>);
    {
        let (view, place) = (view.clone(), place.clone());
        use_effect_with((), move |()| {
            *view.borrow_mut() = place.cast::<Element>().map(|it| host::create_chart(&it));
            move || {
                if let Some(view) = view.borrow_mut().take() {
                    view.remove();
                }
            }
        });
    }
    {
        let view = view.clone();
        use_effect_with((report.clone(), index), move |(report, index)| {
            if let (Some(view), Some(chart)) = (&*view.borrow(), report.charts.get(*index)) {
                draw(view, chart, report.duration_ms);
            }
        });
    }
    use_effect_with(range, move |range| {
        if let Some(view) = &*view.borrow() {
            view.show(range.from, range.to);
        }
    });
}

fn draw(view: &ChartView, chart: &Chart, duration_ms: f64) {
    let series = chart
        .series
        .iter()
        .map(|it| SeriesShape { name: &it.name, role: it.role, tone: it.tone })
        .collect();
    let shape = Shape { unit: chart.unit, series };
    let Ok(shape) = serde_wasm_bindgen::to_value(&shape) else { return };
    let lists: Array =
        chart_lists::of(chart, duration_ms).iter().map(|it| host::numbers(it)).collect();
    view.draw(&shape, &lists);
}
