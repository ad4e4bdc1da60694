//! What is read, and what is refused.

use super::{Scaler, Target};
use crate::diagnostic::Severity;
use crate::manifest::{self, Body};

fn text(spec: &str) -> String {
    format!(
        "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: worker}}\nspec:\n  \
         {}\n",
        spec.trim_end().replace('\n', "\n  ")
    )
}

fn with_trigger(trigger: &str) -> String {
    text(&format!("scaleTargetRef: {{name: worker}}\nminReplicaCount: 1\ntriggers: [{trigger}]"))
}

fn errors(text: &str) -> Vec<String> {
    let found = manifest::read(text).diagnostics;
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}

/// (trigger, metric, target in milli units, whether it is an average, active above)
const METRICS: &[(&str, &str, i64, bool, f64)] = &[
    (
        "{type: prometheus, metadata: {serverAddress: 'http://p', query: up, threshold: '2.5'}}",
        "s0-prometheus",
        2_500,
        true,
        0.0,
    ),
    (
        "{type: prometheus, metricType: Value, metadata: {serverAddress: 'http://p', query: up, \
         threshold: '100', activationThreshold: '5.5'}}",
        "s0-prometheus",
        100_000,
        false,
        5.5,
    ),
    (
        "{type: cron, metadata: {timezone: Asia/Seoul, start: 0 8 * * 1-5, end: '*/30 20 ? * \
         1,3', desiredReplicas: '10'}}",
        "s0-cron-Asia-Seoul-08xx1-5-xSl3020Qmx1Cm3",
        1_000,
        true,
        0.0,
    ),
    (
        "{type: kafka, metadata: {bootstrapServers: 'k:9092', consumerGroup: g, topic: a.b, \
         lagThreshold: '50', activationLagThreshold: '3'}}",
        "s0-kafka-a-b",
        50_000,
        true,
        3.0,
    ),
    (
        "{type: kafka, metadata: {bootstrapServers: 'k:9092', consumerGroup: g}}",
        "s0-kafka-g-topics",
        10_000,
        true,
        0.0,
    ),
    (
        "{type: apache-kafka, metadata: {bootstrapServersFromEnv: KAFKA, consumerGroup: g, topic: \
         'a, b'}}",
        "s0-kafka-a,b",
        10_000,
        true,
        0.0,
    ),
    (
        "{type: rabbitmq, metadata: {queueName: my queue/1, hostFromEnv: HOST}}",
        "s0-rabbitmq-my+queue-2F1",
        20_000,
        true,
        0.0,
    ),
    (
        "{type: rabbitmq, metadata: {queueName: q, host: 'amqp://r', mode: QueueLength, value: \
         '7', activationValue: '2'}}",
        "s0-rabbitmq-q",
        7_000,
        true,
        2.0,
    ),
    (
        "{type: redis, metadata: {listName: jobs, address: 'r:6379', listLength: '8'}}",
        "s0-redis-jobs",
        8_000,
        true,
        0.0,
    ),
    (
        "{type: aws-sqs-queue, metadata: {queueURL: 'https://sqs/1234/orders', awsRegion: x, \
         identityOwner: operator, activationQueueLength: '9'}}",
        "s0-aws-sqs-orders",
        5_000,
        true,
        9.0,
    ),
    (
        "{type: aws-sqs-queue, authenticationRef: {name: a}, metadata: {queueURL: orders}}",
        "s0-aws-sqs-orders",
        5_000,
        true,
        0.0,
    ),
];

#[test]
fn a_trigger_becomes_a_metric_of_its_hpa() {
    for (trigger, metric, target, average, activation) in METRICS {
        let text = with_trigger(trigger);
        let read = manifest::read(&text);
        assert_eq!(read.diagnostics, [], "{trigger}");
        let Body::ScaledObject(it) = &read.documents[0].body else { panic!("{trigger}") };
        let Some(Scaler::External(external, _)) = &it.triggers[0].scaler else {
            panic!("{trigger}")
        };
        assert_eq!(
            (&*external.metric, external.target_milli, external.is_average, external.activation),
            (*metric, *target, *average, *activation),
            "{trigger}"
        );
    }
}

