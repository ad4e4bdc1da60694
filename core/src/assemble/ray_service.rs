//! RayServices that someone edits: what they say from when on, and the clusters that come of it.
//!
//! Each change of the cluster's spec may become a cluster of its own. Whether and when it does is
//! for the controller to say; here each has its place in the model.

use super::{Assembly, cluster, serve};
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::ray::{RayService as Written, patched};
use crate::manifest::{Body, Document};
use crate::ray::service::{self, Fingerprint, Options, Strategy};
use crate::scenario::Scenario;
use crate::sim::{RayService, RayServiceVersion, Service};
use crate::time::{Duration, Instant};
use crate::yaml::{Node, Value};

/// What a RayService says from some time on.
struct Version {
    at: Instant,
    root: Node,
    written: Written,
}

/// Adds what edits make of the RayService in `document`, whose cluster is the model's last.
pub(super) fn edited(
    index: usize,
    document: &Document,
    text: &str,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let Body::RayService(written) = &document.body else { return };
    let Some(first) = assembly.model.clusters.len().checked_sub(1) else { return };
    let versions = versions(document, written, text, scenario, assembly);
    let suspends = |it: &Written| it.suspend.is_some_and(|it| it.value);
    if versions.len() < 2 && !suspends(written) {
        return;
    }
    // One that is suspended has no cluster.
    assembly.model.clusters[first].later = suspends(written);
    let number = assembly.model.ray_services.len();
    let mut parts = Parts::default();
    let mut says: Vec<RayServiceVersion> = Vec::new();
    let mut made: Vec<(String, usize)> = Vec::new();
    let mut configs: Vec<(u32, Written)> = Vec::new();
    let mut suspended = true;
    for version in versions {
        let Some(cluster_node) = version.root.get("spec").and_then(|it| it.get("rayClusterConfig"))
        else {
            continue;
        };
        let whole = canonical(cluster_node, &[]);
        // Once suspended, it comes back with another cluster.
        let comes_back = suspended && !suspends(&version.written) && !says.is_empty();
        let is_used = says.iter().any(|it| !it.spec.suspend);
        suspended = suspends(&version.written);
        let stays = |it: &&(String, usize)| it.0 == whole && !(comes_back && is_used);
        let last = made.last().filter(stays).map(|it| it.1);
        let cluster = match (last, made.is_empty()) {
            (Some(known), _) => known,
            (None, true) => first,
            (None, false) => {
                let Some(written) = &version.written.cluster else { continue };
                let mut built = cluster::cluster(document, written, scenario);
                built.name = format!("{}-{}", built.name, made.len() + 1);
                built.later = true;
                assembly.model.clusters.push(built);
                assembly.clusters.push(index);
                assembly.model.clusters.len() - 1
            }
        };
        if last.is_none() {
            made.push((whole, cluster));
        }
        assembly.model.clusters[cluster].ray_service = Some(number);
        let config = version.root.get("spec").and_then(|it| it.get("serveConfigV2"));
        let config = parts.number(&format!("serve {}", config.and_then(Node::text).unwrap_or("")));
        if configs.iter().all(|it| it.0 != config) {
            configs.push((config, version.written.clone()));
        }
        says.push(RayServiceVersion {
            at: version.at,
            spec: spec(&version.written),
            goal: fingerprint(cluster_node, &mut parts),
            cluster,
            config,
            capacity: version.written.serve.target_capacity.map(|it| it.value),
        });
    }
    // Numbers of configs are given anew, from 0 in the order of the text.
    for version in &mut says {
        let place = configs.iter().position(|it| it.0 == version.config);
        version.config = place.unwrap_or(0) as u32;
    }
    let applications = configs.iter().map(|(_, it)| names(it)).collect();
    let written: Vec<Written> = configs.into_iter().map(|it| it.1).collect();
    let clusters: Vec<usize> = made.into_iter().map(|it| it.1).collect();
    deployments(index, document, &written, &clusters, scenario, assembly);
    restarts(document, &says, assembly);
    let (namespace, name) = (document.namespace().to_owned(), document.name().to_owned());
    let lag = assembly.model.clusters[first].operator_lag;
    let built = RayService { namespace, name, versions: says, applications, lag };
    assembly.model.ray_services.push(built);
}

