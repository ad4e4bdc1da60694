//! Serve's deployments of a RayService.

use super::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::manifest::ray::{ActorOptions, NumReplicas, RayService, Selector, ServeDeployment};
use crate::order;
use crate::scenario::{Scenario, TargetKind};
use crate::serve::{CapacityDirection, Config, TargetCapacity};
use crate::sim::{MOST_PODS, Scaling, Service};
use crate::time::Duration;
use crate::workload::{LabelSelector, RayResources, Strategy};

/// The most replicas of a deployment that are simulated.
const MOST_REPLICAS: i64 = MOST_PODS as i64;

/// Where a deployment stands: its application, and its place there.
pub(crate) type Place = (usize, usize);

/// Adds the deployments that stand in `written`, whose cluster is the model's last.
pub(super) fn services(
    index: usize,
    document: &Document,
    written: &RayService,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let Some(cluster) = assembly.model.clusters.len().checked_sub(1) else { return };
    for application in &written.serve.applications {
        for deployment in &application.deployments {
            if scaling(deployment).is_some() {
                policy_note(application.has_policy, deployment, assembly);
            }
        }
    }
    for (service, place) in deployments(document, written, cluster, scenario) {
        assembly.model.services.push(service);
        assembly.services.push((index, Some(place)));
    }
}

/// The deployments that stand in `written`, on the model's `cluster`.
pub(super) fn deployments(
    document: &Document,
    written: &RayService,
    cluster: usize,
    scenario: &Scenario,
) -> Vec<(Service, Place)> {
    let mut services = Vec::new();
    let (kind, namespace, name) = (TargetKind::RayService, document.namespace(), document.name());
    let assumptions = scenario.assumptions_for(kind, namespace, name, None);
    // A config with a capacity is one that begins to rise, unless it stood there before.
    let capacity = written
        .serve
        .target_capacity
        .map(|it| TargetCapacity { percent: it.value, direction: CapacityDirection::Up });
    let location = written.serve.proxy_location.as_ref().map(|it| it.value.as_str());
    let everywhere = location.is_none_or(|it| it == "EveryNode");
    for (number, application) in written.serve.applications.iter().enumerate() {
        for (place, deployment) in application.deployments.iter().enumerate() {
            let Some(scaling) = scaling(deployment) else { continue };
            let service_time = assumptions.request.service_time;
            let text = |it: Option<&crate::yaml::Spanned<String>>, absent: &str| {
                it.map_or_else(|| absent.to_owned(), |it| it.value.clone())
            };
            let most_queued = deployment.max_queued_requests.map(|it| it.value);
            let service = Service {
                cluster,
                application: text(application.name.as_ref(), "default"),
                name: text(deployment.name.as_ref(), ""),
                scaling,
                capacity,
                load: scenario.load_of(kind, namespace, name),
                service_time,
                max_ongoing_requests: deployment
                    .max_ongoing_requests
                    .map_or(MAX_ONGOING_REQUESTS, |it| it.value.max(1)),
                max_queued_requests: most_queued.filter(|it| *it >= 0),
                bundles: bundles(deployment),
                labels: labels(deployment),
                strategy: strategy(deployment),
                gang: deployment.gang.is_some().then(|| gang_size(deployment) as u32),
                max_replicas_per_node: deployment.max_replicas_per_node.map(|it| it.value.max(1)),
                replica_start: assumptions.ray.replica_start,
                drain: drain(deployment, service_time),
                proxy_drain: everywhere.then_some(assumptions.ray.proxy_drain),
                config: 0,
                others: Vec::new(),
            };
            services.push((service, (number, place)));
        }
    }
    services
}

/// `max_ongoing_requests` of a deployment that does not say.
const MAX_ONGOING_REQUESTS: i64 = 5;

/// Who decides about replicas; `None` if Serve refuses the config.
fn scaling(deployment: &ServeDeployment) -> Option<Scaling> {
    let auto = matches!(deployment.num_replicas.map(|it| it.value), Some(NumReplicas::Auto));
    let written = match &deployment.autoscaling {
        Some(config) => config.written(auto),
        None if auto => crate::serve::config::Written { auto, ..Default::default() },
        None => {
            return match deployment.num_replicas.map(|it| it.value) {
                Some(NumReplicas::Fixed(count)) if count > 0 => {
                    Some(Scaling::Fixed(count.min(MOST_REPLICAS)))
                }
                Some(_) => None,
                None => Some(Scaling::Fixed(1)),
            };
        }
    };
    let config = written.complete().ok()?;
    Some(Scaling::Auto(Config {
        min_replicas: config.min_replicas.min(MOST_REPLICAS),
        max_replicas: config.max_replicas.min(MOST_REPLICAS),
        initial_replicas: config.initial_replicas.map(|it| it.min(MOST_REPLICAS)),
        gang_size: gang_size(deployment),
        ..config
    }))
}

/// The replicas of a gang; 1 without gangs. A gang is one placement group, whose bundles are held
/// to the most replicas.
fn gang_size(deployment: &ServeDeployment) -> i64 {
    let most = MOST_REPLICAS / (deployment.bundles.len().max(1) as i64);
    let size = deployment.gang.as_ref().and_then(|it| it.size);
    size.map_or(1, |it| it.value.clamp(1, most.max(1)))
}

