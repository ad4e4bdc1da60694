//! A Ray Serve config: applications, their deployments and how those scale.
//!
//! Serve's own reader accepts numbers and text more freely than the API server; values are
//! written as they are, defaults and refusals belong to the policy.
//!
//! Upstream: ray 2.60.0 serve/schema.py `ServeDeploySchema`, serve/config.py `AutoscalingConfig`.

use super::serve_rules::{refuse, validate};
use crate::serve::config::Written;
use crate::source::Span;
use crate::yaml::{Fields, Findings, Node, Spanned, scalar};

/// A `label_selector`.
pub type Selector = Vec<(Spanned<String>, Spanned<String>)>;

/// A Serve config.
#[derive(Clone, Debug, Default)]
pub struct ServeConfig {
    /// `target_capacity`, in percent.
    pub target_capacity: Option<Spanned<f64>>,
    /// `proxy_location`: `EveryNode` if absent.
    pub proxy_location: Option<Spanned<String>>,
    /// `applications`.
    pub applications: Vec<ServeApplication>,
}

/// One entry of `applications`.
#[derive(Clone, Debug, Default)]
pub struct ServeApplication {
    /// `name`; `default` if absent.
    pub name: Option<Spanned<String>>,
    /// `deployments`: overrides of what the code says. A deployment that is not listed here runs
    /// as the code says, which no manifest shows.
    pub deployments: Vec<ServeDeployment>,
    /// `autoscaling_policy`: whether code of the user's decides for all of its deployments.
    pub has_policy: bool,
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
    /// `placement_group_bundles`.
    pub bundles: Vec<Vec<(Spanned<String>, Spanned<f64>)>>,
    /// `placement_group_bundle_label_selector`.
    pub bundle_labels: Option<Spanned<Vec<Selector>>>,
    /// `placement_group_strategy`.
    pub strategy: Option<Spanned<String>>,
    /// `max_replicas_per_node`.
    pub max_replicas_per_node: Option<Spanned<i64>>,
    /// `gang_scheduling_config`.
    pub gang: Option<GangScheduling>,
    /// `graceful_shutdown_timeout_s`.
    pub shutdown_timeout_s: Option<Spanned<f64>>,
    /// `graceful_shutdown_wait_loop_s`.
    pub shutdown_wait_s: Option<Spanned<f64>>,
    /// Where it stands.
    pub span: Span,
}

/// `gang_scheduling_config`.
#[derive(Clone, Debug, Default)]
pub struct GangScheduling {
    /// `gang_size`.
    pub size: Option<Spanned<i64>>,
    /// `gang_placement_strategy`.
    pub strategy: Option<Spanned<String>>,
    /// `runtime_failure_policy`.
    pub failure_policy: Option<Spanned<String>>,
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
    /// `smoothing_factor`, of old.
    pub smoothing_factor: Option<Spanned<f64>>,
    /// `upscale_smoothing_factor`, of old.
    pub upscale_smoothing_factor: Option<Spanned<f64>>,
    /// `downscale_smoothing_factor`, of old.
    pub downscale_smoothing_factor: Option<Spanned<f64>>,
    /// `upscaling_factor`.
    pub upscaling_factor: Option<Spanned<f64>>,
    /// `downscaling_factor`.
    pub downscaling_factor: Option<Spanned<f64>>,
    /// `aggregation_function`.
    pub aggregation_function: Option<Spanned<String>>,
    /// `policy`: whether code of the user's decides.
    pub has_policy: bool,
}

impl AutoscalingConfig {
    /// For Serve to complete or refuse; `auto` is what `num_replicas` says.
    pub fn written(&self, auto: bool) -> Written {
        let count = |it: Option<Spanned<i64>>| it.map(|it| it.value);
        let number = |it: Option<Spanned<f64>>| it.map(|it| it.value);
        Written {
            auto,
            min_replicas: count(self.min_replicas),
            initial_replicas: count(self.initial_replicas),
            max_replicas: count(self.max_replicas),
            target_ongoing_requests: number(self.target_ongoing_requests),
            metrics_interval_s: number(self.metrics_interval_s),
            look_back_period_s: number(self.look_back_period_s),
            smoothing_factor: number(self.smoothing_factor),
            upscale_smoothing_factor: number(self.upscale_smoothing_factor),
            downscale_smoothing_factor: number(self.downscale_smoothing_factor),
            upscaling_factor: number(self.upscaling_factor),
            downscaling_factor: number(self.downscaling_factor),
            upscale_delay_s: number(self.upscale_delay_s),
            downscale_delay_s: number(self.downscale_delay_s),
            downscale_to_zero_delay_s: number(self.downscale_to_zero_delay_s),
            aggregation_function: self.aggregation_function.as_ref().map(|it| it.value.clone()),
        }
    }

