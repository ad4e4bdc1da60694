//! Where Ray releases differ: the one list of it.
//!
//! The rules that run here are those of [`NEWEST_MINOR`], whichever release is chosen: what an older
//! one is known to do otherwise is told and not reproduced. The list was read from the scheduler, the
//! reconciler and the configuration of v2 in 2.54.0 to 2.60.0; the provider and v1 were not compared.
//! Left out are Serve and what is only faster.
//!
//! Upstream: ray autoscaler/v2/ `scheduler.py`, instance_manager/`reconciler.py`, `config.py`;
//! autoscaler/_private/kuberay/autoscaling_config.py `_node_type_from_group_spec`.

/// The oldest release that was read, 2.54.
pub const OLDEST_MINOR: u32 = 54;
/// The newest release, whose rules run here: 2.60.
pub const NEWEST_MINOR: u32 = 60;

/// What newer releases do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// A group that failed to launch comes last, and recovers little by little.
    Recovery,
    /// Pods are resized in place, where the cluster asks for it. Before, never.
    Resizes,
    /// A running instance whose Ray node is not known is left out of the look. Before, every look
    /// gives up.
    LeavesOutUnknown,
    /// An instance whose Ray node is gone is stopped. Before, it stays as it is.
    StopsMissing,
    /// What goes is taken off before new instances are launched. Before, after it, so that the
    /// maximum may hold back too many.
    TerminatesFirst,
    /// A group's `priority` counts among equally available groups. The scheduler of 2.56 knows it,
    /// but nothing takes it from a RayCluster there.
    Priority,
    /// A pending node that nothing needs any more goes after a timeout. Before, it is waited for.
    PendingGoes,
    /// Of idle nodes the one that idles longest goes first, where a minimum keeps some. Before, in
    /// the order of the instances.
    LongestIdleFirst,
    /// Of a launch that failed in part only as many instances fail. Before, all of it.
    CountsFailures,
}

impl Difference {
    /// All of them, the oldest first.
    pub const ALL: [Self; 9] = [
        Self::Recovery,
        Self::Resizes,
        Self::LeavesOutUnknown,
        Self::StopsMissing,
        Self::TerminatesFirst,
        Self::Priority,
        Self::PendingGoes,
        Self::LongestIdleFirst,
        Self::CountsFailures,
    ];

    /// The first release that does it, 2.`since`.
    pub const fn since(self) -> u32 {
        match self {
            Self::Recovery | Self::Resizes => 56,
            Self::LeavesOutUnknown | Self::StopsMissing | Self::TerminatesFirst => 57,
            Self::Priority => 59,
            Self::PendingGoes | Self::LongestIdleFirst | Self::CountsFailures => 60,
        }
    }

    /// What 2.`minor` does otherwise than runs here.
    pub fn of(minor: u32) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |it| it.since() > minor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assumption::Version;
    use crate::upstream;

    #[test]
    fn the_newest_release_is_the_one_that_runs_here() {
        assert_eq!(Version::of(upstream::RAY), Version { major: 2, minor: NEWEST_MINOR });
        assert_eq!(Difference::of(NEWEST_MINOR).count(), 0);
        assert_eq!(Difference::of(OLDEST_MINOR).count(), Difference::ALL.len());
        let since = Difference::ALL.map(Difference::since);
        assert!(since.is_sorted(), "{since:?}");
    }
}
