//! A trigger that counts a backlog, with `metricType: Value`.
//!
//! As for an HPA: `Value` multiplies the pods by total / target at each look, while a backlog does
//! not get smaller at once. KEDA's default, `AverageValue`, is the part for each pod: that is why
//! its HPA shows the total divided by the pods.
//!
//! Upstream: keda 2.21 pkg/scalers/scaler.go `GetMetricTargetType`; kubernetes 1.37
//! pkg/controller/podautoscaler/replica_calculator.go `GetExternalMetricReplicas`.

use super::total_as_value::MESSAGE;
use super::{Input, Rule, with_fix};
use crate::diagnostic::{Diagnostic, Severity, TextEdit};

pub(super) const RULE: Rule = Rule {
    code: "TT043",
    name: "trigger-total-as-value",
    severity: Severity::Warning,
    chapter: "wrong/others#P40",
    check,
};

/// Scalers whose number is a lag or the length of a queue.
const BACKLOGS: [&str; 14] = [
    "activemq",
    "apache-kafka",
    "artemis-queue",
    "aws-sqs-queue",
    "azure-eventhub",
    "azure-queue",
    "azure-servicebus",
    "gcp-pubsub",
    "ibmmq",
    "kafka",
    "nats-jetstream",
    "rabbitmq",
    "redis",
    "redis-streams",
];

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (_, object) in input.documents.scaled_objects() {
        for trigger in &object.triggers {
            let kind = trigger.kind.value.as_str();
            let is_rate = trigger.metadata.get("mode").is_some_and(|it| it.value.contains("Rate"));
            let Some(metric_type) = trigger.metric_type.as_ref().filter(|it| it.value == "Value")
            else {
                continue;
            };
            if !is_rate && BACKLOGS.contains(&kind) {
                let edit = TextEdit { span: metric_type.span, text: "AverageValue".to_owned() };
                let finding = RULE.at(metric_type.span, MESSAGE);
                let finding = finding.also(trigger.kind.span, "it counts a backlog");
                found.push(with_fix(finding, "write AverageValue", Some(edit)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn text(trigger: &str, label: &str, mark: &str) -> String {
        format!(
            "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: web}}\nspec:\n  \
             scaleTargetRef: {{name: web}}\n  triggers:\n  - {trigger}\n{label}{mark}"
        )
    }

    #[test]
    fn a_lag_is_shared_out_among_pods() {
        let label = "          ~~~~~ it counts a backlog\n";
        let mark = "                             ^^^^^ type Value multiplies the pods by total / target \
                    at each look: a backlog wants AverageValue, the part for each pod\n";
        check(
            &RULE,
            &text("type: kafka\n    metricType: Value", "", "").replace(
                "kafka\n    metricType: Value\n",
                &format!(
                    "kafka\n{label}    metricType: Value\n{}",
                    mark.replace("             ^", "^")
                ),
            ),
        );
        check(&RULE, &text("type: kafka", "", ""));
        check(&RULE, &text("{type: prometheus, metricType: Value}", "", ""));
        check(
            &RULE,
            &text("{type: rabbitmq, metricType: Value, metadata: {mode: MessageRate}}", "", ""),
        );
    }

    #[test]
    fn the_fix_writes_average_value() {
        let trigger =
            |kind: &str| text(&["{type: kafka, metricType: ", kind, "}"].concat(), "", "");
        assert_eq!(fixed(&RULE, &trigger("Value")), trigger("AverageValue"));
    }
}
