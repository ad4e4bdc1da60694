//! Serve's deployments of a RayService.

use super::Assembly;
use crate::diagnostic::{Diagnostic, Severity};
use crate::manifest::Document;
use crate::manifest::ray::{ActorOptions, NumReplicas, RayService, ServeDeployment};
use crate::scenario::{Scenario, TargetKind};
use crate::serve::{CapacityDirection, Config, TargetCapacity};
use crate::sim::{MOST_PODS, Scaling, Service};
use crate::time::Duration;
use crate::workload::{RayResources, Strategy};

/// The most replicas of a deployment that are simulated.
const MOST_REPLICAS: i64 = MOST_PODS as i64;

/// Adds the deployments that stand in `written`, whose cluster is the model's last.
pub(super) fn services(
    index: usize,
    document: &Document,
    written: &RayService,
    scenario: &Scenario,
    assembly: &mut Assembly,
) {
    let Some(cluster) = assembly.model.clusters.len().checked_sub(1) else { return };
    let (kind, namespace, name) = (TargetKind::RayService, document.namespace(), document.name());
    let assumptions = scenario.assumptions_for(kind, namespace, name, None);
    // A config with a capacity is one that begins to rise, unless it stood there before.
    let capacity = written
        .serve
        .target_capacity
        .map(|it| TargetCapacity { percent: it.value, direction: CapacityDirection::Up });
    for (number, application) in written.serve.applications.iter().enumerate() {
        for (place, deployment) in application.deployments.iter().enumerate() {
            let Some(scaling) = scaling(deployment) else { continue };
            policy_note(application.has_policy, deployment, assembly);
            let service_time = assumptions.request.service_time;
            let text = |it: Option<&crate::yaml::Spanned<String>>, absent: &str| {
                it.map_or_else(|| absent.to_owned(), |it| it.value.clone())
            };
            let most_queued = deployment.max_queued_requests.map(|it| it.value);
            assembly.model.services.push(Service {
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
                strategy: strategy(deployment),
                max_replicas_per_node: deployment.max_replicas_per_node.map(|it| it.value.max(1)),
                replica_start: assumptions.ray.replica_start,
                drain: drain(deployment, service_time),
            });
            assembly.services.push((index, number, place));
        }
    }
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
        gang_size: deployment.gang_size.map_or(1, |it| it.value.clamp(1, MOST_REPLICAS)),
        ..config
    }))
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
    if deployment.bundles.is_empty() {
        return None;
    }
    Some(match deployment.strategy.as_ref().map(|it| it.value.as_str()) {
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
