//! What is not in people's manifests: the `Scenario` document.
//!
//! `apiVersion: tidetable.dev/v1alpha1, kind: Scenario` says which load to expect, what a Ray
//! cluster is given to do, on which nodes, under which assumptions, for how long, and what must
//! come of it. It stands in the same text as the manifests; forms edit it there.
//!
//! These are the values; each has its limits kept already. Whether a named target exists is for
//! the caller, who knows the manifests.

mod assumed;
pub mod edit;
mod edit_now;
mod now;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use assumed::{Subjects, assumed_notice, assumed_text};
pub use edit_now::set_now;
pub use now::{Now, Past};
pub use read::{DEFAULT_DURATION, LONGEST_DURATION, Read, SHORTEST_DURATION, is_scenario, read};

use std::collections::BTreeMap;

use crate::assumption::Assumptions;
use crate::deployment;
use crate::order;
use crate::source::Span;
use crate::time::{Duration, Instant, Stretch};
use crate::workload::{Load, Shape, Work};
use crate::yaml::{Node, Spanned};

/// `apiVersion` of the document.
pub const API_VERSION: &str = "tidetable.dev/v1alpha1";
/// `kind` of the document.
pub const KIND: &str = "Scenario";

/// What to expect, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// `metadata.name`, or empty.
    pub name: String,
    /// Where the document stands; empty at 0 if it was assumed.
    pub span: Span,
    /// Whether nobody wrote it: see [`Scenario::assumed`].
    pub assumed: bool,
    /// How long to look.
    pub duration: Duration,
    /// What a clock on the wall shows when the run begins, in seconds since 1970-01-01 00:00; for
    /// cron triggers.
    pub start: Option<i64>,
    /// Whether `start` says how far it is from Greenwich, and is counted from there.
    pub start_is_instant: bool,
    /// Requests; several entries for one target add up.
    pub load: Vec<LoadEntry>,
    /// Custom, object and external metrics.
    pub metrics: Vec<MetricEntry>,
    /// When a part of the metric path does not answer.
    pub outages: Vec<Outage>,
    /// Work for Ray clusters.
    pub ray: Vec<RayEntry>,
    /// Edits of HPAs and workloads.
    pub edits: Vec<EditEntry>,
    /// When another HPA controller takes over.
    pub restarts: Vec<Instant>,
    /// The nodes there are; absent: as the assumptions `node.*` say.
    pub nodes: Option<Vec<NodePool>>,
    /// Every assumption, overrides by target left out.
    pub assumptions: Assumptions,
    /// The assumptions that the document sets, by id, and where.
    pub set: BTreeMap<&'static str, Span>,
    /// Assumptions that differ for one target.
    pub overrides: Vec<Override>,
    /// What must come of it.
    pub expect: Vec<Expectation>,
    /// What is known of HPAs at the moment; `right_now` alone reads it.
    pub now: Vec<Now>,
}

/// Requests for one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadEntry {
    /// Who is asked to serve them.
    pub target: Target,
    /// How many, when.
    pub shape: Shape,
    /// The entry in the text.
    pub span: Span,
}

/// What someone other than an autoscaler does to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditEntry {
    /// When.
    pub at: Instant,
    /// The same again.
    pub again: Option<Again>,
    /// To what, and what.
    pub edit: Edit,
}

/// Something that someone, or something, does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// Each time after so long, which is longer than zero.
    pub every: Duration,
    /// As long as it is before this.
    pub until: Instant,
}

impl EditEntry {
    /// When it is done.
    pub fn times(&self) -> impl Iterator<Item = Instant> + use<> {
        let again = self.again.filter(|it| it.every > Duration::ZERO);
        let next = move |at: &Instant| {
            let next = *at + again?.every;
            (next < again?.until).then_some(next)
        };
        std::iter::successors(Some(self.at), next)
    }
}

/// An object, and what is done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Of an HPA; what is absent stays as it was.
    Hpa {
        /// What is done.
        action: HpaAction,
        /// Its name, and where that stands.
        name: Spanned<String>,
        /// Its namespace; any, if absent.
        namespace: Option<String>,
        /// `minReplicas`.
        min_replicas: Option<i32>,
        /// `maxReplicas`.
        max_replicas: Option<i32>,
    },
    /// Of a workload's `spec.replicas`: `kubectl scale`, or a manifest that is applied.
    Scale {
        /// The workload.
        target: Target,
        /// So many, from then on.
        replicas: i32,
    },
    /// Of a Deployment's template: every pod is replaced.
    Rollout {
        /// The Deployment.
        target: Target,
        /// Whether its pods have another image from then on.
        new_image: bool,
    },
    /// Of a RayService's spec: `kubectl patch --type merge`.
    RayService {
        /// Its name, and where that stands.
        name: Spanned<String>,
        /// Its namespace; any, if absent.
        namespace: Option<String>,
        /// What is laid over its spec, as RFC 7396 says: mappings are merged, null deletes, and
        /// all else, lists included, replaces what was there.
        patch: Box<Node>,
    },
    /// Of a RayCluster's spec: `kubectl edit`, or a manifest that is applied.
    RayCluster {
        /// Its name, and where that stands.
        name: Spanned<String>,
        /// Its namespace; any, if absent.
        namespace: Option<String>,
        /// What is laid over its spec in the same way, but for `workerGroupSpecs`: each entry is
        /// laid over the group of its `groupName`, and the other groups stay.
        patch: Box<Node>,
    },
}

