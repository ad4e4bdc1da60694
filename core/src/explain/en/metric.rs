//! What an HPA makes of its metrics.

use super::word;
use crate::explain::number::{milli, number};
use crate::explain::phrase::MetricPhrase;
use crate::explain::template::{code, plain, say, value};
use crate::hpa::Pass;
use crate::report::Message;

pub(in crate::explain) fn metric(phrase: &MetricPhrase<'_>) -> Message {
    match *phrase {
        MetricPhrase::PodsCounted { ready, unready, missing, ignored } => {
            pods_counted(ready, [unready, missing, ignored])
        }
        MetricPhrase::UsageOfRequests { usage, requests, average, pods, pass } => {
            usage_of_requests(usage, requests, average, pods, pass)
        }
        MetricPhrase::AverageUsage { average, target, pods, pass } => say!(
            "{} {} {}, the target is {}.",
            they(pods, pass),
            word(pods, "averages", "average"),
            value(milli(average)),
            value(milli(target)),
        ),
        MetricPhrase::PodsFilledIn { missing, missing_milli, unready } => {
            pods_filled_in(missing, missing_milli, unready)
        }
        MetricPhrase::WithinTolerance { ratio, low, high } => say!(
            "Ratio {} is within the tolerance {} – {}: the count stays.",
            value(number(ratio)),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::OutsideTolerance { ratio, low, high } => say!(
            "Ratio {} is outside the tolerance {} – {}.",
            value(number(ratio)),
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
        MetricPhrase::Failed(error) => say!("No value: {}", code(error)),
        MetricPhrase::SomeFailed { failed, metrics, proposal, current } => {
            some_failed(failed, metrics, proposal, current)
        }
        MetricPhrase::LargestWins { name } => say!("The largest proposal wins: {}.", code(name)),
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

fn usage_of_requests(usage: i64, requests: i64, average: i64, pods: usize, pass: Pass) -> Message {
    let message = say!(
        "{} {} {} of {} requested",
        they(pods, pass),
        word(pods, "uses", "use"),
        value(milli(usage)),
        value(milli(requests)),
    );
    match pods {
        1 => message.text("."),
        _ => message.and(say!(", {} each on average.", value(milli(average)))),
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

fn pods_filled_in(missing: usize, missing_milli: i64, unready: usize) -> Message {
    let without = word(missing, "pod without a sample counts", "pods without a sample count");
    let not_ready = word(unready, "pod not ready counts", "pods not ready count");
    let given = value(milli(missing_milli));
    let in_all = plain(if missing > 1 && missing_milli > 0 { " in all" } else { "" });
    match (missing, unready) {
        (0, 0) => say!("The ratio is exactly 1: nothing is filled in."),
        (_, 0) => say!("{} {} as {}{}.", value(missing), without, given, in_all),
        (0, _) => say!("{} {} as 0.", value(unready), not_ready),
        _ => say!(
            "{} {} as {}{}, {} {} as 0.",
            value(missing),
            without,
            given,
            in_all,
            value(unready),
            not_ready,
        ),
    }
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
