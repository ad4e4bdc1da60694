//! KubeRay's RayService controller: which RayClusters there are, and what each of them serves.
//!
//! [`reconcile`] is one pass, of which there is one every [`PERIOD`] and one whenever something
//! changes. In this order: clusters that belong to nobody any more go once their time is over; a
//! cluster that was foreseen is made, or one is updated in place; an upgrade turns back if it aims
//! at another spec; the Serve config is submitted and `target_capacity` moved; traffic moves; a
//! cluster that is ready takes over; and a new cluster is foreseen if the spec is another one. A
//! RayService that is suspended has none of this.
//!
//! | question | file |
//! |---|---|
//! | which clusters are made, updated, replaced and deleted | `clusters.rs` |
//! | how `target_capacity` and traffic move, step by step | `upgrade.rs` |
//! | how everything goes, and comes back | `suspend.rs` |
//! | what stands in the RayService's status | `state.rs` |
//! | why | `trace.rs` |
//!
//! A new cluster starts with the replicas of the RayService, not with those that the autoscaler
//! gave the old one; so does one that is updated in place. Until the old one goes, both have pods.
//!
//! Calls that fail are left out, and so is the time limit of a first start. When passes happen and
//! when a cluster is ready is left to others.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/rayservice_controller.go `Reconcile`.

mod clusters;
mod state;
mod suspend;
mod trace;
mod upgrade;

pub use state::{ClusterId, ClusterStatus, Fingerprint, Made, State};
pub use suspend::Suspension;
pub use trace::{Cause, Trace};

use crate::time::{Duration, Instant};

/// From the end of a pass to the next if nothing happens (`ServiceDefaultRequeueDuration`).
pub const PERIOD: Duration = Duration::from_seconds(2);

/// How long a cluster stays that was replaced (`RayClusterDeletionDelayDuration`).
pub const DELETION_DELAY: Duration = Duration::from_seconds(60);

/// What a RayService says about upgrades, defaulted and validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// `upgradeStrategy.type`.
    pub strategy: Strategy,
    /// `rayClusterDeletionDelaySeconds`.
    pub deletion_delay: Duration,
    /// `suspend`.
    pub suspend: bool,
}

impl Default for Spec {
    fn default() -> Self {
        Self { strategy: Strategy::NewCluster, deletion_delay: DELETION_DELAY, suspend: false }
    }
}

/// What becomes of a changed cluster spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// It gets a cluster of its own, which takes over as soon as it is ready.
    NewCluster,
    /// The same, but capacity and traffic move step by step.
    Incremental(Options),
    /// Nothing.
    None,
}

/// `clusterUpgradeOptions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// `maxSurgePercent`: how far `target_capacity` moves at once.
    pub max_surge_percent: i32,
    /// `stepSizePercent`: how much traffic moves at once.
    pub step_size_percent: i32,
    /// `intervalSeconds`: between two of these.
    pub interval: Duration,
}

/// What a cluster answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Serving {
    /// It has a head pod; otherwise the pass ends early.
    pub has_head: bool,
    /// The head is ready; otherwise nobody asks it.
    pub head_ready: bool,
    /// It has Serve applications.
    pub has_applications: bool,
    /// All of them run, and there is at least one.
    pub is_ready: bool,
}

/// What a pass sees.
#[derive(Clone, Copy, Debug)]
pub struct Observation<'a> {
    /// The cluster that the RayService asks for.
    pub goal: &'a Fingerprint,
    /// Its `serveConfigV2`: equal texts have equal numbers.
    pub serve_config: u32,
    /// What the cluster that serves answers.
    pub active: Serving,
    /// What the new one answers.
    pub pending: Serving,
    /// Gateway and route are ready, which an incremental upgrade needs.
    pub gateway_ready: bool,
}

/// What is done, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The RayCluster is deleted, with all of its pods.
    Delete(ClusterId),
    /// It is made. Its worker groups have the RayService's own `replicas`, or none, so that they
    /// start with `minReplicas`.
    Create {
        /// Which one.
        cluster: ClusterId,
        /// Whether `replicas` are left out.
        without_replicas: bool,
    },
    /// Its spec is written anew.
    Update {
        /// Which one.
        cluster: ClusterId,
        /// Whether `replicas` are left out.
        without_replicas: bool,
    },
    /// It gets the Serve config.
    Submit {
        /// Which one.
        cluster: ClusterId,
        /// `target_capacity`, if that is not the config's own.
        target_capacity: Option<i32>,
    },
    /// It gets the config that it has with another `target_capacity`.
    Capacity {
        /// Which one.
        cluster: ClusterId,
        /// Percent.
        target_capacity: i32,
    },
    /// The route sends so much of the traffic to the new cluster and the rest to the old one.
    Traffic {
        /// Percent.
        pending: i32,
    },
    /// It serves from now on.
    Promote(ClusterId),
}

/// One pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub actions: Vec<Action>,
    /// What stands in the status afterwards.
    pub state: State,
    /// Why.
    pub trace: Trace,
}

impl Step {
    fn act(&mut self, action: Action, cause: Cause) {
        self.actions.push(action);
        self.trace.causes.push(cause);
    }
}