/// The manifest, then what each edit makes of it.
fn versions(
    document: &Document,
    written: &Written,
    text: &str,
    scenario: &Scenario,
    assembly: &mut Assembly,
) -> Vec<Version> {
    let first =
        Version { at: Instant::ZERO, root: document.root.clone(), written: written.clone() };
    let mut versions = vec![first];
    for (at, patch) in scenario.patches_of(document.namespace(), document.name()) {
        let Some(last) = versions.last() else { break };
        let (root, service, found) = patched(&last.root, patch, &document.metadata, text);
        let is_refused = found.iter().any(|it| it.severity == Severity::Error);
        assembly.diagnostics.extend(found);
        if let Some(written) = service.filter(|it| it.cluster.is_some() && !is_refused) {
            assembly.diagnostics.extend(unread(&last.written, &written, patch));
            versions.push(Version { at, root, written });
        } else {
            let message = "KubeRay refuses what this edit leaves: it is left out";
            let found = Diagnostic::new("TT509", Severity::Warning, patch.span, message);
            assembly.diagnostics.push(found);
        }
    }
    versions
}

/// The cluster's own `suspend` is read when a cluster is made, and then no more.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/rayservice_controller.go `modifyRayCluster`.
fn unread(before: &Written, after: &Written, patch: &Node) -> Option<Diagnostic> {
    let [before, after] = [before, after].map(|it| {
        let suspend = it.cluster.as_ref().and_then(|it| it.suspend);
        suspend.is_some_and(|it| it.value)
    });
    let written = patch.get("rayClusterConfig").and_then(|it| it.entry("suspend"));
    let span = written.map_or(patch.span, |it| it.key_span);
    let message = "KubeRay reads `suspend` of `rayClusterConfig` when it makes a cluster: those that \
                   run stay as they are. `suspend` of the RayService itself deletes them";
    (before != after).then(|| Diagnostic::new("TT509", Severity::Warning, span, message))
}

/// Every deployment of every config, on every cluster that may be given it.
fn deployments(
    index: usize,
    document: &Document,
    configs: &[Written],
    clusters: &[usize],
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    for cluster in clusters {
        for (config, written) in configs.iter().enumerate() {
            for (mut service, place) in serve::deployments(document, written, *cluster, scenario) {
                service.config = config as u32;
                let is_same = |it: &&mut Service| {
                    it.cluster == *cluster
                        && (&it.application, &it.name) == (&service.application, &service.name)
                };
                let known = assembly.model.services.iter_mut().find(is_same);
                match known {
                    // The first config on the first cluster stands there already.
                    Some(known) if known.config == service.config => {}
                    Some(known) => known.others.push(service),
                    None => {
                        assembly.model.services.push(service);
                        assembly.services.push((index, (config == 0).then_some(place)));
                    }
                }
            }
        }
    }
}

/// A deployment that runs and asks for something else restarts its replicas upstream.
fn restarts(document: &Document, says: &[RayServiceVersion], assembly: &mut Assembly) {
    let asks = |it: &Service| {
        (it.bundles.clone(), it.labels.clone(), it.strategy, it.gang, it.max_replicas_per_node)
    };
    let mut names: Vec<String> = Vec::new();
    for pair in says.windows(2).filter(|it| it[0].cluster == it[1].cluster) {
        let own = assembly.model.services.iter().filter(|it| it.cluster == pair[0].cluster);
        for service in own {
            let both = [pair[0].config, pair[1].config].map(|it| service.in_config(it).map(asks));
            if let [Some(before), Some(after)] = both
                && before != after
                && !names.contains(&service.name)
            {
                names.push(service.name.clone());
            }
        }
    }
    if !names.is_empty() {
        let message = format!(
            "Serve restarts replicas that ask for something else, some at a time: here those of {} \
             that run go on as they are",
            names.join(", ")
        );
        let found = Diagnostic::new("TT512", Severity::Info, document.metadata.name.span, message);
        assembly.diagnostics.push(found);
    }
}

fn names(written: &Written) -> Vec<String> {
    let applications = written.serve.applications.iter();
    let name = |it: Option<&crate::yaml::Spanned<String>>| {
        it.map_or_else(|| "default".to_owned(), |it| it.value.clone())
    };
    applications.map(|it| name(it.name.as_ref())).collect()
}

