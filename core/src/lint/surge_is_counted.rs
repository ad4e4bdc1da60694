//! A Pods metric of a Deployment that runs more pods during a rollout.
//!
//! The proposal is the ratio times the pods that are there, those of the surge included: during a
//! rollout the HPA can ask for more without more load, and the next rollout starts from there. For
//! CPU new pods are left out until they are ready; a custom metric has no such rule.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/replica_calculator.go
//! `calcPlainMetricReplicas`; api 0.37 apps/v1/types.go `RollingUpdateDeployment` (25 % by default).

use super::subject::count_or_share;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::hpa::{Metric, Source, SourceKind};
use crate::manifest::workload::WorkloadKind;

pub(super) const RULE: Rule = Rule {
    code: "TT055",
    name: "surge-is-counted",
    severity: Severity::Info,
    chapter: "wrong/time#P33",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((target, workload)) = scaler.pods() else { continue };
        let metrics = scaler.hpa.map(|it| it.metrics.as_slice()).unwrap_or_default();
        let pods = |it: &Source| it.kind == SourceKind::Pods;
        let Some(metric) = metrics.iter().filter_map(Metric::source).find(|it| pods(it)) else {
            continue;
        };
        let strategy = workload.strategy.as_ref();
        let is_recreated =
            strategy.and_then(|it| it.kind.as_ref()).is_some_and(|it| it.value == "Recreate");
        if workload.kind != WorkloadKind::Deployment || is_recreated {
            continue;
        }
        let written = strategy.and_then(|it| it.max_surge.as_ref());
        let share = written.map_or("25%".to_owned(), |it| it.value.text());
        let Some(surge) = count_or_share(&share, scaler.limits.max_replicas).filter(|it| *it > 0)
        else {
            continue;
        };
        let message = [
            "a rollout runs up to ",
            &surge.to_string(),
            if surge == 1 { " more pod" } else { " more pods" },
            " at maxReplicas, and ",
            &scaler.title,
            " counts what is there: it can ask for more without more load",
        ];
        let place = written.map_or(target.metadata.name.span, |it| it.span);
        let label = "this metric counts every pod that is there";
        found.push(RULE.at(place, message.concat()).also(metric.target.span, label));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(strategy: &str, label: &str, mark: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 10
  metrics:
  - type: Pods
    pods: {{metric: {{name: requests}}, target: {{type: AverageValue, averageValue: 10}}}}
{label}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
{mark}spec:
  strategy: {strategy}
"
        )
    }

    #[test]
    fn pods_of_a_rollout_count() {
        let label =
            [&" ".repeat(45), &"~".repeat(38), " this metric counts every pod that is there\n"]
                .concat();
        let mark = "                 ^^^ a rollout runs up to 3 more pods at maxReplicas, and HPA web \
                    counts what is there: it can ask for more without more load\n";
        check(&RULE, &text("{}", &label, mark));
        check(&RULE, &text("{type: Recreate}", "", ""));
        check(&RULE, &text("{rollingUpdate: {maxSurge: 0}}", "", ""));
    }
}
