//! Custom and external metrics, from the load to the HPA.

use tidetable_core::hpa::ConditionType;

use crate::{INSTANT_CALLS, Run, check, run};

const API: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, resources: {requests: {cpu: 1}}}]}
";

fn hpa(min: i32, metric: &str) -> String {
    format!(
        "---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: api}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: api}}
  minReplicas: {min}
  maxReplicas: 10
  metrics: [{metric}]
"
    )
}

/// Prometheus scrapes every 30 s; a pod is ready 2 s after its creation.
fn scenario(load: &str, more: &str) -> String {
    format!(
        "---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 40m
  load: [{{target: {{kind: Deployment, name: api}}, {load}}}]
  assumptions:
    request: {{cpu: 1ms}}
    {INSTANT_CALLS}
    podStart: {{schedule: 0s, imagePull: 0s, container: 2s, readiness: 0s}}
  {more}
"
    )
}

const PODS: &str = "{type: Pods, pods: {metric: {name: http_requests}, target: {type: AverageValue, \
                    averageValue: 50}}}";
const EXTERNAL: &str = "{type: External, external: {metric: {name: http_requests}, target: {type: \
                        AverageValue, averageValue: 100}}}";
const OBJECT: &str = "{type: Object, object: {metric: {name: http_requests}, describedObject: \
                      {apiVersion: networking.k8s.io/v1, kind: Ingress, name: main}, target: {type: \
                      Value, value: 100}}}";
const CPU: &str = "{type: Resource, resource: {name: cpu, target: {type: Utilization, \
                   averageUtilization: 50}}}";

/// What ScalingActive says at the look `seconds` into the run.
#[track_caller]
fn said(run: &Run, seconds: i64) -> String {
    let looks = &run.timeline.hpas[0].looks;
    let look = looks.iter().find(|it| it.at.ms() >= seconds * 1000).expect("it looks");
    let found = look.status.condition(ConditionType::ScalingActive).expect("the condition is set");
    let about = "the HPA was unable to compute the replica count: ";
    found.message.trim_start_matches(about).to_owned()
}

/// The scrape at 60 s still finds 10 of each pod, that at 90 s finds 100: ceil(2 × 100 / 50) = 4. At
/// 105 s the new pods have no sample and count as 0: 200 / 4 = 50. From 120 s on each has 50.
#[test]
fn a_gauge_is_seen_at_the_next_scrape() {
    let scenario = scenario(
        "step: {at: 60s, from: 20, to: 200}",
        "metrics: [{name: http_requests, from: requests, rate: 0s}]",
    );
    check(
        &[API, &hpa(2, PODS), &scenario].concat(),
        "
         at | desired
         0s |       2
        90s |       4
        ",
    );
}

/// Four samples of the two minutes, 30 s apart, and 30 s to the start: increase / 90 s.
///
/// | at | increase | a second | replicas |
/// |---|---|---|---|
/// | 60 s | -30 s to 60 s: 90 × 100 | 100 | 1 |
/// | 90 s | 0 s to 90 s: 60 × 100 + 30 × 300 | 166.7 | 2 |
/// | 120 s | 30 s to 120 s: 30 × 100 + 60 × 300 | 233.3 | 3 |
/// | 150 s | 60 s to 150 s: 90 × 300 | 300 | 3 |
#[test]
fn a_rate_rises_over_its_range() {
    let scenario = scenario(
        "step: {at: 60s, from: 100, to: 300}",
        "metrics: [{name: http_requests, from: requests, rate: 2m}]",
    );
    let text = [&API.replace("replicas: 2", "replicas: 1"), &hpa(1, EXTERNAL), &scenario];
    check(
        &text.map(String::as_str).concat(),
        "
          at | desired
          0s |       1
         90s |       2
        120s |       3
        ",
    );
}

#[test]
fn series_of_one_name_add_up_and_labels_choose() {
    let metrics = "metrics:
  - {name: http_requests, labels: {zone: a}, constant: 150}
  - {name: http_requests, labels: {zone: b}, constant: 250}
  - {name: other, constant: 1000}
";
    let zone_a = EXTERNAL.replace("requests}", "requests, selector: {matchLabels: {zone: a}}}");
    for (metric, expected) in [(EXTERNAL, 4.0), (&zone_a, 2.0)] {
        let text = [API, &hpa(1, metric), &scenario("constant: 1", metrics)].concat();
        let run = run(&text);
        assert_eq!(run.timeline.workloads[0].desired.max(), expected, "{metric}");
        let unused: Vec<_> = run.assembly.diagnostics.iter().map(|it| &*it.message).collect();
        assert!(unused.contains(&"no HPA and no trigger of KEDA's asks for other"), "{unused:?}");
    }
}

