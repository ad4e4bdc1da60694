//! What a trigger stands for: the metric of its HPA, and when it is active.
//!
//! Parameters are read as KEDA's scalers read them; what they refuse is told in their words. What a
//! secret or a variable holds can't be seen: such a parameter counts as given, unless `variables`
//! finds that the target's container has no such variable.
//!
//! Upstream: keda 2.21 pkg/scalers/scalersconfig/typed_config.go and, in pkg/scalers,
//! prometheus_scaler.go, cron_scaler.go, cpu_memory_scaler.go, kafka_scaler.go,
//! apache_kafka_scaler.go, rabbitmq_scaler.go, redis_scaler.go, aws_sqs_queue_scaler.go.

use super::Trigger;
use super::parameters::{AUTH, ENV, METADATA, Parameters};
use crate::keda::{self, Cron, External, Kafka, cron::Schedule, zone::Zone};
use crate::quantity::Quantity;
use crate::source::Span;

/// What a trigger stands for.
#[expect(clippy::large_enum_variant, reason = "a text has few, and none is moved often")]
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
    let kind = trigger.kind.value.as_str();
    if let "cpu" | "memory" = kind {
        let read = resource(&mut fields, if kind == "cpu" { "cpu" } else { "memory" });
        return Some(finished(fields.problems, Scaler::Resource(read)));
    }
    let read: fn(&mut Parameters<'_>) -> Metric = match kind {
        "cron" => cron,
        "prometheus" => prometheus,
        "kafka" => |it| kafka(it, true),
        "apache-kafka" => |it| kafka(it, false),
        "rabbitmq" => rabbitmq,
        "redis" | "redis-cluster" | "redis-sentinel" => redis,
        "aws-sqs-queue" => sqs,
        _ => return None,
    };
    let metric_type = trigger.metric_type.as_ref();
    if let Some(refused) = metric_type.filter(|it| it.value == "Utilization") {
        return Some(Err(vec![(refused.span, UTILIZATION.to_owned())]));
    }
    let metric = read(&mut fields);
    let external = External {
        metric: format!("s{index}-{}", normalized(&metric.name)),
        target_milli: metric.target_milli,
        is_average: metric_type.is_none_or(|it| it.value == "AverageValue"),
        activation: metric.activation,
        empty_is_zero: metric.empty_is_zero,
        cached: trigger.use_cached_metrics.is_some_and(|it| it.value),
        cron: metric.cron,
        kafka: metric.kafka,
    };
    Some(finished(fields.problems, Scaler::External(external, metric.source)))
}

fn finished(problems: Problems, scaler: Scaler) -> Result<Scaler, Problems> {
    if problems.is_empty() { Ok(scaler) } else { Err(problems) }
}

/// Upstream: keda 2.21 pkg/scalers/scaler.go `GetMetricTargetType`.
const UTILIZATION: &str = "error getting scaler metric type: 'Utilization' metric type is \
                           unsupported for external metrics, allowed values are 'Value' or \
                           'AverageValue'";

struct Metric {
    name: String,
    target_milli: i64,
    activation: f64,
    empty_is_zero: bool,
    cron: Option<Cron>,
    kafka: Option<Kafka>,
    source: Source,
}

/// The length of a queue.
fn queue(name: String, target_milli: i64, activation: f64) -> Metric {
    let source = Source::Queue;
    Metric { name, target_milli, activation, empty_is_zero: false, cron: None, kafka: None, source }
}

fn resource(fields: &mut Parameters<'_>, name: &'static str) -> Resource {
    fields.label = name;
    let retired = "The 'type' setting is DEPRECATED and is removed in v2.18 - Use 'metricType' \
                   instead.";
    fields.retired("type", &format!("scaler {name} info: {retired}"));
    let value = fields.required("value", METADATA);
    let container = fields.text(&["containerName"], METADATA);
    let text = value.as_deref().unwrap_or("1");
    let place = fields.place("value");
    let kind = fields.trigger.metric_type.as_ref();
    let target = match kind.map_or("", |it| it.value.as_str()) {
        "Utilization" => text.parse().ok().map(Target::Utilization).or_else(|| {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let is_number = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
            let what = if is_number { "value out of range" } else { "invalid syntax" };
            fields.reject(place, &format!("strconv.ParseInt: parsing {text:?}: {what}"));
            None
        }),
        "AverageValue" => {
            let quantity = Quantity::parse(text).ok();
            quantity.map(|it| Target::AverageValue(it.milli_value())).or_else(|| {
                fields.reject(place, &format!("cannot parse {text:?} as a quantity"));
                None
            })
        }
        other => {
            let span = kind.map_or(fields.trigger.kind.span, |it| it.span);
            let allowed = "allowed values are 'Utilization' or 'AverageValue'";
            fields.reject(span, &format!("unknown metric type: {other}, {allowed}"));
            None
        }
    };
    Resource { name, container, target: target.unwrap_or(Target::Utilization(1)) }
}

