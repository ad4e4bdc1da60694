//! A PodDisruptionBudget that allows no eviction at the HPA's minimum.
//!
//! With `minReplicas` pods, all of them healthy, none may be evicted: draining a node waits, and
//! so does consolidation by Karpenter or the Cluster Autoscaler.
//!
//! Upstream: kubernetes 1.37 pkg/controller/disruption/disruption.go `getExpectedPodCount`,
//! `updatePdbStatus` (healthy minus wanted).

use super::subject::{count_or_share, templates};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Body;

pub(super) const RULE: Rule = Rule {
    code: "TT058",
    name: "budget-blocks-eviction",
    severity: Severity::Warning,
    chapter: "wrong/others#P42",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let templates = templates(input.documents);
    for document in &input.documents.documents {
        let Body::DisruptionBudget(budget) = &document.body else { continue };
        let Some(selector) = &budget.selector else { continue };
        let guarded = templates.iter().filter(|(other, pod)| {
            other.namespace() == document.namespace() && selector.matches(&pod.labels)
        });
        let guarded: Vec<_> = guarded.map(|(other, _)| other.span).collect();
        // Pods of several workloads count together.
        let [only] = guarded.as_slice() else { continue };
        let is_it = |it: &&super::Scaler<'_>| it.target.is_some_and(|it| it.0.span == *only);
        let Some(scaler) = input.scalers.iter().find(is_it) else { continue };
        let pods = scaler.min_replicas;
        let (Some(place), Some(wanted)) = (match (&budget.min_available, &budget.max_unavailable) {
            (Some(min), _) => (Some(min.span), count_or_share(&min.value, pods)),
            (None, Some(max)) => {
                let missing = count_or_share(&max.value, pods);
                (Some(max.span), missing.map(|it| pods.saturating_sub(it).max(0)))
            }
            (None, None) => continue,
        }) else {
            continue;
        };
        if wanted < pods {
            continue;
        }
        let message = [
            &wanted.to_string(),
            " must stay healthy, and ",
            &scaler.title,
            " goes down to ",
            &pods.to_string(),
            ": none may be evicted then, so drains and consolidation wait",
        ];
        let label = [scaler.title.as_str(), " goes down to ", &pods.to_string()].concat();
        found.push(RULE.at(place, message.concat()).also(scaler.min_span, label));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(min: i32, budget: &str, label: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  minReplicas: {min}
{label}  maxReplicas: 9
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec: {{template: {{metadata: {{labels: {{app: web}}}}}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: web}}
spec:
  selector: {{matchLabels: {{app: web}}}}
  {budget}
{mark}"
        )
    }

    #[test]
    fn at_the_minimum_one_pod_must_be_free_to_go() {
        let label = |pods| format!("               ~ HPA web goes down to {pods}\n");
        let mark = |column: usize, carets: &str, wanted: i32, pods: i32| {
            format!(
                "{}{carets} {wanted} must stay healthy, and HPA web goes down to {pods}: none may \
                 be evicted then, so drains and consolidation wait\n",
                " ".repeat(column)
            )
        };
        check(&RULE, &text(2, "minAvailable: 2", &label(2), &mark(16, "^", 2, 2)));
        check(&RULE, &text(2, "minAvailable: 1", "", ""));
        // 80 % of 4 is 3.2, rounded up to 4; of 5 it is 4.
        check(&RULE, &text(4, "minAvailable: 80%", &label(4), &mark(16, "^^^", 4, 4)));
        check(&RULE, &text(5, "minAvailable: 80%", "", ""));
        check(&RULE, &text(3, "maxUnavailable: 0", &label(3), &mark(18, "^", 3, 3)));
        check(&RULE, &text(3, "maxUnavailable: 1%", "", ""));
    }

    #[test]
    fn a_budget_for_more_than_one_workload_is_not_judged() {
        let more = "---\napiVersion: v1\nkind: Pod\nmetadata: {name: p, labels: {app: web}}\n";
        check(&RULE, &[&text(1, "minAvailable: 1", "", ""), more].concat());
    }
}
