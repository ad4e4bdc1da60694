//! What charts and their series are called.

use crate::explain::number::{either_side, grouped, number};
use crate::explain::phrase::ChartPhrase;
use crate::explain::template::{plain, say, strong};
use crate::report::{Language, Message};

pub(in crate::explain) fn chart(phrase: &ChartPhrase<'_>) -> Message {
    match *phrase {
        ChartPhrase::Load(name) => say!("Load of {}", plain(name)),
        ChartPhrase::Metric(name) => say!("{} utilization", plain(name)),
        ChartPhrase::MetricValue(name) => say!("{}", plain(name)),
        ChartPhrase::Queue(name) => say!("Queue of {}", plain(name)),
        ChartPhrase::SeriesWaiting => say!("waiting"),
        ChartPhrase::NoteQueue => say!("requests that wait"),
        ChartPhrase::Requests(name) => say!("Requests of {}", plain(name)),
        ChartPhrase::SeriesQueued => say!("queued"),
        ChartPhrase::SeriesOngoing => say!("ongoing for each replica"),
        ChartPhrase::NoteRequests => say!("ongoing for each replica · queued at handles"),
        ChartPhrase::SeriesReplicasRun => say!("running"),
        ChartPhrase::SeriesStarting => say!("starting"),
        ChartPhrase::NoteServeReplicas => say!("target · running · starting"),
        ChartPhrase::Replicas(name) => say!("Replicas of {}", plain(name)),
        ChartPhrase::Workers(name) => say!("Ray workers of {}", plain(name)),
        ChartPhrase::Nodes => say!("Nodes"),
        ChartPhrase::SeriesLoad => say!("requests/s"),
        ChartPhrase::SeriesServed => say!("served"),
        ChartPhrase::SeriesUnserved => say!("unserved"),
        ChartPhrase::SeriesMetric(name) => say!("{} as the HPA sees it", plain(name)),
        ChartPhrase::SeriesTarget => say!("target"),
        ChartPhrase::SeriesBand { upper: true } => say!("tolerance, upper edge"),
        ChartPhrase::SeriesBand { upper: false } => say!("tolerance, lower edge"),
        ChartPhrase::SeriesDesired => say!("desired"),
        ChartPhrase::SeriesReady => say!("ready"),
        ChartPhrase::SeriesMax { field, value: Some(value) } => {
            say!("{} {}", plain(field), plain(number(value)))
        }
        ChartPhrase::SeriesMax { field, value: None } => say!("{}", plain(field)),
        ChartPhrase::SeriesWithoutCap => say!("without the cap"),
        ChartPhrase::SeriesRequested(group) => say!("{} requested", plain(group)),
        ChartPhrase::SeriesRunning(group) => say!("{} running", plain(group)),
        ChartPhrase::SeriesPending => say!("waiting work"),
        ChartPhrase::SeriesNodesUsed => say!("nodes in use"),
        ChartPhrase::SeriesUnschedulable => say!("pods without a node"),
        ChartPhrase::NoteUnserved { requests } if requests > 0.0 => {
            say!("requests/s · served · {}", strong(format!("unserved {}", grouped(requests))))
        }
        ChartPhrase::NoteUnserved { .. } => say!("requests/s · all served"),
        ChartPhrase::NoteTarget { target, down, up } => {
            say!(
                "as the HPA sees it, target {} {}",
                plain(target),
                plain(either_side(down, up, Language::En))
            )
        }
        ChartPhrase::NoteReplicas => say!("desired · ready"),
        ChartPhrase::NoteWorkers => say!("requested · running · waiting work"),
        ChartPhrase::NoteNodes { count } => say!("in use, of {}", plain(count)),
    }
}
