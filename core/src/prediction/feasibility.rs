//! Each request of a cluster's work against each kind of node that it may have.

use std::borrow::Cow;

use super::Run;
use super::placement::{amount, kind, shape};
use crate::explain::phrase::Phrase;
use crate::explain::place_phrase::{PlacePhrase, PlacedKind};
use crate::ray::feasibility::{Fit, MOST_FITS, fit};
use crate::ray::{Labels, ResourceRequest, Resources};
use crate::report::{Feasibility, FeasibilityCell, FeasibilityGroup, FeasibilityRow, Language};
use crate::sim::{Cluster, replica_requests, requests_of};
use crate::workload::Strategy;

/// The most rows of a matrix; what a text asks for has few shapes.
const MOST_ROWS: usize = 50;

impl Run {
    /// What the cluster's work asks for, against the head and each worker group.
    pub(super) fn feasibility(&self, cluster: usize) -> Feasibility {
        let it = &self.assembly.model.clusters[cluster];
        let kinds = kinds(it);
        let groups = kinds.iter().map(|(name, resources, _)| FeasibilityGroup {
            name: (*name).to_owned(),
            resources: shape(resources),
        });
        let rows = self.requests(cluster).into_iter().take(MOST_ROWS).map(|(kind, request)| {
            FeasibilityRow {
                request: PlacePhrase::Work { count: None, kind, shape: &shape(&request.resources) }
                    .say(self.language),
                cells: kinds
                    .iter()
                    .map(|(_, total, labels)| cell(&fit(&request, total, labels), self.language))
                    .collect(),
            }
        });
        Feasibility { groups: groups.collect(), rows: rows.collect() }
    }

    /// Every different request of the cluster's work and of the replicas on it.
    fn requests(&self, cluster: usize) -> Vec<(PlacedKind<'_>, ResourceRequest)> {
        let model = &self.assembly.model;
        let work = model.clusters[cluster].work.iter();
        let work = work.map(|it| (kind(&it.kind), requests_of(&it.kind)));
        let services = model.services.iter().filter(|it| it.cluster == cluster);
        let replicas = services.map(|it| {
            let requests = replica_requests(it);
            let is_packed = it.strategy == Some(Strategy::StrictPack);
            let requests = if is_packed { on_one_node(requests) } else { requests };
            (PlacedKind::Replica(&it.name), requests)
        });
        let mut requests: Vec<(PlacedKind<'_>, ResourceRequest)> = Vec::new();
        for (kind, mut asked) in work.chain(replicas) {
            if kind == PlacedKind::Bundle(Strategy::StrictPack) {
                asked = on_one_node(asked);
            }
            for request in asked {
                let entry = (kind, request);
                if !requests.contains(&entry) {
                    requests.push(entry);
                }
            }
        }
        requests
    }
}

/// Kinds of node as the autoscaler believes them to be, else as they will be.
fn kinds(cluster: &Cluster) -> Vec<(&str, Cow<'_, Resources>, &Labels)> {
    if let Some(Ok(config)) = &cluster.autoscaler {
        let types = config.node_types.iter();
        return types.map(|it| (&*it.name, it.largest(), &it.labels)).collect();
    }
    let groups = std::iter::once(&cluster.head).chain(&cluster.groups);
    groups.map(|it| (it.name.as_str(), Cow::Borrowed(&it.resources), &it.labels)).collect()
}

/// The scheduler adds up the bundles of a STRICT_PACK group that select the same labels.
///
/// Upstream: ray 2.60.0 autoscaler/v2/utils.py `ResourceRequestUtil.combine_requests_with_affinity`.
fn on_one_node(bundles: Vec<ResourceRequest>) -> Vec<ResourceRequest> {
    let mut all: Vec<ResourceRequest> = Vec::new();
    for bundle in bundles {
        match all.iter_mut().find(|it| it.label_selectors == bundle.label_selectors) {
            Some(sum) => {
                for (name, amount) in bundle.resources.iter() {
                    let before = sum.resources.get(name).unwrap_or(0.0);
                    sum.resources.set(name, before + amount);
                }
            }
            None => all.push(bundle),
        }
    }
    all
}

fn cell(fit: &Fit, language: Language) -> FeasibilityCell {
    let lines = match fit {
        Fit::Fits(count) => {
            let phrase = PlacePhrase::Fits { count: *count, is_most: *count == MOST_FITS };
            vec![phrase.say(language)]
        }
        Fit::Short(short) => short
            .iter()
            .map(|it| {
                let (needs, has) = (amount(&it.resource, it.needs), amount(&it.resource, it.has));
                let phrase =
                    PlacePhrase::Short { resource: &it.resource, needs: &needs, has: &has };
                phrase.say(language)
            })
            .collect(),
        Fit::OtherLabels => vec![PlacePhrase::OtherLabels.say(language)],
    };
    FeasibilityCell { fits: matches!(fit, Fit::Fits(_)), lines }
}
