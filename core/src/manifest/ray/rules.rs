//! What KubeRay's operator refuses in RayClusters, RayJobs and RayServices beside their worker
//! groups and autoscaler ([`validation`](super::validation)): names, labels, Redis and tokens here,
//! the rest in `job_rules.rs` and `service_rules.rs`.
//!
//! Upstream stops at the first error and puts the kind of object before it; here all are found, each
//! at its place. Fields behind gates that are off by default are not looked at: network policies,
//! TLS, the history server, the embedded RocksDB.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/validation.go
//! `ValidateRayClusterMetadata`, `ValidateRayClusterSpec`, `ValidateRayClusterUpgradeOptions`.

use super::{job_rules, service_rules, version};
use crate::manifest::Metadata;
use crate::manifest::names;
use crate::manifest::validation::Refusal;
use crate::source::Span;
use crate::yaml::{Findings, Node};

const NAME: &str = "TT225";
const REDIS: &str = "TT228";
const LABEL: &str = "TT222";
const AUTH: &str = "TT229";

const DNS_1035: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or \
                        '-', start with an alphabetic character, and end with an alphanumeric \
                        character (e.g. 'my-name',  or 'abc-123', regex used for validation is \
                        '[a-z]([-a-z0-9]*[a-z0-9])?')";

/// Longest name of a RayCluster; those that a RayJob or RayService makes have six letters more.
const LONGEST: usize = 53;

/// Looks at a whole object of `kind`.
pub(in crate::manifest) fn rules(
    kind: &str,
    root: &Node,
    metadata: &Metadata,
    findings: &Findings,
) {
    let (longest, cluster) = match kind {
        "RayCluster" => (LONGEST, "spec"),
        "RayJob" => (LONGEST - 6, "rayClusterSpec"),
        "RayService" => (LONGEST - 6, "rayClusterConfig"),
        _ => return,
    };
    name(kind, metadata, longest, findings);
    let Some(spec) = root.get("spec") else { return };
    let cluster = if kind == "RayCluster" { Some(spec) } else { spec.get(cluster) };
    if let Some(cluster) = cluster {
        group_labels(cluster, findings);
        redis(cluster, metadata, findings);
        tokens(cluster, findings);
        let (is_k8s, span) = flag(cluster.get("authOptions"), "enableK8sTokenAuth");
        if kind != "RayCluster" && is_k8s {
            let message = format!("K8s token auth mode is currently not supported for {kind}");
            findings.error(AUTH, span, message);
        }
    }
    if let Some(cluster) = cluster {
        upgrade_strategy(kind, cluster, findings);
    }
    match kind {
        "RayJob" => job_rules::rules(spec, cluster, findings),
        "RayService" => service_rules::rules(spec, cluster, metadata, findings),
        _ => {}
    }
}

/// Upstream: `ValidateRayClusterMetadata`, `ValidateRayJobMetadata`, `ValidateRayServiceMetadata`.
fn name(kind: &str, metadata: &Metadata, longest: usize, findings: &Findings) {
    let name = &metadata.name;
    if name.value.is_empty() || metadata.generate_name.is_some() {
        return;
    }
    let text = name.value.as_bytes();
    let inner = |it: &u8| it.is_ascii_lowercase() || it.is_ascii_digit() || *it == b'-';
    if text.len() > longest {
        let message = format!("{kind} name should be no more than {longest} characters");
        findings.error(NAME, name.span, message);
    } else if !(text.iter().all(inner) && text[0].is_ascii_lowercase() && !text.ends_with(b"-")) {
        let message = format!("{kind} name should be a valid DNS1035 label: [{DNS_1035}]");
        findings.error(NAME, name.span, message);
    }
}

/// The head's group and the worker groups, each with its name in messages.
fn groups(cluster: &Node) -> Vec<(&str, &Node)> {
    let mut groups = Vec::new();
    groups.extend(cluster.get("headGroupSpec").map(|it| ("Head", it)));
    for group in cluster.get("workerGroupSpecs").map(Node::items).unwrap_or_default() {
        groups.push((group.get("groupName").and_then(Node::text).unwrap_or_default(), group));
    }
    groups
}

/// Upstream: `validateRayGroupLabels`.
fn group_labels(cluster: &Node, findings: &Findings) {
    let refuse = Refusal::of(LABEL, findings);
    for (group, node) in groups(cluster) {
        let Some(labels) = node.get("labels") else { continue };
        for entry in labels.entries() {
            let (key, value) = (&entry.key, entry.value.text().unwrap_or_default());
            for error in names::qualified(key, refuse) {
                let message =
                    format!("invalid label key for {group} group: '{key}', error: {error}");
                findings.error(LABEL, entry.key_span, message);
            }
            for error in names::label_value(value, refuse) {
                let message = format!(
                    "invalid label value for key '{key}' in {group} group: '{value}', error: {error}"
                );
                findings.error(LABEL, entry.value.span, message);
            }
        }
    }
}

/// Where an environment variable of the head's first container stands.
fn env(cluster: &Node, name: &str) -> Option<Span> {
    let pod = cluster.get("headGroupSpec")?.get("template")?.get("spec")?;
    let env = pod.get("containers")?.items().first()?.get("env")?;
    let is_named = |it: &&Node| it.get("name").and_then(Node::text) == Some(name);
    env.items().iter().find(is_named).map(|it| it.span)
}

