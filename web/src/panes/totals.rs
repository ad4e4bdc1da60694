//! The foot of the timeline: what the run cost, and how long it took to compute.

use tidetable_core::math::decimals;
use yew::prelude::*;

use crate::{
    queries::{numbers, releases},
    state::Picture,
    strings::Strings,
};

/// What the run of `picture` cost.
pub(super) fn totals_line(picture: &Picture, strings: &Strings) -> Html {
    let report = &picture.report;
    let totals = &report.totals;
    let failed = report.expectations.iter().filter(|it| !it.met).count();
    let expected = if failed == 0 { strings.expectations_met } else { strings.expectation_failed };
    let entry = |value: String, name: &'static str, is_bad: bool| {
        html! {
            <span class={classes!("total", is_bad.then_some("bad"))}>
                <strong>{ value }</strong>{ " " }{ name }
            </span>
        }
    };
    html! {
        <footer class="foot totals">
            { entry(numbers::whole(totals.unserved_requests), strings.requests_unserved, false) }
            { entry(numbers::tenth(totals.pod_hours), strings.pod_hours, false) }
            if totals.node_hours > 0.0 {
                { entry(numbers::tenth(totals.node_hours), strings.node_hours, false) }
            }
            { entry(totals.flaps.to_string(), strings.flaps, false) }
            if totals.unplaced_ray_work > 0 {
                { entry(totals.unplaced_ray_work.to_string(), strings.unplaced, true) }
            }
            if !report.expectations.is_empty() {
                <span class={classes!("total", (failed > 0).then_some("bad"))}>
                    { expected }
                </span>
            }
            <span class="versions-used">
                { releases::line(&report.upstream, &releases::chosen_ray(report)) }
            </span>
            <span class="last">
                { (strings.decisions_in)(totals.looks, &decimals(picture.elapsed_ms, 1)) }
            </span>
        </footer>
    }
}
