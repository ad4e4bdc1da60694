//! Pods that wait are given nodes, in the order of their creation.
//!
//! A pod that fits nowhere holds nobody up; it tries again whenever a pod is gone.

use crate::nodes::{self, Places};
use crate::sim::model::PodTemplate;
use crate::sim::timeline::Note;
use crate::sim::world::{Owner, World};
use crate::time::Instant;

impl World<'_> {
    /// Every waiting pod tries its luck once.
    pub(in crate::sim) fn schedule(&mut self, now: Instant) {
        let mut still_waiting = Vec::new();
        // Pods of one template are alike: where one did not fit, the next will not either.
        let mut refused: Vec<Owner> = Vec::new();
        let mut places: Option<(Owner, Places<'_>)> = None;
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
            let PodTemplate { requests, pools, .. } = self.template(owner);
            // They are good for as long as nobody else takes room.
            let (_, places) = match &mut places {
                Some(known) if known.0 == owner => known,
                old => old.insert((owner, Places::new(&self.nodes, requests, pools))),
            };
            if let Some(node) = places.next(&self.nodes) {
                self.bind(pod, node, now);
                continue;
            }
            if self.pods[pod].created == now {
                let reason = nodes::unschedulable(&self.nodes, requests, pools);
                self.note(now, Note::Unschedulable { pod: self.pods[pod].name.clone(), reason });
            }
            refused.push(owner);
            still_waiting.push(pod);
        }
        self.waiting = still_waiting;
    }
}
