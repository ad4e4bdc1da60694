//! Two HPAs that scale the same target, or an HPA beside the one that KEDA makes.
//!
//! Both see the same pods, find them ambiguous and stop with `AmbiguousSelector` (since Kubernetes
//! 1.26). One HPA for the way up and another for the way down is a trick of old: several metrics
//! belong into one HPA, which follows the largest proposal.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `validateAndParseSelector`.

use super::subject::Scaler;
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::source::Span;
use crate::yaml::Node;

pub(super) const RULE: Rule = Rule {
    code: "TT015",
    name: "two-hpas-on-one-target",
    severity: Severity::Error,
    chapter: "wrong/no-decision#P5",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for (index, scaler) in input.scalers.iter().enumerate() {
        let is_other = |it: &&Scaler<'_>| {
            // The same name is the same HPA, written once more.
            it.has_same_target(scaler) && it.title != scaler.title
        };
        let Some(first) = input.scalers[..index].iter().find(is_other) else { continue };
        let message = if scaler.scaled_object.is_some() {
            "KEDA makes a second HPA on this target: both stop with AmbiguousSelector. Put all \
             metrics into the ScaledObject"
        } else {
            "a second HPA on this target: both stop with AmbiguousSelector. Put all metrics into \
             one HPA"
        };
        let label = [first.title.as_str(), " scales it already"].concat();
        let finding = RULE.at(scaler.target_span, message).also(first.target_span, label);
        let fix = merge(input.text, first, scaler);
        found.push(fix.into_iter().fold(finding, Diagnostic::with));
    }
}

/// Moves the metrics of `second` to the end of those of `first` and takes its document away.
/// Only where both are lists of lines, and where `second` says nothing else that would be lost.
fn merge(text: &str, first: &Scaler<'_>, second: &Scaler<'_>) -> Option<Fix> {
    if second.hpa?.behavior.is_some() {
        return None;
    }
    let (to, from) = (metrics(text, first)?, metrics(text, second)?);
    let first_items: Vec<&str> = to.iter().map(|it| source(text, it)).collect();
    let last = to.last()?.span;
    let indent = text[..last.start].rfind('\n')? + 1;
    let indent = &text[indent..last.start - text[indent..last.start].trim_start().len()];
    let mut added = String::new();
    for item in from {
        let own = source(text, item);
        if first_items.contains(&own) {
            continue;
        }
        let start = text[..item.span.start].rfind('\n')? + 1;
        let dash = text[start..item.span.start].find('-')?;
        for line in text[start..item.span.end].trim_end().lines() {
            let blank = line.len() - line.trim_start_matches(' ').len();
            added.extend(["\n", indent, &line[blank.min(dash)..]]);
        }
    }
    let end = last.start + source(text, to.last()?).len();
    let end = text[end..].find('\n').map_or(text.len(), |it| end + it);
    let document = second.document.span;
    let start = text[..document.start].rfind("\n---")? + 1;
    let after = text[document.end..].find('\n').map_or(text.len(), |it| document.end + it + 1);
    let edits = vec![
        TextEdit { span: Span::at(end), text: added },
        TextEdit { span: Span::new(start, after), text: String::new() },
    ];
    let title = ["move its metrics into ", &first.title].concat();
    (end <= start).then(|| Fix::changes_decisions(title, edits))
}

/// The metrics of an `autoscaling/v2` HPA that stands alone in its document, a line each or more.
fn metrics<'run>(text: &str, scaler: &Scaler<'run>) -> Option<&'run [Node]> {
    let document = scaler.document;
    let is_alone = text[..document.span.start].ends_with('\n') || document.span.start == 0;
    let metrics = document.root.get("spec")?.get("metrics")?;
    let first = metrics.items().first()?.span;
    let before = text[..first.start].trim_end_matches(' ').strip_suffix('-')?;
    let is_block = before.trim_end_matches(' ').ends_with('\n');
    let is_v2 = document.api_version.value == "autoscaling/v2";
    (is_v2 && is_alone && is_block).then(|| metrics.items())
}

fn source<'text>(text: &'text str, item: &Node) -> &'text str {
    text[item.span.start..item.span.end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    #[test]
    fn the_second_hpa_on_a_target_is_marked() {
        check(
            &RULE,
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: up}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                                                                ~~~ HPA up scales it already
  maxReplicas: 5
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: down}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                                                                ^^^ a second HPA on this target: \
both stop with AmbiguousSelector. Put all metrics into one HPA
  maxReplicas: 5
---
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: other, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: other, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 9
",
        );
    }

    #[test]
    fn keda_makes_an_hpa_of_its_own() {
        let object = |name: &str| {
            format!(
                "---\napiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: \
                 {name}}}\nspec:\n  triggers: []\n  scaleTargetRef: {{name: web}}\n"
            )
        };
        let hpa = "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: keda-hpa-queue}
spec:
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
";
        check(&RULE, &[hpa, &object("queue")].concat());
        let (blank, same) = (" ".repeat(64), " ".repeat(25));
        let marks = [
            hpa,
            &blank,
            "~~~ HPA keda-hpa-queue scales it already\n",
            &object("other"),
            &same,
            "^^^ KEDA makes a second HPA on this target: both stop with AmbiguousSelector. Put all \
             metrics into the ScaledObject\n",
        ];
        check(&RULE, &marks.concat());
    }

    #[test]
    fn the_fix_moves_the_metrics_into_the_first() {
        let hpa = |name: &str, metrics: &str| {
            format!(
                "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: \
                 {name}}}\nspec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: \
                 web}}\n  metrics:\n{metrics}  maxReplicas: 5\n"
            )
        };
        let cpu = "    - type: Resource\n      resource:\n        name: cpu\n";
        let shared = "  - {type: Pods}\n";
        let memory = "  - type: Resource # more\n    resource:\n      name: memory\n";
        let first = hpa("a", &[&shared.replace("  -", "    -"), cpu].concat());
        let second = hpa("b", &[shared, memory].concat());
        let moved = "    - type: Resource # more\n      resource:\n        name: memory\n";
        let merged = hpa("a", &[&shared.replace("  -", "    -"), cpu, moved].concat());
        let rest = "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n";
        let text = [&first, "---\n", &second, rest].concat();
        assert_eq!(fixed(&RULE, &text), [&merged, rest].concat());
    }
}
