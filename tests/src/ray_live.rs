//! A real Ray cluster on this machine and the prediction of it: the same machines at every look of
//! the autoscaler.
//!
//! `oracle/ray/live.py` runs an [`Experiment`]; [`text`] says the same as manifest and Scenario.
//! How long a machine takes to become a node is no decision: it is measured, and given as an
//! assumption.

use std::fmt::Write as _;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidetable_core::predict;
use tidetable_core::report::{Language, Report};

/// Seconds between two looks.
const PERIOD: f64 = 5.0;

/// What is run.
#[derive(Clone, Debug, Serialize)]
pub struct Experiment {
    /// What it shows.
    pub name: &'static str,
    head: Value,
    groups: Vec<Group>,
    /// Seconds until an idle node goes.
    idle: u32,
    /// `upscaling_speed`: 1000 for `Default`, 1 for `Conservative`.
    speed: u32,
    looks: u32,
    work: Vec<Work>,
}

#[derive(Clone, Debug, Serialize)]
struct Group {
    name: &'static str,
    resources: Value,
    min: u32,
    max: u32,
}

/// Work that waits for machines.
#[derive(Clone, Debug, Serialize)]
struct Work {
    look: u32,
    /// Seconds after that look.
    after: f64,
    /// How many looks after the next one ask for its machines.
    #[serde(skip)]
    later: u32,
    /// Until it ends, from its submission.
    seconds: f64,
    #[serde(flatten)]
    what: What,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum What {
    Tasks { tasks: u32, resources: Value },
    Actors { actors: u32, resources: Value },
    Group { placement_group: &'static str, bundles: Vec<Value> },
}

/// What the real cluster did.
#[derive(Debug, Deserialize)]
pub struct Observed {
    looks: Vec<Look>,
    /// Seconds from asking for a machine until Ray had its node.
    lags: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Look {
    at: f64,
    machines: std::collections::BTreeMap<String, f64>,
    nodes: f64,
}

fn cpus(count: u32) -> Value {
    json!({ "CPU": count })
}

fn workers(cpu: u32, min: u32, max: u32) -> Group {
    Group { name: "workers", resources: cpus(cpu), min, max }
}

fn at(look: u32, after: f64, seconds: f64, what: What) -> Work {
    Work { look, after, later: 0, seconds, what }
}

/// All experiments. Work comes and ends between two looks, not near one: which of two events in the
/// same moment comes first is chance.
pub fn experiments() -> Vec<Experiment> {
    let of = |name, groups, work| {
        let (idle, speed, looks) = (20, 1000, 18);
        Experiment { name, head: json!({"CPU": 0}), groups, idle, speed, looks, work }
    };
    let tasks = |tasks, cpu| What::Tasks { tasks, resources: cpus(cpu) };
    let actors = |actors, cpu| What::Actors { actors, resources: cpus(cpu) };
    let spread = |strategy, count, cpu| What::Group {
        placement_group: strategy,
        bundles: vec![cpus(cpu); count],
    };
    let small = Group { name: "small", ..workers(1, 0, 3) };
    let big = Group { name: "big", ..workers(4, 0, 2) };
    // As many at a look as run, at least one; a machine that starts within a look runs at the next.
    let one = |later| Work { later, ..at(2, 2.0, 40.0, tasks(1, 1)) };
    let ramp = [0, 1, 2, 2].map(one).to_vec();
    let ramp = of("Conservative, from zero", vec![workers(1, 0, 4)], ramp);
    vec![
        of("a burst of tasks", vec![workers(2, 0, 4)], vec![at(2, 2.0, 30.0, tasks(6, 1))]),
        of("more than there may be", vec![workers(1, 0, 3)], vec![at(2, 2.0, 30.0, tasks(3, 1))]),
        of(
            "a gang, then an actor, beside a minimum",
            vec![workers(1, 1, 4)],
            vec![at(2, 2.0, 25.0, spread("STRICT_SPREAD", 3, 1)), at(4, 1.0, 20.0, actors(1, 1))],
        ),
        of(
            "small work and big work",
            vec![small, big],
            vec![at(2, 2.0, 25.0, tasks(1, 3)), at(2, 2.2, 35.0, actors(2, 1))],
        ),
        Experiment { speed: 1, looks: 20, ..ramp },
    ]
}

/// Runs `experiment` on a real cluster, in the interpreter that has Ray.
///
/// # Errors
/// If it can't be started, or Ray does not do what it should be able to.
pub fn observe(python: &Path, experiment: &Experiment) -> io::Result<Observed> {
    let mut child = Command::new(python)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/ray"))
        .args(["-B", "live.py"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let input = child.stdin.take().ok_or_else(|| io::Error::other("no pipe"))?;
    serde_json::to_writer(input, experiment)?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(io::Error::other("live.py failed: what it said is above"));
    }
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

/// Manifest and Scenario of `experiment`, with machines that take `lag` seconds.
pub fn text(experiment: &Experiment, lag: f64) -> String {
    let mode = if experiment.speed == 1 { "Conservative" } else { "Default" };
    let mut text = format!(
        "apiVersion: ray.io/v1
kind: RayCluster
metadata: {{name: live}}
spec:
  rayVersion: 2.60.0
  enableInTreeAutoscaling: true
  autoscalerOptions: {{version: v2, idleTimeoutSeconds: {}, upscalingMode: {mode}}}
  headGroupSpec:
    rayStartParams: {{num-cpus: \"0\"}}
{}  workerGroupSpecs:
",
        experiment.idle,
        template(2, 4)
    );
    for Group { name, resources, min, max } in &experiment.groups {
        let cpu = resources["CPU"].as_u64().unwrap_or(0);
        let _ = write!(
            text,
            "  - groupName: {name}
    replicas: {min}
    minReplicas: {min}
    maxReplicas: {max}
    rayStartParams: {{}}
{}",
            template(cpu, 4)
        );
    }
    let _ = write!(
        text,
        "---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: {}s
  assumptions:
    podStart: {{schedule: 0s, container: 0s}}
    ray: {{demandLag: 500ms, operatorLag: 0s, imagePull: 0s, rayStart: {lag:.3}s}}
  ray:
  - cluster: live
    work:
",
        f64::from(experiment.looks) * PERIOD
    );
    for Work { look, after, later, seconds, what } in &experiment.work {
        let submitted = f64::from(*look) * PERIOD + after;
        // The work begins when the machines are there.
        let waits = f64::from(1 + *later) * PERIOD - after + lag;
        let duration = format!("{:.3}s", seconds - waits);
        let what = match what {
            What::Tasks { tasks, resources } => {
                format!("tasks: {{count: {tasks}, resources: {resources}, duration: {duration}}}")
            }
            What::Actors { actors, resources } => {
                format!("actors: {{count: {actors}, resources: {resources}, duration: {duration}}}")
            }
            What::Group { placement_group, bundles } => format!(
                "placementGroups: {{strategy: {placement_group}, bundles: {}, duration: {duration}}}",
                json!(bundles)
            ),
        };
        let _ = writeln!(text, "    - at: {submitted:.3}s\n      {what}");
    }
    text
}

/// A pod template that gives Ray so many CPUs.
fn template(cpu: u64, memory: u64) -> String {
    format!(
        "    template:
      spec:
        containers:
        - name: ray
          image: rayproject/ray:2.60.0
          resources: {{limits: {{cpu: \"{cpu}\", memory: {memory}Gi}}}}
"
    )
}

/// What a chart's series has at `at` seconds.
fn value(report: &Report, series: &str, at: f64) -> Option<f64> {
    let mut all = report.charts.iter().flat_map(|it| &it.series);
    let points = &all.find(|it| it.id == series)?.points;
    let index = points.at_ms.iter().rposition(|it| *it <= at * 1000.0)?;
    points.values.get(index).copied()
}

/// A line for each look, and whether all are as predicted.
///
/// Machines must be equal. Nodes must lie between what the fastest and the slowest start give.
pub fn compare(experiment: &Experiment, observed: &Observed) -> (Vec<String>, bool) {
    let lags = &observed.lags;
    let mean = lags.iter().sum::<f64>() / lags.len().max(1) as f64;
    let [fast, slow] = [f64::min, f64::max].map(|it| lags.iter().copied().fold(mean, it));
    let mut lines = vec![format!("machines became nodes after {lags:?} s")];
    if slow - fast > PERIOD / 2.0 {
        lines.push("starts differ by more than half a look: is the machine busy?".to_owned());
    }
    let [report, fast, slow] =
        [mean, fast, slow].map(|lag| predict(&text(experiment, lag), Language::En).report);
    let mut is_same = true;
    for (index, look) in observed.looks.iter().enumerate() {
        let middle = index as f64 * PERIOD + PERIOD / 2.0;
        let of = |report: &Report, series: &str| -> f64 {
            let groups = experiment.groups.iter();
            groups.filter_map(|it| value(report, &format!("{series}/{}", it.name), middle)).sum()
        };
        let mut line = format!("look {index:>2} at {:>6.2} s:", look.at);
        for Group { name, .. } in &experiment.groups {
            let predicted = value(&report, &format!("requested/{name}"), middle).unwrap_or(-1.0);
            let seen = look.machines.get(*name).copied().unwrap_or(0.0);
            let _ = write!(line, " {name} {seen}");
            if predicted != seen {
                is_same = false;
                let _ = write!(line, " (predicted {predicted})");
            }
        }
        let nodes = [&fast, &slow, &report].map(|it| of(it, "running"));
        let _ = write!(line, ", nodes {}", look.nodes);
        if !(nodes[0].min(nodes[1])..=nodes[0].max(nodes[1])).contains(&look.nodes) {
            is_same = false;
            let _ = write!(line, " (predicted {})", nodes[2]);
        }
        lines.push(line);
    }
    (lines, is_same)
}

#[cfg(test)]
mod tests {
    use tidetable_core::diagnostic::Severity;

    use super::*;

    #[test]
    fn every_experiment_is_a_text_without_mistakes() {
        for experiment in experiments() {
            let text = text(&experiment, 4.0);
            let report = predict(&text, Language::En).report;
            let errors = report.diagnostics.iter().filter(|it| it.severity == Severity::Error);
            assert_eq!(errors.count(), 0, "{}: {:?}\n{text}", experiment.name, report.diagnostics);
            let group = experiment.groups[0].name;
            let first = value(&report, &format!("requested/{group}"), 0.0);
            assert_eq!(first, Some(f64::from(experiment.groups[0].min)), "{}", experiment.name);
        }
    }
}
