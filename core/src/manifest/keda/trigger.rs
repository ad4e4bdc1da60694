//! What a trigger stands for: the metric of its HPA, and when it is active.
//!
//! Parameters are read as KEDA's scalers read them; what they refuse is told in their words. What a
//! secret or a variable holds can't be seen: such a parameter counts as given.
//!
//! Upstream: keda 2.21 pkg/scalers/scalersconfig/typed_config.go and, in pkg/scalers,
//! prometheus_scaler.go, cron_scaler.go, cpu_memory_scaler.go, kafka_scaler.go,
//! apache_kafka_scaler.go, rabbitmq_scaler.go, redis_scaler.go, aws_sqs_queue_scaler.go.

use super::Trigger;
use super::parameters::{AUTH, ENV, METADATA, Parameters};
use crate::keda::{self, Cron, External, cron::Schedule};
use crate::quantity::Quantity;
use crate::source::Span;

/// What a trigger stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Scaler {
    /// Usage of the pods themselves, which only the HPA reads.
    Resource(Resource),
    /// A metric that KEDA answers for.
    External(External, Source),
}

/// A CPU or memory trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `cpu` or `memory`.
    pub name: &'static str,
    /// The one container that counts.
    pub container: Option<String>,
    /// What it aims at.
    pub target: Target,
}

/// Target of a CPU or memory trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Percent of the requests.
    Utilization(i32),
    /// Average over the pods, in milli units.
    AverageValue(i64),
}

/// Where KEDA gets the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A query to Prometheus.
    Prometheus,
    /// A queue's length, asked for at the queue itself.
    Queue,
    /// Another number of a queue, such as its rate.
    QueueRate,
    /// The clock.
    Cron,
}

/// What is wrong with a trigger, and where.
pub(super) type Problems = Vec<(Span, String)>;

/// Reads trigger `index`; `None` if it is of a type that is not modelled.
pub(super) fn scaler(trigger: &Trigger, index: usize) -> Option<Result<Scaler, Problems>> {
    let mut fields = Parameters::new(trigger);
    let read = match trigger.kind.value.as_str() {
        "cpu" => resource(&mut fields, "cpu"),
        "memory" => resource(&mut fields, "memory"),
        "cron" => cron(&mut fields),
        "prometheus" => prometheus(&mut fields),
        "kafka" => kafka(&mut fields, true),
        "apache-kafka" => kafka(&mut fields, false),
        "rabbitmq" => rabbitmq(&mut fields),
        "redis" | "redis-cluster" | "redis-sentinel" => redis(&mut fields),
        "aws-sqs-queue" => sqs(&mut fields),
        _ => return None,
    };
    let scaler = match read {
        Read::Resource(resource) => Scaler::Resource(resource),
        Read::Metric(metric) => {
            let external = External {
                metric: format!("s{index}-{}", normalized(&metric.name)),
                target_milli: metric.target_milli,
                is_average: average(&mut fields),
                activation: metric.activation,
                empty_is_zero: metric.empty_is_zero,
                cached: trigger.use_cached_metrics.is_some_and(|it| it.value),
                cron: metric.cron,
            };
            Scaler::External(external, metric.source)
        }
    };
    Some(if fields.problems.is_empty() { Ok(scaler) } else { Err(fields.problems) })
}

enum Read {
    Resource(Resource),
    Metric(Metric),
}

struct Metric {
    name: String,
    target_milli: i64,
    activation: f64,
    empty_is_zero: bool,
    cron: Option<Cron>,
    source: Source,
}

/// A metric that counts something.
fn queue(name: String, target_milli: i64, activation: f64) -> Read {
    let source = Source::Queue;
    Read::Metric(Metric {
        name,
        target_milli,
        activation,
        empty_is_zero: false,
        cron: None,
        source,
    })
}

/// Upstream: keda 2.21 pkg/scalers/scaler.go `GetMetricTargetType`.
fn average(fields: &mut Parameters<'_>) -> bool {
    match &fields.trigger.metric_type {
        Some(kind) if kind.value == "Utilization" => {
            let text = "error getting scaler metric type: 'Utilization' metric type is unsupported \
                        for external metrics, allowed values are 'Value' or 'AverageValue'";
            fields.problems.push((kind.span, text.to_owned()));
            true
        }
        Some(kind) => kind.value == "AverageValue",
        None => true,
    }
}