/// What is done to an HPA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HpaAction {
    /// Its spec is changed.
    Edit,
    /// It is deleted.
    Delete,
    /// It is created, as the manifest says. One that is created first is not there before.
    Create,
}

/// What an HPA, or a trigger of KEDA's, finds under the name of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricEntry {
    /// `metric.name` of the HPA.
    pub name: Spanned<String>,
    /// What a selector must match; without any, all do.
    pub labels: BTreeMap<String, String>,
    /// Whose requests or queue it is; the HPA's own target, if absent.
    pub target: Option<Target>,
    /// What it is.
    pub source: MetricSource,
    /// Time between two scrapes; as `prometheus.scrapeInterval` says, if absent.
    pub scrape: Option<Duration>,
    /// The range of `rate(…)`: zero is none. If absent, as `prometheus.rateWindow` says for
    /// requests, and none otherwise.
    pub rate: Option<Duration>,
    /// When its source gives nothing.
    pub outages: Vec<Stretch>,
    /// The entry in the text.
    pub span: Span,
}

/// What a metric is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetricSource {
    /// Requests per second that arrive.
    Requests,
    /// Requests that wait, and those that are worked on: with it, none is lost.
    QueueLength,
    /// A number of its own.
    Shape {
        /// Over time.
        shape: Shape,
        /// Whether each pod has it, so that a Pods metric does not split it.
        per_pod: bool,
    },
}

/// When a part of the metric path does not answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Which part.
    pub of: Service,
    /// How long.
    pub stretch: Stretch,
}

/// A part of the metric path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// metrics-server: CPU and memory.
    MetricsServer,
    /// Prometheus.
    Prometheus,
    /// Prometheus Adapter.
    Adapter,
    /// KEDA.
    Keda,
}

/// A workload that the manifests name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Of what kind.
    pub kind: TargetKind,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`; any, if absent.
    pub namespace: Option<String>,
    /// The Serve application of a RayService; its first, if absent.
    pub application: Option<String>,
    /// Where the name stands.
    pub span: Span,
}

/// What can be given a load, or assumptions of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` StatefulSet.
    StatefulSet,
    /// `apps/v1` ReplicaSet.
    ReplicaSet,
    /// `ray.io/v1` RayService: requests to its Serve application.
    RayService,
    /// `ray.io/v1` RayCluster: assumptions only, no requests.
    RayCluster,
    /// `ray.io/v1` RayJob: assumptions only, no requests.
    RayJob,
}

/// Work for one Ray cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct RayEntry {
    /// Name of the RayCluster, RayService or RayJob.
    pub cluster: String,
    /// Its namespace; any, if absent.
    pub namespace: Option<String>,
    /// Where the name stands.
    pub span: Span,
    /// What is submitted.
    pub work: Vec<Work>,
}

/// Nodes that are alike and always there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodePool {
    /// Its name.
    pub name: String,
    /// How many nodes.
    pub count: u32,
    /// CPU of each that pods may use, in nano-cores.
    pub cpu_nano: i64,
    /// Memory of each that pods may use.
    pub memory_bytes: i64,
    /// Other resources of each by their Kubernetes names, `nvidia.com/gpu` for one.
    pub resources: BTreeMap<String, i64>,
    /// Labels of each, with which a pod's `nodeSelector` is compared.
    pub labels: BTreeMap<String, String>,
}

/// Assumptions that differ for one target.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Whom it is about.
    pub target: Target,
    /// The Ray worker group it is about; all, if absent.
    pub group: Option<String>,
    /// Every assumption as it holds for that target.
    pub assumptions: Assumptions,
    /// Those that the entry sets, by id, and where.
    pub set: BTreeMap<&'static str, Span>,
}

/// Something that must be true of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Of whom.
    pub subject: Subject,
    /// Of which number.
    pub measure: Measure,
    /// How large it may be, or must become.
    pub bound: Bound,
    /// [`Bound::AtLeast`]: reached at this instant at the latest, by the end if absent.
    /// [`Bound::AtMost`]: kept from this instant on, all the time if absent.
    pub by: Option<Instant>,
    /// The entry in the text.
    pub span: Span,
}

/// Of whom something is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The whole run.
    Run,
    /// The HPA of this name.
    Hpa(String),
    /// The Ray cluster of this name.
    Ray(String),
}

/// A number of the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Requests that nobody served, from the start up to an instant: of the whole run, or of an
    /// HPA's target.
    UnservedRequests,
    /// Ready replicas of an HPA's target.
    ReadyReplicas,
    /// Replicas that an HPA asks for.
    DesiredReplicas,
    /// Ray workers that the autoscaler asks for.
    Workers,
    /// Tasks, actors and placement groups that wait for room.
    Pending,
    /// Changes of direction up to an instant.
    Flaps,
    /// Pods that no node has room for: of the whole run.
    UnschedulablePods,
}

