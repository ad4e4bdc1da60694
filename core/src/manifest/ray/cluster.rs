//! A RayCluster's spec: the head, the worker groups and the autoscaler's options.

use super::validation;
use crate::manifest::metadata::{Labels, labels};
use crate::manifest::pod::{PodTemplate, Resources, resources, template};
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

/// A RayCluster's spec, alone or inside a RayService or RayJob.
#[derive(Clone, Debug, Default)]
pub struct RayCluster {
    /// Where it stands.
    pub span: Span,
    /// Its path in the document: `spec`, `spec.rayClusterConfig` or `spec.rayClusterSpec`.
    pub path: String,
    /// `rayVersion`.
    pub ray_version: Option<Spanned<String>>,
    /// `enableInTreeAutoscaling`.
    pub enable_in_tree_autoscaling: Option<Spanned<bool>>,
    /// `suspend`: no pods at all.
    pub suspend: Option<Spanned<bool>>,
    /// `autoscalerOptions`.
    pub options: AutoscalerOptions,
    /// `headGroupSpec`.
    pub head: Group,
    /// `workerGroupSpecs`.
    pub worker_groups: Vec<Group>,
    /// The object's annotation `ray.io/ippr`, which KubeRay copies from a RayService or RayJob.
    pub resize: Option<Spanned<String>>,
}

impl RayCluster {
    /// Whether Ray's autoscaler runs.
    pub fn is_autoscaling(&self) -> bool {
        self.enable_in_tree_autoscaling.is_some_and(|it| it.value)
    }
}

/// `autoscalerOptions`.
#[derive(Clone, Debug, Default)]
pub struct AutoscalerOptions {
    /// `version`: `v1` or `v2`.
    pub version: Option<Spanned<String>>,
    /// `upscalingMode`: `Default`, `Aggressive` or `Conservative`.
    pub upscaling_mode: Option<Spanned<String>>,
    /// `idleTimeoutSeconds`.
    pub idle_timeout_seconds: Option<Spanned<i32>>,
    /// `resources` of the autoscaler's own container, in place of the operator's.
    pub resources: Option<Resources>,
}

/// The head or a worker group.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Where it stands.
    pub span: Span,
    /// Its path in the document, as `spec.workerGroupSpecs[0]`.
    pub path: String,
    /// `groupName`; the head has none.
    pub name: Option<Spanned<String>>,
    /// `replicas`.
    pub replicas: Option<Spanned<i32>>,
    /// `minReplicas`.
    pub min_replicas: Option<Spanned<i32>>,
    /// `maxReplicas`.
    pub max_replicas: Option<Spanned<i32>>,
    /// `numOfHosts`: pods of one replica.
    pub num_of_hosts: Option<Spanned<i32>>,
    /// `idleTimeoutSeconds`.
    pub idle_timeout_seconds: Option<Spanned<i32>>,
    /// `priority`.
    pub priority: Option<Spanned<i32>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
    /// `resources`, by Ray's names.
    pub resources: Labels,
    /// `labels`.
    pub labels: Labels,
    /// `rayStartParams`.
    pub ray_start_params: Labels,
    /// `template`.
    pub template: PodTemplate,
}

impl Group {
    /// What it is called in messages.
    pub fn title(&self) -> &str {
        self.name.as_ref().map_or("head", |it| it.value.as_str())
    }
}

/// Reads the spec of a cluster.
pub(in crate::manifest) fn cluster(mut spec: Fields<'_>) -> RayCluster {
    spec.known(&["gcsFaultToleranceOptions", "upgradeStrategy"]);
    spec.pass(&[
        "authOptions",
        "managedBy",
        "headServiceAnnotations",
        "historyServerOptions",
        "networkPolicy",
        "tlsOptions",
    ]);
    let options = options(&mut spec);
    let head = spec.mapping("headGroupSpec").map(head);
    let groups = spec.mappings("workerGroupSpecs").unwrap_or_default().value;
    let cluster = RayCluster {
        span: spec.span(),
        path: spec.path().to_owned(),
        ray_version: spec.string("rayVersion"),
        enable_in_tree_autoscaling: spec.bool("enableInTreeAutoscaling"),
        suspend: spec.bool("suspend"),
        options,
        head: head.unwrap_or_else(|| {
            spec.missing("headGroupSpec");
            Group::default()
        }),
        worker_groups: groups.into_iter().map(worker_group).collect(),
        resize: None,
    };
    validation::validate(&cluster, spec.findings());
    cluster
}

fn options(spec: &mut Fields<'_>) -> AutoscalerOptions {
    let Some(mut fields) = spec.mapping("autoscalerOptions") else {
        return AutoscalerOptions::default();
    };
    fields.pass(&["image", "imagePullPolicy", "securityContext", "env", "envFrom"]);
    fields.pass(&["volumeMounts", "command", "args"]);
    let words = |words: &'static [&'static str]| words.iter().map(|it| (*it, *it)).collect();
    let versions: Vec<_> = words(&["v1", "v2"]);
    let modes: Vec<_> = words(&["Default", "Aggressive", "Conservative"]);
    let has_resources = fields.key_span("resources").is_some();
    AutoscalerOptions {
        resources: has_resources.then(|| resources(&mut fields, "resources")),
        version: fields.choice("version", &versions).map(|it| it.map(str::to_owned)),
        upscaling_mode: fields.choice("upscalingMode", &modes).map(|it| it.map(str::to_owned)),
        idle_timeout_seconds: fields.int32("idleTimeoutSeconds"),
    }
}

fn head(mut fields: Fields<'_>) -> Group {
    fields.pass(&["headService", "enableIngress", "ingressOptions", "serviceType"]);
    shared(&mut fields)
}

fn worker_group(mut fields: Fields<'_>) -> Group {
    fields.known(&["scaleStrategy"]);
    let name = fields.string("groupName");
    if name.is_none() {
        fields.missing("groupName");
    }
    Group {
        name,
        replicas: fields.int32("replicas"),
        min_replicas: fields.int32("minReplicas"),
        max_replicas: fields.int32("maxReplicas"),
        num_of_hosts: fields.int32("numOfHosts"),
        idle_timeout_seconds: fields.int32("idleTimeoutSeconds"),
        priority: fields.int32("priority"),
        suspend: fields.bool("suspend"),
        ..shared(&mut fields)
    }
}

/// What head and worker groups have in common.
fn shared(fields: &mut Fields<'_>) -> Group {
    let template = template(fields, "template");
    if template.is_none() {
        fields.missing("template");
    }
    Group {
        span: fields.span(),
        path: fields.path().to_owned(),
        resources: labels(fields, "resources"),
        labels: labels(fields, "labels"),
        ray_start_params: labels(fields, "rayStartParams"),
        template: template.unwrap_or_default(),
        ..Group::default()
    }
}
