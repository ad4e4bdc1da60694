//! What KubeRay adds to the pods of a RayCluster before it makes them.
//!
//! With autoscaling on, the head has the autoscaler beside it; a worker waits in an init container
//! until the head answers. Nodes have to have room for both. What they ask for is no part of what
//! Ray believes: that is read off the first container alone.
//!
//! Upstream: kuberay 1.6.1 ray-operator/controllers/ray/common/pod.go `DefaultHeadPodTemplate`,
//! `BuildAutoscalerContainer`, `mergeAutoscalerOverrides`, `DefaultWorkerPodTemplate`.

use crate::manifest::pod::{Container, PodTemplate, ResourceList, Resources};
use crate::manifest::ray::RayCluster;
use crate::source::Span;
use crate::yaml::Spanned;

/// The head's pod.
pub(super) fn head(written: &RayCluster, submitter: Option<Container>) -> PodTemplate {
    let mut template = written.head.template.clone();
    template.containers.extend(submitter);
    if written.is_autoscaling() {
        let own = written.options.resources.clone();
        let resources = own.unwrap_or_else(|| requested("500m", "512Mi"));
        template.containers.push(container("autoscaler", resources));
    }
    template
}

/// A worker's pod.
pub(super) fn worker(written: &PodTemplate) -> PodTemplate {
    let mut template = written.clone();
    template.init_containers.push(container("wait-gcs-ready", requested("200m", "256Mi")));
    template
}

/// Requests and limits alike.
fn requested(cpu: &str, memory: &str) -> Resources {
    sized((cpu, memory), (cpu, memory))
}

/// CPU and memory: requests, then limits.
pub(super) fn sized(requests: (&str, &str), limits: (&str, &str)) -> Resources {
    Resources {
        requests: ResourceList::of(requests.0, requests.1),
        limits: ResourceList::of(limits.0, limits.1),
        admitted: ResourceList::default(),
    }
}

pub(super) fn container(name: &str, resources: Resources) -> Container {
    let name = Spanned::new(name.to_owned(), Span::default());
    Container { name, resources, ..Container::default() }
}

#[cfg(test)]
mod tests {
    use crate::assemble::assemble;
    use crate::{manifest, scenario};

    /// What the scheduler counts for the head and for a worker: thousandths of a CPU, MiB.
    fn counted(fields: &str, worker: &str) -> [(i64, i64); 2] {
        let text = format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: a}}\nspec:\n  {fields}\n  \
             headGroupSpec:\n    rayStartParams: {{}}\n    template: {{spec: {{containers: [{{name: \
             h, resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}\n  workerGroupSpecs:\n  - \
             groupName: w\n    rayStartParams: {{}}\n    template: {{spec: {{containers: [{{name: \
             w, resources: {{limits: {worker}}}}}]}}}}\n"
        );
        let documents = manifest::read(&text);
        let scenario = scenario::Scenario::assumed(scenario::Subjects::default());
        let model = assemble(&documents, &scenario).model;
        let [head, worker] = [&model.clusters[0].head, &model.clusters[0].groups[0]];
        [head, worker].map(|it| {
            let requests = &it.pod.requests;
            (requests.cpu_nano / 1_000_000, requests.memory_bytes >> 20)
        })
    }

    #[test]
    fn the_autoscaler_has_its_share_of_the_head_s_pod() {
        // 2000m + 500m; 4096 Mi + 512 Mi.
        let large = "{cpu: 4, memory: 8Gi}";
        let on = "enableInTreeAutoscaling: true";
        assert_eq!(counted(on, large), [(2500, 4608), (4000, 8192)]);
        assert_eq!(counted("rayVersion: 2.60.0", large), [(2000, 4096), (4000, 8192)]);
        let own = format!("{on}\n  autoscalerOptions: {{resources: {{limits: {{cpu: 2}}}}}}");
        assert_eq!(counted(&own, large)[0], (4000, 4096), "in place of both");
        let none = format!("{on}\n  autoscalerOptions: {{resources: {{}}}}");
        assert_eq!(counted(&none, large)[0], (2000, 4096));
    }

    #[test]
    fn a_worker_counts_as_its_init_container_if_that_asks_for_more() {
        // The larger of what runs and of what waits, resource by resource.
        let small = "{cpu: 100m, memory: 1Gi}";
        assert_eq!(counted("rayVersion: 2.60.0", small)[1], (200, 1024));
    }
}