/// One pass of the controller.
///
/// ```
/// use tidetable_core::ray::service::{self, *};
/// use tidetable_core::time::Instant;
///
/// let [old, new] = [1, 2].map(|rest| Fingerprint { rest, ..Fingerprint::default() });
/// let ready = Serving {
///     has_head: true, head_ready: true, has_applications: true, is_ready: true,
/// };
/// let seen = |goal, pending| Observation {
///     goal, pending, serve_config: 0, active: ready, gateway_ready: true,
/// };
/// let spec = Spec::default();
/// let at = Instant::from_seconds;
/// let state = State::serving(old, 0);
/// let step = reconcile(&spec, state, &seen(&new, Serving::default()), at(0));
/// assert_eq!(step.actions, [], "the new cluster has a name");
/// let step = reconcile(&spec, step.state, &seen(&new, Serving::default()), at(2));
/// let made = Action::Create { cluster: ClusterId(1), without_replicas: false };
/// assert_eq!(step.actions, [made]);
/// ```
pub fn reconcile(spec: &Spec, state: State, seen: &Observation<'_>, now: Instant) -> Step {
    let mut step = Step { state, ..Step::default() };
    clusters::clean_up(spec, &mut step, now);
    if suspend::follow(spec, &mut step) {
        return step;
    }
    // A cluster has no pods yet in the pass that makes it.
    let made = clusters::make_or_update(spec, &mut step, seen);
    let pending_has_head = seen.pending.has_head && !made;
    let active = step.state.active.clone().filter(|it| it.made.is_some());
    let pending = step.state.pending.clone().filter(|it| it.made.is_some());
    let (active, pending) = (active.as_ref(), pending.as_ref());
    for (status, has_head) in [(active, seen.active.has_head), (pending, pending_has_head)] {
        if let Some(status) = status.filter(|_| !has_head) {
            step.trace.causes.push(Cause::NoHead { cluster: status.id });
            return step;
        }
    }
    if let (Strategy::Incremental(_), Some(_), Some(pending)) = (spec.strategy, active, pending) {
        upgrade::turn_back_or_go_on(&mut step, seen, pending);
    }
    let (mut active_ready, mut pending_ready) = (false, false);
    if pending.is_some() {
        pending_ready = serve(spec, &mut step, seen, Side::Pending);
    }
    let is_incremental = matches!(spec.strategy, Strategy::Incremental(_));
    let alone = pending.is_none() && !clusters::wants_new(spec, &step.state, seen, active, None);
    if active.is_some() && (alone || (pending.is_some() && is_incremental)) {
        active_ready = serve(spec, &mut step, seen, Side::Active);
    }
    let weights = match (spec.strategy, active) {
        (Strategy::Incremental(options), Some(_)) => {
            Some(upgrade::weights(options, &step.state, pending_ready, now))
        }
        _ => None,
    };
    let mut serves_pending = false;
    if active_ready || pending_ready {
        if let Some(weights) = weights {
            upgrade::remember(&mut step, weights, pending.is_some(), now);
        }
        let switched = pending_ready && !(is_incremental && step.state.upgrading);
        serves_pending = switched;
        promote(spec, &mut step, switched, pending.is_some());
    }
    let still_pending = if upgrade::end_rollback(&mut step) { None } else { pending };
    if !serves_pending && clusters::wants_new(spec, &step.state, seen, active, still_pending) {
        clusters::foresee(spec, &mut step);
    }
    step.state.upgrading = step.state.active.is_some() && step.state.pending.is_some();
    step
}

/// Which of the two clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Active,
    Pending,
}

/// Submits the config and moves the capacity of one cluster; says whether it is ready.
///
/// Upstream: `reconcileServe`, `checkIfNeedSubmitServeApplications`, `updateServeDeployment`.
fn serve(spec: &Spec, step: &mut Step, seen: &Observation<'_>, side: Side) -> bool {
    let serving = match side {
        Side::Active => seen.active,
        Side::Pending => seen.pending,
    };
    if !serving.head_ready {
        return false;
    }
    let upgrading = match spec.strategy {
        Strategy::Incremental(options) if step.state.upgrading => Some(options),
        Strategy::Incremental(_) | Strategy::NewCluster | Strategy::None => None,
    };
    let is_incremental = matches!(spec.strategy, Strategy::Incremental(_));
    if let Some(cluster) = step.state.side(side)
        && !(side == Side::Active && upgrading.is_some())
    {
        let (known, cluster_id) = (cluster.serve_config, cluster.id);
        let capacity = cluster.target_capacity.filter(|_| is_incremental);
        if !serving.has_applications || known != Some(seen.serve_config) {
            cluster.serve_config = Some(seen.serve_config);
            let cause = Cause::Submitted { cluster: cluster_id, first: known.is_none() };
            step.act(Action::Submit { cluster: cluster_id, target_capacity: capacity }, cause);
        }
    }
    if let Some(options) = upgrading {
        upgrade::move_capacity(options, step, seen, side);
    }
    serving.is_ready
}

/// A cluster that is ready takes over: at once, or when it has all of capacity and traffic.
///
/// Upstream: `reconcilePromotionAndServingStatus`.
fn promote(spec: &Spec, step: &mut Step, switched: bool, pending_exists: bool) {
    let state = &mut step.state;
    let takes_over = match spec.strategy {
        Strategy::NewCluster | Strategy::None => switched,
        Strategy::Incremental(_) if state.upgrading => {
            let gone = state.active.as_ref().is_some_and(|it| it.target_capacity == Some(0));
            let has_all = state.pending.as_ref().is_some_and(|it| it.traffic == Some(100));
            pending_exists && gone && has_all
        }
        Strategy::Incremental(_) => state.active.is_none() && state.pending.is_some(),
    };
    if takes_over && let Some(new) = state.pending.take() {
        let id = new.id;
        let old = state.active.replace(new);
        let old_id = old.as_ref().map(|it| it.id);
        state.dangling.extend(old.filter(|it| it.made.is_some()).map(|it| (it.id, None)));
        step.act(Action::Promote(id), Cause::Promoted { old: old_id, new: id });
    }
}