fn resource(fields: &mut Parameters<'_>, name: &'static str) -> Read {
    fields.label = name;
    if let Some(span) = fields.trigger.metadata.get("type").map(|it| it.span) {
        let text = "The 'type' setting is DEPRECATED and is removed in v2.18 - Use 'metricType' \
                    instead.";
        fields.refuse(span, &format!("scaler {name} info: {text}"));
    }
    let value = fields.required("value", METADATA);
    let text = value.as_deref().unwrap_or("1");
    let kind = fields.trigger.metric_type.as_ref();
    let span = kind.map_or(fields.trigger.kind.span, |it| it.span);
    let target = match kind.map_or("", |it| it.value.as_str()) {
        "Utilization" => text.parse().ok().map(Target::Utilization),
        "AverageValue" => {
            let quantity = Quantity::parse(text).ok();
            quantity.map(|it| Target::AverageValue(it.milli_value()))
        }
        other => {
            let allowed = "allowed values are 'Utilization' or 'AverageValue'";
            fields.refuse(span, &format!("unknown metric type: {other}, {allowed}"));
            Some(Target::Utilization(1))
        }
    };
    if target.is_none() {
        fields.refuse(fields.place("value"), &format!("invalid value {text:?}"));
    }
    Read::Resource(Resource {
        name,
        container: fields.text(&["containerName"], METADATA),
        target: target.unwrap_or(Target::Utilization(1)),
    })
}

fn cron(fields: &mut Parameters<'_>) -> Read {
    fields.label = "cron";
    let [start, end, zone] =
        ["start", "end", "timezone"].map(|it| fields.required(it, METADATA).unwrap_or_default());
    let desired_replicas = fields.whole("desiredReplicas", None);
    let mut schedule = |text: &str, name: &'static str| {
        let error = Schedule::parse(text).err()?;
        let text = format!("error parsing {name} schedule: {error}");
        (!error.starts_with("empty")).then(|| fields.refuse(fields.place(name), &text))
    };
    schedule(&start, "start");
    schedule(&end, "end");
    if start == end && !start.is_empty() {
        let text = "start and end can not have exactly same time input";
        fields.refuse(fields.place("end"), text);
    }
    if desired_replicas == Some(0) {
        let text = "no desiredReplicas specified";
        fields.refuse(fields.place("desiredReplicas"), text);
    }
    let name = format!("cron-{zone}-{}-{}", cron_text(&start), cron_text(&end));
    let schedules = Schedule::parse(&start).ok().zip(Schedule::parse(&end).ok());
    Read::Metric(Metric {
        name,
        target_milli: 1000,
        activation: 0.0,
        empty_is_zero: false,
        cron: schedules.map(|(start, end)| Cron {
            start,
            end,
            desired_replicas: desired_replicas.unwrap_or(0),
        }),
        source: Source::Cron,
    })
}

/// Upstream: keda 2.21 pkg/scalers/cron_scaler.go `parseCronTimeFormat`.
fn cron_text(schedule: &str) -> String {
    let mut text = String::new();
    for letter in schedule.chars() {
        match letter {
            ' ' => {}
            '*' => text.push('x'),
            '/' => text.push_str("Sl"),
            '?' => text.push_str("Qm"),
            ',' => text.push_str("Cm"),
            other => text.push(other),
        }
    }
    text
}

fn prometheus(fields: &mut Parameters<'_>) -> Read {
    fields.label = "prometheus";
    fields.required("serverAddress", METADATA);
    fields.required("query", METADATA);
    let threshold = fields.float("threshold", true).unwrap_or(1.0);
    Read::Metric(Metric {
        name: "prometheus".to_owned(),
        target_milli: keda::milli(threshold),
        activation: fields.float("activationThreshold", false).unwrap_or(0.0),
        empty_is_zero: fields.flag("ignoreNullValues", true),
        cron: None,
        source: Source::Prometheus,
    })
}

