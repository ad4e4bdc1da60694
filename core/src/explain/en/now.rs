//! An HPA at the moment.

use super::word;
use crate::explain::now_phrase::{MetricKind, NowLabel, NowPhrase, Taken};
use crate::explain::number::milli;
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::Direction;
use crate::report::Message;

pub(in crate::explain) fn now(phrase: &NowPhrase) -> Message {
    match *phrase {
        NowPhrase::Title { ref name } => say!("{} · right now", plain(name)),
        NowPhrase::Goes { from, to } => {
            say!("{} → {} at the next look.", plain(from), strong(replicas(to)))
        }
        NowPhrase::Stays { count } => {
            say!("Stays at {} at the next look.", strong(replicas(count)))
        }
        NowPhrase::Stands { count, ref reason } => {
            say!("Stands still at {}: {}.", replicas_part(count), strong(reason))
        }
        NowPhrase::FromStatus => {
            say!("Numbers are those of {}, as the last look left it.", code("status"))
        }
        NowPhrase::FromDescribe => {
            say!("Numbers are what {} printed.", code("kubectl describe hpa"))
        }
        NowPhrase::FromTable => say!(
            "Numbers are what {} printed: REPLICAS is the count before the last look's own change.",
            code("kubectl get hpa"),
        ),
        NowPhrase::FromNothing => {
            say!("Nothing tells how it stands: type its numbers, or paste them.")
        }
        NowPhrase::RulesFromText => say!(
            "Its manifest is not in the text. What kubectl prints holds no {} and no selector of a \
             metric: there is none here.",
            code("tolerance"),
        ),
        NowPhrase::GuessedMetrics => say!(
            "A table does not tell the type of each metric: an average is taken for an External \
             metric, a plain number for a Pods metric, a share without a name for cpu."
        ),
        NowPhrase::MoreMetrics { count } => say!(
            "{} more {} not printed, and may ask for more.",
            value(count),
            word(count as f64, "metric is", "metrics are"),
        ),
        NowPhrase::CountAfterRescale { from, to } => say!(
            "The last look wrote {}: that is the count now. {} still says {}.",
            value(to),
            code("currentReplicas"),
            value(from),
        ),
        NowPhrase::CountOfManifest { count } => {
            say!("{} replicas, as the manifest of the target says.", value(count))
        }
        NowPhrase::CountIsMin { count } => {
            say!(
                "{} {}, the least that it may be.",
                value(count),
                word(count, "replica", "replicas")
            )
        }
        NowPhrase::Taken(ref taken) => self::taken(taken),
    }
}

fn taken(taken: &Taken) -> Message {
    match *taken {
        Taken::PodsReady { count } => say!(
            "{} {} as ready, each with a sample: a status does not tell.",
            value(count),
            word(count, "pod counts", "pods count"),
        ),
        Taken::NewPodsNotReady { count } => say!(
            "{} {} just been asked for, and {} as not ready.",
            value(count),
            word(count, "pod has", "pods have"),
            word(count, "counts", "count"),
        ),
        Taken::AtTarget => say!("Metrics that nobody told are taken as at their target."),
        Taken::NoValue => {
            say!("A metric without a value fails, as it did at the last look.")
        }
        Taken::RequestStandIn => say!(
            "The pods' requests are not told: {} stands for each. Only the share counts.",
            value(100),
        ),
        Taken::RequestOfAverage { request } => {
            say!("A pod requests {}, as share and average tell together.", value(milli(request)),)
        }
        Taken::WholeOfAverage { average, replicas, whole } => say!(
            "{} for each of {} replicas at the last look: {} in all, as far as the digits tell.",
            value(milli(average)),
            value(replicas),
            value(milli(whole)),
        ),
        Taken::RemembersLastLook { replicas, ago } => say!(
            "The conditions tell that the last look recommended {}: taken as {} ago, one period.",
            value(replicas),
            value(ago),
        ),
        Taken::ChangedAtLastLook { change, ago } => say!(
            "The last look changed the count by {}: taken as {} ago, one period.",
            value(signed(change)),
            value(ago),
        ),
        Taken::NothingRemembered { direction, window, current } => say!(
            "Earlier recommendations are not known: stabilization may hold. If one of the last {} \
             was {} {}, it stays at {}.",
            value(window),
            value(current),
            plain(match direction {
                Direction::Down => "or more",
                Direction::Up => "or less",
            }),
            strong(current),
        ),
        Taken::NoChangesRemembered => say!(
            "Changes within the periods of {} are not known: none is taken off.",
            code("behavior"),
        ),
        Taken::ZeroByHand => say!(
            "Nothing tells who scaled to zero: taken as someone else, not the HPA (no condition {}).",
            code("ScaledToZero"),
        ),
    }
}

fn replicas(count: i32) -> String {
    format!("{count} {}", if count == 1 { "replica" } else { "replicas" })
}

fn replicas_part(count: i32) -> crate::report::Part {
    plain(replicas(count))
}

fn signed(change: i32) -> String {
    if change > 0 { format!("+{change}") } else { change.to_string() }
}

pub(in crate::explain) fn now_label(label: &NowLabel<'_>) -> Message {
    match *label {
        NowLabel::Metric { name, kind } => say!(
            "{}, {}",
            plain(name),
            plain(match kind {
                MetricKind::Share => "share of the requests",
                MetricKind::Average => "average of the pods",
                MetricKind::Value => "value",
                MetricKind::PerReplica => "value per replica",
            }),
        ),
        NowLabel::CurrentReplicas => say!("Current replicas"),
        NowLabel::Ready => say!("Ready pods"),
        NowLabel::NotReady => say!("Pods not ready"),
        NowLabel::Missing => say!("Pods without a sample"),
        NowLabel::Recommendations => say!("Earlier recommendations"),
        NowLabel::ScaleEvents => say!("Earlier changes"),
        NowLabel::ScaledToZero => say!("Scaled to zero by the HPA"),
    }
}
