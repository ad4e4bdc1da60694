//! What is legal and still not what was meant: one file a rule, named after what is wrong.
//!
//! A rule looks at the documents as they were read and points at what it finds; the one table
//! below lists them all by code. A code is never used twice.

mod accelerator_type_unknown;
mod adapter_rules;
mod autoscaler_short_of_cpu;
mod budget_blocks_eviction;
mod cluster_is_not_scaled;
mod container_not_there;
mod cooldown_without_effect;
mod cpu_of_ray_unknown;
mod cpu_rounded_up_for_ray;
mod fits_no_group;
mod flag_decides_window;
mod gpu_not_seen;
mod head_advertises_cpus;
mod hosts_of_a_replica;
mod hpas_share_pods;
mod job_pods_are_counted;
mod limit_caps_usage;
mod long_rate_window;
mod memory_alone;
mod metric_names;
mod milli_suffix;
mod newer_release_needed;
mod no_scale_subresource;
mod no_such_kind;
mod operator_is_busy;
mod query_without_zero;
mod readiness_probe_missing;
mod replicas_under_hpa;
mod replicas_under_ray;
mod request_far_below_limit;
mod request_from_limit;
mod request_missing;
mod requests_are_moved;
mod resize_refused;
mod resources_of_the_sidecar;
mod selector_takes_other_pods;
mod serve_replica_is_no_deployment;
mod sidecar_injected;
mod slow_scale_up;
mod start_param_not_whole;
mod surge_is_counted;
mod target_above_ongoing;
mod target_not_pasted;
mod tolerance_hides_a_step;
mod total_as_value;
mod trigger_total_as_value;
mod two_hpas_on_one_target;
mod two_writers_of_replicas;
mod unhealthy_threshold_unused;
mod upgrade_doubles_gpus;
mod variable_not_there;
mod zero_at_once;
mod zero_replicas_are_off;

mod ray_groups;
mod subject;
#[cfg(test)]
mod testing;

use crate::chapter;
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::hpa::Rules;
use crate::manifest::Documents;
use crate::manifest::pod::{Container, PodTemplate};
use crate::order;
use crate::scenario::Scenario;
use crate::source::Span;
use subject::Scaler;

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Stable: `TT014`.
    pub code: &'static str,
    /// The wrong thing, so that it reads after "allow".
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The book's chapter that explains it; findings link to it once it is written.
    pub chapter: &'static str,
    check: Check,
}

/// Adds what a rule finds.
type Check = fn(&Input<'_>, &mut Vec<Diagnostic>);

/// What a rule looks at.
#[derive(Debug)]
pub struct Input<'run> {
    /// The user's text; edits need it.
    text: &'run str,
    /// What was read of it.
    documents: &'run Documents,
    /// What is assumed of the cluster.
    scenario: &'run Scenario,
    /// What the cluster's release does.
    kubernetes: Rules,
    /// Everyone who scales something.
    scalers: Vec<Scaler<'run>>,
}

impl<'run> Input<'run> {
    fn new(text: &'run str, documents: &'run Documents, scenario: &'run Scenario) -> Self {
        let assumed = &scenario.assumptions;
        let kubernetes = Rules::of(assumed.versions.kubernetes.minor, assumed.feature_gates);
        let scalers = subject::scalers(documents, scenario);
        Self { text, documents, scenario, kubernetes, scalers }
    }

    /// The containers whose usage and requests count: the one that is named, or all.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
    /// `calculatePodRequestsFromContainers`; before 1.29 without restartable init containers.
    fn counted<'pod>(&self, pod: &'pod PodTemplate, name: Option<&str>) -> Vec<&'pod Container> {
        let sidecars: &[Container] =
            if self.kubernetes.sidecar_requests { &pod.init_containers } else { &[] };
        let all = pod.containers.iter().chain(sidecars.iter().filter(|it| it.is_sidecar()));
        all.filter(|it| name.is_none_or(|name| it.name.value == name)).collect()
    }
}

impl Rule {
    /// A finding of this rule.
    fn at(&self, span: Span, message: impl Into<String>) -> Diagnostic {
        let found = Diagnostic::new(self.code, self.severity, span, message);
        chapter::written(self.chapter).into_iter().fold(found, Diagnostic::explained_in)
    }
}

/// Every rule, by code.
pub const RULES: &[Rule] = &[
    no_scale_subresource::RULE,
    serve_replica_is_no_deployment::RULE,
    target_not_pasted::RULE,
    request_missing::RULE,
    two_hpas_on_one_target::RULE,
    replicas_under_hpa::RULE,
    sidecar_injected::RULE,
    selector_takes_other_pods::RULE,
    job_pods_are_counted::RULE,
    hpas_share_pods::RULE,
    zero_replicas_are_off::RULE,
    query_without_zero::RULE,
    tolerance_hides_a_step::RULE,
    memory_alone::RULE,
    request_from_limit::RULE,
    request_far_below_limit::RULE,
    total_as_value::RULE,
    milli_suffix::RULE,
    flag_decides_window::RULE,
    cpu_rounded_up_for_ray::RULE,
    head_advertises_cpus::RULE,
    cluster_is_not_scaled::RULE,
    cpu_of_ray_unknown::RULE,
    start_param_not_whole::RULE,
    gpu_not_seen::RULE,
    accelerator_type_unknown::RULE,
    fits_no_group::RULE,
    replicas_under_ray::RULE,
    hosts_of_a_replica::RULE,
    cooldown_without_effect::RULE,
    zero_at_once::RULE,
    trigger_total_as_value::RULE,
    slow_scale_up::RULE,
    long_rate_window::RULE,
    limit_caps_usage::RULE,
    readiness_probe_missing::RULE,
    surge_is_counted::RULE,
    requests_are_moved::RULE,
    two_writers_of_replicas::RULE,
    budget_blocks_eviction::RULE,
    target_above_ongoing::RULE,
    upgrade_doubles_gpus::RULE,
    unhealthy_threshold_unused::RULE,
    autoscaler_short_of_cpu::RULE,
    resources_of_the_sidecar::RULE,
    operator_is_busy::RULE,
    resize_refused::RULE,
    no_such_kind::RULE,
    container_not_there::RULE,
    newer_release_needed::RULE,
    variable_not_there::RULE,
];

/// `finding` with a fix of one edit, if it can be made.
fn with_fix(finding: Diagnostic, title: &str, edit: Option<TextEdit>) -> Diagnostic {
    match edit {
        Some(edit) => finding.with(Fix::changes_decisions(title, vec![edit])),
        None => finding,
    }
}

/// Checks every rule. The findings are in the order of the text.
pub fn check(text: &str, documents: &Documents, scenario: &Scenario) -> Vec<Diagnostic> {
    let input = Input::new(text, documents, scenario);
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(&input, &mut found);
    }
    order::sort_by_key(&mut found, |it| it.span);
    found
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_table_is_sorted_and_no_code_or_name_is_used_twice() {
        assert!(RULES.windows(2).all(|it| it[0].code < it[1].code));
        let mut names: Vec<_> = RULES.iter().map(|it| it.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|it| it[0] != it[1]));
    }
}
