//! RayClusters, those of RayServices and RayJobs included.

use super::{ray_job, ray_pod as pod, workload};
use crate::assumption::Assumptions;
use crate::manifest::pod::{PodTemplate as WrittenTemplate, ResourceList};
use crate::manifest::ray::{Group as WrittenGroup, GroupEdit, RayCluster};
use crate::manifest::{Body, Document};
use crate::ray::config::{
    self, AutoscalerOptions, AutoscalingConfig, ClusterSpec, ConfigError, GroupSpec, HEAD_GROUP,
    Version, WorkerGroup,
};
use crate::ray::resize::{Amount, Requirements};
use crate::ray::{Labels, NodeKind, Resources, operator};
use crate::scenario::{Scenario, TargetKind};
use crate::sim::{Cluster, ContainerSizes, Group, GroupChange, MOST_PODS, PodTemplate};
use crate::time::Duration;

/// Images of Ray pods have numbers of their own, away from those of workloads.
const RAY_IMAGE: usize = usize::MAX;

/// The head's variable that tells which autoscaler runs.
const AUTOSCALER_V2: &str = "RAY_enable_autoscaler_v2";

/// The cluster of `document`, and the work that the Scenario gives it.
pub(super) fn cluster(document: &Document, written: &RayCluster, scenario: &Scenario) -> Cluster {
    let kind = match &document.body {
        Body::RayService(_) => TargetKind::RayService,
        Body::RayJob(_) => TargetKind::RayJob,
        _ => TargetKind::RayCluster,
    };
    let (namespace, name) = (document.namespace(), document.name());
    let assumptions_for =
        |group: Option<&str>| scenario.assumptions_for(kind, namespace, name, group);
    let config = believed(written);
    let node = |name: &str, group: &WrittenGroup, kind: NodeKind| {
        let types = config.as_ref().ok().map(|it| it.node_types.as_slice()).unwrap_or_default();
        let found = types.iter().find(|it| &*it.name == name);
        let found = found.map(|it| (it.resources.clone(), it.labels.clone(), it.resize.is_some()));
        let (believed, labels, may_be_resized) = found.unwrap_or_default();
        (running(group, kind, &believed), labels, may_be_resized)
    };
    let groups = written
        .worker_groups
        .iter()
        .map(|it| {
            let pod = pod::worker(&it.template);
            let node = node(it.title(), it, NodeKind::Worker);
            group(it, &pod, node, assumptions_for(Some(it.title())), scenario)
        })
        .collect();
    let assumptions = assumptions_for(None);
    let job = match &document.body {
        Body::RayJob(job) => Some(job),
        _ => None,
    };
    let pod = pod::head(written, job.and_then(|it| ray_job::sidecar(it)));
    let of_head = node(HEAD_GROUP, &written.head, NodeKind::Head);
    let mut head = group(&written.head, &pod, of_head, assumptions, scenario);
    HEAD_GROUP.clone_into(&mut head.name);
    let mut cluster = Cluster {
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        version: version(written),
        operator: operator::Spec {
            autoscaling: written.is_autoscaling(),
            suspend: written.suspend.is_some_and(|it| it.value),
            ..operator::Spec::default()
        },
        head,
        groups,
        work: scenario.work_of(namespace, name),
        loop_interval: assumptions.ray.loop_interval,
        demand_lag: assumptions.ray.demand_lag,
        operator_lag: assumptions.ray.operator_lag,
        resize_lag: assumptions.ray.resize_lag,
        autoscaler: written.is_autoscaling().then_some(config),
        entrypoints: Vec::new(),
        ray_job: None,
        ray_service: None,
        later: false,
        edits: Vec::new(),
        changes: Vec::new(),
    };
    if let Some(job) = job {
        ray_job::run(job, &mut cluster);
    }
    cluster
}

/// v2, unless `autoscalerOptions.version` or the head's environment says otherwise.
///
/// Upstream: kuberay ray-operator/controllers/ray/common/pod.go `configureAutoscaler`; ray 2.60.0
/// scripts/scripts.py `start`, src/ray/common/ray_config.h `ConvertValue`.
pub fn version(written: &RayCluster) -> Version {
    let by_option = written.options.version.as_ref().map(|it| it.value == "v1");
    let env = written.head.template.containers.first().map(|it| it.env.as_slice());
    let found = env.unwrap_or_default().iter().find(|it| it.name.value == AUTOSCALER_V2);
    let by_variable = || {
        let value = found.and_then(|it| it.value.as_deref())?;
        Some(!(value == "1" || value.eq_ignore_ascii_case("true")))
    };
    if by_option.or_else(by_variable).unwrap_or(false) { Version::V1 } else { Version::V2 }
}

fn group(
    written: &WrittenGroup,
    template: &WrittenTemplate,
    (resources, labels, may_be_resized): (Resources, Labels, bool),
    assumptions: &Assumptions,
    scenario: &Scenario,
) -> Group {
    let suspend = written.suspend.is_some_and(|it| it.value);
    let Replicas { min, max, hosts, now } = replicas(written);
    let (min_replicas, max_replicas) = bounds(suspend, min, max);
    Group {
        name: written.title().to_owned(),
        suspend,
        replicas: now,
        min_replicas,
        max_replicas,
        num_of_hosts: hosts.max(1),
        resources,
        labels,
        resize: may_be_resized.then(|| sizes(template)),
        pod: ray_pod(template, assumptions, scenario),
    }
}

