//! A RayService: a cluster and the Serve applications on it.

use super::cluster::{RayCluster, cluster};
use super::serve::{ServeConfig, config as serve_config};
use crate::diagnostic::Diagnostic;
use crate::manifest::Metadata;
use crate::yaml::{Fields, Findings, Node, Spanned, merge, read_embedded};

/// A RayService's spec.
#[derive(Clone, Debug, Default)]
pub struct RayService {
    /// `rayClusterConfig`, or `rayClusterSpec` as some write it.
    pub cluster: Option<RayCluster>,
    /// `serveConfigV2`.
    pub serve: ServeConfig,
    /// `upgradeStrategy.type`.
    pub upgrade_strategy: Option<Spanned<String>>,
    /// `upgradeStrategy.clusterUpgradeOptions`.
    pub upgrade_options: UpgradeOptions,
    /// `rayClusterDeletionDelaySeconds`.
    pub deletion_delay: Option<Spanned<i32>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
}

/// `upgradeStrategy.clusterUpgradeOptions`.
#[derive(Clone, Copy, Debug, Default)]
pub struct UpgradeOptions {
    /// `maxSurgePercent`.
    pub max_surge_percent: Option<Spanned<i32>>,
    /// `stepSizePercent`.
    pub step_size_percent: Option<Spanned<i32>>,
    /// `intervalSeconds`.
    pub interval_seconds: Option<Spanned<i32>>,
}

/// The RayService at `root` with `patch` laid over its spec: its tree, what it says then, and what
/// is wrong with the patch.
pub fn patched(
    root: &Node,
    patch: &Node,
    metadata: &Metadata,
    text: &str,
) -> (Node, Option<RayService>, Vec<Diagnostic>) {
    let mut new = root.clone();
    if let crate::yaml::Value::Mapping(entries) = &mut new.value {
        for entry in entries.iter_mut().filter(|it| it.key == "spec") {
            entry.value = merge(&entry.value, patch);
        }
    }
    let before = read(root, metadata, text).1;
    let (service, mut found) = read(&new, metadata, text);
    // What was wrong before has been said; what an edit leaves wrong elsewhere is its doing.
    found.retain(|it| {
        patch.span.contains(it.span.start)
            || !before.iter().any(|known| (&known.code, &known.message) == (&it.code, &it.message))
    });
    for it in found.iter_mut().filter(|it| !patch.span.contains(it.span.start)) {
        it.span = patch.span;
    }
    (new, service, found)
}

/// What the object says, and what is wrong with it.
fn read(root: &Node, metadata: &Metadata, text: &str) -> (Option<RayService>, Vec<Diagnostic>) {
    let findings = Findings::default();
    let service = Fields::of(root, "", &findings).and_then(|mut fields| {
        fields.pass(&["apiVersion", "kind", "metadata"]);
        service(&mut fields, text)
    });
    super::rules("RayService", root, metadata, &findings);
    (service, findings.into_parts().0)
}

/// Takes `spec`; `text` is the whole text, since `serveConfigV2` is YAML inside it.
pub(in crate::manifest) fn service(root: &mut Fields<'_>, text: &str) -> Option<RayService> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    spec.pass(&[
        "serviceUnhealthySecondThreshold",
        "deploymentUnhealthySecondThreshold",
        "serveService",
        "managedBy",
        "excludeHeadPodFromServeSvc",
    ]);
    let mut service = RayService {
        suspend: spec.bool("suspend"),
        deletion_delay: spec.int32("rayClusterDeletionDelaySeconds"),
        ..RayService::default()
    };
    if let Some(mut strategy) = spec.mapping("upgradeStrategy") {
        if let Some(mut options) = strategy.mapping("clusterUpgradeOptions") {
            options.pass(&["gatewayClassName"]);
            service.upgrade_options = UpgradeOptions {
                max_surge_percent: options.int32("maxSurgePercent"),
                step_size_percent: options.int32("stepSizePercent"),
                interval_seconds: options.int32("intervalSeconds"),
            };
        }
        service.upgrade_strategy = strategy.string("type");
    }
    if let Some(config) = spec.take("serveConfigV2") {
        let findings = spec.findings();
        if config.text().is_none() {
            let message = "`spec.serveConfigV2` must be text: write it after `|`";
            findings.error("TT110", config.span, message);
        }
        if let Some(tree) = read_embedded(text, config, findings) {
            service.serve = serve_config(&tree, "spec.serveConfigV2", findings);
        }
    }
    service.cluster = spec.mapping("rayClusterConfig").map(cluster);
    if service.cluster.is_none() {
        spec.missing("rayClusterConfig");
    }
    Some(service)
}
