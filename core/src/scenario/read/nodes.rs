//! `spec.nodes`: the machines that pods may use.

use super::limits::{count, cut, report_missing};
use super::out_of_range;
use crate::order;
use crate::scenario::NodePool;
use crate::yaml::scalar::{self, Place};
use crate::yaml::{Fields, Findings};

/// Pools that a Scenario may have.
const MOST_POOLS: usize = 32;
/// Nodes of one pool, as many as Kubernetes supports in a cluster.
const MOST_NODES: u32 = 5_000;
/// Milli-cores of a node.
const MOST_CPU_MILLI: i64 = 100_000_000;
/// Anything else of a node; bytes of memory for the most part.
const MOST_AMOUNT: i64 = 1 << 50;

/// The pools; absent if the document names none.
pub(super) fn pools(spec: &mut Fields<'_>) -> Option<Vec<NodePool>> {
    let mut nodes = spec.mapping("nodes")?;
    report_missing(&nodes, "pool");
    let mut list = nodes.mappings("pool")?;
    cut(nodes.findings(), &mut list.value, list.span, MOST_POOLS);
    Some(list.value.into_iter().enumerate().filter_map(|(at, it)| pool(at, it)).collect())
}

fn pool(index: usize, mut fields: Fields<'_>) -> Option<NodePool> {
    for name in ["count", "cpu", "memory"] {
        report_missing(&fields, name);
    }
    let name = fields.string("name").map_or_else(|| format!("pool-{index}"), |it| it.value);
    let count = count(&mut fields, "count", (0, MOST_NODES));
    let cpu_nano = fields.read("cpu", |place, findings| {
        let found = scalar::quantity(place, findings)?;
        let milli = limited(found.value.milli_value(), MOST_CPU_MILLI, place, findings);
        Some(milli * 1_000_000)
    });
    let memory_bytes = fields.read("memory", whole);
    let resources = fields.map("resources", whole).unwrap_or_default();
    let labels = fields.map("labels", scalar::string).unwrap_or_default();
    Some(NodePool {
        name,
        count: count?,
        cpu_nano: cpu_nano?,
        memory_bytes: memory_bytes?,
        resources: order::map(resources.into_iter().map(|(key, amount)| (key.value, amount))),
        labels: order::map(labels.into_iter().map(|(key, it)| (key.value, it.value))),
    })
}

fn whole(place: &Place<'_>, findings: &Findings) -> Option<i64> {
    let found = scalar::quantity(place, findings)?;
    Some(limited(found.value.value(), MOST_AMOUNT, place, findings))
}

fn limited(amount: i64, most: i64, place: &Place<'_>, findings: &Findings) -> i64 {
    if amount < 0 {
        out_of_range(findings, place.node.span, "a node has zero or more of it");
    } else if amount > most {
        out_of_range(findings, place.node.span, "limit reached: more than any node has");
    }
    amount.clamp(0, most)
}
