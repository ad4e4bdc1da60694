//! Ray's autoscaler v1 on KubeRay, as pure steps.
//!
//! [`update`] is one look of it; [`scheduler::get_nodes_to_launch`] says how many nodes of each type
//! to add, and [`provider`] turns that into patches of the RayCluster.
//!
//! Upstream: ray 2.60.0 autoscaler/_private, autoscaler/batching_node_provider.py.

mod choice;
mod counts;
mod load;
mod packing;
mod placement_groups;
pub mod provider;
mod report;
pub mod scheduler;
mod spread;
mod step;
mod terminate;

pub use placement_groups::{PlacementGroup, Strategy};
pub use step::{Seen, State, Step, update};

use super::resources::Resources;
use packing::Bundle;

/// Equal bundles that wait, tasks and actors included: v1 tells them apart by resources only.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundles {
    /// What one takes.
    pub resources: Resources,
    /// How many there are.
    pub count: u32,
}

impl Bundles {
    fn bundle(&self, origin: usize) -> Bundle<'_> {
        Bundle { resources: &self.resources, count: self.count, origin }
    }
}
