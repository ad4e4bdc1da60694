//! What the rules about Ray look at: clusters with an autoscaler of their own, and their groups.

use super::Input;
use crate::manifest::Document;
use crate::manifest::pod::Container;
use crate::manifest::ray::{Group, RayCluster};
use crate::source::Span;
use crate::yaml::Node;
use crate::yaml::edit::{Step, steps};

/// The RayClusters that Ray's autoscaler scales.
pub(super) fn autoscaled<'run>(
    input: &Input<'run>,
) -> impl Iterator<Item = (&'run Document, &'run RayCluster)> {
    input.documents.ray_clusters().filter(|(_, it)| it.is_autoscaling())
}

/// The head, then the worker groups.
pub(super) fn groups(cluster: &RayCluster) -> impl Iterator<Item = &Group> {
    std::iter::once(&cluster.head).chain(&cluster.worker_groups)
}

/// The container that Ray runs in: the first one.
pub(super) fn ray_container(group: &Group) -> Option<&Container> {
    group.template.containers.first()
}

/// Where a group is named: the head has no name but its container's.
pub(super) fn place(group: &Group) -> Span {
    let container = || ray_container(group).map_or(group.span, |it| it.name.span);
    group.name.as_ref().map_or_else(container, |it| it.span)
}

/// The path of a field below `base`; `keys` may have dots in them.
pub(super) fn path(base: &str, keys: &[&str]) -> Vec<Step> {
    let mut path = steps(base);
    path.extend(keys.iter().map(|it| Step::Key((*it).to_owned())));
    path
}

/// The value at `path` in `document`.
pub(super) fn node<'run>(document: &'run Document, path: &[Step]) -> Option<&'run Node> {
    path.iter().try_fold(&document.root, |node, step| match step {
        Step::Key(key) => node.get(key),
        Step::Index(index) => node.items().get(*index),
    })
}

/// Whether the cluster runs a Ray before 2.`minor`; a version that can't be read is a new one.
pub(super) fn is_before(cluster: &RayCluster, minor: u32) -> bool {
    let Some(version) = &cluster.ray_version else { return false };
    let mut parts = version.value.split('.').map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(own))) = (parts.next(), parts.next()) else { return false };
    (major, own) < (2, minor)
}

/// The most pods of a group that states a maximum.
pub(super) fn most_pods(group: &Group) -> Option<i64> {
    let hosts = group.num_of_hosts.map_or(1, |it| i64::from(it.value));
    Some(i64::from(group.max_replicas?.value).saturating_mul(hosts))
}

/// The pods that KubeRay makes of a group at once: `replicas` within its bounds.
///
/// Upstream: kuberay 1.7 ray-operator/controllers/ray/utils/util.go
/// `GetWorkerGroupDesiredReplicas`.
pub(super) fn first_pods(group: &Group) -> i64 {
    let number = |it: Option<crate::yaml::Spanned<i32>>, absent| it.map_or(absent, |it| it.value);
    let (min, max) = (number(group.min_replicas, 0), number(group.max_replicas, i32::MAX));
    let replicas = number(group.replicas, min).max(min).min(max).max(0);
    i64::from(replicas).saturating_mul(i64::from(number(group.num_of_hosts, 1)).max(0))
}
