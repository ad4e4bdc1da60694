//! A Ray Serve config: applications, their deployments and how those scale.
//!
//! Serve's own reader accepts numbers and text more freely than the API server; values are
//! written as they are, defaults belong to the policy.
//!
//! Upstream: ray 2.60.0 serve/schema.py `ServeDeploySchema`, serve/config.py `AutoscalingConfig`.

use crate::source::Span;
use crate::yaml::{Fields, Findings, Node, Spanned, scalar};

/// One entry of `applications`.
#[derive(Clone, Debug, Default)]
pub struct ServeApplication {
    /// `name`; `default` if absent.
    pub name: Option<Spanned<String>>,
    /// `deployments`: overrides of what the code says. A deployment that is not listed here runs
    /// as the code says, which no manifest shows.
    pub deployments: Vec<ServeDeployment>,
    /// Where it stands.
    pub span: Span,
}

/// One entry of `deployments`.
#[derive(Clone, Debug, Default)]
pub struct ServeDeployment {
    /// `name`.
    pub name: Option<Spanned<String>>,
    /// `num_replicas`.
    pub num_replicas: Option<Spanned<NumReplicas>>,
    /// `max_ongoing_requests`.
    pub max_ongoing_requests: Option<Spanned<i64>>,
    /// `max_queued_requests`.
    pub max_queued_requests: Option<Spanned<i64>>,
    /// `autoscaling_config`.
    pub autoscaling: Option<AutoscalingConfig>,
    /// `ray_actor_options`.
    pub actor: ActorOptions,
    /// Where it stands.
    pub span: Span,
}

/// `num_replicas`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumReplicas {
    /// A fixed number.
    Fixed(i64),
    /// `auto`: autoscaling with Serve's own bounds.
    Auto,
}

/// `autoscaling_config`.
#[derive(Clone, Debug, Default)]
pub struct AutoscalingConfig {
    /// Where it stands.
    pub span: Span,
    /// `min_replicas`.
    pub min_replicas: Option<Spanned<i64>>,
    /// `initial_replicas`.
    pub initial_replicas: Option<Spanned<i64>>,
    /// `max_replicas`.
    pub max_replicas: Option<Spanned<i64>>,
    /// `target_ongoing_requests`, also by its old name.
    pub target_ongoing_requests: Option<Spanned<f64>>,
    /// `metrics_interval_s`.
    pub metrics_interval_s: Option<Spanned<f64>>,
    /// `look_back_period_s`.
    pub look_back_period_s: Option<Spanned<f64>>,
    /// `upscale_delay_s`.
    pub upscale_delay_s: Option<Spanned<f64>>,
    /// `downscale_delay_s`.
    pub downscale_delay_s: Option<Spanned<f64>>,
    /// `downscale_to_zero_delay_s`.
    pub downscale_to_zero_delay_s: Option<Spanned<f64>>,
    /// `upscaling_factor`, else `upscale_smoothing_factor`, else `smoothing_factor`.
    pub upscaling_factor: Option<Spanned<f64>>,
    /// `downscaling_factor`, else `downscale_smoothing_factor`, else `smoothing_factor`.
    pub downscaling_factor: Option<Spanned<f64>>,
    /// `aggregation_function`.
    pub aggregation_function: Option<Spanned<String>>,
}

/// `ray_actor_options`: what one replica asks Ray for.
#[derive(Clone, Debug, Default)]
pub struct ActorOptions {
    /// `num_cpus`.
    pub num_cpus: Option<Spanned<f64>>,
    /// `num_gpus`.
    pub num_gpus: Option<Spanned<f64>>,
    /// `memory`, in bytes.
    pub memory: Option<Spanned<f64>>,
    /// `resources`.
    pub resources: Vec<(Spanned<String>, Spanned<f64>)>,
    /// `accelerator_type`.
    pub accelerator_type: Option<Spanned<String>>,
}

