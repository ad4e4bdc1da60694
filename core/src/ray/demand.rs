//! What waits for resources: tasks and actors, placement groups, `request_resources`.
//!
//! This is the demand as the GCS (Ray's control service on the head) reports it. Equal requests are
//! kept once with their number.
//!
//! Upstream: ray 2.60.0 src/ray/protobuf/autoscaler.proto `ResourceRequest`,
//! `ResourceRequestByCount`, `GangResourceRequest`, `ClusterResourceConstraint`.

use std::sync::Arc;

use super::resources::{Name, Resources};

/// What a node's label must say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LabelConstraint {
    /// The label is one of the values.
    In(Name, Vec<Name>),
    /// The label is none of the values, or missing.
    NotIn(Name, Vec<Name>),
}

/// All of its constraints must hold. An empty one matches every node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector(pub Vec<LabelConstraint>);

/// How a bundle stands to the other bundles of its placement group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlacementConstraint {
    /// On one node with every bundle of the same label (`STRICT_PACK`).
    Affinity {
        /// `_PG_<id>`.
        label: Name,
        /// Empty in practice.
        value: Name,
    },
    /// Never on a node that has the label already (`STRICT_SPREAD`).
    AntiAffinity {
        /// `_PG_<id>`.
        label: Name,
        /// Empty in practice.
        value: Name,
    },
}

/// One task, actor or bundle that waits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceRequest {
    /// What it takes.
    pub resources: Resources,
    /// Fallbacks in order: any that matches will do. Plain tasks carry one empty selector, bundles
    /// of placement groups and constraints none.
    pub label_selectors: Vec<LabelSelector>,
    /// How it stands to its placement group.
    pub placement: Option<PlacementConstraint>,
}

impl ResourceRequest {
    /// A plain task or actor, with the empty selector that the GCS attaches.
    pub fn task(resources: impl Into<Resources>) -> Self {
        Self {
            resources: resources.into(),
            label_selectors: vec![LabelSelector::default()],
            placement: None,
        }
    }

    /// A bundle of a placement group or of `request_resources`, without a selector.
    pub fn bundle(resources: impl Into<Resources>) -> Self {
        Self { resources: resources.into(), label_selectors: Vec::new(), placement: None }
    }
}

/// Equal requests that wait.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceDemand {
    /// One of them.
    pub request: ResourceRequest,
    /// How many there are.
    pub count: u32,
}

/// A placement group that waits: all of its bundles or none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GangRequest {
    /// Its bundles.
    pub requests: Vec<ResourceRequest>,
}

impl GangRequest {
    /// `PACK` or `SPREAD`: the scheduler treats both as plain bundles.
    pub fn pack(bundles: impl IntoIterator<Item = Resources>) -> Self {
        Self { requests: bundles.into_iter().map(ResourceRequest::bundle).collect() }
    }

    /// `STRICT_PACK`: all bundles on one node.
    pub fn strict_pack(group: &str, bundles: impl IntoIterator<Item = Resources>) -> Self {
        let value: Name = Arc::from("");
        let placement = PlacementConstraint::Affinity { label: label_of(group), value };
        Self::pack(bundles).placed(&placement)
    }

    /// `STRICT_SPREAD`: each bundle on a node of its own.
    pub fn strict_spread(group: &str, bundles: impl IntoIterator<Item = Resources>) -> Self {
        let value: Name = Arc::from("");
        let placement = PlacementConstraint::AntiAffinity { label: label_of(group), value };
        Self::pack(bundles).placed(&placement)
    }

    fn placed(mut self, placement: &PlacementConstraint) -> Self {
        for request in &mut self.requests {
            request.placement = Some(placement.clone());
        }
        self
    }
}

/// The label that the nodes of placement group `group` carry.
fn label_of(group: &str) -> Name {
    format!("_PG_{group}").into()
}

/// What `ray.autoscaler.sdk.request_resources` asked for: the cluster must have room for all of it,
/// used or not. It holds until the next call.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResourceConstraint {
    /// The bundles that must fit at the same time.
    pub requests: Vec<ResourceDemand>,
}
