//! Random cases for the HPA that stand on edges more often than chance would have it: on the
//! tolerance, at the limits, at the ends of periods, around `int32`, with pods that are missing,
//! unready or gone.

use std::collections::BTreeMap;

use crate::choices::Choices;
use crate::hpa_case::{
    CalculatorCase, CaseContainer, CaseExpression, CaseMetric, CasePod, CaseReading, CaseRequests,
    CaseSample, CaseSelector, OTHER_RESOURCE, STEADY_SINCE, STEADY_START,
};

/// Case `index` under `seed` for the replica calculator of Kubernetes 1.`minor`.
pub fn calculator_case(choices: &mut Choices<'_>, minor: u32) -> CalculatorCase {
    let metric = metric(choices);
    let tolerances = [0.1, 0.1, 0.1, 0.0, 0.05, 0.2, 0.5, 9.0 * 0.001];
    let down = choices.pick(&tolerances);
    let up = if minor < 33 { down } else { choices.pick(&tolerances) };
    let mut case = CalculatorCase {
        reading: reading(choices, &metric, 1000),
        down,
        up,
        initialization: choices.pick(&[300_000, 300_000, 120_000, 0]),
        delay: choices.pick(&[30_000, 30_000, 10_000, 0]),
        gates: calculator_gates(choices, minor),
        ..CalculatorCase::default()
    };
    let level = level(choices);
    let request = request(choices);
    let around = Around { initialization: case.initialization, delay: case.delay, request };
    let few = choices.count_below(16);
    let many = if choices.chance(2) { choices.count_below(150) } else { 2 };
    for _ in 0..choices.pick(&[0, 1, 1, 2, 2, 3, 3, 4, 5, few, many]) {
        let metrics = std::slice::from_ref(&metric);
        case.pods.push(pod(choices, metrics, &[level], around, 25));
    }
    let pods = case.pods.len() as i32;
    case.spec = pods;
    if choices.chance(30) {
        let other = choices.count_below(30);
        let huge = i32::MAX - choices.count_below(3);
        case.spec = choices.pick(&[0, 1, pods + 1, (pods - 1).max(0), other, other, huge]);
    }
    let ahead = case.spec.saturating_add(1);
    case.status = choices.pick(&[case.spec, case.spec, case.spec, ahead, 0]);
    case.metric = metric;
    case
}

fn calculator_gates(choices: &mut Choices<'_>, minor: u32) -> BTreeMap<String, bool> {
    let mut gates = BTreeMap::new();
    if minor >= 34 && choices.chance(3) {
        gates.insert("PodLevelResources".to_owned(), false);
    }
    gates
}

/// A metric of any source.
pub(crate) fn metric(choices: &mut Choices<'_>) -> CaseMetric {
    let mut metric = CaseMetric::default();
    let sources =
        ["Resource", "Resource", "Resource", "ContainerResource", "Pods", "Object", "External"];
    metric.source = choices.pick(&sources).to_owned();
    match metric.source.as_str() {
        "Resource" | "ContainerResource" => {
            metric.resource = choices.pick(&["cpu", "cpu", "cpu", "memory"]).to_owned();
            if choices.chance(2) {
                OTHER_RESOURCE.clone_into(&mut metric.resource);
            }
            if metric.source == "ContainerResource" {
                metric.container = choices.pick(&["c0", "c0", "c0", "c1"]).to_owned();
            }
            metric.target =
                choices.pick(&["Utilization", "Utilization", "AverageValue"]).to_owned();
        }
        "Pods" => "AverageValue".clone_into(&mut metric.target),
        _ => metric.target = choices.pick(&["Value", "AverageValue"]).to_owned(),
    }
    metric.goal = goal(choices, &metric.target);
    metric
}

/// Sometimes a label selector, for a metric in a whole HPA.
pub(crate) fn selector(choices: &mut Choices<'_>, metric: &mut CaseMetric) {
    if metric.source.ends_with("Resource") || !choices.chance(15) {
        return;
    }
    let mut selector = CaseSelector::default();
    for label in ["queue", "team/name"] {
        if choices.chance(50) {
            selector.labels.insert(label.to_owned(), choices.pick(&["a", "b-1", ""]).to_owned());
        }
    }
    if choices.chance(30) {
        let operator = choices.pick(&["In", "NotIn", "Exists", "DoesNotExist"]);
        let values: &[&str] = if operator.ends_with("In") { &["x", "y"] } else { &[] };
        selector.expressions.push(CaseExpression {
            key: "zone".to_owned(),
            operator: operator.to_owned(),
            values: values.iter().map(|it| (*it).to_owned()).collect(),
        });
    }
    if choices.chance(15) {
        spoil(choices, &mut selector);
    }
    metric.selector = Some(selector);
}

