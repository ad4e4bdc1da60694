//! LimitRange, `v1`: the requests that a namespace gives to containers that name none.
//!
//! Upstream: api 0.37 core/v1/types.go `LimitRangeItem`; kubernetes 1.37
//! pkg/apis/core/v1/defaults.go `SetDefaults_LimitRangeItem`,
//! plugin/pkg/admission/limitranger/admission.go `mergeContainerResources`.

use super::pod::{PodTemplate, Resource, ResourceList, resource_list};
use super::{Body, Document};
use crate::yaml::Fields;

/// A LimitRange: what a container without a request is given.
#[derive(Clone, Debug, Default)]
pub struct LimitRange {
    /// By resource.
    pub default_requests: ResourceList,
}

/// Takes `spec`. A request that is not defaulted falls back to the default limit, the largest limit
/// and the smallest request, in this order.
pub(super) fn limit_range(root: &mut Fields<'_>) -> Option<LimitRange> {
    let mut spec = root.mapping("spec")?;
    let mut read = LimitRange::default();
    for mut item in spec.mappings("limits").unwrap_or_default().value {
        if item.string("type").is_some_and(|it| it.value == "Container") {
            for name in ["defaultRequest", "default", "max", "min"] {
                add_missing(&mut read.default_requests, resource_list(&mut item, name).0);
            }
        }
        item.pass_rest();
    }
    Some(read)
}

/// Gives the pods of workloads, Jobs and the like what the first LimitRange of their namespace
/// says. Pods of Ray clusters are left alone: Ray's autoscaler reads the cluster, not its pods.
pub(super) fn admit(documents: &mut [Document]) {
    let ranges: Vec<(String, Vec<Resource>)> = documents
        .iter()
        .filter_map(|it| match &it.body {
            Body::LimitRange(range) => {
                Some((it.namespace().to_owned(), range.default_requests.0.clone()))
            }
            _ => None,
        })
        .collect();
    for (namespace, requests) in ranges {
        for document in documents.iter_mut().filter(|it| it.namespace() == namespace) {
            match &mut document.body {
                Body::Workload(workload) => fill(&mut workload.template, &requests),
                Body::Pods(template) => fill(template, &requests),
                _ => {}
            }
        }
    }
}

fn fill(template: &mut PodTemplate, requests: &[Resource]) {
    for container in template.containers.iter_mut().chain(&mut template.init_containers) {
        add_missing(&mut container.resources.admitted, requests.to_vec());
    }
}

fn add_missing(list: &mut ResourceList, more: Vec<Resource>) {
    for resource in more {
        if list.get(&resource.name.value).is_none() {
            list.0.push(resource);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::manifest::read;

    #[test]
    fn a_container_without_a_request_gets_the_default_of_its_namespace() {
        let range = |limits: &str| {
            format!(
                "apiVersion: v1\nkind: LimitRange\nmetadata: {{name: l}}\nspec: {{limits: \
                 [{{type: Pod, max: {{cpu: 9}}}}, {{type: Container, {limits}}}]}}\n"
            )
        };
        for (limits, resources, expected) in [
            ("defaultRequest: {cpu: 100m}, default: {cpu: 1}", "{}", Some("100m")),
            ("default: {cpu: 1}, min: {cpu: 10m}", "{}", Some("1")),
            ("max: {cpu: 2}", "{}", Some("2")),
            ("min: {cpu: 10m}", "{}", Some("10m")),
            ("defaultRequest: {memory: 1Gi}", "{}", None),
            ("defaultRequest: {cpu: 100m}", "{requests: {cpu: 300m}}", Some("300m")),
            ("defaultRequest: {cpu: 100m}", "{limits: {cpu: 400m}}", Some("400m")),
        ] {
            let text = format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: w}}\nspec: {{template: \
                 {{spec: {{containers: [{{name: c, resources: {resources}}}]}}}}}}\n---\n{}",
                range(limits)
            );
            let read = read(&text);
            let (_, workload) = read.workloads().next().unwrap();
            let request = workload.template.containers[0].resources.request("cpu");
            assert_eq!(request.map(|it| it.text.as_str()), expected, "{limits} {resources}");
        }
    }
}