#[test]
fn a_total_is_split_over_the_ready_pods_and_a_number_of_each_pod_is_not() {
    // 240 over 2 pods is 120, over 5 pods 48; 120 of each pod asks for more without end.
    for (metric, expected) in [("constant: 240", 5.0), ("constant: 120, perPod: true", 10.0)] {
        let metrics = format!("metrics: [{{name: http_requests, {metric}}}]");
        let run = run(&[API, &hpa(2, PODS), &scenario("constant: 1", &metrics)].concat());
        assert_eq!(run.timeline.workloads[0].desired.max(), expected, "{metric}");
    }
}

#[test]
fn what_nobody_knows_is_not_found() {
    let about = |it: &str| {
        format!("unable to fetch metrics from {it}: the server could not find the metric")
    };
    let custom = about("custom metrics API");
    let external = about("external metrics API");
    for (metric, expected) in [
        (PODS, format!("unable to get metric http_requests: {custom} http_requests for pods")),
        (
            OBJECT,
            format!(
                "unable to get metric http_requests on Ingress default/main: {custom} \
                 http_requests for ingresses.networking.k8s.io"
            ),
        ),
        (
            EXTERNAL,
            format!(
                "unable to get external metric default/http_requests/nil: {external} http_requests \
                 for namespaces"
            ),
        ),
    ] {
        let run = run(&[API, &hpa(1, metric), &scenario("constant: 1", "")].concat());
        assert_eq!(said(&run, 60).replace("&LabelSelector", "nil"), expected);
        assert_eq!(run.assembly.unmet[0].name, "http_requests");
    }
}

#[test]
fn an_outage_is_told_as_upstream_tells_it() {
    let object = "unable to get metric http_requests on Ingress default/main: unable to fetch \
                  metrics from custom metrics API: ";
    let metric = "metrics: [{name: http_requests, from: requests, rate: 0s}]";
    for (of, expected) in [
        ("prometheus", "Internal error occurred: unable to fetch metrics"),
        (
            "adapter",
            "the server is currently unable to handle the request (get \
             ingresses.networking.k8s.io.custom.metrics.k8s.io main)",
        ),
    ] {
        let more = format!("{metric}\n  outages: [{{of: {of}, from: 2m, for: 1m}}]");
        let run = run(&[API, &hpa(1, OBJECT), &scenario("constant: 100", &more)].concat());
        assert_eq!(said(&run, 120), format!("{object}{expected}"));
        let found = "the HPA was able to successfully calculate a replica count from Ingress \
                     metric http_requests";
        assert_eq!([said(&run, 105), said(&run, 180)], [found, found], "{of}");
    }
}

/// From 120 s on scrapes find nothing. The list of 10 minutes still knows what was there up to
/// 90 s; that of 20 minutes looks back to 10 minutes only.
#[test]
fn a_series_that_ends_is_forgotten_by_the_list_after_the_next() {
    let metric = "metrics: [{name: http_requests, from: requests, rate: 0s, outage: [{from: 2m}]}]";
    let run = run(&[API, &hpa(1, OBJECT), &scenario("constant: 100", metric)].concat());
    let not_found = "unable to get metric http_requests on Ingress default/main: unable to fetch \
                     metrics from custom metrics API: the server could not find the metric \
                     http_requests for ingresses.networking.k8s.io";
    assert_eq!(said(&run, 120), format!("{not_found} main"));
    assert_eq!(said(&run, 1185), format!("{not_found} main"));
    assert_eq!(said(&run, 1200), not_found);
}

/// Reads at 60 s and 75 s fail; those at 90 s and 105 s make a pair.
#[test]
fn metrics_server_needs_two_reads_after_it_was_down() {
    let more = "outages: [{of: metrics-server, from: 60s, for: 30s}]";
    let run = run(&[API, &hpa(1, CPU), &scenario("constant: 100", more)].concat());
    let down = "failed to get cpu utilization: unable to get metrics for resource cpu: unable to \
                fetch metrics from resource metrics API: the server is currently unable to handle \
                the request (get pods.metrics.k8s.io)";
    let up = "the HPA was able to successfully calculate a replica count from cpu resource \
              utilization (percentage of request)";
    let expected = [up, down, down, down, up];
    assert_eq!([45, 60, 75, 90, 105].map(|it| said(&run, it)), expected);
}
