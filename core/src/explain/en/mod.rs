//! English.

mod chart;
mod edit;
mod hpa;
mod job;
mod keda;
mod kuberay;
mod metric;
mod note;
mod now;
mod place;
mod ray;
mod ray_now;
mod ray_resize;
mod ray_version;
mod serve;
mod title;
mod verdict;

pub(super) use chart::chart;
pub(super) use edit::edit;
pub(super) use hpa::hpa;
pub(super) use job::job;
pub(super) use keda::keda;
pub(super) use kuberay::{pods, upgrade};
pub(super) use metric::{metric, pod};
pub(super) use note::note;
pub(super) use now::{now, now_label};
pub(super) use place::place;
pub(super) use ray::{ray, ray_patch, ray_plan};
pub(super) use ray_now::ray_now;
pub(super) use ray_resize::ray_resize;
pub(super) use ray_version::ray_version;
pub(super) use serve::serve;
pub(super) use title::title;
pub(super) use verdict::verdict;

use super::template::plain;
use crate::report::Part;

/// The word that a count asks for.
fn word<N: Copy + PartialEq + From<u8>>(count: N, one: &str, many: &str) -> Part {
    plain(if count == N::from(1) { one } else { many })
}
