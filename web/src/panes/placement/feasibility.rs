//! The matrix of requests and kinds of node.

use tidetable_core::report::{Feasibility, FeasibilityCell};
use yew::prelude::*;

use crate::{parts::message_view, strings::Strings};

/// Nothing without requests.
pub(super) fn matrix(it: &Feasibility, strings: &Strings) -> Html {
    if it.rows.is_empty() {
        return Html::default();
    }
    html! {
        <div class="matrix-frame" tabindex="0" role="region" aria-label={strings.feasibility}>
            <table class="matrix">
                <caption>{ strings.feasibility }</caption>
                <thead>
                    <tr>
                        <td />
                        { for it.groups.iter().map(|group| html! {
                            <th scope="col">
                                { group.name.clone() }
                                <code>{ group.resources.clone() }</code>
                            </th>
                        }) }
                    </tr>
                </thead>
                <tbody>
                    { for it.rows.iter().map(|row| html! {
                        <tr>
                            <th scope="row">{ message_view(&row.request, None) }</th>
                            { for row.cells.iter().map(cell) }
                        </tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

/// A tick or a cross beside the words, so that colour is never alone.
fn cell(it: &FeasibilityCell) -> Html {
    html! {
        <td data-fits={it.fits.to_string()}>
            <i aria-hidden="true">{ if it.fits { "✓" } else { "✕" } }</i>
            <ul>{ for it.lines.iter().map(|it| html! { <li>{ message_view(it, None) }</li> }) }</ul>
        </td>
    }
}