    /// Where a field stands; the whole, if it is absent.
    pub fn span_of(&self, field: &str) -> Span {
        let count = |it: &Option<Spanned<i64>>| it.as_ref().map(|it| it.span);
        let number = |it: &Option<Spanned<f64>>| it.as_ref().map(|it| it.span);
        let found = match field {
            "min_replicas" => count(&self.min_replicas),
            "initial_replicas" => count(&self.initial_replicas),
            "max_replicas" => count(&self.max_replicas),
            "target_ongoing_requests" => number(&self.target_ongoing_requests),
            "metrics_interval_s" => number(&self.metrics_interval_s),
            "look_back_period_s" => number(&self.look_back_period_s),
            "smoothing_factor" => number(&self.smoothing_factor),
            "upscale_smoothing_factor" => number(&self.upscale_smoothing_factor),
            "downscale_smoothing_factor" => number(&self.downscale_smoothing_factor),
            "upscaling_factor" => number(&self.upscaling_factor),
            "downscaling_factor" => number(&self.downscaling_factor),
            "upscale_delay_s" => number(&self.upscale_delay_s),
            "downscale_delay_s" => number(&self.downscale_delay_s),
            "downscale_to_zero_delay_s" => number(&self.downscale_to_zero_delay_s),
            "aggregation_function" => self.aggregation_function.as_ref().map(|it| it.span),
            _ => None,
        };
        found.unwrap_or(self.span)
    }
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
    /// `label_selector`.
    pub label_selector: Selector,
}

/// What `proxy_location` may be.
///
/// Upstream: ray 2.60.0 serve/config.py `ProxyLocation`.
const LOCATIONS: [&str; 3] = ["Disabled", "HeadOnly", "EveryNode"];
const LOCATION: &str = "Input should be 'Disabled', 'HeadOnly' or 'EveryNode'";

/// Reads the config whose tree is `config`.
pub(super) fn config(config: &Node, path: &str, findings: &Findings) -> ServeConfig {
    let Some(mut fields) = Fields::of(config, path, findings) else {
        return ServeConfig::default();
    };
    fields.pass(&["http_options", "grpc_options", "logging_config"]);
    if config.get("applications").is_none() {
        refuse(findings, fields.head(), "applications: Field required");
    }
    let applications = fields.mappings("applications").unwrap_or_default().value;
    let target_capacity = fields.number("target_capacity");
    let proxy_location = fields.read("proxy_location", scalar::text);
    let known = |it: &&Spanned<String>| LOCATIONS.contains(&it.value.as_str());
    if let Some(found) = proxy_location.as_ref().filter(|it| !known(it)) {
        refuse(findings, found.span, LOCATION);
    }
    let outside = |it: &Spanned<f64>| !(0.0..=100.0).contains(&it.value);
    if let Some(found) = target_capacity.filter(outside) {
        let limit = if found.value < 0.0 {
            "greater than or equal to 0"
        } else {
            "less than or equal to 100"
        };
        refuse(findings, found.span, &format!("Input should be {limit}"));
    }
    ServeConfig {
        target_capacity: target_capacity.filter(|it| !outside(it)),
        proxy_location,
        applications: applications.into_iter().map(|mut it| application(&mut it)).collect(),
    }
}

fn application(fields: &mut Fields<'_>) -> ServeApplication {
    if !fields.has("import_path") {
        refuse(fields.findings(), fields.head(), "import_path: Field required");
    }
    fields.pass(&["route_prefix", "import_path", "runtime_env", "host", "port", "args"]);
    fields.pass(&["logging_config", "docs_path", "external_scaler_enabled"]);
    let has_policy = fields.mapping("autoscaling_policy").is_some_and(|mut it| {
        it.pass_rest();
        true
    });
    let deployments = fields.mappings("deployments").unwrap_or_default().value;
    ServeApplication {
        name: fields.read("name", scalar::text),
        has_policy,
        deployments: deployments.into_iter().map(|mut it| deployment(&mut it)).collect(),
        span: fields.span(),
    }
}