#[test]
fn cpu_and_memory_become_metrics_of_the_pods() {
    let text = with_trigger(
        "{type: cpu, metricType: Utilization, metadata: {value: '60', containerName: app}}, \
         {type: memory, metricType: AverageValue, metadata: {value: 500Mi}}",
    );
    let read = manifest::read(&text);
    let Body::ScaledObject(it) = &read.documents[0].body else { panic!() };
    let targets: Vec<_> = it
        .triggers
        .iter()
        .filter_map(|it| match it.scaler.as_ref()? {
            Scaler::Resource(it) => Some((it.name, it.container.as_deref(), it.target)),
            Scaler::External(..) => None,
        })
        .collect();
    let memory = Target::AverageValue(500 * 1024 * 1024 * 1000);
    assert_eq!(targets, [("cpu", Some("app"), Target::Utilization(60)), ("memory", None, memory)]);
}

/// (trigger, `marked text | message` of each error)
const REFUSED_TRIGGERS: &[(&str, &[&str])] = &[
    (
        "{type: prometheus, metadata: {query: up, threshold: ten}}",
        &[
            "metadata | error parsing prometheus metadata: missing required parameter \
             \"serverAddress\" in [triggerMetadata]",
            "ten | error parsing prometheus metadata: unable to set param \"threshold\" value \
             \"ten\": unable to unmarshal to field type float64",
        ],
    ),
    (
        "{type: kafka, metricType: Utilization, metadata: {lagThreshold: '0'}}",
        &["Utilization | error getting scaler metric type: 'Utilization' metric type is \
           unsupported for external metrics, allowed values are 'Value' or 'AverageValue'"],
    ),
    (
        "{type: kafka, metadata: {bootstrapServers: 'k:1', consumerGroup: g, lagThreshold: '0'}}",
        &["'0' | error parsing kafka metadata: \"lagThreshold\" must be positive number"],
    ),
    (
        "{type: kafka, metadata: {bootstrapServers: 'k:1', consumerGroup: g, lagThreshold: '0', \
         activationLagThreshold: '1.5'}}",
        &["'1.5' | error parsing kafka metadata: unable to set param \"activationLagThreshold\" \
             value \"1.5\": unable to unmarshal to field type int64"],
    ),
    (
        "{type: cron, metadata: {timezone: UTC, start: 0 8 * *, end: 0 8 * *, desiredReplicas: \
         '0'}}",
        &["0 8 * * | error parsing cron metadata: error parsing start schedule: expected exactly \
             5 fields, found 4: [0 8 * *]"],
    ),
    (
        "{type: cpu, metadata: {type: Utilization, value: '60'}}",
        &["Utilization | error parsing cpu metadata: scaler cpu info: The 'type' setting is \
           DEPRECATED and is removed in v2.18 - Use 'metricType' instead."],
    ),
    (
        "{type: cpu, metadata: {value: '60'}}",
        &["cpu | error parsing cpu metadata: unknown metric type: , allowed values are \
           'Utilization' or 'AverageValue'"],
    ),
    (
        "{type: rabbitmq, metadata: {queueName: q, host: 'amqp://r', mode: MessageRate, value: \
         '7'}}",
        &["MessageRate | error parsing RabbitMQ metadata: protocol amqp not supported; must be \
           HTTP to use trigger mode MessageRate"],
    ),
    (
        "{type: redis, metadata: {listName: jobs, host: r}}",
        &[
            "metadata | error parsing redis metadata: no addresses or hosts given. address should be \
           a comma separated list of host:port or set the host/port values",
        ],
    ),
    (
        "{type: aws-sqs-queue, metadata: {queueURL: 'https://sqs/orders', queueLength: '0'}}",
        &[
            "metadata | error parsing SQS queue metadata: missing required parameter \"awsRegion\" in \
           [triggerMetadata authParams]",
        ],
    ),
    (
        "{type: aws-sqs-queue, metadata: {queueURL: 'https://sqs/orders', awsRegion: x}}",
        &["'https://sqs/orders' | error parsing SQS queue metadata: cannot get queueName from \
           queueURL"],
    ),
    (
        "{type: aws-sqs-queue, metadata: {queueURL: orders, awsRegion: x}}",
        &["metadata | error parsing SQS queue metadata: awsAccessKeyID not found"],
    ),
    (
        "{type: redis, metadata: {listName: jobs, address: 'r:1', listLength: '0'}}",
        &["metadata | the HPA is refused: averageValue of s0-redis-jobs must be positive"],
    ),
    ("{metadata: {}}", &["metadata | spec.triggers[0].type: Required value"]),
];