/// Fault tolerance of the GCS is set up in one place.
fn redis(cluster: &Node, metadata: &Metadata, findings: &Findings) {
    let options = cluster.get("gcsFaultToleranceOptions");
    let head = cluster.get("headGroupSpec");
    let param = |name: &str| {
        let it = head.and_then(|it| it.get("rayStartParams")).and_then(|it| it.get(name));
        it.filter(|it| it.text().is_some_and(|it| !it.is_empty())).map(|it| it.span)
    };
    let annotation = |name: &str| {
        let it = metadata.annotations.get(name).filter(|it| !it.value.is_empty());
        it.map(|it| (it.value.as_str(), it.span))
    };
    let ft_enabled = annotation("ray.io/ft-enabled");
    let refuse = |span: Option<Span>, message: &str| {
        if let Some(span) = span {
            findings.error(REDIS, span, message);
        }
    };
    if options.is_some() {
        refuse(
            ft_enabled.map(|it| it.1),
            "ray.io/ft-enabled annotation and GcsFaultToleranceOptions are both set. Please use \
             only GcsFaultToleranceOptions to configure GCS fault tolerance",
        );
        refuse(
            param("redis-password"),
            "cannot set `redis-password` in rayStartParams when GcsFaultToleranceOptions is \
             enabled - use GcsFaultToleranceOptions.RedisPassword instead",
        );
        refuse(
            env(cluster, "REDIS_PASSWORD"),
            "cannot set `REDIS_PASSWORD` env var in head Pod when GcsFaultToleranceOptions is \
             enabled - use GcsFaultToleranceOptions.RedisPassword instead",
        );
        refuse(
            env(cluster, "RAY_REDIS_ADDRESS"),
            "cannot set `RAY_REDIS_ADDRESS` env var in head Pod when GcsFaultToleranceOptions is \
             enabled - use GcsFaultToleranceOptions.RedisAddress instead",
        );
        refuse(
            annotation("ray.io/external-storage-namespace").map(|it| it.1),
            "cannot set `ray.io/external-storage-namespace` annotation when \
             GcsFaultToleranceOptions is enabled - use \
             GcsFaultToleranceOptions.ExternalStorageNamespace instead",
        );
    } else if !ft_enabled.is_some_and(|(text, _)| text.eq_ignore_ascii_case("true")) {
        refuse(
            env(cluster, "RAY_REDIS_ADDRESS"),
            "RAY_REDIS_ADDRESS is set which implicitly enables GCS fault tolerance, but \
             GcsFaultToleranceOptions is not set. Please set GcsFaultToleranceOptions to enable \
             GCS fault tolerance",
        );
    }
    refuse(
        param("redis-username").or_else(|| env(cluster, "REDIS_USERNAME")),
        "cannot set redis username in rayStartParams or environment variables - use \
         GcsFaultToleranceOptions.RedisUsername instead",
    );
}

/// Upstream: `ValidateRayClusterUpgradeOptions`.
fn upgrade_strategy(kind: &str, cluster: &Node, findings: &Findings) {
    let Some(node) = cluster.get("upgradeStrategy").and_then(|it| it.get("type")) else { return };
    let word = node.text().unwrap_or_default();
    if !matches!(word, "Recreate" | "None") {
        let message = format!(
            "Spec.UpgradeStrategy.Type value {word} is invalid, valid options are Recreate or None"
        );
        findings.error(NAME, node.span, message);
    } else if kind != "RayCluster" {
        let message = format!("upgradeStrategy cannot be set when RayCluster is created by {kind}");
        findings.error(NAME, node.span, message);
    }
}

/// Tokens need a Ray that knows them.
fn tokens(cluster: &Node, findings: &Findings) {
    let Some(auth) = cluster.get("authOptions") else { return };
    let Some(mode) = auth.get("mode").filter(|it| it.text() == Some("token")) else { return };
    let what = "authOptions.mode is 'token' but";
    let written = cluster.get("rayVersion").and_then(Node::text).filter(|it| !it.is_empty());
    let message = match written {
        None => {
            format!("{what} RayVersion was not specified. Ray version 2.52.0 or later is required")
        }
        Some(text) => match version::parse(text) {
            Err(error) => format!("{what} RayVersion format is invalid: {text}, {error}"),
            Ok(numbers) if version::is_before(&numbers, &[2, 52, 0]) => {
                format!("{what} minimum Ray version is 2.52.0, got {text}")
            }
            Ok(_) => return,
        },
    };
    findings.error(AUTH, mode.span, message);
}

/// A truth value of `of`, and where it stands.
pub(super) fn flag(of: Option<&Node>, name: &str) -> (bool, Span) {
    let it = of.and_then(|it| it.get(name));
    (it.and_then(Node::text) == Some("true"), it.map_or(Span::default(), |it| it.span))
}

/// A whole number of `of`, and where it stands.
pub(super) fn number(of: Option<&Node>, name: &str) -> Option<(i64, Span)> {
    let it = of?.get(name)?;
    Some((it.text()?.parse().ok()?, it.span))
}