/// Makes the selector one that the controller refuses. Of several labels that are wrong upstream
/// names any, so that only one may be.
fn spoil(choices: &mut Choices<'_>, selector: &mut CaseSelector) {
    let long = "x".repeat(64);
    let domain = format!("{}.io/zone", "d.".repeat(126));
    let keys =
        ["", "-a", "a b", "/zone", "A_b/zone", "a/b/c", "a/", "zone", "Zone.1", &long, &domain];
    let values = ["", "x", "x ", "-", "\"<ü>\"", "\u{1b}", &long];
    if choices.chance(25) {
        let (key, value) = (choices.pick(&keys), choices.pick(&values));
        selector.labels.insert(key.to_owned(), value.to_owned());
        return;
    }
    let operators = ["In", "NotIn", "Exists", "DoesNotExist", "exists", "", "Gt", "=\""];
    let count = choices.pick(&[0, 1, 1, 2]);
    let expression = CaseExpression {
        key: choices.pick(&keys).to_owned(),
        operator: choices.pick(&operators).to_owned(),
        values: (0..count).map(|_| choices.pick(&values).to_owned()).collect(),
    };
    let before = choices.below(selector.expressions.len() as i64 + 1) as usize;
    selector.expressions.insert(before, expression);
}

fn goal(choices: &mut Choices<'_>, target: &str) -> i64 {
    if target == "Utilization" {
        let (low, any) = (1 + choices.below(100), 1 + choices.below(400));
        return choices.pick(&[1, 5, 10, 20, 30, 50, 60, 80, 90, 100, 110, 250, low, any]);
    }
    let (low, any) = (1 + choices.below(2000), 1 + choices.below(100_000_000));
    let huge = 1 + choices.any().unsigned_abs() as i64 / 1_000_000;
    choices.pick(&[1, 7, 100, 500, 1000, 15_000, low, low, any, any, huge.max(1)])
}

/// How busy a case is, in thousandths of the target; 0 is "anything".
pub(crate) fn level(choices: &mut Choices<'_>) -> i64 {
    let any = choices.below(3000);
    choices.pick(&[0, 0, 0, 1000, 1100, 900, 1099, 1101, 899, 901, 500, 2000, any])
}

/// What a container requests, in thousandths of a core.
pub(crate) fn request(choices: &mut Choices<'_>) -> i64 {
    let any = 1 + choices.below(4000);
    choices.pick(&[100, 100, 250, 500, 1000, 1000, 0, any])
}

/// A value at `level` thousandths of `goal`, on an edge of the tolerance, or far away.
fn usage(choices: &mut Choices<'_>, goal: i64, level: i64) -> i64 {
    let times = |factor: i64, of: i64| goal.wrapping_mul(factor) / of;
    if level > 0 && choices.chance(85) {
        return times(level, 1000);
    }
    match choices.below(14) {
        0 => goal,
        1 => times(11, 10),
        2 => times(9, 10),
        3 => times(11, 10).wrapping_add(choices.pick(&[-1, 1])),
        4 => times(9, 10).wrapping_add(choices.pick(&[-1, 1])),
        5 => 0,
        6 => -choices.below(1000),
        7 => choices.any() >> choices.pick(&[0, 1, 6, 10, 23]),
        8 | 9 => times(1 + choices.below(40), 1 + choices.below(20)),
        _ => choices.below(goal.max(1).saturating_mul(3).saturating_add(1)),
    }
}

/// What the metrics API answers.
pub(crate) fn reading(choices: &mut Choices<'_>, metric: &CaseMetric, level: i64) -> CaseReading {
    let mut reading = CaseReading::default();
    let value = |choices: &mut Choices<'_>| {
        let goal = metric.goal.wrapping_mul(choices.pick(&[1, 1, 3, 10]));
        let level = if choices.chance(50) { level } else { 0 };
        usage(choices, goal, level)
    };
    match metric.source.as_str() {
        "Object" => reading.value = value(choices),
        "External" => {
            for _ in 0..choices.pick(&[0, 1, 1, 1, 1, 1, 2, 3]) {
                reading.series.push(value(choices));
            }
        }
        _ => {
            for _ in 17..choices.below(20) {
                reading.extra.push(choices.below(2000));
            }
        }
    }
    if choices.chance(1) {
        "boom".clone_into(&mut reading.failed);
    }
    reading
}

/// What times and sizes of a pod stand around.
#[derive(Clone, Copy)]
pub(crate) struct Around {
    pub(crate) initialization: i64,
    pub(crate) delay: i64,
    pub(crate) request: i64,
}

