//! Sums over the whole run.

use super::Run;
use crate::report::Totals;
use crate::time::Instant;

pub(super) fn totals(run: &Run) -> Totals {
    let timeline = &run.timeline;
    let end = timeline.end;
    let requests = |of: fn(&crate::sim::WorkloadTrack) -> i128| {
        timeline.workloads.iter().map(of).sum::<i128>() as f64 / 1e9
    };
    let looks = timeline.hpas.iter().map(|it| it.looks.len());
    let ray_looks = timeline.clusters.iter().map(|it| it.looks.len());
    let waiting = timeline.clusters.iter().filter_map(|it| it.pending.points().last());
    let serve_requests = |of: fn(&crate::sim::ServiceTrack) -> i128| {
        timeline.services.iter().map(of).sum::<i128>() as f64 / 1e9
    };
    Totals {
        requests: requests(|it| it.arrived_nano) + serve_requests(|it| it.arrived_nano),
        unserved_requests: requests(|it| it.unserved_nano) + serve_requests(|it| it.rejected_nano),
        pod_hours: timeline.pods.hours(end),
        node_hours: timeline.nodes_used.hours(end),
        flaps: flaps(run, end),
        looks: looks.chain(ray_looks).sum::<usize>() as u32,
        unplaced_ray_work: waiting.map(|(_, count)| *count).sum::<f64>() as u32,
    }
}

/// Changes of direction up to `end`, of all workloads and worker groups.
pub(super) fn flaps(run: &Run, end: Instant) -> u32 {
    let replicas = run.timeline.workloads.iter().map(|it| it.desired.turns(end));
    let groups = run.timeline.clusters.iter().flat_map(|it| &it.groups);
    replicas.chain(groups.map(|it| it.requested.turns(end))).sum()
}
