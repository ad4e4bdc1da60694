//! What must hold after every instant. A failure is a bug in Tidetable, never the user's.

use super::world::World;
use crate::time::Instant;

/// Checked in debug builds, and so by every test.
pub(super) fn invariants(world: &World<'_>, now: Instant) {
    if !cfg!(debug_assertions) {
        return;
    }
    for node in &world.nodes {
        let (taken, has) = (&node.requested, &node.allocatable);
        assert!(taken.cpu_nano <= has.cpu_nano, "{now}: {} has too much CPU taken", node.name);
        assert!(taken.cpu_nano >= 0, "{now}: {} gave back more CPU than it had", node.name);
        assert!(
            taken.memory_bytes <= has.memory_bytes,
            "{now}: {} has too much memory taken",
            node.name
        );
    }
    let alive = world.pods.iter().filter(|pod| !pod.gone).count();
    assert_eq!(alive, world.alive, "{now}: pods are counted wrong");
    for cluster in world.clusters.iter() {
        for node in &cluster.nodes {
            let short = node.free.iter().find(|(_, free)| *free < 0);
            assert_eq!(short, None, "{now}: a Ray node has more on it than it holds");
        }
    }
}
