//! Whole runs, from text to series. Every expected number is worked out beside the table, or was
//! seen in Ray's own autoscaler.

mod changes;
mod hpa;
mod keda;
mod metrics;
mod nodes;
mod ray;
mod ray_edit;
mod ray_service;
mod ray_v1;
mod requests;
mod rollout;
mod serve;
mod start_cpu;

use tidetable_core::assemble::{Assembly, assemble};
use tidetable_core::manifest::{self, Body};
use tidetable_core::scenario;
use tidetable_core::series::Series;
use tidetable_core::sim::{self, Timeline};
use tidetable_core::time::Instant;

/// An HPA controller whose calls take no time looks at whole periods.
const INSTANT_CALLS: &str = "hpa: {getScale: 0s, getMetric: 0s, putScale: 0s, putStatus: 0s}";

struct Run {
    assembly: Assembly,
    timeline: Timeline,
}

#[track_caller]
fn run(text: &str) -> Run {
    let documents = manifest::read(text);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        Body::Scenario(node) => Some(node),
        _ => None,
    });
    let read = scenario::read(scenarios);
    assert_eq!(read.diagnostics, [], "the Scenario is sound");
    let scenario = read.scenario.expect("the text has a Scenario");
    let assembly = assemble(&documents, &scenario);
    let timeline = sim::run(&assembly.model);
    Run { assembly, timeline }
}

impl Run {
    /// `desired`, `ready`, `served`, `waiting` of the first workload; `pending`, `work` of the first cluster,
    /// `target` and `replicas` (those that run) of the first Serve deployment;
    /// `requested:a` and `running:a` of its group `a`; `pods`, `unschedulable`.
    fn series(&self, name: &str) -> &Series {
        let Timeline { workloads, clusters, .. } = &self.timeline;
        match name.split_once(':') {
            Some((what, group)) => {
                let groups = &self.assembly.model.clusters[0].groups;
                let index = groups.iter().position(|it| it.name == group).expect("a group");
                match what {
                    "requested" => &clusters[0].groups[index].requested,
                    _ => &clusters[0].groups[index].running,
                }
            }
            None => match name {
                "desired" => &workloads[0].desired,
                "ready" => &workloads[0].ready,
                "served" => &workloads[0].served,
                "waiting" => &workloads[0].waiting,
                "pending" => &clusters[0].pending,
                "work" => &clusters[0].running_work,
                "target" => &self.timeline.services[0].target,
                "replicas" => &self.timeline.services[0].running,
                "pods" => &self.timeline.pods,
                "unschedulable" => &self.timeline.unschedulable,
                _ => panic!("no series is called {name}"),
            },
        }
    }

    /// Every instant at which one of the series changes, with all of them.
    fn table(&self, names: &[&str]) -> String {
        let series: Vec<&Series> = names.iter().map(|it| self.series(it)).collect();
        let points = series.iter().flat_map(|it| it.points());
        let mut instants: Vec<Instant> = points.map(|(at, _)| *at).collect();
        instants.sort_unstable();
        instants.dedup();
        let mut rows = vec![format!("at | {}", names.join(" "))];
        for at in instants {
            let values: Vec<String> =
                series.iter().map(|it| it.at(at).unwrap_or(0.0).to_string()).collect();
            rows.push(format!("{}s | {}", at.ms() as f64 / 1000.0, values.join(" ")));
        }
        rows.join("\n")
    }
}

/// Runs `text`; the series in the head of `table` must change at its rows, and at no others.
#[track_caller]
fn check(text: &str, table: &str) -> Run {
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected: Vec<String> = table.lines().map(words).filter(|it| !it.is_empty()).collect();
    let names: Vec<&str> = expected[0].split(' ').skip(2).collect();
    let run = run(text);
    let actual = run.table(&names);
    assert!(actual == expected.join("\n"), "the run gives\n{actual}\nnot\n{}", expected.join("\n"));
    run
}