/// The least and the most that count.
fn bounds(suspend: bool, min: i64, max: i64) -> (i64, i64) {
    if suspend { (0, 0) } else { (min, max.max(min)) }
}

/// What an edit that writes `replicas`, or not, makes of a group.
pub(super) fn change(written: &WrittenGroup, edit: Option<GroupEdit>) -> GroupChange {
    let suspend = written.suspend.is_some_and(|it| it.value);
    let Replicas { min, max, now, .. } = replicas(written);
    let (min_replicas, max_replicas) = bounds(suspend, min, max);
    let replicas = edit.filter(|it| it.replicas).map(|_| now);
    let names_nobody = edit.is_some_and(|it| it.names_nobody);
    GroupChange { suspend, min_replicas, max_replicas, replicas, names_nobody }
}

/// What the first container is made of, and what the others request beside it.
fn sizes(template: &WrittenTemplate) -> ContainerSizes {
    let amount =
        |list: &ResourceList, name: &str| list.get(name).and_then(|it| Amount::read(&it.text).ok());
    let requirements =
        |it: &ResourceList| Requirements { cpu: amount(it, "cpu"), memory: amount(it, "memory") };
    let mut containers = template.containers.iter().map(|it| &it.resources);
    let first = containers.next();
    let others = containers.map(|it| requirements(&it.requests));
    ContainerSizes {
        requests: first.map(|it| requirements(&it.requests)).unwrap_or_default(),
        limits: first.map(|it| requirements(&it.limits)).unwrap_or_default(),
        others: others.fold(Requirements::default(), Requirements::plus),
    }
}

/// A group's numbers as written, at least 0.
struct Replicas {
    min: i64,
    max: i64,
    hosts: i64,
    now: i64,
}

/// The CRD's defaults: 0 replicas at least, 2147483647 at most. More than one replica beyond the
/// most pods of a run makes no difference, except that it would be planned in every look.
///
/// Upstream: kuberay ray-operator/apis/ray/v1/raycluster_types.go `WorkerGroupSpec`.
fn replicas(written: &WrittenGroup) -> Replicas {
    let number = |it: Option<crate::yaml::Spanned<i32>>, absent: i32| {
        i64::from(it.map_or(absent, |it| it.value)).max(0)
    };
    let most = MOST_PODS as i64 + 1;
    let hosts = number(written.num_of_hosts, 1).min(most);
    let most = (most + hosts - 1) / hosts.max(1);
    Replicas {
        min: number(written.min_replicas, 0).min(most),
        max: number(written.max_replicas, i32::MAX).min(most),
        hosts,
        now: number(written.replicas, 0).min(most),
    }
}

/// A Ray pod: another image, and Ray's own start in place of a readiness probe.
pub(super) fn ray_pod(
    template: &WrittenTemplate,
    assumptions: &Assumptions,
    scenario: &Scenario,
) -> PodTemplate {
    let mut pod = workload::template(template, assumptions, RAY_IMAGE, scenario);
    pod.start.image_pull = assumptions.ray.image_pull;
    pod.start.serve = assumptions.ray.ray_start;
    pod.start.probe = None;
    pod.grace = pod.grace.min(Duration::from_seconds(30));
    pod
}

/// What the autoscaler believes of the RayCluster.
///
/// # Errors
/// Where upstream's derivation fails.
pub fn believed(written: &RayCluster) -> Result<AutoscalingConfig, ConfigError> {
    match version(written) {
        Version::V1 => config::derive_v1(&spec(written)),
        Version::V2 => config::derive(&spec(written)),
    }
}

/// What a node of `group` has once it runs, where the autoscaler believes `believed`.
pub fn running(group: &WrittenGroup, kind: NodeKind, believed: &Resources) -> Resources {
    operator::node_resources(&group_spec(group), kind, believed)
}

/// What the autoscaler reads of the RayCluster.
fn spec(written: &RayCluster) -> ClusterSpec {
    ClusterSpec {
        head: group_spec(&written.head),
        worker_groups: written.worker_groups.iter().map(worker_group).collect(),
        options: AutoscalerOptions {
            upscaling_mode: written.options.upscaling_mode.as_ref().map(|it| it.value.clone()),
            idle_timeout_seconds: written
                .options
                .idle_timeout_seconds
                .map(|it| i64::from(it.value)),
        },
        resize: written.resize.as_ref().map(|it| it.value.clone()),
    }
}

fn worker_group(written: &WrittenGroup) -> WorkerGroup {
    let Replicas { min, max, hosts, .. } = replicas(written);
    WorkerGroup {
        name: written.title().to_owned(),
        min_replicas: Some(min),
        max_replicas: Some(max),
        num_of_hosts: Some(hosts),
        spec: group_spec(written),
    }
}

fn group_spec(written: &WrittenGroup) -> GroupSpec {
    let first = written.template.containers.first();
    let list = |of: fn(&crate::manifest::pod::Resources) -> Vec<(String, String)>| {
        first.map(|it| of(&it.resources)).unwrap_or_default()
    };
    GroupSpec {
        resources: written.resources.pairs(),
        ray_start_params: written.ray_start_params.pairs(),
        limits: list(|it| it.limits.pairs()),
        requests: list(|it| it.requests.pairs()),
        resize_policy: first.map(|it| it.resize_policy.clone()).unwrap_or_default(),
        labels: written.labels.pairs(),
        idle_timeout_seconds: written.idle_timeout_seconds.map(|it| i64::from(it.value)),
        priority: written.priority.map(|it| i64::from(it.value)),
        node_selector: written.template.node_selector.pairs(),
    }
}