/// How large a number may be, or must become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Never larger.
    AtMost(i64),
    /// This large at some time.
    AtLeast(i64),
}

impl Target {
    /// Whether it names the object of that kind, namespace and name.
    pub fn is(&self, kind: TargetKind, namespace: &str, name: &str) -> bool {
        self.kind == kind
            && self.name == name
            && self.namespace.as_deref().is_none_or(|own| own == namespace)
    }
}

impl Scenario {
    /// Nothing happens, for the default length of time.
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            span: Span::default(),
            assumed: false,
            duration: DEFAULT_DURATION,
            start: None,
            start_is_instant: false,
            load: Vec::new(),
            metrics: Vec::new(),
            outages: Vec::new(),
            ray: Vec::new(),
            edits: Vec::new(),
            restarts: Vec::new(),
            nodes: None,
            assumptions: Assumptions::default(),
            set: BTreeMap::new(),
            overrides: Vec::new(),
            expect: Vec::new(),
            now: Vec::new(),
        }
    }

    /// The load of one target: all its entries, added up. Empty if it has none.
    pub fn load_of(&self, kind: TargetKind, namespace: &str, name: &str) -> Load {
        let own = self.load.iter().filter(|entry| entry.target.is(kind, namespace, name));
        Load { shapes: own.map(|entry| entry.shape.clone()).collect() }
    }

    /// What someone does to that workload, and when, by time.
    pub fn edits_of(
        &self,
        kind: TargetKind,
        namespace: &str,
        name: &str,
    ) -> Vec<(Instant, deployment::Edit)> {
        let end = Instant::ZERO + self.duration;
        let mut edits = Vec::new();
        for entry in self.edits.iter().filter(|it| it.at < end) {
            let (target, edit) = match &entry.edit {
                Edit::Scale { target, replicas } => (target, deployment::Edit::Scale(*replicas)),
                Edit::Rollout { target, new_image } => {
                    (target, deployment::Edit::Rollout { new_image: *new_image })
                }
                Edit::Hpa { .. } | Edit::RayService { .. } | Edit::RayCluster { .. } => continue,
            };
            if target.is(kind, namespace, name) {
                edits.extend(entry.times().map(|at| (at, edit)));
            }
        }
        order::sort_by_key(&mut edits, |it| it.0);
        edits
    }

    /// What someone lays over the spec of a RayService, by time.
    pub fn patches_of(&self, namespace: &str, name: &str) -> Vec<(Instant, &Node)> {
        let own = |entry: &'_ EditEntry| match &entry.edit {
            Edit::RayService { name: of, namespace: own, .. } => {
                of.value == name && own.as_deref().is_none_or(|it| it == namespace)
            }
            Edit::Hpa { .. }
            | Edit::Scale { .. }
            | Edit::Rollout { .. }
            | Edit::RayCluster { .. } => false,
        };
        let patch = |entry| match entry {
            &EditEntry { at, edit: Edit::RayService { ref patch, .. }, .. } => Some((at, &**patch)),
            EditEntry { .. } => None,
        };
        let mut patches: Vec<_> =
            self.edits.iter().filter(|it| own(it)).filter_map(patch).collect();
        order::sort_by_key(&mut patches, |it| it.0);
        patches
    }

    /// What someone lays over the spec of a RayCluster, in the order of the text.
    pub fn cluster_edits_of(&self, namespace: &str, name: &str) -> Vec<(&EditEntry, &Node)> {
        self.edits
            .iter()
            .filter_map(|entry| match &entry.edit {
                Edit::RayCluster { name: of, namespace: own, patch }
                    if of.value == name && own.as_deref().is_none_or(|it| it == namespace) =>
                {
                    Some((entry, &**patch))
                }
                _ => None,
            })
            .collect()
    }

    /// When `service` does not answer.
    pub fn outages_of(&self, service: Service) -> Vec<Stretch> {
        self.outages.iter().filter(|it| it.of == service).map(|it| it.stretch).collect()
    }

    /// The work of the Ray cluster of that name, in the order written.
    pub fn work_of(&self, namespace: &str, name: &str) -> Vec<Work> {
        let own = self.ray.iter().filter(|entry| {
            entry.cluster == name && entry.namespace.as_deref().is_none_or(|own| own == namespace)
        });
        own.flat_map(|entry| entry.work.iter().cloned()).collect()
    }

    /// The assumptions that hold for one target, and for one worker group of it: the last
    /// override that fits, otherwise the general ones.
    pub fn assumptions_for(
        &self,
        kind: TargetKind,
        namespace: &str,
        name: &str,
        group: Option<&str>,
    ) -> &Assumptions {
        let fits = |it: &&Override| {
            it.target.is(kind, namespace, name)
                && it.group.as_deref().is_none_or(|own| Some(own) == group)
        };
        self.overrides.iter().rev().find(fits).map_or(&self.assumptions, |it| &it.assumptions)
    }
}
