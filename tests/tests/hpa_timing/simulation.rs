//! The same runs through the simulation, from text to what was written: the looks must come at the
//! same times there, and write the same counts.
//!
//! A Scenario's own metric is scraped and then queried, so only runs in which the metric never
//! changes can be compared, and those in which the scale can always be read.

use std::fmt::Write;

use tidetable_core::assemble::assemble;
use tidetable_core::hpa::Cause;
use tidetable_core::manifest::{self, Body};
use tidetable_core::scenario;
use tidetable_core::sim;

use crate::case::Case;
use crate::each_run;

/// A look as both tell it: when it began and decided, on what, and what it wrote.
#[derive(Debug, PartialEq)]
struct Decided {
    began: i64,
    /// `None` if upstream's calls do not tell.
    at: Option<i64>,
    from: i32,
    to: Option<i32>,
}

#[test]
fn the_simulation_looks_when_upstream_looks() {
    let (mut different, mut compared) = (Vec::new(), 0);
    each_run(|place, minor, case| {
        let is_steady = case.wanted.len() == 1 && case.created.len() == 1;
        if !is_steady || !case.failing.is_empty() || case.length < 60_000 + start(case) {
            return;
        }
        compared += 1;
        let (ours, upstream) = (simulated(case, minor), recorded(case));
        let is_same = |(one, other): &(&Decided, &Decided)| {
            let at = one.at.filter(|_| other.at.is_some());
            let (one, other) = ((one.began, at, one.from, one.to), other);
            one == (other.began, other.at, other.from, other.to)
        };
        let first = ours.iter().zip(&upstream).find(|it| !is_same(it));
        if first.is_some() || ours.len() != upstream.len() {
            let lengths = (ours.len(), upstream.len());
            different.push(format!("{place}: {lengths:?} {first:?}"));
        }
    });
    assert!(compared >= 20, "{compared} runs are steady");
    assert!(different.is_empty(), "{} of {compared}: {}", different.len(), different.join("\n"));
}

/// When the HPA is heard of; the run of the simulation begins then.
fn start(case: &Case) -> i64 {
    if case.created[0] == 0 { 0 } else { case.created[0] + case.watch }
}

/// Whether a look that began then was cut neither by the end nor by a restart.
fn is_whole(case: &Case, began: i64) -> bool {
    let longest = case.get + case.metrics + case.put + case.status;
    let longest = longest + case.scaled.len() as i64 * (case.get + 10 + case.put);
    let is_cut = |end: &i64| (began..=began + longest).contains(&(end - start(case)));
    !is_cut(&case.length) && !case.restarts.iter().any(is_cut)
}

fn recorded(case: &Case) -> Vec<Decided> {
    let decided = case.looks.iter().map(|it| {
        let wrote = it.wrote.map(|wrote| wrote - case.put);
        let at = wrote.or(it.status.map(|status| status - case.status));
        // It decided before the first attempt.
        let is_retried = |at: &i64| case.scaled.iter().any(|s| it.at < s.0 && s.0 <= at + case.put);
        let at = at.filter(|at| !is_retried(at));
        let (began, at) = (it.at - start(case), at.map(|at| at - start(case)));
        Decided { began, at, from: it.from, to: it.to }
    });
    // A look that loses its HPA decides nothing.
    decided
        .filter(|it| is_whole(case, it.began) && !case.loses(0, it.began + start(case)))
        .collect()
}

fn simulated(case: &Case, minor: u32) -> Vec<Decided> {
    let documents = manifest::read(&text(case, minor));
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        Body::Scenario(node) => Some(node),
        _ => None,
    });
    let read = scenario::read(scenarios);
    assert_eq!(read.diagnostics, [], "{}", text(case, minor));
    let scenario = read.scenario.expect("the text has a Scenario");
    let timeline = sim::run(&assemble(&documents, &scenario).model);
    let decided = timeline.hpas[0].looks.iter().map(|it| {
        let is_settled =
            |it: &Cause| matches!(it, Cause::AboveMax { .. } | Cause::ScalingDisabled { .. });
        let asked = !it.trace.causes.iter().any(is_settled);
        let at = it.at.ms();
        let began = at - case.get - if asked { case.metrics } else { 0 };
        let to = it.decision.rescale.then_some(it.decision.desired_replicas);
        Decided { began, at: Some(at), from: it.from, to }
    });
    decided.filter(|it| is_whole(case, it.began)).collect()
}

#[expect(clippy::too_many_lines, reason = "one document after the other")]
fn text(case: &Case, minor: u32) -> String {
    let start = start(case);
    let behavior = if case.behavior { "  behavior: {}\n" } else { "" };
    let mut edits = String::new();
    for edit in &case.edits {
        // An edit that the new controller finds is no edit.
        let at = edit.at - start;
        writeln!(edits, "  - {{at: {at}ms, hpa: web, maxReplicas: {}}}", edit.max)
            .expect("a string");
    }
    for (list, action) in [(&case.deleted, "delete"), (&case.again, "create")] {
        for (at, _) in list {
            writeln!(edits, "  - {{at: {}ms, hpa: web, action: {action}}}", at - start)
                .expect("a string");
        }
    }
    for (at, _, replicas) in &case.scaled {
        let at = at - start;
        writeln!(edits, "  - {{at: {at}ms, target: {{name: web}}, replicas: {replicas}}}")
            .expect("a string");
    }
    let restarts: Vec<_> = case.restarts.iter().map(|it| format!("{}ms", it - start)).collect();
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {replicas}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: web}}]}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: 1
  maxReplicas: {max}
{behavior}  metrics:
  - type: External
    external: {{metric: {{name: wanted}}, target: {{type: AverageValue, averageValue: \"1\"}}}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: {length}ms
  load: []
  metrics:
  - {{name: wanted, constant: {wanted}, rate: 0s}}
  edits: {edits}
  controllerRestarts: [{restarts}]
  nodes: {{pool: [{{name: one, count: 200, cpu: 16, memory: 64Gi}}]}}
  assumptions:
    versions: {{kubernetes: \"1.{minor}\"}}
    podStop: {{grace: 0s}}
    hpa:
      getScale: {get}ms
      getMetric: {metrics}ms
      putScale: {put}ms
      putStatus: {status}ms
      watchLag: {watch}ms
      resyncAge: {start}ms
      lockedLooks: 1000000
",
        replicas = case.replicas,
        max = case.max,
        length = case.length - start,
        wanted = case.wanted[0].1,
        edits = if edits.is_empty() { "[]".to_owned() } else { format!("\n{edits}") },
        restarts = restarts.join(", "),
        get = case.get,
        metrics = case.metrics,
        put = case.put,
        status = case.status,
        watch = case.watch,
    )
}