/// A policy of the user's own is code: Serve's default is simulated in its place.
fn policy_note(of_application: bool, deployment: &ServeDeployment, assembly: &mut Assembly) {
    let Some(config) = &deployment.autoscaling else { return };
    if of_application || config.has_policy {
        let message = "a policy of one's own is code, which the text does not hold: Serve's \
                       default policy is predicted in its place";
        assembly.diagnostics.push(Diagnostic::new("TT248", Severity::Info, config.span, message));
    }
}

/// What Ray is asked for each replica.
///
/// Upstream: ray 2.60.0 serve/_private/config.py `ReplicaConfig`.
fn bundles(deployment: &ServeDeployment) -> Vec<RayResources> {
    if deployment.bundles.is_empty() {
        return vec![actor(&deployment.actor)];
    }
    let bundle = |it: &Vec<(crate::yaml::Spanned<String>, crate::yaml::Spanned<f64>)>| {
        let amounts = it.iter().map(|(name, amount)| (name.value.clone(), amount.value));
        amounts.filter(|(_, amount)| *amount > 0.0).collect()
    };
    deployment.bundles.iter().map(bundle).collect()
}

/// Which nodes will do for each of [`bundles`]: none, or one for each.
///
/// Upstream: ray 2.60.0 serve/_private/config.py `ReplicaConfig._normalize_bundle_label_selector`,
/// serve/_private/deployment_scheduler.py `_prepare_gangs_for_deployment`, which leaves out what
/// the actor selects.
fn labels(deployment: &ServeDeployment) -> Vec<LabelSelector> {
    let read = |it: &Selector| {
        order::map(it.iter().map(|(key, value)| (key.value.clone(), value.value.clone())))
    };
    let written = deployment.bundle_labels.as_ref().map_or(&[][..], |it| &it.value);
    match (written, deployment.bundles.len()) {
        (_, 0) if deployment.gang.is_some() => Vec::new(),
        (_, 0) => vec![read(&deployment.actor.label_selector)],
        ([one], bundles) => vec![read(one); bundles],
        (each, _) => each.iter().map(read).collect(),
    }
}

fn actor(options: &ActorOptions) -> RayResources {
    let mut resources = RayResources::new();
    let mut add = |name: &str, amount: f64| {
        if amount > 0.0 {
            resources.insert(name.to_owned(), amount);
        }
    };
    add("CPU", options.num_cpus.map_or(1.0, |it| it.value));
    add("GPU", options.num_gpus.map_or(0.0, |it| it.value));
    add("memory", options.memory.map_or(0.0, |it| it.value));
    for (name, amount) in &options.resources {
        add(&name.value, amount.value);
    }
    if let Some(kind) = &options.accelerator_type {
        add(&format!("accelerator_type:{}", kind.value), 0.001);
    }
    resources
}

fn strategy(deployment: &ServeDeployment) -> Option<Strategy> {
    let written = match &deployment.gang {
        Some(gang) => &gang.strategy,
        None if deployment.bundles.is_empty() => return None,
        None => &deployment.strategy,
    };
    Some(match written.as_ref().map(|it| it.value.as_str()) {
        Some("SPREAD") => Strategy::Spread,
        Some("STRICT_PACK") => Strategy::StrictPack,
        Some("STRICT_SPREAD") => Strategy::StrictSpread,
        _ => Strategy::Pack,
    })
}

/// How long a replica takes to go: it looks every `graceful_shutdown_wait_loop_s` whether its
/// requests are done, and is killed after `graceful_shutdown_timeout_s`.
///
/// Upstream: ray 2.60.0 serve/_private/replica.py `_drain_ongoing_requests`.
fn drain(deployment: &ServeDeployment, service_time: Duration) -> Duration {
    let ms = |it: Option<crate::yaml::Spanned<f64>>, absent: f64| {
        (it.map_or(absent, |it| it.value).max(0.0) * 1000.0) as i64
    };
    let every = ms(deployment.shutdown_wait_s, 2.0).max(1);
    let looks = (service_time.ms().saturating_add(every - 1) / every).max(1);
    let most = ms(deployment.shutdown_timeout_s, 20.0);
    Duration::from_ms(looks.saturating_mul(every).min(most))
}

#[cfg(test)]
mod tests {
    use crate::assemble::assemble;
    use crate::sim::{Model, Timeline, run, without_rest};
    use crate::{examples, manifest, scenario};

    /// The example with another config and another load.
    fn model(config: &str, shape: &str) -> Model {
        let text = examples::find("ray-service").map_or("", |it| it.text());
        let (before, rest) = text.split_once("        autoscaling_config:").unwrap();
        let (_, after) = rest.split_once("  rayClusterConfig:").unwrap();
        let text =
            format!("{before}        autoscaling_config: {{{config}}}\n  rayClusterConfig:{after}");
        let (before, rest) = text.split_once("    step: ").unwrap();
        let (_, after) = rest.split_once('\n').unwrap();
        let text = format!("{before}    {shape}\n{after}");
        read(&text)
    }

