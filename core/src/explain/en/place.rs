//! A Ray node, what is on it, and what would fit.

use crate::explain::number::number;
use crate::explain::place_phrase::{PlacePhrase, PlacedKind};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn place(phrase: &PlacePhrase<'_>) -> Message {
    match *phrase {
        PlacePhrase::Work { count: Some(count), kind, shape } => {
            say!("{} {} {}", value(count), plain(name(kind, count)), code(shape))
        }
        PlacePhrase::Work { count: None, kind, shape } => {
            say!("{} {}", plain(name(kind, 1)), code(shape))
        }
        PlacePhrase::Taken { used, total } => say!("{} of {}", value(used), value(total)),
        PlacePhrase::HeadStays => say!("Nothing is on it. The head is never stopped."),
        PlacePhrase::NobodyStops { idle } => {
            say!("Idle for {}. No autoscaler runs that would stop it.", value(idle))
        }
        PlacePhrase::Idle { idle, timeout_s } => {
            say!("Idle for {}; it may be for {} s.", value(idle), value(number(timeout_s)),)
        }
        PlacePhrase::Proxy { until } => {
            say!("Serve's proxy drains on it until {}; then it can idle.", value(until))
        }
        PlacePhrase::Stopped => say!("Ray has stopped; the pod is going."),
        PlacePhrase::Fits { count, is_most } => {
            let more = if is_most { " or more" } else { "" };
            say!("{}{} on an empty node", strong(count), plain(more))
        }
        PlacePhrase::Short { resource, needs, has } => {
            say!("{}: needs {}, has {}", code(resource), value(needs), value(has))
        }
        PlacePhrase::OtherLabels => say!("its labels do not match"),
    }
}

fn name(kind: PlacedKind<'_>, count: u32) -> String {
    let one_or_more = |one: &str, more: &str| if count == 1 { one } else { more }.to_owned();
    match kind {
        PlacedKind::Task => one_or_more("task", "tasks"),
        PlacedKind::Actor => one_or_more("actor", "actors"),
        PlacedKind::Bundle(strategy) => {
            let strategy = PlacedKind::strategy(strategy);
            format!("{strategy} {}", one_or_more("bundle", "bundles"))
        }
        PlacedKind::Replica(of) => format!("{} of {of}", one_or_more("replica", "replicas")),
        PlacedKind::Requested => "request_resources".to_owned(),
    }
}
