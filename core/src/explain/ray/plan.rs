//! What the scheduler plans: which nodes take what waits, and what fits nowhere.

use super::Writer;
use crate::explain::phrase::{RayPlanPhrase, RayResizePhrase, Shortage, Title};
use crate::manifest::field::Field;
use crate::ray::Cause;

impl Writer<'_> {
    pub(super) fn plan(&mut self, cause: &Cause) {
        match cause {
            Cause::MinNodes { node_type, nodes, min_nodes } => {
                let (nodes, min) = (*nodes, *min_nodes);
                let text = RayPlanPhrase::MinNodes { group: node_type, nodes, min };
                let span = self.context.group_span(node_type, Field::GroupMinReplicas);
                let result = format!("+{}", min - nodes);
                self.ledger.say("ray-min", Title::Plan, &text).gives(result).at(span);
            }
            Cause::MaxNodesOfType { node_type, nodes, max_nodes } => {
                let (nodes, max) = (*nodes, *max_nodes);
                let text = RayPlanPhrase::TooManyOfType { group: node_type, nodes, max };
                self.full("ray-max", node_type, &text);
            }
            Cause::TypeFull { node_type, max_nodes, .. } => {
                let text = RayPlanPhrase::TypeFull { group: node_type, max: *max_nodes };
                self.full("ray-plan", node_type, &text);
            }
            Cause::MaxNodes { nodes, max_nodes } => {
                let text = RayPlanPhrase::TooMany { nodes: *nodes, max: *max_nodes };
                self.held("ray-max-cluster", &text, "");
            }
            Cause::ClusterFull { max_nodes, .. } => {
                self.held("ray-plan", &RayPlanPhrase::ClusterFull { max: *max_nodes }, "");
            }
            Cause::Unavailable { node_type, .. } => {
                self.planned(&RayPlanPhrase::Unavailable { group: node_type }, "");
            }
            Cause::FitsExisting { placed, nodes, .. } => {
                let text = RayPlanPhrase::FitsExisting { placed: *placed, nodes: *nodes };
                self.planned(&text, &placed.to_string());
            }
            Cause::Fallback { node_type, placed, .. } => {
                let text = RayPlanPhrase::Fallback { group: node_type, placed: *placed };
                self.planned(&text, &placed.to_string());
            }
            Cause::Grows { node_type, placed, pods, .. } => {
                let (group, placed, pods) = (&**node_type, *placed, *pods);
                let text = RayResizePhrase::Grows { group, placed, pods };
                self.ledger.say("ray-plan", Title::Plan, &text).gives(placed);
            }
            Cause::NewNodes { node_type, nodes, placed, runner_up, .. } => {
                let runner_up = runner_up.as_ref().map(|(name, _)| &**name);
                let (nodes, placed) = (*nodes, *placed);
                let text = RayPlanPhrase::NewNodes { nodes, group: node_type, placed, runner_up };
                self.planned(&text, &format!("+{nodes}"));
            }
            Cause::Infeasible { count, shortage, .. } => {
                let shortage = shortage.as_ref().map(short);
                let text = RayPlanPhrase::Infeasible { count: *count, shortage };
                self.held("ray-plan", &text, &count.to_string());
            }
            Cause::ConstraintDropped { unplaced } => {
                let text = RayPlanPhrase::Dropped { unplaced: *unplaced };
                self.held("ray-constraint", &text, "0");
            }
            Cause::GangDropped { unplaced, .. } => {
                self.held("ray-gang", &RayPlanPhrase::Dropped { unplaced: *unplaced }, "0");
            }
            Cause::ReportedResource { node_type, resource, believed, reported } => {
                let (group, believed, reported) = (&**node_type, *believed, *reported);
                self.planned(&RayPlanPhrase::Reported { group, resource, believed, reported }, "");
            }
            Cause::HeadNotRunning => {
                let text = RayPlanPhrase::HeadNotRunning;
                self.ledger.say("ray-head", Title::Plan, &text).binds();
            }
            _ => {}
        }
    }

    fn planned(&mut self, text: &RayPlanPhrase<'_>, result: &str) {
        self.ledger.say("ray-plan", Title::Plan, text).gives(result);
    }

    /// As [`planned`](Self::planned), where the plan falls short of what is wanted.
    fn held(&mut self, rule: &str, text: &RayPlanPhrase<'_>, result: &str) {
        self.ledger.say(rule, Title::Plan, text).gives(result).binds();
    }

    /// `maxReplicas` of a group holds.
    fn full(&mut self, rule: &str, group: &str, text: &RayPlanPhrase<'_>) {
        let span = self.context.group_span(group, Field::GroupMaxReplicas);
        self.ledger.say(rule, Title::Plan, text).binds().at(span);
    }
}

fn short(shortage: &crate::ray::Shortage) -> Shortage<'_> {
    let (group, needed, has) = (&*shortage.node_type, shortage.needed, shortage.has);
    match shortage.resource.as_deref() {
        Some(resource) => Shortage::Resource { group, resource, needed, has },
        None if shortage.labels_match => Shortage::Full { group },
        None => Shortage::Labels { group },
    }
}
