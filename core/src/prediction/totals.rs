//! Sums over the whole run.

use super::Run;
use crate::report::Totals;

pub(super) fn totals(run: &Run) -> Totals {
    let timeline = &run.timeline;
    let end = timeline.end;
    let requests = |of: fn(&crate::sim::WorkloadTrack) -> i128| {
        timeline.workloads.iter().map(of).sum::<i128>() as f64 / 1e9
    };
    let replicas = timeline.workloads.iter().map(|it| it.desired.turns());
    let groups = timeline.clusters.iter().flat_map(|it| &it.groups).map(|it| it.requested.turns());
    let looks = timeline.hpas.iter().map(|it| it.looks.len());
    let ray_looks = timeline.clusters.iter().map(|it| it.looks.len());
    let waiting = timeline.clusters.iter().filter_map(|it| it.pending.points().last());
    Totals {
        requests: requests(|it| it.arrived_nano),
        unserved_requests: requests(|it| it.unserved_nano),
        pod_hours: timeline.pods.hours(end),
        node_hours: timeline.nodes_used.hours(end),
        flaps: replicas.chain(groups).sum(),
        looks: looks.chain(ray_looks).sum::<usize>() as u32,
        unplaced_ray_work: waiting.map(|(_, count)| *count).sum::<f64>() as u32,
    }
}
