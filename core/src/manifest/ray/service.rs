//! A RayService: a cluster and the Serve applications on it.

use super::cluster::{RayCluster, cluster};
use super::serve::{ServeConfig, config as serve_config};
use crate::yaml::{Fields, Spanned, read_embedded};

/// A RayService's spec.
#[derive(Clone, Debug, Default)]
pub struct RayService {
    /// `rayClusterConfig`, or `rayClusterSpec` as some write it.
    pub cluster: Option<RayCluster>,
    /// `serveConfigV2`.
    pub serve: ServeConfig,
    /// `upgradeStrategy.type`.
    pub upgrade_strategy: Option<Spanned<String>>,
    /// `suspend`.
    pub suspend: Option<Spanned<bool>>,
}

/// Takes `spec`; `text` is the whole text, since `serveConfigV2` is YAML inside it.
pub(in crate::manifest) fn service(root: &mut Fields<'_>, text: &str) -> Option<RayService> {
    root.pass(&["status"]);
    let Some(mut spec) = root.mapping("spec") else {
        root.missing("spec");
        return None;
    };
    spec.known(&["rayClusterDeletionDelaySeconds"]);
    spec.pass(&[
        "serviceUnhealthySecondThreshold",
        "deploymentUnhealthySecondThreshold",
        "serveService",
        "managedBy",
        "excludeHeadPodFromServeSvc",
    ]);
    let mut service = RayService { suspend: spec.bool("suspend"), ..RayService::default() };
    if let Some(mut strategy) = spec.mapping("upgradeStrategy") {
        strategy.known(&["clusterUpgradeOptions"]);
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
