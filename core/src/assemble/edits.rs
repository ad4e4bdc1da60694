//! Which edits of HPAs the API server takes. One that it refuses changes nothing.
//!
//! Upstream: kubernetes 1.37 pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go
//! `ValidateUpdate`; rest.BeforeUpdate.

use super::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::hpa::{Bounds, Hpa, edit_refusals};
use crate::manifest::{ApiRules, Document, Documents};
use crate::order;
use crate::scenario::{Edit, EditEntry, Scenario};
use crate::sim::{self, Action};
use crate::source::Span;
use crate::time::Duration;

/// Takes away the edits that are refused, and says why.
pub(super) fn refuse(documents: &Documents, scenario: &Scenario, assembly: &mut Assembly) {
    if scenario.edits.is_empty() {
        return;
    }
    let assumptions = &scenario.assumptions;
    let rules = ApiRules::of(assumptions.versions.kubernetes.minor, assumptions.feature_gates);
    for (document, written) in documents.hpas() {
        let (namespace, name) = (document.namespace(), document.name());
        let is_it = |it: &&mut sim::Hpa| it.namespace == namespace && it.name == name;
        let Some(hpa) = assembly.model.hpas.iter_mut().find(is_it) else { continue };
        let first = hpa.edits.first().map(|it| it.at - Duration::from_ms(1));
        let exists = first.is_some_and(|at| hpa.exists(at));
        let mut server = Server { document, written, rules: &rules, now: written.clone(), exists };
        // The model has these entries in the same order.
        let mut spans = spans(namespace, name, scenario).into_iter();
        hpa.edits.retain(|edit| {
            let span = spans.next().unwrap_or(document.kind.span);
            let bounds = Bounds { min: edit.min_replicas, max: edit.max_replicas };
            let Some(why) = server.refuses(edit.action, bounds) else { return true };
            let message = format!("the API server refuses this edit, and nothing changes: {why}");
            let found = Diagnostic::new("TT511", Severity::Warning, span, message);
            assembly.diagnostics.push(found);
            false
        });
    }
}

/// Where the Scenario names the HPA in its edits, by time.
fn spans(namespace: &str, name: &str, scenario: &Scenario) -> Vec<Span> {
    let own = |it: &EditEntry| match &it.edit {
        Edit::Hpa { name: hpa, namespace: own, .. } => {
            let is_it = hpa.value == name && own.as_deref().is_none_or(|own| own == namespace);
            is_it.then_some((it.at, hpa.span))
        }
        Edit::Scale { .. }
        | Edit::Rollout { .. }
        | Edit::RayService { .. }
        | Edit::RayCluster { .. } => None,
    };
    let mut spans: Vec<_> = scenario.edits.iter().filter_map(own).collect();
    order::sort_by_key(&mut spans, |it| it.0);
    spans.into_iter().map(|it| it.1).collect()
}

/// An HPA as the API server has it.
struct Server<'a> {
    document: &'a Document,
    written: &'a Hpa,
    rules: &'a ApiRules,
    /// With the edits that were taken.
    now: Hpa,
    exists: bool,
}

impl Server<'_> {
    /// Why the edit is refused; otherwise it is done. What concerns an HPA that is not there, or
    /// that is there already, is said elsewhere.
    fn refuses(&mut self, action: Action, bounds: Bounds) -> Option<String> {
        let (before, is_new) = match action {
            Action::Edit if self.exists => (&self.now, false),
            Action::Create if !self.exists => (self.written, true),
            Action::Delete => {
                self.exists = false;
                return None;
            }
            Action::Edit | Action::Create => return None,
        };
        let edited = before.with(bounds);
        let refused = edit_refusals(self.document, before, &edited, is_new, self.rules);
        if let Some(first) = refused.into_iter().next() {
            return Some(first.message);
        }
        (self.now, self.exists) = (edited, true);
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::Language;

    /// What is said of the edits of an HPA with these bounds.
    fn said(bounds: &str, edits: &str) -> Vec<String> {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: \
             {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: \
             web}}}}\n    spec: {{containers: [{{name: web, resources: {{requests: {{cpu: \
             1}}}}}}]}}\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: \
             {{name: web}}\nspec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: \
             web}}\n  {bounds}\n---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  \
             duration: 10m\n  load: []\n  edits:\n{edits}"
        );
        let report = crate::predict(&text, Language::En).report;
        let found = report.diagnostics.iter().filter(|it| it.code == "TT511");
        let prefix = "the API server refuses this edit, and nothing changes: ";
        found.map(|it| it.message.trim_start_matches(prefix).to_owned()).collect()
    }

    #[test]
    fn an_edit_that_the_api_server_refuses_changes_nothing() {
        let agree = |max| {
            format!(
                "spec.maxReplicas: Invalid value: {max}: must be greater than or equal to \
                 `minReplicas`"
            )
        };
        // The second edit is judged against what the first one left, the last against 7 again.
        let edits = "  - {at: 1m, hpa: web, minReplicas: 7}\n  - {at: 2m, hpa: web, maxReplicas: \
                     6}\n  - {at: 3m, hpa: web, maxReplicas: 7}\n  - {at: 4m, hpa: web, \
                     minReplicas: 8}\n";
        assert_eq!(said("minReplicas: 1\n  maxReplicas: 9", edits), [agree(6), agree(7)]);
    }

    #[test]
    fn what_is_created_anew_is_judged_as_it_was_written() {
        let edits = "  - {at: 1m, hpa: web, minReplicas: 5}\n  - {at: 2m, hpa: web, action: \
                     delete}\n  - {at: 3m, hpa: web, action: create, maxReplicas: 3}\n  - {at: 4m, \
                     hpa: web, maxReplicas: -1}\n";
        let agree = "spec.maxReplicas: Invalid value: -1: must be greater than or equal to \
                     `minReplicas`";
        assert_eq!(said("minReplicas: 1\n  maxReplicas: 9", edits), [agree]);
    }
}
