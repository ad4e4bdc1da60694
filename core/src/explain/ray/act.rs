//! What the autoscaler sees of its earlier orders, what it launches, and what it writes.

use super::{Writer, names};
use crate::explain::phrase::{Phrase, RayPatchPhrase, RayPhrase, Title};
use crate::manifest::field::Field;
use crate::ray::{Cause, Patch};
use crate::sim::RayLook;
use crate::time::Duration;

impl Writer<'_> {
    pub(super) fn act(&mut self, cause: &Cause) {
        let (context, ledger) = (self.context, &mut self.ledger);
        match cause {
            Cause::LaunchFailed { node_type } => {
                let text = RayPhrase::LaunchFailed { group: node_type };
                ledger.say("ray-observe", Title::Launch, &text).binds();
            }
            Cause::DrainRefused { .. } => {
                ledger.say("ray-observe", Title::Stop, &RayPhrase::DrainRefused);
            }
            Cause::TimedOut { node_type, status, timeout_s, .. } => {
                let status = names::status_name(*status);
                let text = RayPhrase::TimedOut { group: node_type, status, timeout_s: *timeout_s };
                ledger.say("ray-timeout", Title::Stop, &text).binds();
            }
            Cause::LaunchRate { node_type, queued, in_flight, limit, launched, .. } => {
                let text = RayPhrase::LaunchRate {
                    group: node_type,
                    queued: *queued,
                    launched: *launched,
                    in_flight: *in_flight,
                    limit: *limit,
                };
                let step = ledger.say("ray-launch", Title::Launch, &text);
                step.gives(launched).binds = launched < queued;
            }
            Cause::PendingLimit { node_type, queued, pending, limit, launched, .. } => {
                let text = RayPhrase::PendingLimit {
                    group: node_type,
                    queued: *queued,
                    launched: *launched,
                    pending: *pending,
                    limit: *limit,
                };
                let step = ledger.say("ray-launch", Title::Launch, &text);
                step.gives(launched).binds = launched < queued;
            }
            Cause::Failures { failures, most } => {
                let text = RayPhrase::Failures { failures: *failures, most: *most };
                ledger.say("ray", Title::GaveUp, &text).gives(failures).binds();
            }
            Cause::TooSoon { since_ms } => {
                let text = RayPhrase::TooSoon { since: Duration::from_ms(*since_ms) };
                ledger.say("ray", Title::GaveUp, &text).binds();
            }
            Cause::PendingDeletes { group } => {
                let text = RayPatchPhrase::PendingDeletes { group };
                ledger.say("ray-pending-deletes", Title::Launch, &text).binds();
            }
            Cause::CappedByMaxReplicas { group, wanted, max_replicas, .. } => {
                let text = RayPatchPhrase::Capped { group, wanted: *wanted, max: *max_replicas };
                let span = context.group_span(group, Field::GroupMaxReplicas);
                ledger.say("ray-patch", Title::Limits, &text).gives(max_replicas).binds().at(span);
            }
            Cause::PartOfReplica { group, hosts, num_of_hosts, .. } => {
                let (hosts, num_of_hosts) = (*hosts, *num_of_hosts);
                let text = RayPatchPhrase::PartOfReplica { group, hosts, num_of_hosts };
                let span = context.group_span(group, Field::GroupNumOfHosts);
                ledger.say("ray-patch", Title::Limits, &text).binds().at(span);
            }
            Cause::GroupNotPatchable { group } => {
                let text = RayPatchPhrase::NotPatchable { group };
                ledger.say("ray-patch", Title::Limits, &text).binds();
            }
            Cause::Stuck(stuck) => {
                let error = names::stuck_text(stuck);
                ledger.say("ray", Title::GaveUp, &RayPhrase::Stuck(&error)).binds();
            }
            _ => {}
        }
    }

    /// What was written into the RayCluster: the replicas of each patched group on the right.
    pub(super) fn patched(&mut self, look: &RayLook) {
        if look.decision.patches.is_empty() {
            return;
        }
        let (cluster, language) = (self.context.cluster, self.context.language);
        let name = |group: &usize| cluster.groups.get(*group).map_or("", |it| &it.name);
        let step = self.ledger.step("ray-patch", Title::Written);
        let mut replicas_written: Vec<String> = Vec::new();
        for patch in &look.decision.patches {
            let text = match patch {
                Patch::Replicas { group, replicas } => {
                    replicas_written.push(replicas.to_string());
                    RayPatchPhrase::Patched { group: name(group), replicas: *replicas }
                }
                Patch::WorkersToDelete { group, pods } => {
                    RayPatchPhrase::Named { group: name(group), pods: pods.len() }
                }
            };
            step.says(text.say(language));
        }
        step.gives(replicas_written.join(" · "));
    }
}