/// Reads the config whose tree is `config`.
pub(super) fn applications(
    config: &Node,
    path: &str,
    findings: &Findings,
) -> Vec<ServeApplication> {
    let Some(mut fields) = Fields::of(config, path, findings) else { return Vec::new() };
    fields.pass(&["proxy_location", "http_options", "grpc_options", "logging_config"]);
    fields.known(&["target_capacity"]);
    let applications = fields.mappings("applications").unwrap_or_default().value;
    applications.into_iter().map(|mut it| application(&mut it)).collect()
}

fn application(fields: &mut Fields<'_>) -> ServeApplication {
    fields.pass(&["route_prefix", "import_path", "runtime_env", "host", "port", "args"]);
    fields.pass(&["logging_config", "docs_path", "external_scaler_enabled"]);
    fields.known(&["autoscaling_policy"]);
    let deployments = fields.mappings("deployments").unwrap_or_default().value;
    ServeApplication {
        name: fields.read("name", scalar::text),
        deployments: deployments.into_iter().map(|mut it| deployment(&mut it)).collect(),
        span: fields.span(),
    }
}

fn deployment(fields: &mut Fields<'_>) -> ServeDeployment {
    fields.pass(&["route_prefix", "user_config", "logging_config", "health_check_period_s"]);
    fields.pass(&["health_check_timeout_s", "graceful_shutdown_wait_loop_s"]);
    fields.pass(&["request_router_config", "version"]);
    fields.known(&[
        "graceful_shutdown_timeout_s",
        "placement_group_bundles",
        "placement_group_strategy",
        "placement_group_bundle_label_selector",
        "placement_group_fallback_strategy",
        "max_replicas_per_node",
        "max_concurrent_queries",
        "gang_scheduling_config",
    ]);
    ServeDeployment {
        name: fields.read("name", scalar::text),
        num_replicas: fields.read("num_replicas", num_replicas),
        max_ongoing_requests: fields.int64("max_ongoing_requests"),
        max_queued_requests: fields.int64("max_queued_requests"),
        autoscaling: autoscaling(fields),
        actor: actor_options(fields),
        span: fields.span(),
    }
}

fn num_replicas(place: &scalar::Place<'_>, findings: &Findings) -> Option<Spanned<NumReplicas>> {
    if place.node.text() == Some("auto") {
        return Some(Spanned::new(NumReplicas::Auto, place.node.span));
    }
    Some(scalar::int64(place, findings)?.map(NumReplicas::Fixed))
}

fn autoscaling(fields: &mut Fields<'_>) -> Option<AutoscalingConfig> {
    let mut config = fields.mapping("autoscaling_config")?;
    config.known(&["policy"]);
    let smoothing = config.number("smoothing_factor");
    let old_target = config.number("target_num_ongoing_requests_per_replica");
    let up = config.number("upscale_smoothing_factor").or(smoothing);
    let down = config.number("downscale_smoothing_factor").or(smoothing);
    Some(AutoscalingConfig {
        span: config.span(),
        min_replicas: config.int64("min_replicas"),
        initial_replicas: config.int64("initial_replicas"),
        max_replicas: config.int64("max_replicas"),
        target_ongoing_requests: config.number("target_ongoing_requests").or(old_target),
        metrics_interval_s: config.number("metrics_interval_s"),
        look_back_period_s: config.number("look_back_period_s"),
        upscale_delay_s: config.number("upscale_delay_s"),
        downscale_delay_s: config.number("downscale_delay_s"),
        downscale_to_zero_delay_s: config.number("downscale_to_zero_delay_s"),
        upscaling_factor: config.number("upscaling_factor").or(up),
        downscaling_factor: config.number("downscaling_factor").or(down),
        aggregation_function: config.read("aggregation_function", scalar::text),
    })
}

fn actor_options(fields: &mut Fields<'_>) -> ActorOptions {
    let Some(mut options) = fields.mapping("ray_actor_options") else {
        return ActorOptions::default();
    };
    options.pass(&["runtime_env", "object_store_memory"]);
    options.known(&["label_selector", "fallback_strategy"]);
    ActorOptions {
        num_cpus: options.number("num_cpus"),
        num_gpus: options.number("num_gpus"),
        memory: options.number("memory"),
        resources: options.map("resources", scalar::number).unwrap_or_default(),
        accelerator_type: options.read("accelerator_type", scalar::text),
    }
}
