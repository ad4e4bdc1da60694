//! The autoscaler's book of nodes: what it asked for, what came, what is going.

mod instance;

pub use instance::{Instance, InstanceId, InstanceStatus};