fn kafka(fields: &mut Parameters<'_>, is_sarama: bool) -> Read {
    fields.label = "kafka";
    fields.required("bootstrapServers", METADATA | ENV);
    let group = fields.required("consumerGroup", METADATA | ENV).unwrap_or_default();
    let topic = fields.text(&["topic"], METADATA | ENV);
    let threshold = fields.whole("lagThreshold", Some(10)).unwrap_or(10);
    if threshold <= 0 {
        let name = if is_sarama { "\"lagThreshold\" must be" } else { "lagThreshold must be a" };
        fields.refuse(fields.place("lagThreshold"), &format!("{name} positive number"));
    }
    let activation = fields.whole("activationLagThreshold", Some(0)).unwrap_or(0);
    if activation < 0 {
        let text = if is_sarama {
            "\"activationLagThreshold\" must be a non-negative number"
        } else {
            "activationLagThreshold must be a positive number"
        };
        fields.refuse(fields.place("activationLagThreshold"), text);
    }
    let limits = fields.flag("limitToPartitionsWithLag", false);
    let mut refuse_if = |is_wrong: bool, text: &str| {
        if is_wrong {
            fields.refuse(fields.place("limitToPartitionsWithLag"), text);
        }
    };
    refuse_if(
        limits && topic.is_none(),
        "topic must be specified when using limitToPartitionsWithLag",
    );
    if fields.flag("allowIdleConsumers", false) && limits {
        let text = "allowIdleConsumers and limitToPartitionsWithLag cannot be set simultaneously";
        fields.refuse(fields.place("allowIdleConsumers"), text);
    }
    let name = match topic {
        Some(topic) if is_sarama => format!("kafka-{topic}"),
        Some(topic) => {
            let topics: Vec<&str> = topic.split(',').map(str::trim).collect();
            format!("kafka-{}", topics.join(","))
        }
        None => format!("kafka-{group}-topics"),
    };
    queue(name, threshold.saturating_mul(1000), activation as f64)
}

/// Modes beside `QueueLength`, all of them for HTTP only.
const RATE_MODES: &[&str] =
    &["MessageRate", "DeliverGetRate", "PublishedToDeliveredRatio", "ExpectedQueueConsumptionTime"];

fn rabbitmq(fields: &mut Parameters<'_>) -> Read {
    fields.label = "rabbitmq";
    let name = fields.required("queueName", METADATA).unwrap_or_default();
    let host = fields.required("host", METADATA | AUTH | ENV);
    let protocol = rabbitmq_protocol(fields, host);
    let mode = fields.text(&["mode"], METADATA);
    let length = fields.float("queueLength", false).unwrap_or(0.0);
    let value = fields.float("value", false).unwrap_or(0.0);
    let activation = fields.float("activationValue", false).unwrap_or(0.0);
    let mode = mode.as_deref().filter(|it| *it != "Unknown");
    let (mode, target) = match (mode, length != 0.0, value != 0.0) {
        (None, false, false) => ("QueueLength", 20.0),
        (None, true, false) => ("QueueLength", length),
        (_, true, _) => {
            let text = "queueLength is deprecated; use mode and value";
            fields.refuse(fields.place("queueLength"), text);
            ("QueueLength", length)
        }
        (None, false, true) => {
            fields.refuse(fields.place("value"), "mode must be specified");
            ("QueueLength", value)
        }
        (Some(mode), false, false) => {
            fields.refuse(fields.place("mode"), "value must be specified");
            (mode, 1.0)
        }
        (Some(mode), false, true) => (mode, value),
    };
    if mode != "QueueLength" {
        if !RATE_MODES.contains(&mode) {
            let all = "QueueLength, MessageRate, DeliverGetRate, PublishedToDeliveredRatio or \
                       ExpectedQueueConsumptionTime";
            let text = format!("trigger mode {mode} must be one of {all}");
            fields.refuse(fields.place("mode"), &text);
        } else if protocol == Some("amqp") {
            let text =
                format!("protocol amqp not supported; must be HTTP to use trigger mode {mode}");
            fields.refuse(fields.place("mode"), &text);
        }
    }
    let read = queue(format!("rabbitmq-{}", query_escaped(&name)), keda::milli(target), activation);
    match read {
        Read::Metric(metric) if mode != "QueueLength" => {
            Read::Metric(Metric { source: Source::QueueRate, ..metric })
        }
        other => other,
    }
}

