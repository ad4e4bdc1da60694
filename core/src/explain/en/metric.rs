//! What an HPA makes of its metrics.

use super::word;
use crate::explain::number::{number, ratio as beside};
use crate::explain::phrase::{Bound, Flight, MetricPhrase, PodPhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{Pass, Standing};
use crate::report::Message;

pub(in crate::explain) fn metric(phrase: &MetricPhrase<'_>) -> Message {
    match *phrase {
        MetricPhrase::PodsCounted { ready, unready, missing, ignored } => {
            pods_counted(ready, [unready, missing, ignored])
        }
        MetricPhrase::Unlisted { pods } => say!(
            "{} {} that the selector does not list.",
            value(pods),
            word(pods, "sample is of a pod", "samples are of pods"),
        ),
        MetricPhrase::UsageOfRequests { usage, requests, average, pods, pass } => {
            usage_of_requests(usage, requests, average, pods, pass)
        }
        MetricPhrase::RequestOfPod { whole, parts } => {
            say!("A pod requests {}: {}.", value(whole), code(parts))
        }
        MetricPhrase::Spread { least, most } => say!(
            "The least busy pod shows {}, the busiest {}: only all together count.",
            value(least),
            value(most),
        ),
        MetricPhrase::AverageUsage { average, target, pods, pass } => say!(
            "{} {} {}, the target is {}.",
            they(pods, pass),
            word(pods, "averages", "average"),
            value(average),
            value(target),
        ),
        MetricPhrase::PodsFilledIn { missing, given, unready } => {
            pods_filled_in(missing, given, unready)
        }
        MetricPhrase::WithinTolerance { ratio, low, high } => say!(
            "Ratio {} is within the tolerance {} – {}: the count stays.",
            value(beside(ratio, [low, high])),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::OutsideTolerance { ratio, low, high } => say!(
            "Ratio {} is outside the tolerance {} – {}.",
            value(beside(ratio, [low, high])),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::Flipped { ratio, filled } => say!(
            "With these pods, ratio {} becomes {}, on the other side of 1: the count stays.",
            value(number(ratio)),
            value(number(filled)),
        ),
        MetricPhrase::WrongDirection { refused, current } => say!(
            "That gives {}, the wrong way from {}: the count stays.",
            value(refused),
            value(current),
        ),
        MetricPhrase::FromZero => say!("From zero, no tolerance applies and no pod is counted."),
        MetricPhrase::PerReplica => say!("The value divided by what one replica may take."),
        MetricPhrase::Staircase { current, fewer, more } => staircase(current, fewer, more),
        MetricPhrase::Failed(error) => say!("No value: {}.", code(error)),
        MetricPhrase::AskedAt(path) => {
            say!("To see for yourself: {}", code(format!("kubectl get --raw {path}")))
        }
        MetricPhrase::SomeFailed { failed, metrics, proposal, current } => {
            some_failed(failed, metrics, proposal, current)
        }
        MetricPhrase::LargestWins { name } => say!("The largest proposal wins: {}.", code(name)),
        MetricPhrase::FailedDoNotStop { failed } => say!(
            "{} {}: that would stop a scale-down, not this.",
            value(failed),
            word(failed, "metric failed", "metrics failed"),
        ),
    }
}

pub(in crate::explain) fn pod(phrase: &PodPhrase<'_>) -> Message {
    let (standing, settings) = match *phrase {
        PodPhrase::Counted => return say!("counted"),
        PodPhrase::Ignored => return say!("left out"),
        PodPhrase::Why(standing, settings) => (standing, settings),
    };
    match standing {
        Standing::Counts => say!("with their samples"),
        Standing::Deleting => say!("being deleted"),
        Standing::Failed => say!("failed"),
        Standing::Pending => say!("pending"),
        Standing::NoSample => say!("no sample"),
        Standing::NoCondition => say!("no Ready condition yet"),
        Standing::NotReady => say!(
            "not ready, within the CPU initialization period of {}",
            plain(settings.cpu_initialization_period),
        ),
        Standing::SampleOfStart => say!(
            "ready, but the sample reaches back into the start (CPU initialization period {})",
            plain(settings.cpu_initialization_period),
        ),
        Standing::NeverReady => say!("never ready since the start"),
        Standing::NotCounted => say!("not running, or not ready"),
    }
}

fn pods_counted(ready: usize, [unready, missing, ignored]: [usize; 3]) -> Message {
    let pods = word(ready, "ready pod", "ready pods");
    let others: Vec<String> = [
        (unready, "not ready"),
        (missing, "without a sample"),
        (ignored, "failed or being deleted"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{count} {what}"))
    .collect();
    if others.is_empty() {
        say!("{} {}, none missing or not ready.", value(ready), pods)
    } else {
        say!("{} {}; {}.", value(ready), pods, plain(others.join(", ")))
    }
}

fn usage_of_requests(
    usage: &str,
    requests: &str,
    average: &str,
    pods: usize,
    pass: Pass,
) -> Message {
    let message = say!(
        "{} {} {} of {} requested",
        they(pods, pass),
        word(pods, "uses", "use"),
        value(usage),
        value(requests),
    );
    match pods {
        1 => message.text("."),
        _ => message.and(say!(", {} each on average.", value(average))),
    }
}

/// The pods that a step has just counted, or those with the filled-in ones.
fn they(pods: usize, pass: Pass) -> crate::report::Part {
    match (pass, pods) {
        (Pass::Measured, 1) => plain("It"),
        (Pass::Measured, _) => plain("They"),
        (Pass::FilledIn, 1) => plain("With these, 1 pod"),
        (Pass::FilledIn, _) => plain(format!("With these, {pods} pods")),
    }
}

fn pods_filled_in(missing: usize, given: &str, unready: usize) -> Message {
    let without = word(missing, "pod without a sample counts", "pods without a sample count");
    let not_ready = word(unready, "pod not ready counts", "pods not ready count");
    let in_all = plain(if missing > 1 && given != "0" { " in all" } else { "" });
    match (missing, unready) {
        (0, 0) => say!("The ratio is exactly 1: nothing is filled in."),
        (_, 0) => say!("{} {} as {}{}.", value(missing), without, value(given), in_all),
        (0, _) => say!("{} {} as 0.", value(unready), not_ready),
        _ => say!(
            "{} {} as {}{}, {} {} as 0.",
            value(missing),
            without,
            value(given),
            in_all,
            value(unready),
            not_ready,
        ),
    }
}

/// `From 4 it goes to 3 at 60 % or less, to 5 at 89 % or more.`, or `below 450k`, `above 550k`.
fn staircase(current: i32, fewer: Flight<'_>, more: Flight<'_>) -> Message {
    let flight = |flight: Flight<'_>, side: &str, beyond: &str| {
        let ((bound, count), others) = flight.steps.split_first()?;
        let message = match bound {
            Bound::At(level) => {
                say!("to {} at {} or {}", value(count), strong(level), plain(side))
            }
            Bound::Beyond(level) => {
                say!("to {} {} {}", value(count), plain(beyond), strong(level))
            }
        };
        Some(message.and(further(others, flight.is_folded, beyond)))
    };
    let (fewer, more) = (flight(fewer, "less", "below"), flight(more, "more", "above"));
    let message = say!("From {} it goes ", value(current));
    let message = match (fewer, more) {
        (Some(fewer), Some(more)) => message.and(fewer).text(", ").and(more),
        (one, other) => message.and(one.or(other).unwrap_or_default()),
    };
    message.text(".")
}

/// ` (2 at 40 %, … 1 at 20 %)`: the steps after the first one.
fn further(steps: &[(Bound<'_>, i32)], is_folded: bool, beyond: &str) -> Message {
    let mut message = Message::new();
    for (index, (bound, count)) in steps.iter().enumerate() {
        let is_last = index + 1 == steps.len();
        let between = match (index == 0, is_folded && is_last) {
            (true, false) => " (",
            (true, true) => " (… ",
            (false, false) => ", ",
            (false, true) => ", … ",
        };
        let (where_, level) = match bound {
            Bound::At(level) => ("at", level),
            Bound::Beyond(level) => (beyond, level),
        };
        let step = say!("{} {} {}", value(count), plain(where_), plain(level));
        message = message.text(between).and(step);
    }
    if steps.is_empty() { message } else { message.text(")") }
}

fn some_failed(failed: usize, metrics: usize, proposal: Option<i32>, current: i32) -> Message {
    let of = word(metrics, "metric", "metrics");
    match proposal {
        Some(proposal) => say!(
            "{} of {} {} failed, and the others want {}, fewer than {}: the count stays.",
            value(failed),
            value(metrics),
            of,
            value(proposal),
            value(current),
        ),
        None => {
            say!("{} of {} {} failed: the count stays.", value(failed), value(metrics), of)
        }
    }
}