fn cron(fields: &mut Parameters<'_>) -> Metric {
    fields.label = "cron";
    let [start, end, zone] =
        ["start", "end", "timezone"].map(|it| fields.required(it, METADATA).unwrap_or_default());
    let desired_replicas = fields.whole("desiredReplicas", None);
    let schedules = [("start", &start), ("end", &end)].map(|(name, text)| {
        let schedule = Schedule::parse(text);
        if let Err(error) = &schedule {
            let text = format!("error parsing {name} schedule: {error}");
            fields.reject(fields.place(name), &text);
        }
        schedule.ok()
    });
    if start == end {
        let text = "start and end can not have exactly same time input";
        fields.reject(fields.place("end"), text);
    }
    if desired_replicas == Some(0) {
        fields.reject(fields.place("desiredReplicas"), "no desiredReplicas specified");
    }
    let [from, to] = schedules;
    Metric {
        name: format!("cron-{zone}-{}-{}", cron_text(&start), cron_text(&end)),
        target_milli: 1000,
        activation: 0.0,
        empty_is_zero: false,
        cron: from.zip(to).map(|(start, end)| Cron {
            start,
            end,
            zone: Zone::find(&zone),
            desired_replicas: desired_replicas.unwrap_or(0),
        }),
        kafka: None,
        source: Source::Cron,
    }
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

fn prometheus(fields: &mut Parameters<'_>) -> Metric {
    fields.label = "prometheus";
    fields.required("serverAddress", METADATA);
    fields.required("query", METADATA);
    let threshold = fields.float("threshold", true).unwrap_or(1.0);
    Metric {
        name: "prometheus".to_owned(),
        target_milli: keda::milli(threshold),
        activation: fields.float("activationThreshold", false).unwrap_or(0.0),
        empty_is_zero: fields.flag("ignoreNullValues", true),
        cron: None,
        kafka: None,
        source: Source::Prometheus,
    }
}

fn kafka(fields: &mut Parameters<'_>, is_sarama: bool) -> Metric {
    fields.label = "kafka";
    fields.required("bootstrapServers", METADATA | ENV);
    let group = fields.required("consumerGroup", METADATA | ENV).unwrap_or_default();
    let topic = fields.text(&["topic"], METADATA | ENV);
    let threshold = fields.whole("lagThreshold", Some(10)).unwrap_or(10);
    let activation = fields.whole("activationLagThreshold", Some(0)).unwrap_or(0);
    let allows_idle = fields.flag("allowIdleConsumers", false);
    let limits = fields.flag("limitToPartitionsWithLag", false);
    let is_even = fields.flag("ensureEvenDistributionOfPartitions", false);
    let (no_threshold, no_activation) = if is_sarama {
        let no_activation = "\"activationLagThreshold\" must be a non-negative number";
        ("\"lagThreshold\" must be positive number", no_activation)
    } else {
        let no_activation = "activationLagThreshold must be a positive number";
        ("lagThreshold must be a positive number", no_activation)
    };
    for (is_wrong, name, text) in [
        (threshold <= 0, "lagThreshold", no_threshold),
        (activation < 0, "activationLagThreshold", no_activation),
        (
            allows_idle && limits,
            "allowIdleConsumers",
            "allowIdleConsumers and limitToPartitionsWithLag cannot be set simultaneously",
        ),
        (
            topic.is_none() && limits,
            "limitToPartitionsWithLag",
            "topic must be specified when using limitToPartitionsWithLag",
        ),
        (
            limits && is_even,
            "ensureEvenDistributionOfPartitions",
            "limitToPartitionsWithLag and ensureEvenDistributionOfPartitions cannot be set \
             simultaneously",
        ),
        (
            topic.is_none() && is_even,
            "ensureEvenDistributionOfPartitions",
            "topic must be specified when using ensureEvenDistributionOfPartitions",
        ),
    ] {
        if is_wrong {
            fields.reject(fields.place(name), text);
        }
    }
    let name = match topic {
        Some(topic) if is_sarama => format!("kafka-{topic}"),
        Some(topic) => {
            let topics: Vec<&str> = topic.split(',').map(str::trim).collect();
            format!("kafka-{}", topics.join(","))
        }
        None => format!("kafka-{group}-topics"),
    };
    let kafka = Kafka { threshold, partitions: 0, allows_idle, limits_to_lag: limits, is_even };
    let metric = queue(name, threshold.saturating_mul(1000), activation as f64);
    Metric { kafka: Some(kafka), ..metric }
}

/// Modes beside `QueueLength`, all of them for HTTP only.
const RATE_MODES: &[&str] =
    &["MessageRate", "DeliverGetRate", "PublishedToDeliveredRatio", "ExpectedQueueConsumptionTime"];

fn rabbitmq(fields: &mut Parameters<'_>) -> Metric {
    fields.label = "RabbitMQ";
    let name = fields.required("queueName", METADATA).unwrap_or_default();
    let mode = fields.text(&["mode"], METADATA);
    let length = fields.float("queueLength", false).unwrap_or(0.0);
    let value = fields.float("value", false).unwrap_or(0.0);
    let activation = fields.float("activationValue", false).unwrap_or(0.0);
    let host = fields.required("host", METADATA | AUTH | ENV);
    let protocol = rabbitmq_protocol(fields, host);
    let mode = mode.as_deref().filter(|it| *it != "Unknown");
    let mut reject = |name: &str, text: &str| fields.reject(fields.place(name), text);
    let (mode, target) = match (mode, length != 0.0, value != 0.0) {
        (None, false, false) => ("QueueLength", 20.0),
        (None, true, false) => ("QueueLength", length),
        (_, true, _) => {
            reject("queueLength", "queueLength is deprecated; use mode and value");
            ("QueueLength", length)
        }
        (None, false, true) => {
            reject("value", "mode must be specified");
            ("QueueLength", value)
        }
        (Some(mode), false, false) => {
            reject("mode", "value must be specified");
            (mode, 1.0)
        }
        (Some(mode), false, true) => (mode, value),
    };
    if mode != "QueueLength" && !RATE_MODES.contains(&mode) {
        let all = "QueueLength, MessageRate, DeliverGetRate, PublishedToDeliveredRatio or \
                   ExpectedQueueConsumptionTime";
        reject("mode", &format!("trigger mode {mode} must be one of {all}"));
    } else if mode != "QueueLength" && protocol == Some("amqp") {
        let text = format!("protocol amqp not supported; must be HTTP to use trigger mode {mode}");
        reject("mode", &text);
    }
    let source = if mode == "QueueLength" { Source::Queue } else { Source::QueueRate };
    let name = format!("rabbitmq-{}", query_escaped(&name));
    Metric { source, ..queue(name, keda::milli(target), activation) }
}

/// `amqp` or `http`; `None` if that can't be told.
///
/// Upstream: keda 2.21 pkg/scalers/rabbitmq_scaler.go `Validate`.
fn rabbitmq_protocol(fields: &mut Parameters<'_>, host: Option<String>) -> Option<&'static str> {
    let written = fields.text(&["protocol"], METADATA | AUTH);
    let [by_regex, excludes] =
        ["useRegex", "excludeUnacknowledged"].map(|it| fields.flag(it, false));
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
                    fields.reject(fields.place("host"), &text);
                    None
                }
            }
        }
        other => {
            let text =
                format!("the protocol has to be either `amqp`, `http`, or `auto` but is `{other}`");
            fields.reject(fields.place("protocol"), &text);
            None
        }
    };
    for (is_set, name) in [(by_regex, "useRegex"), (excludes, "excludeUnacknowledged")] {
        if is_set && protocol == Some("amqp") {
            let text = format!("configure {name}=true only with HTTP protocol");
            fields.reject(fields.place(name), &text);
        }
    }
    protocol
}

