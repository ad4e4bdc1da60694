//! Every word of the page itself. What core says comes in the report, in the same language.
//!
//! A language is one value of [`Strings`]: a text that is missing in one of them does not compile.

mod en;
mod ko;

use tidetable_core::{Language, report::PodStage, share::LinkError};
use yew::prelude::*;

use crate::{queries::scenario::ShapeKind, tasks::files::FileError};

/// The page's words in one language.
pub(crate) struct Strings {
    // Top bar.
    pub examples: &'static str,
    pub own_text: &'static str,
    pub versions: &'static str,
    /// With `{release}`, `{metrics}`, `{syncs}` and `{date}`.
    pub checked: &'static str,
    pub checked_ray: &'static str,
    pub open_file: &'static str,
    pub file_error: fn(FileError) -> &'static str,
    pub share: &'static str,
    pub download: &'static str,
    pub download_report: &'static str,
    pub download_manifests: &'static str,
    pub book: &'static str,
    pub language: &'static str,
    pub theme_auto: &'static str,
    pub theme_light: &'static str,
    pub theme_dark: &'static str,
    pub more: &'static str,
    pub link_copied: &'static str,
    pub link_in_address: &'static str,
    pub link_too_large: &'static str,
    pub link_broken: fn(LinkError) -> &'static str,
    pub dismiss: &'static str,
    // Columns and tabs.
    pub your_text: &'static str,
    pub timeline: &'static str,
    pub why: &'static str,
    pub right_now: &'static str,
    pub middle: &'static str,
    pub manifests: &'static str,
    pub yaml: &'static str,
    pub load: &'static str,
    pub assumptions: &'static str,
    pub views: &'static str,
    pub resize_left: &'static str,
    pub resize_right: &'static str,
    // Left foot.
    pub errors: fn(usize) -> String,
    pub warnings: fn(usize) -> String,
    pub no_problems: &'static str,
    pub documents: fn(usize) -> String,
    pub fields_not_modelled: fn(usize) -> String,
    pub defaults: fn(usize) -> String,
    /// Above the values that the API server fills in.
    pub filled_in: &'static str,
    pub line: fn(usize) -> String,
    // Timeline.
    pub verdicts: &'static str,
    pub decisions: &'static str,
    pub charts: &'static str,
    pub nothing_predicted: &'static str,
    pub broken_at: fn(usize) -> String,
    pub broken: &'static str,
    pub computing: &'static str,
    pub time_cursor: &'static str,
    pub reset_zoom: &'static str,
    pub mark: fn(&str, &str, &str) -> String,
    pub series_summary: fn(&str, &str) -> String,
    /// In the place of a value, while the thing itself is not there.
    pub no_value: &'static str,
    pub and_more_changes: fn(usize) -> String,
    // Why.
    pub previous_decision: &'static str,
    pub next_decision: &'static str,
    pub pick_a_decision: &'static str,
    pub binds: &'static str,
    pub metric_columns: [&'static str; 5],
    pub wins: &'static str,
    pub more_pods: fn(usize) -> String,
    pub what_would_change_this: &'static str,
    pub conditions: &'static str,
    pub events: &'static str,
    pub rule: &'static str,
    pub read_chapter: &'static str,
    // Right now.
    pub paste: &'static str,
    pub paste_hint: &'static str,
    pub no_hpa: &'static str,
    pub unknown_cluster: &'static str,
    pub told_nodes: &'static str,
    pub node_columns: [&'static str; 5],
    pub nothing_waits: &'static str,
    pub nothing_to_explain: &'static str,
    pub history_hint: &'static str,
    pub origin_typed: &'static str,
    pub origin_read: &'static str,
    pub origin_assumed: &'static str,
    pub taken_for_granted: &'static str,
    pub staircase: fn(&str) -> String,
    pub above: &'static str,
    pub up_to: &'static str,
    pub asks_for: &'static str,
    pub next_look: &'static str,
    // Placement.
    pub placement: &'static str,
    pub placement_at: &'static str,
    pub ray_nodes: fn(&str) -> String,
    pub no_ray_node: &'static str,
    pub waiting_work: &'static str,
    pub feasibility: &'static str,
    pub instances: &'static str,
    pub instance_columns: [&'static str; 4],
    pub kubernetes_nodes: &'static str,
    pub without_node: &'static str,
    pub empty_nodes: fn(u32) -> String,
    pub stage: fn(PodStage) -> &'static str,
    // Foot.
    pub requests_unserved: &'static str,
    pub pod_hours: &'static str,
    pub node_hours: &'static str,
    pub flaps: &'static str,
    pub unplaced: &'static str,
    pub decisions_in: fn(u32, &str) -> String,
    pub expectations_met: &'static str,
    pub expectation_failed: &'static str,
    pub notes: &'static str,
    // Load and assumptions.
    pub load_intro: &'static str,
    pub assumptions_intro: &'static str,
    pub duration: &'static str,
    pub shape: &'static str,
    pub shape_name: fn(ShapeKind) -> &'static str,
    pub add_point: &'static str,
    pub requests: &'static str,
    pub ray_work: &'static str,
    pub add_load: &'static str,
    pub add_ray_work: &'static str,
    pub remove: &'static str,
    pub reset: &'static str,
    pub default_value: &'static str,
    pub set_in_line: fn(usize) -> String,
}

/// The words of `language`.
pub(crate) const fn of(language: Language) -> &'static Strings {
    match language {
        Language::En => &en::STRINGS,
        Language::Ko => &ko::STRINGS,
    }
}

/// The words of the language that the page is in.
#[hook]
pub(crate) fn use_strings() -> &'static Strings {
    of(use_context::<Language>().unwrap_or_default())
}
