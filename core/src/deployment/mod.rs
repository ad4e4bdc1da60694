//! How a Deployment brings its ReplicaSets to what it asks for: [`sync`], one pass of its
//! controller.
//!
//! A pass whose `spec.replicas` is another than the ReplicaSets were last written with scales them
//! ([`scaling`]); every other one goes on with the rollout ([`rolling`]). It ends after the first
//! thing that it changes.
//!
//! Upstream: kubernetes 1.37 pkg/controller/deployment/deployment_controller.go `syncDeployment`.

mod rolling;
mod scaling;
mod share;
#[cfg(test)]
mod tests;

pub use share::Share;

/// What someone does to a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Its `spec.replicas` is set: `kubectl scale`, or a manifest that is applied.
    Scale(i32),
    /// Its template changes, so that every pod is replaced.
    Rollout {
        /// Whether the pods have an image that no node has yet; otherwise it is a
        /// `kubectl rollout restart`.
        new_image: bool,
    },
}

/// `spec.strategy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// `RollingUpdate`.
    Rolling {
        /// `maxSurge`.
        surge: Share,
        /// `maxUnavailable`.
        unavailable: Share,
    },
    /// `Recreate`.
    Recreate,
}

/// One ReplicaSet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplicaSet {
    /// `spec.replicas`.
    pub replicas: i32,
    /// `status.availableReplicas`.
    pub available: i32,
    /// Its pods that are not gone, those included that are being deleted.
    pub pods: i32,
    /// `spec.replicas` of the Deployment when it was last written, which an annotation keeps.
    pub desired: i32,
    /// The same and the surge.
    pub most: i32,
}

/// A Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// `spec.replicas`.
    pub replicas: i32,
    /// `spec.strategy`.
    pub strategy: Strategy,
}

impl Default for Strategy {
    /// Upstream: kubernetes 1.37 pkg/apis/apps/v1/defaults.go `SetDefaults_Deployment`.
    fn default() -> Self {
        Self::Rolling { surge: Share::Percent(25), unavailable: Share::Percent(25) }
    }
}

impl Spec {
    /// Pods beyond `replicas`, and pods below it.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/deployment/util/deployment_util.go
    /// `ResolveFenceposts`.
    fn fenceposts(&self) -> (i32, i32) {
        let Strategy::Rolling { surge, unavailable } = self.strategy else { return (0, 0) };
        match (surge.up(self.replicas), unavailable.down(self.replicas)) {
            (0, 0) => (0, 1),
            both => both,
        }
    }

    /// The most pods at once.
    fn most(&self) -> i32 {
        self.replicas.saturating_add(self.fenceposts().0)
    }

    /// The least pods that stay available.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/deployment/util/deployment_util.go
    /// `MaxUnavailable`.
    fn least(&self) -> i32 {
        self.replicas - self.fenceposts().1.clamp(0, self.replicas.max(0))
    }

    /// The ReplicaSet of a template that is new; `others` are there already.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/deployment/sync.go `getNewReplicaSet`.
    pub fn new_set(&self, others: &[ReplicaSet]) -> ReplicaSet {
        let replicas = match self.strategy {
            Strategy::Rolling { .. } => rolling::grown(self, others, 0),
            Strategy::Recreate => 0,
        };
        ReplicaSet { replicas, ..self.first_set(0) }
    }

    /// A ReplicaSet of that size, written by this Deployment.
    pub fn first_set(&self, replicas: i32) -> ReplicaSet {
        let (desired, most) = (self.replicas, self.most());
        ReplicaSet { replicas, available: 0, pods: 0, desired, most }
    }

    /// Writes a ReplicaSet; says whether that changes its size.
    ///
    /// Upstream: kubernetes 1.37 pkg/controller/deployment/sync.go `scaleReplicaSet`.
    fn write(&self, set: &mut ReplicaSet, replicas: i32) -> bool {
        let is_changed = set.replicas != replicas;
        (set.replicas, set.desired, set.most) = (replicas, self.replicas, self.most());
        is_changed
    }
}

/// One pass over `sets`, the oldest first and the one of the present template last; says whether
/// it wrote something.
pub fn sync(spec: &Spec, sets: &mut [ReplicaSet]) -> bool {
    let before: Vec<ReplicaSet> = sets.to_vec();
    if sets.iter().any(|it| it.replicas > 0 && it.desired != spec.replicas) {
        scaling::scale(spec, sets);
    } else {
        rolling::roll(spec, sets);
    }
    *sets != *before
}
