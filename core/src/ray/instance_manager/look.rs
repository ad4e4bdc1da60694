//! One look: what is seen, what is remembered, and what is decided so far.

use super::book::{Book, Update};
use super::instance::{Instance, InstanceStatus};
use super::{launch, scale, stuck, sync};
use crate::order;
use crate::ray::config::AutoscalingConfig;
use crate::ray::observation::{Observation, PodId, PodSeen, RayNode, RayNodeId};
use crate::ray::provider::{Provider, ProviderErrors, RequestId};
use crate::ray::resize::Resizer;
use crate::ray::resources::Name;
use crate::ray::scheduler::PendingUnneeded;
use crate::ray::step::{Decision, State, Step};
use crate::ray::trace::{Stuck, Trace};
use crate::time::Instant;

/// One look while it lasts.
pub(in crate::ray) struct Look<'a> {
    pub(super) config: &'a AutoscalingConfig,
    pub(super) seen: &'a Observation<'a>,
    pub(super) now: Instant,
    /// Pods that are not being deleted, in the order of the list call.
    pub(super) pods: Vec<&'a PodSeen>,
    /// The same by id, for searching.
    pods_by_id: Vec<PodId>,
    /// Ray nodes by id, for searching.
    ray_nodes_by_id: Vec<(RayNodeId, usize)>,
    pub(super) book: Book,
    /// Errors of the last look.
    pub(super) errors: ProviderErrors,
    pub(super) provider: Provider<'a>,
    pub(super) resizer: Resizer<'a>,
    pub(super) next_request: RequestId,
    pub(super) pending: PendingUnneeded,
    pub(super) unavailable: Vec<(Name, Instant)>,
    pub(super) decision: Decision,
    pub(super) trace: Trace,
}

impl<'a> Look<'a> {
    pub(in crate::ray) fn new(
        config: &'a AutoscalingConfig,
        state: State,
        seen: &'a Observation<'a>,
        now: Instant,
    ) -> Self {
        let pods: Vec<_> = seen.pods.iter().filter(|pod| !pod.deleting).collect();
        let mut pods_by_id: Vec<_> = pods.iter().map(|pod| pod.id).collect();
        order::sort(&mut pods_by_id);
        let ray_nodes = seen.ray_nodes.iter().enumerate();
        let mut ray_nodes_by_id: Vec<_> = ray_nodes.map(|(at, node)| (node.id, at)).collect();
        order::sort(&mut ray_nodes_by_id);
        Self {
            config,
            seen,
            now,
            pods,
            pods_by_id,
            ray_nodes_by_id,
            book: state.book,
            errors: state.errors,
            provider: Provider::new(seen.pods, seen.groups, state.handled),
            resizer: Resizer::default(),
            next_request: state.next_request,
            pending: state.pending,
            unavailable: state.unavailable,
            decision: Decision::default(),
            trace: Trace::default(),
        }
    }

    /// All rules in order, up to the first that can't be followed.
    pub(in crate::ray) fn run(&mut self) -> Result<(), Stuck> {
        self.resizer = Resizer::new(self.config, self.seen, self.now, &mut self.trace)?;
        sync::sync(self)?;
        stuck::note_missing_ray_nodes(self)?;
        stuck::give_up(self)?;
        scale::scale(self)?;
        scale::terminate(self)?;
        launch::launch(self)
    }

    /// The answer, with the rows that can still matter.
    pub(in crate::ray) fn end(mut self) -> Step {
        // A row that is over keeps the GCS' memory of its dead raylet from making a new one.
        let ray_nodes = std::mem::take(&mut self.ray_nodes_by_id);
        let remembered = |id: RayNodeId| ray_nodes.binary_search_by_key(&id, |it| it.0).is_ok();
        self.book.rows.retain(|row| match row.status {
            InstanceStatus::Terminated => row.ray_node.is_some_and(remembered),
            InstanceStatus::AllocationFailed => false,
            _ => true,
        });
        let mut handled = self.provider.handled;
        handled.retain(|request| {
            self.book.rows.iter().any(|row| row.launch_request == Some(*request))
        });
        self.decision.patches = self.provider.patches;
        self.decision.resizes = self.resizer.calls;
        let state = State {
            book: self.book,
            errors: self.provider.errors,
            handled,
            next_request: self.next_request,
            pending: self.pending,
            unavailable: self.unavailable,
        };
        Step { decision: self.decision, state, trace: self.trace }
    }

    /// Whether the pod is there and not being deleted.
    pub(super) fn has_pod(&self, id: PodId) -> bool {
        self.pods_by_id.binary_search(&id).is_ok()
    }

    /// The Ray node, if the GCS lists it.
    pub(super) fn ray_node(&self, id: RayNodeId) -> Option<&'a RayNode<'a>> {
        let found = self.ray_nodes_by_id.binary_search_by_key(&id, |it| it.0).ok()?;
        Some(&self.seen.ray_nodes[self.ray_nodes_by_id[found].1])
    }

    /// Positions of the rows in `status`.
    pub(super) fn rows_in(&self, status: InstanceStatus) -> Vec<usize> {
        let rows = self.book.rows.iter().enumerate();
        rows.filter(|(_, row)| row.status == status).map(|(index, _)| index).collect()
    }

    /// An update to `status` for each row that `is_hit`.
    pub(super) fn batch(
        &self,
        is_hit: impl Fn(&Instance) -> bool,
        status: InstanceStatus,
    ) -> Vec<Update> {
        let rows = self.book.rows.iter().enumerate();
        rows.filter(|(_, row)| is_hit(row)).map(|(index, _)| Update::to(index, status)).collect()
    }

    pub(super) fn apply(&mut self, batch: &[Update]) -> Result<(), Stuck> {
        self.book.apply(batch, self.now)
    }
}
