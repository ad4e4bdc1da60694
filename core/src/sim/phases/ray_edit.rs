//! Someone edits a RayCluster.
//!
//! Its autoscaler finds that out when it looks, and KubeRay's operator hears of what changed as it
//! hears of a patch of the autoscaler's. `suspend` ends Ray in the cluster with its head.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go `rayClusterReconcile`,
//! `reconcilePods`, `calculateStatus`; ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py
//! `AutoscalingConfigProducer.__call__`.

use crate::ray::operator::{Suspension, desired_pods, next_suspension};
use crate::sim::event::Event;
use crate::sim::model::GroupChange;
use crate::sim::timeline::{EditedField, EditedTo, Note};
use crate::sim::world::{Owner, World};
use crate::time::{Duration, Instant};

/// After a pass that changed the status, until the next one.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/raycluster_controller.go
/// `DefaultRequeueDuration`.
const REQUEUE: Duration = Duration::from_seconds(2);

impl World<'_> {
    /// The edit of `cluster` with that number is done; the next one is foreseen.
    pub(in crate::sim) fn ray_cluster_edited(&mut self, cluster: usize, edit: usize, now: Instant) {
        let model = &self.model.clusters[cluster];
        if let Some((next, _)) = model.edits.get(edit + 1) {
            self.queue.add(*next, Event::RayClusterEdited { cluster, edit: edit + 1 });
        }
        let Some(change) = model.edits.get(edit).and_then(|(_, number)| model.changes.get(*number))
        else {
            return;
        };
        let (mut fields, mut undone) = (Vec::new(), 0);
        self.steps += change.groups.len() as u64;
        for (group, to) in change.groups.iter().enumerate() {
            if !self.is_news(cluster, group, to) {
                continue;
            }
            self.steps += self.clusters[cluster].pods.len() as u64 / 4;
            let waiting = self.pods_to_come(cluster, group);
            fields.extend(self.edit_group(cluster, group, to));
            undone += (waiting - self.pods_to_come(cluster, group)).max(0);
        }
        let state = &mut self.clusters[cluster];
        let is_new = state.suspends() != (change.suspend == Some(true));
        // That the field is gone does not wake a cluster, that it is false does.
        let sleeps = state.suspension != Suspension::None;
        if is_new || sleeps && state.suspend_field() != change.suspend {
            fields.push(EditedField { group: None, to: EditedTo::Suspend(change.suspend) });
        }
        let knew = state.autoscaler_config();
        state.change = Some(change);
        let is_heard = knew != state.autoscaler_config();
        if fields.is_empty() && !is_heard {
            return;
        }
        self.undraw(cluster);
        let acts = now + self.clusters[cluster].model.operator_lag;
        self.call_operator(cluster, acts);
        let name = model.name.clone();
        if let Some(Err(error)) = &change.autoscaler {
            let note = Note::RayConfig { cluster: name.clone(), error: error.clone() };
            self.note_once(now, note);
        }
        // An edit that is done again and again is told of once, and again where it undoes a launch.
        let told = &mut self.clusters[cluster].told;
        let is_first = told.insert((change.entry, false));
        if undone > 0 && told.insert((change.entry, true)) || is_first {
            let every = change.every;
            self.note(now, Note::Edited { cluster: name, fields, undone, every });
        }
    }

    /// Whether an edit leaves a group other than it is.
    fn is_news(&self, cluster: usize, group: usize, to: &GroupChange) -> bool {
        let state = &self.clusters[cluster];
        let Some(seen) = state.groups.get(group) else { return false };
        state.suspends_group(group) != to.suspend
            || (seen.min_replicas, seen.max_replicas) != (to.min_replicas, Some(to.max_replicas))
            || to.replicas.is_some_and(|it| seen.replicas != Some(it))
            || to.names_nobody && !seen.workers_to_delete.is_empty()
    }

    /// Pods of a group that are asked for and not made yet.
    fn pods_to_come(&self, cluster: usize, group: usize) -> i64 {
        let state = &self.clusters[cluster];
        let is_own = |pod: &&usize| {
            let pod = &self.pods[**pod];
            pod.owner == Owner::Worker(cluster, group) && pod.deleting.is_none()
        };
        let made = state.pods.iter().filter(is_own).count() as i64;
        let scaled = state.autoscaler_config().is_some();
        let asked = state.groups.get(group).map_or(0, desired_pods);
        if scaled { (asked - made).max(0) } else { 0 }
    }

    /// Writes what an edit makes of a group; says what changed.
    fn edit_group(&mut self, cluster: usize, group: usize, to: &GroupChange) -> Vec<EditedField> {
        let suspended = self.clusters[cluster].suspends_group(group);
        let Some(seen) = self.clusters[cluster].groups.get_mut(group) else { return Vec::new() };
        let mut changed = Vec::new();
        let mut say = |to: EditedTo| changed.push(EditedField { group: Some(group), to });
        if let Some(replicas) = to.replicas.filter(|it| seen.replicas != Some(*it)) {
            seen.replicas = Some(replicas);
            say(EditedTo::Replicas(replicas));
        }
        if suspended == to.suspend {
            if seen.min_replicas != to.min_replicas {
                say(EditedTo::MinReplicas(to.min_replicas));
            }
            if seen.max_replicas != Some(to.max_replicas) {
                say(EditedTo::MaxReplicas(to.max_replicas));
            }
        } else {
            say(EditedTo::Suspend(Some(to.suspend)));
        }
        (seen.min_replicas, seen.max_replicas) = (to.min_replicas, Some(to.max_replicas));
        if to.names_nobody && !seen.workers_to_delete.is_empty() {
            seen.workers_to_delete.clear();
            say(EditedTo::NobodyNamed);
        }
        changed
    }

    /// What a pass of the operator makes of the suspend condition.
    pub(in crate::sim) fn follow_suspension(&mut self, cluster: usize, now: Instant) {
        let state = &mut self.clusters[cluster];
        let suspend = state.suspend_field();
        let next = next_suspension(state.suspension, suspend, state.pods.is_empty());
        if next != state.suspension {
            state.suspension = next;
            self.call_operator(cluster, now + REQUEUE);
        }
    }
}
