//! A VerticalPodAutoscaler that sets the requests which a utilization is divided by.
//!
//! The HPA holds usage at a share of the request, and the VPA moves the request after the usage, to
//! 1.15 times of it: usage is then 86 % of the request. At a target of 78 % or less that is outside
//! the tolerance: the request shrinks round by round, and the HPA adds ever smaller pods. An average
//! value has no request in it.
//!
//! Upstream: autoscaler vertical-pod-autoscaler 1.6 docs/known-limitations.md; kubernetes 1.37
//! pkg/controller/podautoscaler/metrics/utilization.go `GetResourceUtilizationRatio`.

use super::subject::{Scaler, Utilization, spelled, sums};
use super::{Input, Rule};
use crate::assumption::Value;
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::manifest::{Body, Document, VerticalAutoscaler};
use crate::order;
use crate::quantity::Quantity;

pub(super) const RULE: Rule = Rule {
    code: "TT056",
    name: "requests-are-moved",
    severity: Severity::Warning,
    chapter: "wrong/others#P37",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in input.scalers.iter().filter(|it| it.is_first) {
        let mut verticals = input.documents.documents.iter().filter_map(|it| match &it.body {
            Body::VerticalAutoscaler(vertical) => Some((it, &**vertical)),
            _ => None,
        });
        let Some((document, vertical)) = verticals.find(|it| is_on(it.0, it.1, scaler)) else {
            continue;
        };
        for utilization in &scaler.utilizations {
            found.extend(judge(input, scaler, utilization, document, vertical));
        }
    }
}

fn judge(
    input: &Input<'_>,
    scaler: &Scaler<'_>,
    utilization: &Utilization<'_>,
    document: &Document,
    vertical: &VerticalAutoscaler,
) -> Option<Diagnostic> {
    let containers =
        scaler.target.map(|(_, workload)| input.counted(&workload.template, utilization.container));
    let controls = |name: &str| vertical.controls(name, utilization.resource);
    let is_moved = match &containers {
        Some(containers) => containers.iter().any(|it| controls(&it.name.value)),
        None => controls(utilization.container.unwrap_or_default()),
    };
    if !is_moved {
        return None;
    }
    let resource = spelled(utilization.resource);
    let message = [
        "VerticalPodAutoscaler ",
        document.name(),
        " moves the ",
        resource,
        " requests that this is a share of",
    ];
    let label = ["it sets the ", resource, " requests"].concat();
    let finding = RULE.at(utilization.span, message.concat());
    let finding = finding.also(vertical.target_name.span, label);
    let request = containers.and_then(|it| sums(&it, utilization.resource).0);
    let fix = request.and_then(|it| average_value(input.text, scaler, utilization, it));
    Some(fix.into_iter().fold(finding, Diagnostic::with))
}

fn is_on(document: &Document, vertical: &VerticalAutoscaler, scaler: &Scaler<'_>) -> bool {
    document.namespace() == scaler.document.namespace()
        && vertical.target_kind.value == scaler.target_kind
        && vertical.target_name.value == scaler.target_name
}

/// Turns the share into what it is of the requests as they are written.
fn average_value(
    text: &str,
    scaler: &Scaler<'_>,
    utilization: &Utilization<'_>,
    request_milli: i64,
) -> Option<Fix> {
    let (index, _) = utilization.source?;
    let metrics = scaler.document.root.get("spec")?.get("metrics")?;
    let metric = metrics.items().get(index)?;
    let source = metric.get("resource").or_else(|| metric.get("containerResource"))?;
    let target = source.get("target")?;
    let share = i128::from(request_milli) * i128::from(utilization.percent) / 100;
    let share = i64::try_from(share).ok().filter(|it| *it > 0)?;
    let value = match utilization.resource {
        "memory" => Value::Bytes(((share / 1000) >> 20) << 20).to_string(),
        _ => Quantity::from_milli(share).to_string(),
    };
    let key = target.entry("averageUtilization")?;
    let written = &text[key.key_span.start..key.key_span.end];
    let quote = if written.starts_with('"') { "\"" } else { "" };
    let mut edits = vec![
        TextEdit { span: target.get("type")?.span, text: [quote, "AverageValue", quote].concat() },
        TextEdit { span: key.key_span, text: [quote, "averageValue", quote].concat() },
        TextEdit { span: key.value.span, text: [quote, &value, quote].concat() },
    ];
    order::sort_by_key(&mut edits, |it| it.span);
    let title = ["ask for ", &value, " a pod instead"].concat();
    Some(Fix::changes_decisions(title, edits))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn text(target: &str, vertical: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{{target}}}}}
{mark}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec: {{containers: [{{name: app, resources: {{requests: {{cpu: 500m}}}}}}]}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {{name: web-vpa}}
spec:
  targetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
{label}  {vertical}
"
        )
    }

    const SHARE: &str = "type: Utilization, averageUtilization: 80";

    #[test]
    fn only_a_vpa_that_sets_this_request_moves_it() {
        let mark = [
            &" ".repeat(74),
            "^^ VerticalPodAutoscaler web-vpa moves the CPU requests that this is a share of\n",
        ];
        let label = [&" ".repeat(59), "~~~ it sets the CPU requests\n"].concat();
        check(&RULE, &text(SHARE, "updatePolicy: {updateMode: Auto}", &mark.concat(), &label));
        for silent in [
            "updatePolicy: {updateMode: \"Off\"}",
            "resourcePolicy: {containerPolicies: [{containerName: app, mode: \"Off\"}]}",
            "resourcePolicy: {containerPolicies: [{containerName: '*', controlledResources: \
             [memory]}]}",
        ] {
            check(&RULE, &text(SHARE, silent, "", ""));
        }
        check(&RULE, &text("type: AverageValue, averageValue: 400m", "updatePolicy: {}", "", ""));
    }

    #[test]
    fn the_fix_asks_for_an_average_value() {
        let after = text("type: AverageValue, averageValue: 400m", "updatePolicy: {}", "", "");
        assert_eq!(fixed(&RULE, &text(SHARE, "updatePolicy: {}", "", "")), after);
    }
}
