//! Cases for the HPA as the oracle in `oracle/hpa` writes them: one JSON line each, input and
//! upstream's answer. Times are milliseconds relative to the sync.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tidetable_core::hpa::{
    Container, ContainerKind, MetricIdentifier, MetricSpec, Pod, PodPhase, Reading, ReadyCondition,
    ReadyStatus, ResourceName, ResourceTarget, Sample, ValueTarget,
};
use tidetable_core::time::{Duration, Instant};

/// First line of a file.
#[derive(Debug, Deserialize)]
pub struct Header {
    /// Upstream's version.
    pub kubernetes: String,
    /// Seed of the random cases.
    pub seed: u64,
    /// Lines that follow.
    pub cases: usize,
}

/// The committed file `name`, or the one that the environment variable `variable` points at.
pub fn path(name: &str, variable: &str) -> PathBuf {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/hpa").join(name);
    std::env::var_os(variable).map_or(committed, PathBuf::from)
}

/// Hands every case of the file to `look`, with its line number.
///
/// # Panics
/// If the file can't be read, or holds more or fewer cases than its header says.
pub fn each_case<T: DeserializeOwned>(path: &Path, mut look: impl FnMut(usize, &str, T)) -> Header {
    use std::io::BufRead;
    let file =
        std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = std::io::BufReader::new(file).lines();
    let header = lines.next().expect("a header line").expect("text");
    let header: Header = serde_json::from_str(&header).expect("a header");
    let mut count = 0;
    for (index, line) in lines.enumerate() {
        let line = line.expect("text");
        let case = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("line {}: {error}", index + 2));
        look(index + 2, &line, case);
        count += 1;
    }
    assert_eq!(count, header.cases, "cases in {}", path.display());
    header
}

/// One entry of `spec.metrics`.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseMetric {
    source: String,
    #[serde(default)]
    resource: String,
    #[serde(default)]
    container: String,
    target: String,
    goal: i64,
    #[serde(default)]
    mismatch: bool,
}

/// What a metrics API answers, apart from the samples of pods.
#[derive(Clone, Debug, Deserialize)]
pub struct CaseReading {
    #[serde(default)]
    extra: Vec<i64>,
    #[serde(default)]
    value: i64,
    #[serde(default)]
    series: Vec<i64>,
    #[serde(default)]
    failed: String,
}

impl CaseMetric {
    /// As an entry of `spec.metrics`. All custom and external metrics are called `name`.
    ///
    /// # Panics
    /// If the oracle wrote a source that does not exist.
    pub fn spec(&self, name: &str) -> MetricSpec {
        let resource = match self.resource.as_str() {
            "cpu" => ResourceName::Cpu,
            "memory" => ResourceName::Memory,
            other => ResourceName::Other(other.to_owned()),
        };
        let resource_target = match self.target.as_str() {
            "Utilization" => ResourceTarget::AverageUtilization(self.goal as i32),
            _ => ResourceTarget::AverageValue(self.goal),
        };
        let value_target = match self.target.as_str() {
            "Value" => ValueTarget::Value(self.goal),
            _ => ValueTarget::AverageValue(self.goal),
        };
        let metric = MetricIdentifier::named(name);
        match self.source.as_str() {
            "Resource" => MetricSpec::Resource { name: resource, target: resource_target },
            "ContainerResource" => MetricSpec::ContainerResource {
                name: resource,
                container: self.container.clone(),
                target: resource_target,
            },
            "Pods" => MetricSpec::Pods { metric, target_average_value_milli: self.goal },
            "Object" => MetricSpec::Object {
                kind: "Ingress".to_owned(),
                name: "main".to_owned(),
                metric,
                target: (!self.mismatch).then_some(value_target),
            },
            "External" => MetricSpec::External { metric, target: value_target },
            source => panic!("no such source: {source}"),
        }
    }
}

impl CaseReading {
    /// The samples of metric `index` of the spec.
    pub fn samples(&self, index: usize, pods: &[CasePod], now: Instant) -> Vec<Sample> {
        let listed = pods.iter().enumerate().filter_map(|(pod, case)| {
            let sample = case.samples.get(index)?.as_ref()?;
            Some(Sample {
                pod: Some(pod),
                value_milli: sample.value,
                timestamp: shift(now, sample.at),
                window: Duration::from_ms(sample.window),
            })
        });
        let unlisted = self.extra.iter().map(|&value_milli| Sample {
            pod: None,
            value_milli,
            timestamp: now,
            window: Duration::ZERO,
        });
        listed.chain(unlisted).collect()
    }