    fn read(text: &str) -> Model {
        let documents = manifest::read(text);
        let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
            manifest::Body::Scenario(node) => Some(node),
            _ => None,
        });
        let scenario = scenario::read(scenarios).scenario.unwrap();
        let model = assemble(&documents, &scenario).model;
        assert_eq!(model.services.len(), 1, "{:?}", documents.diagnostics);
        model
    }

    fn looks(timeline: &Timeline) -> Vec<String> {
        let looks = timeline.services[0].looks.iter();
        looks.map(|it| format!("{} {}→{} {:?}", it.at.ms(), it.from, it.to, it.trace)).collect()
    }

    #[test]
    fn turns_that_are_passed_over_would_have_changed_nothing() {
        let step = "step: {at: 5m, from: 5, to: 40, until: 20m}";
        let wave = "wave: {low: 0, high: 60, period: 20m}";
        for (config, shape) in [
            ("min_replicas: 1, max_replicas: 8, target_ongoing_requests: 5", step),
            ("min_replicas: 1, max_replicas: 30, target_ongoing_requests: 2.5", step),
            ("min_replicas: 0, max_replicas: 8, downscale_delay_s: 20", wave),
            ("min_replicas: 1, max_replicas: 8, upscale_delay_s: 0, downscale_delay_s: 0", wave),
            ("max_replicas: 20, aggregation_function: max, downscaling_factor: 0.3", wave),
            ("max_replicas: 20, look_back_period_s: 7, metrics_interval_s: 3", wave),
            (
                "min_replicas: 0, max_replicas: 9, upscaling_factor: 3, downscale_delay_s: 5, \
              downscale_to_zero_delay_s: 31.5",
                step,
            ),
        ] {
            let model = model(config, shape);
            let (some, all) = (run(&model), without_rest(|| run(&model)));
            assert!(!some.services[0].looks.is_empty(), "{config}");
            assert_eq!(looks(&some), looks(&all), "{config}");
        }
    }

    /// A deployment on nodes of 4 CPUs each: at most two that are plain and one that is fast.
    fn on_three_nodes(fields: &str) -> Timeline {
        let group = |name: &str, most: u32| {
            format!(
                "    - groupName: {name}
      minReplicas: 1
      maxReplicas: {most}
      labels: {{tier: {name}}}
      rayStartParams: {{}}
      template: {{spec: {{containers: [{{name: w, resources: {{limits: {{cpu: 4, memory: 8Gi}}}}}}]}}}}
"
            )
        };
        let text = format!(
            "apiVersion: ray.io/v1
kind: RayService
metadata: {{name: chat}}
spec:
  serveConfigV2: |
    applications:
    - name: chat
      deployments: [{{name: m, {fields}}}]
  rayClusterConfig:
    enableInTreeAutoscaling: true
    headGroupSpec:
      rayStartParams: {{num-cpus: \"0\"}}
      template: {{spec: {{containers: [{{name: h, resources: {{limits: {{cpu: 2, memory: 4Gi}}}}}}]}}}}
    workerGroupSpecs:
{}{}---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 20m
  nodes: {{pool: [{{name: large, count: 9, cpu: 8, memory: 32Gi}}]}}
",
            group("plain", 2),
            group("fast", 1),
        );
        run(&read(&text))
    }

    fn last_running(fields: &str) -> Option<f64> {
        on_three_nodes(fields).services[0].running.points().last().map(|it| it.1)
    }

    #[test]
    fn a_gang_has_room_for_all_of_it_or_none() {
        // A replica of 3 CPUs has a node of 4 for itself. Three nodes hold three replicas, but of
        // gangs of two only one: the second finds one node.
        let replicas = "num_replicas: 4, ray_actor_options: {num_cpus: 3}";
        assert_eq!(last_running(replicas), Some(3.0));
        let gangs = format!("{replicas}, gang_scheduling_config: {{gang_size: 2}}");
        assert_eq!(last_running(&gangs), Some(2.0));
    }

    #[test]
    fn replicas_go_where_their_selector_says() {
        // Two replicas of 2 CPUs fill the one fast node; plain nodes have room for four.
        let replicas = |selector: &str| {
            format!(
                "num_replicas: 6, ray_actor_options: {{num_cpus: 2, label_selector: {{tier: \
                 {selector}}}}}"
            )
        };
        assert_eq!(last_running(&replicas("fast")), Some(2.0));
        assert_eq!(last_running(&replicas("'!fast'")), Some(4.0));
        assert_eq!(last_running(&replicas("'in(fast,plain)'")), Some(6.0));
        // A gang is told no selector of its actors.
        let gang = format!("{}, gang_scheduling_config: {{gang_size: 3}}", replicas("fast"));
        assert_eq!(last_running(&gang), Some(6.0));
        let bundles = "num_replicas: 6, placement_group_bundles: [{CPU: 2}], \
                       placement_group_bundle_label_selector: [{tier: fast}]";
        assert_eq!(last_running(bundles), Some(2.0));
    }
}
