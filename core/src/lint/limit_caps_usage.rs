//! Limits that keep usage within the tolerance of the target.
//!
//! A container can't use more CPU than its limit and is killed beyond its memory limit, so that
//! usage / requests ends at limits / requests, and usage at the limits. Where that is no more than
//! the target and its tolerance, the metric never asks for more pods.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/metrics/utilization.go
//! `GetResourceUtilizationRatio`; replica_calculator.go `Tolerances.isWithin`.

use super::subject::{Scaler, spelled, sums};
use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Severity};
use crate::hpa::Tolerances;
use crate::manifest::hpa::SourceKind;
use crate::manifest::pod::Container;
use crate::source::Span;

pub(super) const RULE: Rule = Rule {
    code: "TT053",
    name: "limit-caps-usage",
    severity: Severity::Warning,
    chapter: "wrong/time#P30",
    check,
};

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some((_, workload)) = scaler.pods() else { continue };
        let pod = &workload.template;
        // What holds for the pod as a whole is another sum.
        if pod.resources.names().next().is_some() {
            continue;
        }
        let tolerances = Tolerances::of(&scaler.limits);
        let never = if scaler.metrics == 1 {
            "this HPA never scales up"
        } else {
            "this metric never asks for more pods"
        };
        let is_enough = |ratio: f64| ratio > 1.0 && !tolerances.is_within(ratio);
        for utilization in scaler.utilizations.iter().filter(|it| it.percent > 0) {
            let containers = input.counted(pod, utilization.container);
            let (Some(request), Some(limit)) = sums(&containers, utilization.resource) else {
                continue;
            };
            if request <= 0 || limit < request {
                continue;
            }
            let most = i128::from(limit) * 100 / i128::from(request);
            if is_enough(most as f64 / f64::from(utilization.percent)) {
                continue;
            }
            let because = if limit == request { "limits equal requests" } else { "of the limits" };
            let message = format!(
                "{} usage can't exceed {most} % of requests because {because}, so the ratio is at \
                 most {} and {never}",
                spelled(utilization.resource),
                hundredths(most, utilization.percent.into()),
            );
            let finding = RULE.at(utilization.span, message);
            found.push(with_limits(finding, &containers, utilization.resource));
        }
        for average in averages(scaler) {
            let containers = input.counted(pod, average.container);
            let (_, Some(limit)) = sums(&containers, average.resource) else { continue };
            if is_enough(limit as f64 / average.milli as f64) {
                continue;
            }
            let message = format!(
                "{} usage of a pod ends at its limits, so the ratio to this is at most {} and {never}",
                spelled(average.resource),
                hundredths(limit.into(), average.milli.into()),
            );
            let finding = RULE.at(average.span, message);
            found.push(with_limits(finding, &containers, average.resource));
        }
    }
}

/// A target in cores or bytes for each pod.
struct Average<'run> {
    resource: &'run str,
    container: Option<&'run str>,
    milli: i64,
    span: Span,
}

fn averages<'run>(scaler: &Scaler<'run>) -> impl Iterator<Item = Average<'run>> {
    let sources = scaler.hpa.into_iter().flat_map(|it| &it.metrics).filter_map(|it| it.source());
    sources.filter_map(|source| {
        let resource = &source.resource.as_ref()?.value;
        let (target, container) = (source.target.average_value.as_ref()?, &source.container);
        let container = match source.kind {
            SourceKind::ContainerResource => Some(container.as_ref()?.value.as_str()),
            _ => None,
        };
        let milli = target.value.milli_value();
        (milli > 0).then_some(Average { resource, container, milli, span: target.span })
    })
}

/// `part / whole` with two decimals, cut off.
fn hundredths(part: i128, whole: i128) -> String {
    let hundredths = part * 100 / whole;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

fn with_limits(finding: Diagnostic, containers: &[&Container], resource: &str) -> Diagnostic {
    let limits = containers.iter().filter_map(|it| it.resources.limits.get(resource));
    limits.fold(finding, |finding, limit| finding.also(limit.span, "usage ends here"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::RULE;

    fn text(percent: i32, limit: &str, mark: &str, label: &str) -> String {
        format!(
            "\
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  targetCPUUtilizationPercentage: {percent}
{mark}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  template:
    spec:
      containers:
      - name: app
        resources:
          requests: {{cpu: 1}}
          limits: {limit}
{label}"
        )
    }

    #[test]
    fn usage_that_ends_at_the_target_never_asks_for_more() {
        let mark = "                                  ^^^ CPU usage can't exceed 100 % of requests \
                    because limits equal requests, so the ratio is at most 1.00 and this HPA never \
                    scales up\n";
        check(&RULE, &text(100, "{cpu: 1}", mark, "                        ~ usage ends here\n"));
        // 110 % of 100 lies within the tolerance, 111 % does not.
        let mark = mark
            .replace("exceed 100", "exceed 110")
            .replace("limits equal requests", "of the limits")
            .replace("1.00", "1.10");
        let label = "                        ~~~~~ usage ends here\n";
        check(&RULE, &text(100, "{cpu: 1100m}", &mark, label));
        check(&RULE, &text(100, "{cpu: 1110m}", "", ""));
        check(&RULE, &text(80, "{cpu: 1}", "", ""));
        check(&RULE, &text(100, "{memory: 1Gi}", "", ""));
    }

    /// 200 cores are meant to be 200m: of 500m, the limit, that is 0.00.
    #[test]
    fn an_average_above_the_limit_is_never_reached() {
        let text = |average: &str, mark: &str, label: &str| {
            let usual = text(60, "{cpu: 500m}", mark, label);
            let metrics = format!(
                "  metrics:\n  - type: Resource\n    resource:\n      name: cpu\n      \
                 target: {{type: AverageValue, averageValue: {average}}}\n"
            );
            let usual = usual.replace("autoscaling/v1", "autoscaling/v2");
            usual.replace("  targetCPUUtilizationPercentage: 60\n", &metrics)
        };
        let mark = "                                                 ^^^ CPU usage of a pod ends at \
                    its limits, so the ratio to this is at most 0.00 and this HPA never scales up\n";
        let label = "                        ~~~~ usage ends here\n";
        check(&RULE, &text("200", mark, label));
        check(&RULE, &text("200m", "", ""));
    }
}