    /// What the metrics API answers for `metric`.
    pub fn reading<'a>(&'a self, metric: &CaseMetric, samples: &'a [Sample]) -> Reading<'a> {
        match metric.source.as_str() {
            _ if !self.failed.is_empty() => Reading::Failed(&self.failed),
            "Object" => Reading::Value(self.value),
            "External" => Reading::Series(&self.series),
            _ => Reading::Samples(samples),
        }
    }
}

/// A pod and its samples.
#[derive(Clone, Debug, Deserialize)]
pub struct CasePod {
    #[serde(default)]
    phase: String,
    #[serde(default)]
    steady: bool,
    #[serde(default)]
    deleting: bool,
    start: Option<i64>,
    #[serde(default)]
    ready: String,
    since: Option<i64>,
    #[serde(default)]
    requests: Vec<Requests>,
    samples: Vec<Option<PodSample>>,
}

#[derive(Clone, Debug, Deserialize)]
struct Requests {
    cpu: Option<i64>,
    memory: Option<i64>,
    #[serde(default)]
    init: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct PodSample {
    value: i64,
    #[serde(default)]
    at: i64,
    #[serde(default)]
    window: i64,
}

impl CasePod {
    /// Its containers, called `c0`, `c1` and so on.
    pub fn containers(&self) -> Vec<Container> {
        let requests = |requests: &Requests| {
            let cpu = requests.cpu.map(|milli| (ResourceName::Cpu, milli));
            let memory = requests.memory.map(|milli| (ResourceName::Memory, milli));
            cpu.into_iter().chain(memory).collect()
        };
        let named = |(index, it): (usize, &Requests)| Container {
            name: format!("c{index}"),
            kind: if it.init { ContainerKind::Sidecar } else { ContainerKind::App },
            requests: requests(it),
        };
        self.requests.iter().enumerate().map(named).collect()
    }

    /// As the controller sees it.
    pub fn pod<'a>(&self, name: &'a str, containers: &'a [Container], now: Instant) -> Pod<'a> {
        let (start, ready, since) = if self.steady {
            (Some(-3_600_000), "True", Some(-3_590_000))
        } else {
            (self.start, self.ready.as_str(), self.since)
        };
        let status = match ready {
            "" => None,
            "True" => Some(ReadyStatus::True),
            "False" => Some(ReadyStatus::False),
            _ => Some(ReadyStatus::Unknown),
        };
        let last_transition = since.map(|since| shift(now, since));
        Pod {
            name,
            phase: match self.phase.as_str() {
                "Pending" => PodPhase::Pending,
                "Succeeded" => PodPhase::Succeeded,
                "Failed" => PodPhase::Failed,
                "Unknown" => PodPhase::Unknown,
                _ => PodPhase::Running,
            },
            deleting: self.deleting,
            start_time: start.map(|start| shift(now, start)),
            ready: status.map(|status| ReadyCondition { status, last_transition }),
            containers,
            requests: &[],
            overhead: &[],
        }
    }
}

/// Pods with what they borrow from.
pub struct Pods {
    names: Vec<String>,
    containers: Vec<Vec<Container>>,
}

impl Pods {
    /// Names and containers of `cases`.
    pub fn of(cases: &[CasePod]) -> Self {
        Self {
            names: (0..cases.len()).map(|index| format!("pod-{index:03}")).collect(),
            containers: cases.iter().map(CasePod::containers).collect(),
        }
    }

    /// The pods at `now`.
    pub fn at(&self, cases: &[CasePod], now: Instant) -> Vec<Pod<'_>> {
        let parts = cases.iter().zip(&self.names).zip(&self.containers);
        parts.map(|((case, name), containers)| case.pod(name, containers, now)).collect()
    }
}

/// `ms` after `now`.
fn shift(now: Instant, ms: i64) -> Instant {
    Instant::from_ms(now.ms() + ms)
}
