//! What `ray status` and `ray status -v` print of a cluster.
//!
//! Reading can't fail: a line that Ray does not print so is named, and the rest is told. Autoscaler
//! v1 and v2 print nearly the same text; what differs is said at the fields. What a text means for
//! the next look of the autoscaler is for others.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/utils.py `ClusterStatusFormatter`,
//! autoscaler/_private/util.py `format_info_string`.

mod bundle;
mod read;

pub use read::{find, read};

use crate::source::Span;
use crate::yaml::Spanned;

/// Nodes of one type.
pub type Count = (String, i64);

/// A cluster at one moment.
#[derive(Clone, Debug, Default)]
pub struct RayStatus {
    /// Its first line.
    pub span: Span,
    /// Nodes that do something, by type.
    pub active: Vec<Count>,
    /// Nodes that idle, by type; v1 in old releases counts them as active.
    pub idle: Vec<Count>,
    /// What is asked for and has no pod. v1 prints nodes; v2 prints launch requests, each of which
    /// may be for many nodes.
    pub launching: Vec<Count>,
    /// Pods that have not joined Ray.
    pub pending: Vec<PendingNode>,
    /// What went wrong lately.
    pub failures: Vec<Failure>,
    /// Of all nodes together.
    pub usage: Vec<Usage>,
    /// `request_resources`.
    pub constraint: Vec<Demand>,
    /// Tasks and actors that wait.
    pub demands: Vec<Demand>,
    /// Placement groups that wait.
    pub groups: Vec<Group>,
    /// With `-v`: each node.
    pub nodes: Vec<Node>,
    /// Lines that can't be read.
    pub unreadable: Vec<Span>,
}

/// A pod that has not joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingNode {
    /// Its name, or address.
    pub name: Spanned<String>,
    /// Its type.
    pub node_type: String,
    /// How far it is, in small letters.
    pub state: String,
}

/// A launch or a node that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Its type.
    pub node_type: String,
    /// `NodeTerminated (instance_id: …)`, `LaunchFailed (latest_attempt: …)`.
    pub what: String,
}

/// How much of a resource is in use. Memory is in bytes, as exact as two decimals are.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    /// `CPU`, `memory`.
    pub resource: String,
    /// What is taken. What a placement group reserves counts only where it is used.
    pub used: f64,
    /// All there is.
    pub total: f64,
    /// What placement groups use of what they reserve, and what they reserve, if any do.
    pub reserved: Option<(f64, f64)>,
}

impl Usage {
    /// What new work can have: nothing of what placement groups reserve.
    pub fn free(&self) -> f64 {
        let (used, reserved) = self.reserved.unwrap_or_default();
        (self.total - (self.used - used + reserved)).max(0.0)
    }
}

/// Resources by name, and how many times.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundles {
    /// What one takes.
    pub resources: Vec<(String, f64)>,
    /// How many.
    pub count: i64,
}

/// Tasks or actors that wait, or what `request_resources` asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// What they take, and how many there are.
    pub bundles: Bundles,
    /// How many of them wait inside a placement group, for what it reserves.
    pub in_groups: i64,
    /// Where the number stands.
    pub span: Span,
}

/// Placement groups that wait. v2 prints all groups of one strategy and state with the bundles of
/// the last of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// `PACK`, `STRICT_SPREAD`.
    pub strategy: String,
    /// What one group reserves.
    pub bundles: Vec<Bundles>,
    /// How many groups.
    pub count: i64,
    /// Where that number stands.
    pub span: Span,
}

/// A node as `-v` prints it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Its name, or address.
    pub name: String,
    /// Its type, if Ray knows.
    pub node_type: String,
    /// How long it has idled.
    pub idle_ms: i64,
    /// What is taken of it.
    pub usage: Vec<Usage>,
    /// What keeps it busy.
    pub activity: Vec<String>,
}