#[test]
fn what_a_scaler_refuses_is_said_in_its_words() {
    for (trigger, expected) in REFUSED_TRIGGERS {
        assert_eq!(errors(&with_trigger(trigger)), *expected, "{trigger}");
    }
}

/// (fields of `spec` besides the target, `marked text | message` of each error)
const REFUSED: &[(&str, &[&str])] = &[
    (
        "pollingInterval: 0\ncooldownPeriod: -1\ntriggers: []",
        &[
            "0 | spec.pollingInterval: Invalid value: 0: spec.pollingInterval in body should be \
             greater than or equal to 1",
            "-1 | spec.cooldownPeriod: Invalid value: -1: spec.cooldownPeriod in body should be \
             greater than or equal to 0",
            "triggers | spec.triggers: Invalid value: 0: spec.triggers in body should have at \
             least 1 items",
        ],
    ),
    (
        "minReplicaCount: 9\nmaxReplicaCount: 3\nidleReplicaCount: 9\ntriggers: [JOBS]",
        &[
            "9 | MinReplicaCount=9 must be less than MaxReplicaCount=3",
            "9 | IdleReplicaCount=9 must be less than MinReplicaCount=9",
        ],
    ),
    (
        "idleReplicaCount: 0\ntriggers: [JOBS]",
        &["0 | IdleReplicaCount=0 must be less than MinReplicaCount=0"],
    ),
    (
        "triggers: [{type: cpu, metricType: Utilization, useCachedMetrics: true, metadata: {value: \
         '60'}}]",
        &[
            "cpu | scaledobject has only cpu/memory triggers AND minReplica is 0 (scale to zero \
             doesn't work in this case)",
            "true | property \"useCachedMetrics\" is not supported for \"cpu\" scaler",
        ],
    ),
    (
        "triggers: [JOBS]\nfallback: {failureThreshold: 3, replicas: 2, behavior: never}",
        &["never | spec.fallback.behavior: Unsupported value: \"never\": supported values: \
           \"static\", \"currentReplicas\", \"currentReplicasIfHigher\", \
           \"currentReplicasIfLower\", \"scalingModifiers\""],
    ),
    (
        "triggers: [JOBS]\nadvanced: {scalingModifiers: {formula: a + b}}",
        &["a + b | formula is given but target is empty"],
    ),
    (
        "triggers: [JOBS]\nadvanced: {horizontalPodAutoscalerConfig: {behavior: {scaleDown: \
         {stabilizationWindowSeconds: 4000}}}}",
        &[
            "4000 | spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be \
           less than or equal to 3600",
        ],
    ),
];

#[test]
fn what_the_api_server_and_the_webhook_refuse_is_said_in_their_words() {
    const JOBS: &str = "{type: redis, metadata: {listName: jobs, address: 'r:6379'}}";
    for (spec, expected) in REFUSED {
        let spec = format!("scaleTargetRef: {{name: worker}}\n{}", spec.replace("JOBS", JOBS));
        assert_eq!(errors(&text(&spec)), *expected, "{spec}");
    }
    let nothing = "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {name: a}\nspec: {}";
    assert_eq!(
        errors(nothing),
        ["{} | spec.scaleTargetRef: Required value", "{} | spec.triggers: Required value"]
    );
}

#[test]
fn annotations_are_read_as_go_reads_bools() {
    for (annotations, expected) in [
        ("paused: 'true'", [true, false]),
        ("paused: 'false'", [false, false]),
        ("paused: 'F'", [false, false]),
        ("paused: maybe", [true, false]),
        ("paused: 'false', autoscaling.keda.sh/paused-replicas: '3'", [true, false]),
        ("paused-scale-in: '1'", [false, true]),
    ] {
        let text = format!(
            "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: {{name: a, annotations: \
             {{autoscaling.keda.sh/{annotations}}}}}\nspec: {{}}"
        );
        let read = manifest::read(&text);
        let Body::ScaledObject(it) = &read.documents[0].body else { panic!() };
        let found = [it.annotations.paused.is_some(), it.annotations.paused_scale_in.is_some()];
        assert_eq!(found, expected, "{annotations}");
    }
}
