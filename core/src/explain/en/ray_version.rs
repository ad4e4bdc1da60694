//! Releases of Ray.

use crate::explain::ray_version_phrase::RayVersionPhrase;
use crate::explain::template::{plain, say, strong};
use crate::ray::version::{Difference, NEWEST_MINOR};
use crate::report::Message;

pub(in crate::explain) fn ray_version(phrase: RayVersionPhrase) -> Message {
    let (here, before) = match phrase.difference {
        Difference::Priority => ("a group's priority counts", "it is not read"),
        Difference::Recovery => (
            "a group that failed to launch recovers little by little",
            "it stays behind those that did not fail",
        ),
        Difference::Resizes => {
            ("pods are resized in place where the cluster asks for it", "they never are")
        }
        Difference::PendingGoes => (
            "RAY_AUTOSCALER_PENDING_NODE_IDLE_TIMEOUT_S, if set, ends pending nodes that nothing needs",
            "they are waited for",
        ),
        Difference::LongestIdleFirst => (
            "where a minimum keeps some idle nodes, those that idle longest go",
            "the first in the autoscaler's list go",
        ),
        Difference::CountsFailures => {
            ("of a launch that failed in part only so many instances fail", "all of them fail")
        }
        Difference::LeavesOutUnknown => (
            "a running instance whose Ray node is not known is left out",
            "each look gives up with an error",
        ),
        Difference::StopsMissing => {
            ("an instance whose Ray node is gone is stopped", "it stays as it is")
        }
        Difference::TerminatesFirst => (
            "nodes that go are taken off before new ones are launched",
            "they still count towards maxReplicas",
        ),
    };
    say!(
        "Ray {} is chosen, and a rule of {} is used: {}. In {} {}.",
        strong(format!("2.{}", phrase.minor)),
        plain(format!("2.{NEWEST_MINOR}")),
        plain(here),
        plain(format!("2.{}", phrase.minor)),
        plain(before),
    )
}