/// What it says about upgrades.
///
/// Upstream: kuberay 1.6.1 ray-operator/apis/ray/v1/rayservice_types.go `ClusterUpgradeOptions`,
/// ray-operator/controllers/ray/rayservice_controller.go `isZeroDowntimeUpgradeEnabled`.
fn spec(written: &Written) -> service::Spec {
    let number =
        |it: Option<crate::yaml::Spanned<i32>>, absent: i32| it.map_or(absent, |it| it.value);
    let options = written.upgrade_options;
    // Others are refused, and would leave what an i32 holds.
    let percent = |it| number(it, 100).clamp(0, 100);
    let interval = i64::from(number(options.interval_seconds, 1));
    let strategy = match written.upgrade_strategy.as_ref().map(|it| it.value.as_str()) {
        Some("None") => Strategy::None,
        Some("NewClusterWithIncrementalUpgrade") => Strategy::Incremental(Options {
            max_surge_percent: percent(options.max_surge_percent),
            step_size_percent: percent(options.step_size_percent),
            interval: Duration::from_seconds(interval),
        }),
        _ => Strategy::NewCluster,
    };
    let delay = written.deletion_delay.map(|it| Duration::from_seconds(it.value.max(0).into()));
    service::Spec {
        strategy,
        deletion_delay: delay.unwrap_or(service::DELETION_DELAY),
        suspend: written.suspend.is_some_and(|it| it.value),
    }
}

/// Numbers for equal texts.
#[derive(Default)]
struct Parts(Vec<String>);

impl Parts {
    fn number(&mut self, text: &str) -> u32 {
        let known = self.0.iter().position(|it| it == text);
        let place = known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        place as u32
    }
}

const OF_PODS: [&str; 2] = ["template.spec.tolerations", "template.spec.schedulingGates"];

/// The cluster's spec as the controller compares it. Values count as equal if they are written
/// alike: `1` CPU is another one than `1000m`, which upstream takes for the same.
///
/// Upstream: kuberay 1.6.1 ray-operator/controllers/ray/utils/util.go
/// `GenerateHashWithoutReplicasAndWorkersToDelete`.
fn fingerprint(cluster: &Node, parts: &mut Parts) -> Fingerprint {
    let head = OF_PODS.map(|it| format!("headGroupSpec.{it}"));
    let mut without: Vec<&str> = vec!["workerGroupSpecs", "suspend", "upgradeStrategy"];
    without.extend(head.iter().map(String::as_str));
    let rest = parts.number(&canonical(cluster, &without));
    let mut of_group = vec!["replicas", "minReplicas", "maxReplicas"];
    of_group.push("scaleStrategy.workersToDelete");
    of_group.extend(OF_PODS);
    let groups = cluster.get("workerGroupSpecs").map(Node::items).unwrap_or_default();
    Fingerprint {
        rest,
        // Since 1.7 it is only read when a cluster is made; before, a change of it was made in
        // place (`rayClusterSpecForHashing`).
        suspend: false,
        groups: groups.iter().map(|it| parts.number(&canonical(it, &of_group))).collect(),
    }
}

/// `node` as text, keys in order, without the fields at the paths `without`.
fn canonical<'a>(node: &Node, without: &[&'a str]) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Scalar { text, .. } => format!("{text:?}"),
        Value::Sequence(items) => {
            let items: Vec<String> = items.iter().map(|it| canonical(it, &[])).collect();
            format!("[{}]", items.join(","))
        }
        Value::Mapping(entries) => {
            let kept = entries.iter().filter(|it| !it.value.is_null());
            let kept = kept.filter(|it| !without.contains(&it.key.as_str()));
            let mut fields: Vec<String> = kept
                .map(|it| {
                    let below = |path: &&'a str| path.strip_prefix(&*it.key)?.strip_prefix('.');
                    let inner: Vec<&str> = without.iter().filter_map(below).collect();
                    format!("{:?}:{}", it.key, canonical(&it.value, &inner))
                })
                .filter(|it| !it.ends_with(":{}"))
                .collect();
            crate::order::sort(&mut fields);
            format!("{{{}}}", fields.join(","))
        }
    }
}
