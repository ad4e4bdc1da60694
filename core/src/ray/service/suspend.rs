//! `suspend`: everything that the RayService owns goes, and comes back anew.
//!
//! The pass that first sees it only writes down that it is suspending; the next one deletes, and
//! goes on until nothing is left whatever `suspend` says by then. Services and Gateway, which go
//! with the clusters, are gone a pass later.
//!
//! Upstream: kuberay 1.7 ray-operator/controllers/ray/rayservice_controller.go `handleSuspend`,
//! `deleteRayServiceOwnedResources`; up to 1.6 there is no such field.

use super::{Action, Cause, Spec, Step};

/// How far a RayService is with `suspend`: the conditions `Suspending` and `Suspended`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suspension {
    /// Neither.
    #[default]
    None,
    /// What it owns is to go.
    Suspending,
    /// Its clusters are deleted; whether anything is left is seen in the next pass.
    Deleting,
    /// It owns nothing.
    Suspended,
}

/// Says whether the pass ends here.
pub(super) fn follow(spec: &Spec, step: &mut Step) -> bool {
    let state = &mut step.state;
    match state.suspension {
        Suspension::None if !spec.suspend => return false,
        Suspension::None => {
            let clusters = [state.active.take(), state.pending.take()].into_iter().flatten();
            state.dangling.extend(clusters.filter(|it| it.made.is_some()).map(|it| (it.id, None)));
            (state.upgrading, state.rolling_back) = (false, false);
            state.suspension = Suspension::Suspending;
            step.trace.causes.push(Cause::Suspends);
        }
        Suspension::Suspending => {
            state.suspension = Suspension::Deleting;
            // They go at once, whatever was foreseen at the beginning of this pass.
            step.trace.causes.retain(|it| !matches!(it, Cause::DeletionScheduled { .. }));
            for (cluster, _) in std::mem::take(&mut state.dangling) {
                step.act(Action::Delete(cluster), Cause::SuspendDeletes { cluster });
            }
        }
        Suspension::Deleting => {
            state.suspension = Suspension::Suspended;
            step.trace.causes.push(Cause::Suspended);
        }
        Suspension::Suspended if spec.suspend => {}
        Suspension::Suspended => {
            state.suspension = Suspension::None;
            step.trace.causes.push(Cause::Resumes);
            return false;
        }
    }
    true
}
