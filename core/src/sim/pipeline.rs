//! What is simulated between a load and the HPAs, beside CPU and memory: series, who asks for
//! them, and when nobody answers.

use crate::keda;
use crate::metrics::prometheus;
use crate::time::{Duration, Instant, Stretch};
use crate::workload::Load;

/// Everything between a load and the HPAs.
#[derive(Clone, Debug)]
pub struct Pipeline {
    /// The series that somebody may ask for.
    pub series: Vec<Series>,
    /// KEDA's ScaledObjects.
    pub scaled_objects: Vec<ScaledObject>,
    /// How often the adapter looks which series there are.
    pub relist: Duration,
    /// How long KEDA takes to ask.
    pub latency: Duration,
    /// When the run starts, in seconds since 1970-01-01 00:00 in Greenwich.
    pub clock: i64,
    /// When metrics-server does not answer.
    pub server_outages: Vec<Stretch>,
    /// When Prometheus does not.
    pub prometheus_outages: Vec<Stretch>,
    /// When the adapter does not.
    pub adapter_outages: Vec<Stretch>,
    /// When KEDA does not.
    pub keda_outages: Vec<Stretch>,
}

/// A number of one workload, or of nobody, over time.
#[derive(Clone, Debug)]
pub struct Series {
    /// What it is.
    pub truth: Truth,
    /// Whose; index into the model's workloads.
    pub workload: usize,
    /// Whether an HPA asks for it pod by pod.
    pub per_pod: bool,
    /// How it is scraped and queried.
    pub prometheus: prometheus::Spec,
    /// When its source gives nothing.
    pub outages: Vec<Stretch>,
}

/// What a series is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Requests per second that arrive at the workload.
    Requests,
    /// Requests that wait for the workload, and those that it works on.
    Queue,
    /// A number of its own.
    Own {
        /// Over time.
        load: Load,
        /// Whether each pod has it; otherwise it is split over the ready ones.
        each_pod: bool,
    },
}

/// Where an HPA's metric comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricSource {
    /// metrics-server.
    Server,
    /// The adapter: indexes into the pipeline's series. None: it knows no such metric.
    Series(Vec<usize>),
    /// A trigger of a ScaledObject; both are indexes.
    Trigger(usize, usize),
}

/// A ScaledObject, and what its triggers read.
#[derive(Clone, Debug)]
pub struct ScaledObject {
    /// `metadata.namespace`.
    pub namespace: String,
    /// `metadata.name`.
    pub name: String,
    /// What it was asked to do.
    pub spec: keda::Spec,
    /// What it scales; index into the model's workloads.
    pub workload: usize,
    /// The HPA that KEDA made of it; index into the model's HPAs.
    pub hpa: usize,
    /// One for each trigger of `spec`.
    pub sources: Vec<TriggerSource>,
}

/// What a trigger reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TriggerSource {
    /// Nothing that somebody else has.
    Nobody,
    /// Series, through a query to Prometheus.
    Prometheus(Vec<usize>),
    /// Series, each as it is at that moment.
    Live(Vec<usize>),
}

impl Series {
    /// Whether its source gives nothing at `now`.
    pub fn is_out(&self, now: Instant) -> bool {
        Stretch::any(&self.outages, now)
    }

    /// How far before the start of a run the first scrape lies that a query can reach.
    pub fn scrapes_before(&self) -> i64 {
        self.prometheus.reach().ms() / self.prometheus.scrape.ms().max(1)
    }
}