/// A pod with a sample for each metric; so many of a hundred are starting or odd.
pub(crate) fn pod(
    choices: &mut Choices<'_>,
    metrics: &[CaseMetric],
    levels: &[i64],
    around: Around,
    odd: i64,
) -> CasePod {
    let mut pod = CasePod { steady: true, ..CasePod::default() };
    if choices.chance(odd) {
        start(choices, &mut pod, around);
    }
    if choices.chance(odd * 2 / 5) {
        let phases = ["Pending", "Pending", "Failed", "Succeeded", "Unknown"];
        choices.pick(&phases).clone_into(&mut pod.phase);
    }
    pod.deleting = choices.chance(odd / 6);
    if choices.chance(odd / 5) {
        pod.whole = Some(requests(choices, around.request, 20));
    }
    // Beside requests of the whole pod those of containers may be left out.
    let absent = if pod.whole.is_some() { 30 } else { 1 };
    pod.requests = containers(choices, around.request, absent);
    if choices.chance(odd / 8) {
        pod.overhead = Some(requests(choices, 50, 30));
    }
    for (metric, level) in metrics.iter().zip(levels) {
        pod.samples.push(sample(choices, metric, *level, &pod, around, odd));
    }
    pod.shorten(metrics);
    pod
}

/// Not steady: times stand around the periods of the cpu rule.
fn start(choices: &mut Choices<'_>, pod: &mut CasePod, around: Around) {
    pod.steady = false;
    let Around { initialization, delay, .. } = around;
    let (long, short) = (1000 * choices.below(600), 1000 * choices.below(60));
    let age = choices.pick(&[initialization, initialization - 1, initialization + 1, 0, long]);
    let became = choices.pick(&[0, delay, delay - 1, delay + 1, short]);
    let ready = choices.pick(&["True", "True", "True", "False", "False", "Unknown", ""]);
    ready.clone_into(&mut pod.ready);
    pod.start = (!choices.chance(4)).then_some(-age);
    pod.since = (!choices.chance(4) && !pod.ready.is_empty()).then_some(became - age);
}

fn containers(choices: &mut Choices<'_>, request: i64, absent: i64) -> Vec<CaseContainer> {
    let mut containers: Vec<CaseContainer> = (0..choices.pick(&[1, 1, 1, 1, 2, 3]))
        .map(|_| CaseContainer {
            requests: requests(choices, request, absent),
            kind: String::new(),
        })
        .collect();
    for container in containers.iter_mut().skip(1) {
        let kinds = ["", "", "", "sidecar", "init"];
        choices.pick(&kinds).clone_into(&mut container.kind);
    }
    // The API keeps ordinary containers and init containers in two lists.
    containers.sort_by_key(|container| !container.kind.is_empty());
    containers
}

/// Of cpu, memory and the other one, so many of a hundred are not requested.
fn requests(choices: &mut Choices<'_>, milli: i64, absent: i64) -> CaseRequests {
    let (mut cpu, mut memory) = (milli, milli * 1000);
    if choices.chance(10) {
        (cpu, memory) = (choices.below(4000), choices.below(4_000_000_000));
    }
    if choices.chance(1) {
        memory = choices.any().unsigned_abs() as i64 / 2;
    }
    CaseRequests {
        cpu: (!choices.chance(absent)).then_some(cpu),
        memory: (!choices.chance(absent)).then_some(memory),
        other: (!choices.chance(absent)).then_some(1000),
    }
}

fn sample(
    choices: &mut Choices<'_>,
    metric: &CaseMetric,
    level: i64,
    pod: &CasePod,
    around: Around,
    odd: i64,
) -> Option<CaseSample> {
    if matches!(metric.source.as_str(), "Object" | "External") || choices.chance(odd / 2) {
        return None;
    }
    let mut goal = metric.goal;
    if metric.target == "Utilization" {
        let counted = pod.requests.iter().filter(|it| it.kind != "init").count() as i64;
        let factor = if metric.source == "Resource" { counted } else { 1 };
        let unit = if metric.resource == "memory" { 1000 } else { 1 };
        goal = around.request * factor * unit * metric.goal / 100;
    }
    let mut sample = CaseSample { value: usage(choices, goal, level), ..CaseSample::default() };
    if metric.resource == "cpu" && !pod.steady {
        sample.window = choices.pick(&[15_000, 30_000, 60_000]);
        sample.at = -choices.pick(&[0, 1000 * (1 + sample.window / 1500)]);
        if let Some(since) = pod.since.filter(|_| choices.chance(50)) {
            sample.at = since + sample.window + choices.pick(&[-1, 0, 1]);
        }
    }
    Some(sample)
}

impl CasePod {
    /// Leaves out what says nothing, so that a file holds more cases.
    fn shorten(&mut self, metrics: &[CaseMetric]) {
        let uses = |resource: &str| metrics.iter().any(|it| it.resource == resource);
        let (cpu, memory, other) = (uses("cpu"), uses("memory"), uses(OTHER_RESOURCE));
        for container in &mut self.requests {
            let requests = &mut container.requests;
            requests.cpu = requests.cpu.filter(|_| cpu);
            requests.memory = requests.memory.filter(|_| memory);
            requests.other = requests.other.filter(|_| other);
        }
        if !cpu && !memory && !other {
            self.requests.clear();
            (self.whole, self.overhead) = (None, None);
        }
        if self.start == Some(STEADY_START)
            && self.since == Some(STEADY_SINCE)
            && self.ready == "True"
        {
            self.steady = true;
            (self.start, self.since, self.ready) = (None, None, String::new());
        }
    }
}
