//! The autoscaler's book of nodes: each instance and where it stands.

use tidetable_core::report::PlacedInstance;
use yew::prelude::*;

use crate::{queries::summary::instant, strings::Strings};

/// Nothing without instances, as with no autoscaler or with v1, which keeps none.
pub(super) fn book(instances: &[PlacedInstance], at_ms: f64, strings: &Strings) -> Html {
    if instances.is_empty() {
        return Html::default();
    }
    html! {
        <details class="instances" open=true>
            <summary>{ strings.instances }</summary>
            <table>
                <thead>
                    <tr>
                        { for strings.instance_columns.map(|name| html! {
                            <th scope="col">{ name }</th>
                        }) }
                    </tr>
                </thead>
                <tbody>{ for instances.iter().map(|it| instance_row(it, at_ms)) }</tbody>
            </table>
        </details>
    }
}

fn instance_row(it: &PlacedInstance, at_ms: f64) -> Html {
    html! {
        <tr key={it.id}>
            <td>{ it.group.clone() }</td>
            <td><code>{ it.status.clone() }</code></td>
            <td>{ instant((at_ms - it.since_ms).max(0.0)) }</td>
            <td>{ it.pod.clone().unwrap_or_default() }</td>
        </tr>
    }
}