fn redis(fields: &mut Parameters<'_>) -> Metric {
    fields.label = "redis";
    let length = fields.whole("listLength", Some(5)).unwrap_or(5);
    let activation = fields.whole("activationListLength", Some(0)).unwrap_or(0);
    let name = fields.required("listName", METADATA).unwrap_or_default();
    let anywhere = METADATA | AUTH | ENV;
    let has = |names: &[&'static str]| fields.is_given(names, anywhere);
    let has_address =
        has(&["address", "addresses"]) || (has(&["host", "hosts"]) && has(&["port", "ports"]));
    if !has_address {
        let text = "no addresses or hosts given. address should be a comma separated list of \
                    host:port or set the host/port values";
        fields.reject(fields.trigger.metadata_span, text);
    }
    queue(format!("redis-{name}"), length.saturating_mul(1000), activation as f64)
}

fn sqs(fields: &mut Parameters<'_>) -> Metric {
    fields.label = "SQS queue";
    let length = fields.whole("queueLength", Some(5)).unwrap_or(5);
    let activation = fields.whole("activationQueueLength", Some(0)).unwrap_or(0);
    let url = fields.required("queueURL", METADATA | ENV).unwrap_or_default();
    fields.required("awsRegion", METADATA | AUTH);
    let name = match url_path(&url) {
        None => url,
        Some(path) => match path.split('/').collect::<Vec<_>>()[..] {
            [_, _, name] if !name.is_empty() => name.to_owned(),
            _ => {
                fields.reject(fields.place("queueURL"), "cannot get queueName from queueURL");
                String::new()
            }
        },
    };
    aws_keys(fields);
    queue(format!("aws-sqs-{name}"), length.saturating_mul(1000), activation as f64)
}

/// Without a TriggerAuthentication the keys come from variables, unless the operator has its own.
///
/// Upstream: keda 2.21 pkg/scalers/aws/aws_authorization.go `GetAwsAuthorization`.
fn aws_keys(fields: &mut Parameters<'_>) {
    let owner = fields.text(&["identityOwner"], METADATA);
    if fields.trigger.has_authentication || owner.as_deref() == Some("operator") {
        return;
    }
    for (name, from) in [("awsAccessKeyID", METADATA | ENV), ("awsSecretAccessKey", ENV)] {
        if !fields.is_given(&[name], from) {
            fields.reject(fields.trigger.metadata_span, &format!("{name} not found"));
        }
    }
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