fn deployment(fields: &mut Fields<'_>) -> ServeDeployment {
    fields.pass(&["route_prefix", "user_config", "logging_config", "health_check_period_s"]);
    fields.pass(&["health_check_timeout_s"]);
    fields.pass(&["request_router_config", "version"]);
    fields.known(&["placement_group_fallback_strategy", "max_concurrent_queries"]);
    if !fields.has("name") {
        refuse(fields.findings(), fields.head(), "name: Field required");
    }
    let read = ServeDeployment {
        name: fields.read("name", scalar::text),
        gang: gang(fields),
        bundles: bundles(fields),
        bundle_labels: bundle_labels(fields),
        strategy: fields.read("placement_group_strategy", scalar::text),
        max_replicas_per_node: fields.int64("max_replicas_per_node"),
        shutdown_timeout_s: fields.number("graceful_shutdown_timeout_s"),
        shutdown_wait_s: fields.number("graceful_shutdown_wait_loop_s"),
        num_replicas: fields.read("num_replicas", num_replicas),
        max_ongoing_requests: fields.int64("max_ongoing_requests"),
        max_queued_requests: fields.int64("max_queued_requests"),
        autoscaling: autoscaling(fields),
        actor: actor_options(fields),
        span: fields.span(),
    };
    validate(&read, fields.findings());
    read
}

/// `placement_group_bundles`.
fn bundles(fields: &mut Fields<'_>) -> Vec<Vec<(Spanned<String>, Spanned<f64>)>> {
    let bundles = fields.mappings("placement_group_bundles").unwrap_or_default().value;
    bundles.into_iter().map(|mut it| it.rest(scalar::number)).collect()
}

/// `placement_group_bundle_label_selector`.
fn bundle_labels(fields: &mut Fields<'_>) -> Option<Spanned<Vec<Selector>>> {
    let selectors = fields.mappings("placement_group_bundle_label_selector")?;
    let read = |mut it: Fields<'_>| it.rest(scalar::string);
    Some(Spanned::new(selectors.value.into_iter().map(read).collect(), selectors.span))
}

fn gang(fields: &mut Fields<'_>) -> Option<GangScheduling> {
    let mut gang = fields.mapping("gang_scheduling_config")?;
    Some(GangScheduling {
        size: gang.int64("gang_size"),
        strategy: gang.read("gang_placement_strategy", scalar::text),
        failure_policy: gang.read("runtime_failure_policy", scalar::text),
    })
}

fn num_replicas(place: &scalar::Place<'_>, findings: &Findings) -> Option<Spanned<NumReplicas>> {
    if place.node.text() == Some("auto") {
        return Some(Spanned::new(NumReplicas::Auto, place.node.span));
    }
    Some(scalar::int64(place, findings)?.map(NumReplicas::Fixed))
}

fn autoscaling(fields: &mut Fields<'_>) -> Option<AutoscalingConfig> {
    let mut config = fields.mapping("autoscaling_config")?;
    let has_policy = config.mapping("policy").is_some_and(|mut it| {
        it.pass_rest();
        true
    });
    Some(AutoscalingConfig {
        span: config.span(),
        min_replicas: config.int64("min_replicas"),
        initial_replicas: config.int64("initial_replicas"),
        max_replicas: config.int64("max_replicas"),
        target_ongoing_requests: config.number("target_ongoing_requests"),
        metrics_interval_s: config.number("metrics_interval_s"),
        look_back_period_s: config.number("look_back_period_s"),
        upscale_delay_s: config.number("upscale_delay_s"),
        downscale_delay_s: config.number("downscale_delay_s"),
        downscale_to_zero_delay_s: config.number("downscale_to_zero_delay_s"),
        smoothing_factor: config.number("smoothing_factor"),
        upscale_smoothing_factor: config.number("upscale_smoothing_factor"),
        downscale_smoothing_factor: config.number("downscale_smoothing_factor"),
        upscaling_factor: config.number("upscaling_factor"),
        downscaling_factor: config.number("downscaling_factor"),
        aggregation_function: config.read("aggregation_function", scalar::text),
        has_policy,
    })
}

fn actor_options(fields: &mut Fields<'_>) -> ActorOptions {
    let Some(mut options) = fields.mapping("ray_actor_options") else {
        return ActorOptions::default();
    };
    options.pass(&["runtime_env", "object_store_memory"]);
    options.known(&["fallback_strategy"]);
    ActorOptions {
        num_cpus: options.number("num_cpus"),
        num_gpus: options.number("num_gpus"),
        memory: options.number("memory"),
        resources: options.map("resources", scalar::number).unwrap_or_default(),
        accelerator_type: options.read("accelerator_type", scalar::text),
        label_selector: options.map("label_selector", scalar::string).unwrap_or_default(),
    }
}
