//! Pods that wait are given nodes, in the order of their creation.
//!
//! A pod that fits nowhere holds nobody up; it tries again whenever a pod is gone.

use crate::nodes;
use crate::sim::timeline::Note;
use crate::sim::world::World;
use crate::time::Instant;

impl World<'_> {
    /// Every waiting pod tries its luck once.
    pub(in crate::sim) fn schedule(&mut self, now: Instant) {
        let mut still_waiting = Vec::new();
        // Pods of one template are alike: where one did not fit, the next will not either.
        let mut refused: Vec<crate::sim::world::Owner> = Vec::new();
        self.steps += self.waiting.len() as u64;
        for pod in std::mem::take(&mut self.waiting) {
            let owner = self.pods[pod].owner;
            if self.pods[pod].deleting.is_some() {
                continue;
            }
            if refused.contains(&owner) {
                still_waiting.push(pod);
                continue;
            }
            self.steps += self.nodes.len() as u64;
            match nodes::schedule(&self.nodes, &self.template(owner).requests) {
                Ok(node) => self.bind(pod, node, now),
                Err(reason) => {
                    let name = self.pods[pod].name.clone();
                    if self.pods[pod].created == now {
                        self.note(now, Note::Unschedulable { pod: name, reason });
                    }
                    refused.push(owner);
                    still_waiting.push(pod);
                }
            }
        }
        self.waiting = still_waiting;
    }
}
