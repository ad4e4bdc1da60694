//! Pods that Ray's autoscaler resizes in place.

use super::word;
use crate::explain::phrase::RayResizePhrase;
use crate::explain::template::{code, say, value};
use crate::report::Message;

pub(in crate::explain) fn ray_resize(phrase: &RayResizePhrase<'_>) -> Message {
    match *phrase {
        RayResizePhrase::Grows { group, placed, pods } => say!(
            "{} {} on {} {} of {} resized in place to the most that the annotation allows.",
            value(placed),
            word(placed, "fits", "fit"),
            value(pods),
            word(pods, "pod", "pods"),
            code(group),
        ),
        RayResizePhrase::Asked { pods, from, to } => say!(
            "{} {} asked to become {} instead of {}.",
            value(pods),
            word(pods, "pod is", "pods are"),
            value(to),
            value(from),
        ),
        RayResizePhrase::Suggested { most } => say!(
            "The node has less left than was asked for: a pod is to have {} instead.",
            value(most),
        ),
        RayResizePhrase::Failed { pods, timed_out: true } => say!(
            "{} {} longer than resize-timeout: taken back, and never tried again.",
            value(pods),
            word(pods, "resize took", "resizes took"),
        ),
        RayResizePhrase::Failed { pods, timed_out: false } => say!(
            "{} {}: taken back, and never tried again.",
            value(pods),
            word(pods, "resize failed", "resizes failed"),
        ),
        RayResizePhrase::Done { pods, to } => say!(
            "{} {} {} now: Ray is told.",
            value(pods),
            word(pods, "pod has", "pods have"),
            value(to),
        ),
    }
}
