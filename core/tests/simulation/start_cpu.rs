//! CPU that pods use while they start, and what the HPA takes it for.

use crate::hpa::hpa;
use crate::{INSTANT_CALLS, check, run};

/// A pod of 1 CPU that answers 30 s after its container's start; `probe` is the last line of its
/// container.
fn web(limit: &str, probe: &str) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 1
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
      - name: web
        resources: {{requests: {{cpu: 1}}{limit}}}
        {probe}
"
    )
}

const LIMIT: &str = ", limits: {cpu: 2}";
const PROBE: &str = "readinessProbe: {periodSeconds: 10}";

/// Idle pods use 500m, 50 % of their request and just the target; a starting one 1 CPU more. At
/// 60 s someone asks for a second pod. Containers run 2 s after their pod is made, samples are 8 s old
/// and span 15 s.
fn scenario(rps: i32, start: &str, more: &str) -> String {
    format!(
        "---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 10m
  load: [{{target: {{name: web}}, constant: {rps}}}]
  edits: [{{at: 60s, target: {{name: web}}, replicas: 2}}]
  assumptions:
    request: {{cpu: 10ms}}
    {INSTANT_CALLS}
    idle: {{cpu: 500m}}
    podStart: {{schedule: 0s, imagePull: 0s, container: 2s, {start}}}
{more}"
    )
}

const BUSY: &str = "readiness: 30s, cpu: 1";

fn text(limit: &str, probe: &str, scenario: &str) -> String {
    [&*web(limit, probe), &hpa("web", "Deployment", "web", 1, 10), scenario].concat()
}

/// Without a probe a pod is ready as its container runs. Its first sample, over 20 s from then on,
/// counts; at the next look it is over (10 s × 1500m + 5 s × 500m) / 15 s = 1167m, 116 %.
///
/// | at | seen | what follows |
/// |---|---|---|
/// | 90 s | the second pod, from 62 s: 1500m; (50 + 150) / 2 = 100 % | ceil(2 × 2) = 4 |
/// | 105 s | (500m + 1167m) / 2 = 83 %; two without a sample halve it to 41 %: turned round | stays |
/// | 120 s | two idle, two at 1500m: 100 % | ceil(4 × 2) = 8 |
/// | 135 s | (2 × 500m + 2 × 1167m) / 4 = 83 %; four without a sample: 41 % | stays |
/// | 150 s | four idle, four at 1500m: 100 % | ceil(8 × 2), at most 10 |
/// | 210 s | 50 % of each, just the target | stays for ever |
#[test]
fn without_a_probe_each_start_starts_more() {
    let table = "
         at | desired ready
         0s |       1     1
        60s |       2     1
        62s |       2     2
        90s |       4     2
        92s |       4     4
       120s |       8     4
       122s |       8     8
       150s |      10     8
       152s |      10    10
    ";
    check(&text(LIMIT, "", &scenario(0, BUSY, "")), table);
    // The same for this workload alone.
    let own = format!(
        "  overrides:\n  - target: {{name: web}}\n    assumptions: {{podStart: {{{BUSY}}}}}\n"
    );
    check(&text(LIMIT, "", &scenario(0, "readiness: 1s", &own)), table);
}

/// The probe fails until 92 s and succeeds at 60 s + 10 n. The sample of 127 s is the first that
/// lies wholly after 100 s; that pod is idle by then.
#[test]
fn with_a_probe_nobody_sees_the_start() {
    // A startup probe alone holds readiness back just so.
    for probe in [PROBE, "startupProbe: {periodSeconds: 10}"] {
        check(
            &text(LIMIT, probe, &scenario(0, BUSY, "")),
            "
              at | desired ready
              0s |       1     1
             60s |       2     1
            100s |       2     2
            ",
        );
    }
}

/// A pod that is ready counts at once, with a sample from before.
///
/// | at | seen | what follows |
/// |---|---|---|
/// | 105 s | ready since 100 s; 82 to 97 s: 1167m; (500m + 1167m) / 2 = 83 % | ceil(2 × 1.66) = 4 |
/// | 145 s | made at 105 s, would answer at 137 s; probes come at 105 + 10 n | ready |
/// | 150 s | 127 to 142 s: (2 × 500m + 2 × 1167m) / 4 = 83 % | ceil(4 × 1.66) = 7 |
/// | 195 s | ready since 190 s: (4 × 500m + 3 × 1167m) / 7 = 78 % | ceil(7 × 1.56), at most 10 |
#[test]
fn without_an_initialization_period_the_end_of_the_start_counts() {
    let instant = INSTANT_CALLS.replace("hpa: {", "hpa: {cpuInitializationPeriod: 0s, ");
    check(
        &text(LIMIT, PROBE, &scenario(0, BUSY, "").replace(INSTANT_CALLS, &instant)),
        "
          at | desired ready
          0s |       1     1
         60s |       2     1
        100s |       2     2
        105s |       4     2
        145s |       4     4
        150s |       7     4
        190s |       7     7
        195s |      10     7
        235s |      10    10
        ",
    );
}

/// What the second pod used from 62.001 s, its first measurement, to 82 s, beside the 500m of the
/// first; the target is 50 %.
#[test]
fn a_start_takes_what_its_limit_leaves_for_as_long_as_it_lasts() {
    for (limit, start, wanted) in [
        // As above.
        (LIMIT, "readiness: 30s, cpu: 1", 4.0),
        // 1000m, the limit: (50 + 100) / 2 = 75 %, ceil(2 × 1.5)
        (", limits: {cpu: 1}", "readiness: 30s, cpu: 1", 3.0),
        // 3500m, as nodes have 16 CPUs: 200 %, ceil(2 × 4) = 8; at most twice as many at a time
        ("", "readiness: 30s, cpu: 3", 4.0),
        // (3.999 s × 1500m + 16 s × 500m) / 19.999 s = 700m: 60 %, ceil(2 × 1.2)
        (LIMIT, "readiness: 30s, cpu: 1, cpuFor: 4s", 3.0),
        // (1.999 s × 1500m + 18 s × 500m) / 19.999 s = 600m: 55 %, within the tolerance
        (LIMIT, "readiness: 30s, cpu: 1, cpuFor: 2s", 2.0),
        // It goes on after the pod could answer.
        (LIMIT, "readiness: 1s, cpu: 1, cpuFor: 30s", 4.0),
        (LIMIT, "readiness: 30s", 2.0),
    ] {
        let run = run(&text(limit, "", &scenario(0, start, "")));
        let desired = run.series("desired").at(tidetable_core::time::Instant::from_seconds(91));
        assert_eq!(desired, Some(wanted), "{limit} {start}");
    }
}

/// A pod serves (2 - 0.5) CPU / 10 ms = 150 rps, in its start as well.
#[test]
fn requests_go_before_the_work_of_starting() {
    let start = scenario(200, "readiness: 0s, cpu: 2, cpuFor: 1m", "");
    check(
        &[&*web(LIMIT, ""), &start].concat(),
        "
         at | desired ready served
         0s |       1     1    150
        60s |       2     1    150
        62s |       2     2    200
        ",
    );
}
