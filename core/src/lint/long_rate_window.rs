//! A query that averages over more than two minutes.
//!
//! After a step of the load `rate(x[W])` shows half of it after W / 2 and all of it after W; it
//! falls as slowly. Scraping and the HPA's period come on top.
//!
//! Upstream: prometheus 3 promql/functions.go `extrapolatedRate`.

use super::{Input, Rule, adapter_rules};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::time::Duration;

pub(super) const RULE: Rule = Rule {
    code: "TT052",
    name: "long-rate-window",
    severity: Severity::Info,
    chapter: "wrong/time#P29",
    check,
};

/// What is still short.
const SHORT: Duration = Duration::from_seconds(120);

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for rule in adapter_rules::read_rules(input) {
        let finding = long_window(input.text, rule.span);
        found.extend(finding.map(|it| it.also(rule.read_at, "this metric reads it")));
    }
    for (_, object) in input.documents.scaled_objects() {
        for trigger in object.triggers.iter().filter(|it| it.kind.value == "prometheus") {
            let query = trigger.metadata.get("query");
            found.extend(query.and_then(|it| long_window(input.text, it.span)));
        }
    }
}

/// Marks the first long window of the query at `span`.
fn long_window(text: &str, span: Span) -> Option<Diagnostic> {
    let query = &text[span.start..span.end];
    for (start, _) in query.match_indices('[') {
        let end = start + query[start..].find(']')?;
        // A subquery has a step after its range.
        let range = query[start + 1..end].split(':').next().unwrap_or_default();
        let Some(window) = window(range).filter(|_| averages(&query[..start])) else { continue };
        if window <= SHORT {
            continue;
        }
        let half = Duration::from_ms(window.ms() / 2).to_string();
        let all = window.to_string();
        let message = [
            "half of a change is seen after ",
            &half,
            ", all of it after ",
            &all,
            ", scraping and the HPA's period not counted",
        ];
        let place = Span::new(span.start + start, span.start + end + 1);
        return Some(RULE.at(place, message.concat()));
    }
    None
}

/// Whether the function around what follows `before` averages over its range; `irate` looks at
/// the last two samples only.
fn averages(before: &str) -> bool {
    let call = before.rsplit('(').nth(1).unwrap_or_default();
    let name = call.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '_').next();
    matches!(name, Some("rate" | "increase" | "avg_over_time" | "sum_over_time" | "delta"))
}

/// As Prometheus writes it: `5m`, `1h30m`.
fn window(text: &str) -> Option<Duration> {
    let (mut total, mut number) = (0_i64, None);
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        if let Some(digit) = letter.to_digit(10) {
            let tens: i64 = i64::from(number.unwrap_or(0_i32)) * 10 + i64::from(digit);
            number = Some(i32::try_from(tens).ok()?);
            continue;
        }
        let unit = match letter {
            'm' if rest.next_if_eq(&'s').is_some() => 1,
            's' => 1000,
            'm' => 60_000,
            'h' => 3_600_000,
            'd' => 86_400_000,
            _ => return None,
        };
        total = total.saturating_add(i64::from(number.take()?).saturating_mul(unit));
    }
    number.is_none().then_some(Duration::from_ms(total))
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::{RULE, averages, window};
    use crate::time::Duration;

    #[test]
    fn a_long_window_is_slow() {
        let text = |label: &str, query: &str, mark: &str| {
            format!(
                "\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  maxReplicas: 5
  metrics:
  - type: Pods
    pods: {{metric: {{name: requests_per_second}}, target: {{type: AverageValue, averageValue: 1}}}}
{label}---
apiVersion: v1
kind: ConfigMap
metadata: {{name: adapter-config}}
data:
  config.yaml: |
    rules:
    - seriesQuery: requests_total
      name: {{matches: ^(.*)_total, as: '${{1}}_per_second'}}
      metricsQuery: {query}
{mark}"
            )
        };
        let label = "                          ~~~~~~~~~~~~~~~~~~~ this metric reads it\n";
        let mark = "                                               ^^^^ half of a change is seen after \
                    2m 30s, all of it after 5m 00s, scraping and the HPA's period not counted\n";
        check(&RULE, &text(label, "sum(rate(<<.Series>>{a=\"b\"}[5m])) by (pod)", mark));
        check(&RULE, &text("", "sum(rate(<<.Series>>{a=\"b\"}[2m])) by (pod)", ""));
        check(&RULE, &text("", "sum(irate(<<.Series>>{a=\"b\"}[5m])) by (pod)", ""));
        check(
            &RULE,
            "\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  triggers:
  - type: prometheus
    metadata: {threshold: \"5\", query: \"sum(rate(requests_total[10m]))\"}
                                                              ^^^^^ half of a change is seen after \
5m 00s, all of it after 10m 00s, scraping and the HPA's period not counted
",
        );
    }

    #[test]
    fn windows_are_read_as_prometheus_writes_them() {
        for (text, seconds) in [("5m", 300), ("1h30m", 5400), ("90s", 90), ("1500ms", 1)] {
            let expected = Duration::from_seconds(seconds).ms() + i64::from(text == "1500ms") * 500;
            assert_eq!(window(text), Some(Duration::from_ms(expected)), "{text}");
        }
        for text in ["5", "m", "5x", "99999999999m", "<<.R>>"] {
            assert_eq!(window(text), None, "{text}");
        }
        assert!(averages("sum(rate(x{a=\"b\"}") && !averages("irate(x") && !averages("x"));
    }
}
