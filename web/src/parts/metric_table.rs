//! Every metric's proposal side by side, the winner marked.

use tidetable_core::report::MetricRow;
use yew::prelude::*;

use crate::strings::Strings;

/// Nothing of a single metric: the step says it.
pub(crate) fn metric_table(rows: &[MetricRow], strings: &Strings) -> Html {
    if rows.len() < 2 {
        return Html::default();
    }
    html! {
        <table class="metrics">
            <thead>
                <tr>
                    { for strings.metric_columns.map(|it| html! { <th scope="col">{ it }</th> }) }
                </tr>
            </thead>
            <tbody>{ for rows.iter().map(|it| row(it, strings)) }</tbody>
        </table>
    }
}

fn row(row: &MetricRow, strings: &Strings) -> Html {
    let cells = [&row.current, &row.target, &row.ratio, &row.proposal];
    html! {
        <tr class={row.wins.then_some("wins")}>
            <th scope="row">
                { row.name.clone() }
                if row.wins {
                    <span class="wins-mark">{ strings.wins }</span>
                }
            </th>
            if row.error.is_empty() {
                { for cells.map(|it| html! { <td>{ it.clone() }</td> }) }
            } else {
                <td colspan="4" class="metric-error">{ row.error.clone() }</td>
            }
        </tr>
    }
}
