//! The autoscaler's book of nodes: what it asked for, what came, what is going.
//!
//! A row is queued, asked for, allocated once its pod is seen, and runs once its raylet joins. To
//! go, it is asked to drain, its raylet stops, its pod is deleted, and it is over when the pod is
//! gone. A look changes rows in batches, in this order: [`sync`] follows what happened, [`stuck`]
//! gives up what takes too long, [`scale`] carries out the scheduler's plan, [`launch`] asks for
//! queued nodes as fast as it may. A change that the row's state does not allow ends the look.
//!
//! Upstream: ray 2.60.0 autoscaler/v2/instance_manager/reconciler.py `Reconciler`.

mod book;
mod instance;
mod launch;
mod look;
mod scale;
mod stuck;
mod sync;

pub(super) use book::Book;
pub use instance::{Instance, InstanceId, InstanceStatus};
pub(super) use look::Look;
