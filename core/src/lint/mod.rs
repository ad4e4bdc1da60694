//! What is legal and still not what was meant: one file a rule, named after what is wrong.
//!
//! A rule looks at the documents as they were read and points at what it finds; the one table
//! below lists them all by code. A code is never used twice.

mod cluster_is_not_scaled;
mod cpu_rounded_up_for_ray;
mod head_advertises_cpus;
mod hpas_share_pods;
mod job_pods_are_counted;
mod memory_alone;
mod metric_names;
mod milli_suffix;
mod no_scale_subresource;
mod replicas_under_hpa;
mod request_far_below_limit;
mod request_from_limit;
mod request_missing;
mod selector_takes_other_pods;
mod serve_replica_is_no_deployment;
mod sidecar_injected;
mod target_not_pasted;
mod total_as_value;
mod two_hpas_on_one_target;

mod subject;
#[cfg(test)]
mod testing;

use crate::assumption::Version;
use crate::chapter;
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
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
    /// Everyone who scales something.
    scalers: Vec<Scaler<'run>>,
}

impl<'run> Input<'run> {
    fn new(text: &'run str, documents: &'run Documents, scenario: &'run Scenario) -> Self {
        Self { text, documents, scenario, scalers: subject::scalers(documents) }
    }

    /// Whether the cluster runs Kubernetes 1.`minor` or newer.
    fn is_since(&self, minor: u32) -> bool {
        self.scenario.assumptions.versions.kubernetes >= Version { major: 1, minor }
    }

    /// The containers whose usage and requests count: the one that is named, or all.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
    /// `calculatePodRequestsFromContainers`; before 1.29 without restartable init containers.
    fn counted<'pod>(&self, pod: &'pod PodTemplate, name: Option<&str>) -> Vec<&'pod Container> {
        let sidecars: &[Container] = if self.is_since(29) { &pod.init_containers } else { &[] };
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
    memory_alone::RULE,
    request_from_limit::RULE,
    request_far_below_limit::RULE,
    total_as_value::RULE,
    milli_suffix::RULE,
    cpu_rounded_up_for_ray::RULE,
    head_advertises_cpus::RULE,
    cluster_is_not_scaled::RULE,
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
