//! `kubectl describe hpa`: metrics with their targets, bounds, behavior, counts and conditions.
//!
//! Keys stand at the indent of `Name:`, everything else deeper; what a message breaks into further
//! lines is passed over. Selectors of metrics and `tolerance` are not printed.
//!
//! Upstream: kubectl 0.37 pkg/describe/describe.go `describeHorizontalPodAutoscalerV2`,
//! `describeHorizontalPodAutoscalerV1`, `printDirectionBehavior`; the same text since 1.23.

use super::lines::Line;
use super::table::reference;
use super::{Amount, Form, Read, amount, begins};
use crate::hpa::{
    Behavior, MetricIdentifier, MetricSpec, PolicyKind, ResourceName, ResourceTarget,
    ScalingPolicy, ScalingRules, SelectPolicy, ValueTarget,
};
use crate::kubectl::told::{Current, Source, Told, ToldCondition, ToldMetric};
use crate::time::Duration;
use crate::yaml::Spanned;

/// Which indented lines come now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    Metrics,
    ScaleUp,
    ScaleDown,
    Conditions,
}

/// Whether the description that the first of `lines` begins is one of an HPA.
pub(super) fn is_hpa(lines: &[Line<'_>]) -> bool {
    let keys = ["Reference:", "Max replicas:"];
    let own = &lines[..end(lines)];
    keys.iter().all(|key| own.iter().any(|it| it.text.starts_with(key)))
}

/// How many lines the description that the first of `lines` begins has.
fn end(lines: &[Line<'_>]) -> usize {
    let next = (1..lines.len()).find(|at| {
        begins(&lines[*at..])
            .is_some_and(|it| it == Form::Table || lines[*at].indent <= lines[0].indent)
    });
    next.unwrap_or(lines.len())
}

/// Reads the description that the first of `lines` begins; returns how many lines it has.
pub(super) fn read(lines: &[Line<'_>], read: &mut Read) -> usize {
    let count = end(lines);
    if !is_hpa(lines) {
        return count;
    }
    let base = lines[0].indent;
    let name = lines[0].after("Name").unwrap_or_default();
    let mut told =
        Told { source: Source::Describe, name: lines[0].spanned(name), ..Told::default() };
    let mut section = Section::None;
    for line in &lines[1..count] {
        if line.indent <= base {
            section = top(line, &mut told, read);
            continue;
        }
        section = match (section, line.text) {
            (Section::None, _) => continue,
            (Section::ScaleUp | Section::ScaleDown, "Scale Up:") => Section::ScaleUp,
            (Section::ScaleUp | Section::ScaleDown, "Scale Down:") => Section::ScaleDown,
            _ => section,
        };
        match section {
            Section::None => {}
            Section::Metrics => metric(line, &mut told, read),
            Section::ScaleUp => rules(line, &mut told.behavior, |it| &mut it.scale_up, read),
            Section::ScaleDown => rules(line, &mut told.behavior, |it| &mut it.scale_down, read),
            Section::Conditions => told.conditions.extend(condition(line.text)),
        }
    }
    if let Some(behavior) = &mut told.behavior {
        let default = Behavior::default();
        for (rules, default) in [
            (&mut behavior.scale_up, default.scale_up),
            (&mut behavior.scale_down, default.scale_down),
        ] {
            if rules.policies.is_empty() {
                rules.policies = default.policies;
            }
        }
    }
    read.add(told);
    count
}

/// A line at the indent of `Name:`; returns what the lines below it are.
fn top(line: &Line<'_>, told: &mut Told, read: &mut Read) -> Section {
    match line.text {
        "Behavior:" => {
            told.behavior = Some(Behavior::default());
            return Section::ScaleUp;
        }
        "Conditions:" => return Section::Conditions,
        _ => {}
    }
    let Some((key, value)) = line.text.split_once(':') else { return Section::None };
    let value = value.trim();
    match key {
        "Namespace" => told.namespace = Some(value.to_owned()),
        "Reference" => told.target = reference(value),
        "Metrics" => return Section::Metrics,
        "Min replicas" => told.min_replicas = number(line, value, read),
        "Max replicas" => told.max_replicas = number(line, value, read),
        "Target CPU utilization" => {
            if let Some(Amount::Percent(percent)) = amount(value) {
                let target = ResourceTarget::AverageUtilization(percent.max(1));
                let spec = Some(MetricSpec::Resource { name: ResourceName::Cpu, target });
                let (current, span) = (Current::Unknown, line.span());
                told.metrics.push(ToldMetric { spec, is_guess: false, current, span });
            }
        }
        "Current CPU utilization" => {
            if let (Some(Amount::Percent(percent)), Some(metric)) =
                (amount(value), told.metrics.last_mut())
            {
                metric.current = Current::Utilization { percent, average_milli: None };
                metric.span = line.span_of(value);
            }
        }
        key if key.ends_with(" pods") => counts(line, value, told, read),
        _ => {}
    }
    Section::None
}

fn number(line: &Line<'_>, text: &str, read: &mut Read) -> Option<i32> {
    if text == "<unset>" {
        return None;
    }
    let number = text.parse().ok();
    if number.is_none() {
        read.unreadable(line.span(), "this must be a whole number");
    }
    number
}

/// `4 current / 5 desired`.
fn counts(line: &Line<'_>, value: &str, told: &mut Told, read: &mut Read) {
    let counts = value.split_once(" / ").and_then(|(current, desired)| {
        let current = current.strip_suffix(" current")?;
        let desired = desired.strip_suffix(" desired")?;
        Some((current.parse().ok()?, desired.parse().ok()?, line.span_of(current)))
    });
    match counts {
        Some((current, desired, span)) => {
            told.current_replicas = Some(Spanned::new(current, span));
            told.desired_replicas = Some(desired);
        }
        None => read.unreadable(line.span(), "this is printed as `4 current / 5 desired`"),
    }
}

fn metric(line: &Line<'_>, told: &mut Told, read: &mut Read) {
    let found = line.text.rsplit_once(':').and_then(|(what, values)| {
        let (shown, goal) = values.split_once(" / ")?;
        let shown = shown.trim();
        Some((what.trim_end(), shown, current(shown)?, amount(goal)?))
    });
    let (spec, current, span) = match found {
        Some((what, shown, current, goal)) => (spec(what, goal), current, line.span_of(shown)),
        None => (None, Current::Unknown, line.span()),
    };
    if found.is_none() && !line.text.starts_with('<') {
        let message = "a metric is printed as `resource cpu on pods:  250m / 500m`";
        read.unreadable(line.span(), message);
    }
    let is_guess = spec.is_none();
    told.metrics.push(ToldMetric { spec, is_guess, current, span });
}

/// `50% (250m)`, `250m` or `<unknown>`.
fn current(text: &str) -> Option<Current> {
    if let Some((percent, average)) = text.split_once(" (") {
        let Amount::Percent(percent) = amount(percent)? else { return None };
        let average_milli = match amount(average.strip_suffix(')')?)? {
            Amount::Milli(milli) => Some(milli),
            Amount::Unknown | Amount::Percent(_) => None,
        };
        return Some(Current::Utilization { percent, average_milli });
    }
    Some(match amount(text)? {
        Amount::Unknown => Current::Unknown,
        Amount::Percent(percent) => Current::Utilization { percent, average_milli: None },
        Amount::Milli(milli) => Current::Milli(milli),
    })
}

/// The entry of `spec.metrics` that `what` describes.
fn spec(what: &str, goal: Amount) -> Option<MetricSpec> {
    if let Some(what) = what.strip_prefix("resource ") {
        return resource(what, goal);
    }
    let Amount::Milli(goal) = goal else { return None };
    // A name may hold blanks and, quoted as Go does, quotation marks.
    let (name, rest) = what.strip_prefix('"')?.rsplit_once('"')?;
    let metric = MetricIdentifier::named(&name.replace("\\\"", "\"").replace("\\\\", "\\"));
    let target = if rest.ends_with("(target average value)") {
        ValueTarget::AverageValue(goal)
    } else {
        ValueTarget::Value(goal)
    };
    let on = rest.strip_prefix(" on ");
    Some(match on {
        None => MetricSpec::External { metric, target },
        Some("pods") => MetricSpec::Pods { metric, target_average_value_milli: goal.max(1) },
        Some(on) => {
            let (kind, name) = reference(on.split(" (").next()?.trim_end())?;
            MetricSpec::Object { kind, name, metric, target: Some(target) }
        }
    })
}

/// `cpu on pods` and the like.
fn resource(what: &str, goal: Amount) -> Option<MetricSpec> {
    let target = match goal {
        Amount::Percent(percent) => ResourceTarget::AverageUtilization(percent.max(1)),
        Amount::Milli(milli) => ResourceTarget::AverageValue(milli.max(1)),
        Amount::Unknown => return None,
    };
    let (name, rest) = what.split_once(' ')?;
    let name = match name {
        "cpu" => ResourceName::Cpu,
        "memory" => ResourceName::Memory,
        other => ResourceName::Other(other.to_owned()),
    };
    Some(match rest.strip_prefix("of container \"") {
        Some(rest) => {
            let container = rest.split('"').next()?.to_owned();
            MetricSpec::ContainerResource { name, container, target }
        }
        None => MetricSpec::Resource { name, target },
    })
}

/// A line below `Scale Up:` or `Scale Down:`.
fn rules(
    line: &Line<'_>,
    behavior: &mut Option<Behavior>,
    side: impl Fn(&mut Behavior) -> &mut ScalingRules,
    read: &mut Read,
) {
    let Some(rules) = behavior.as_mut().map(side) else { return };
    let seconds = |text: &str| {
        let seconds = text.trim().strip_suffix("seconds")?.trim_end().parse::<i32>().ok()?;
        Some(Duration::from_seconds(i64::from(seconds.max(0))))
    };
    let is_read = if let Some(window) = line.after("Stabilization Window") {
        let window = seconds(window);
        rules.stabilization_window = window.or(rules.stabilization_window);
        window.is_some()
    } else if let Some(policy) = line.after("Select Policy") {
        rules.select_policy = match policy {
            "Min" => SelectPolicy::Min,
            "Disabled" => SelectPolicy::Disabled,
            _ => SelectPolicy::Max,
        };
        matches!(policy, "Max" | "Min" | "Disabled")
    } else if line.text == "Policies:" {
        rules.policies.clear();
        true
    } else if let Some(policy) = line.text.strip_prefix("- Type:") {
        let policy = scaling_policy(policy, seconds);
        rules.policies.extend(policy);
        policy.is_some()
    } else {
        line.text.ends_with(':')
    };
    if !is_read {
        read.unreadable(line.span(), "this line of the behavior can't be read");
    }
}

/// `Pods  Value: 4  Period: 15 seconds`.
fn scaling_policy(text: &str, seconds: impl Fn(&str) -> Option<Duration>) -> Option<ScalingPolicy> {
    let (kind, rest) = text.split_once("Value:")?;
    let (value, period) = rest.split_once("Period:")?;
    let kind = match kind.trim() {
        "Pods" => PolicyKind::Pods,
        "Percent" => PolicyKind::Percent,
        _ => return None,
    };
    let value = value.trim().parse::<i32>().ok()?.max(1);
    let second = Duration::from_seconds(1);
    Some(ScalingPolicy { kind, value, period: seconds(period)?.max(second) })
}

/// `AbleToScale  True  ReadyForNewScale  recommended size matches current size`.
fn condition(text: &str) -> Option<ToldCondition> {
    let mut rest = text;
    let mut word = || {
        let end = rest.find(' ').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after.trim_start();
        word.to_owned()
    };
    let (kind, status, reason) = (word(), word(), word());
    let status = match status.as_str() {
        "True" => true,
        "False" | "Unknown" => false,
        _ => return None,
    };
    Some(ToldCondition { kind, status, reason, message: rest.to_owned() })
}