/// `amqp` or `http`; `None` if that can't be told.
///
/// Upstream: keda 2.21 pkg/scalers/rabbitmq_scaler.go `Validate`.
fn rabbitmq_protocol(fields: &mut Parameters<'_>, host: Option<String>) -> Option<&'static str> {
    let written = fields.text(&["protocol"], METADATA | AUTH);
    let protocol = match written.as_deref().unwrap_or("auto") {
        "amqp" => Some("amqp"),
        "http" => Some("http"),
        "auto" => {
            let host = host?;
            match host.split_once(':').map_or("", |(scheme, _)| scheme) {
                _ if host.starts_with('$') => None,
                "amqp" | "amqps" => Some("amqp"),
                "http" | "https" => Some("http"),
                other => {
                    let text = format!("unknown host URL scheme: `{other}`");
                    fields.refuse(fields.place("host"), &text);
                    None
                }
            }
        }
        other => {
            let text =
                format!("the protocol has to be either `amqp`, `http`, or `auto` but is `{other}`");
            fields.refuse(fields.place("protocol"), &text);
            None
        }
    };
    for name in ["useRegex", "excludeUnacknowledged"] {
        if fields.flag(name, false) && protocol == Some("amqp") {
            let text = format!("configure {name}=true only with HTTP protocol");
            fields.refuse(fields.place(name), &text);
        }
    }
    protocol
}

fn redis(fields: &mut Parameters<'_>) -> Read {
    fields.label = "redis";
    let name = fields.required("listName", METADATA).unwrap_or_default();
    let anywhere = METADATA | AUTH | ENV;
    let has = |names: &[&'static str]| fields.is_given(names, anywhere);
    let has_address =
        has(&["address", "addresses"]) || (has(&["host", "hosts"]) && has(&["port", "ports"]));
    if !has_address {
        let text = "no addresses or hosts given. address should be a comma separated list of \
                    host:port or set the host/port values";
        fields.refuse(fields.trigger.metadata_span, text);
    }
    let length = fields.whole("listLength", Some(5)).unwrap_or(5);
    let activation = fields.whole("activationListLength", Some(0)).unwrap_or(0);
    queue(format!("redis-{name}"), length.saturating_mul(1000), activation as f64)
}

fn sqs(fields: &mut Parameters<'_>) -> Read {
    fields.label = "SQS queue";
    let url = fields.required("queueURL", METADATA | ENV).unwrap_or_default();
    fields.required("awsRegion", METADATA | AUTH);
    let length = fields.whole("queueLength", Some(5)).unwrap_or(5);
    let activation = fields.whole("activationQueueLength", Some(0)).unwrap_or(0);
    let name = match url_path(&url) {
        None => url,
        Some(path) => match path.split('/').collect::<Vec<_>>()[..] {
            [_, _, name] if !name.is_empty() => name.to_owned(),
            _ => {
                let text = "cannot get queueName from queueURL";
                fields.refuse(fields.place("queueURL"), text);
                String::new()
            }
        },
    };
    queue(format!("aws-sqs-{name}"), length.saturating_mul(1000), activation as f64)
}

/// The path of a URL, or of what begins with a slash.
///
/// Upstream: Go net/url `ParseRequestURI`.
fn url_path(url: &str) -> Option<&str> {
    let path = match url.split_once("://") {
        None if url.starts_with('/') => url,
        None => return None,
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
    };
    Some(path.split('?').next().unwrap_or_default())
}

/// Upstream: Go net/url `QueryEscape`.
fn query_escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => escaped.push('+'),
            b'-' | b'_' | b'.' | b'~' => escaped.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => escaped.push(char::from(byte)),
            _ => {
                escaped.push('%');
                for digit in [byte >> 4, byte & 15] {
                    escaped.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
    }
    escaped
}

/// Upstream: keda 2.21 pkg/util/normalize_string.go `NormalizeString`.
fn normalized(name: &str) -> String {
    name.replace(['/', '.', ':', '%', '(', ')'], "-")
}
