//! Whatever a text holds, reading it gives documents and located diagnostics: no panic, no hang.

use std::fmt::Write as _;

use proptest::prelude::*;
use tidetable_core::diagnostic::{Diagnostic, Severity};
use tidetable_core::manifest::{self, ApiRules};
use tidetable_core::scenario::{self, Scenario};
use tidetable_core::{Language, lint, right_now};

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, resources: {requests: {cpu: 500m}}}]}
";

/// Whatever a lint looks at, with something to say for most of them.
const EVERYTHING: &str = "apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  minReplicas: 0
  maxReplicas: 40
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  behavior:
    scaleUp: {tolerance: 0.05, policies: [{type: Pods, value: 1, periodSeconds: 60}]}
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 100}}
  - type: External
    external: {metric: {name: bad_seconds}, target: {type: Value, value: 50m}}
  - type: Pods
    pods: {metric: {name: queue_length}, target: {type: AverageValue, averageValue: 5}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 50%}}
  template:
    metadata: {labels: {app: web}, annotations: {dapr.io/enabled: \"true\"}}
    spec:
      containers:
      - {name: app, resources: {requests: {cpu: 1}, limits: {cpu: 1}}}
      - {name: cpa, image: cluster-proportional-autoscaler, args: [--target=Deployment/web]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: down}
spec:
  maxReplicas: 5
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  metrics:
  - type: Resource
    resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: job}
spec: {jobTemplate: {spec: {template: {metadata: {labels: {app: web}}, spec: {containers: []}}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 50%, selector: {matchLabels: {app: web}}}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: {name: web}
spec: {targetRef: {kind: Deployment, name: web}, updatePolicy: {updateMode: Auto}}
---
apiVersion: v1
kind: LimitRange
metadata: {name: web}
spec: {limits: [{type: Container, defaultRequest: {memory: 1Gi}}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: default, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: adapter}
data:
  config.yaml: |
    externalRules:
    - {seriesQuery: bad_seconds, metricsQuery: 'rate(bad[5m])'}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web}
spec:
  scaleTargetRef: {name: web}
  cooldownPeriod: 60
  minReplicaCount: 1
  triggers:
  - {type: kafka, metricType: Value, metadata: {lagThreshold: \"5\"}}
  - {type: cpu, metricType: Utilization, metadata: {value: \"50\"}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec: {assumptions: {hpa: {downscaleStabilization: 1m}, versions: {kubernetes: \"1.34\"}}}
";

fn hpa(spec: &str) -> String {
    let spec = spec.replace('\n', "\n  ");
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  {spec}\n"
    )
}

/// Reads and lints `text`; every span must lie on characters of it.
#[track_caller]
fn read(text: &str) -> (manifest::Documents, Vec<Diagnostic>) {
    let mut documents = manifest::read(text);
    let scenarios = documents.documents.iter().filter_map(|it| match &it.body {
        manifest::Body::Scenario(node) => Some(node),
        _ => None,
    });
    let scenario = scenario::read(scenarios).scenario.unwrap_or_else(Scenario::empty);
    let mut found = documents.diagnostics.clone();
    found.extend(documents.judge(&ApiRules::default()));
    found.extend(lint::check(text, &documents, &scenario));
    for it in &found {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
        for span in labels.chain(edits).chain([it.span]) {
            assert!(text.get(span.start..span.end).is_some(), "{span:?} of {it:?}");
        }
    }
    for document in &documents.documents {
        assert!(text.get(document.span.start..document.span.end).is_some());
    }
    (documents, found)
}

/// Asks for the next decisions of `text`; every span must lie on characters of it.
#[track_caller]
fn ask(text: &str) {
    let now = right_now(text, Language::Ko);
    let inputs = now.hpas.iter().flat_map(|it| &it.inputs).filter_map(|it| it.span);
    let hpas = now.hpas.iter().map(|it| it.span);
    for span in now.diagnostics.iter().map(|it| it.span).chain(inputs).chain(hpas) {
        assert!(text.get(span.start..span.end).is_some(), "{span:?} of {now:#?}");
    }
}

/// The errors of `text` as `source | message`.
#[track_caller]
fn errors(text: &str) -> Vec<String> {
    let (_, found) = read(text);
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}

#[test]
fn nothing_is_nothing_and_no_error() {
    for text in ["", "\n\n", "# only\n# comments\n", "---\n---\n...\n", "\u{feff}", "~\n"] {
        let (documents, found) = read(text);
        assert!(documents.documents.is_empty() && found.is_empty(), "{text:?}: {found:?}");
    }
}

#[test]
fn a_broken_document_takes_no_other_with_it() {
    let other = DEPLOYMENT.replacen("name: web", "name: api", 1);
    let text = format!("{DEPLOYMENT}---\na: [1, 2\n---\nb: \"open\n---\n{other}");
    let (documents, found) = read(&text);
    assert_eq!(documents.workloads().count(), 2);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn tabs_are_named_and_mended() {
    let text = DEPLOYMENT.replace("  ", "\t");
    let (_, found) = read(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "a tab can't indent YAML: use spaces");
    let mut mended = text.clone();
    for edit in found[0].fixes[0].edits.iter().rev() {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    assert_eq!(mended, DEPLOYMENT);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_fine() {
    let other = DEPLOYMENT.replacen("name: web", "name: api", 1);
    let text = format!("\u{feff}{DEPLOYMENT}---\n{other}").replace('\n', "\r\n");
    let (documents, found) = read(&text);
    assert_eq!((documents.workloads().count(), found.len()), (2, 0), "{found:?}");
}

#[test]
fn json_is_yaml() {
    let text = "{\n\t\"apiVersion\": \"v1\", \"kind\": \"List\",\n\t\"items\": [\n\t\t{\
                \"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": \
                {\"name\": \"web\"}}\n\t]\n}";
    let (documents, found) = read(text);
    assert_eq!(documents.documents[0].name(), "web");
    assert!(found.iter().all(|it| it.severity == Severity::Info), "{found:?}");
}

#[test]
fn an_alias_bomb_is_told_where_it_grows() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let errors = errors(&text);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("with its aliases resolved"), "{errors:?}");
}

#[test]
fn an_alias_of_itself_or_of_nothing_is_no_value() {
    assert!(errors("a: &a [*a]\n")[0].starts_with("*a | this alias refers to a value that"));
    assert!(errors("a: *b\n")[0].starts_with("*b | `*b` refers to an anchor that is not set"));
}

#[test]
fn deep_nesting_is_refused() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        let errors = errors(&text);
        assert_eq!(errors.len(), 1);
    }
    let mut block = String::new();
    for level in 0..3000 {
        writeln!(block, "{}a:", " ".repeat(level)).unwrap();
    }
    assert_eq!(errors(&block).len(), 1);
    // Aliases that nest what is shallow in the text.
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(errors(&text)[0].contains("levels deep"));
}

#[test]
fn ten_megabytes_are_read_to_the_limit() {
    let document = format!("---\n{DEPLOYMENT}");
    let text = document.repeat(10 * 1024 * 1024 / document.len());
    let (documents, found) = read(&text);
    // All are one object, of which the last counts.
    assert_eq!(documents.documents.len(), 1);
    assert!(found.iter().filter(|it| it.code == "TT311").count() > 1000);
    assert!(found.iter().any(|it| it.message.contains("what follows is not read")));
    let one = format!("a: {}\n", "x".repeat(10 * 1024 * 1024));
    assert!(read(&one).1[0].message.contains("what follows is not read"));
}

/// Numbers of findings must grow with the text, not with its square.
#[test]
fn a_crowd_that_shares_its_pods_is_found_once_each() {
    let mut text = DEPLOYMENT.to_owned();
    for number in 0..1000 {
        let own = format!("{{name: web-{number}}}");
        write!(text, "---\n{}", hpa("maxReplicas: 3").replace("{name: web}", &own)).unwrap();
        write!(text, "---\n{}", DEPLOYMENT.replace("{name: web}", &own)).unwrap();
    }
    let (_, found) = read(&text);
    let lints = found.iter().filter(|it| it.code.starts_with("TT0"));
    assert!(lints.count() < 5_000);
    let each = text.replace("kind: Deployment, name: web", "kind: Deployment, name: web-1");
    assert!(read(&each).1.len() < 5_000);
}

#[test]
fn every_lint_has_something_to_say() {
    let (_, found) = read(EVERYTHING);
    for code in [
        "TT014", "TT015", "TT016", "TT017", "TT019", "TT021", "TT022", "TT023", "TT029", "TT030",
        "TT041", "TT043", "TT051", "TT052", "TT054", "TT055", "TT056", "TT057",
    ] {
        assert!(found.iter().any(|it| it.code == code), "{code}");
    }
}

#[test]
fn numbers_that_are_none_are_located() {
    for (value, expected) in [
        (".nan", ".nan | `spec.maxReplicas` must be a whole number, not `.nan`"),
        (".inf", ".inf | `spec.maxReplicas` must be a whole number, not `.inf`"),
        ("1e400", "1e400 | `spec.maxReplicas` must be a whole number, not `1e400`"),
        ("1e30", "1e30 | `spec.maxReplicas` is too large for a whole number"),
        (
            "3000000000",
            "3000000000 | `spec.maxReplicas` must lie between -2147483648 and 2147483647",
        ),
        ("80%", "80% | `spec.maxReplicas` must be a whole number, not `80%`"),
        ("2.5", "2.5 | `spec.maxReplicas` must be a whole number, not `2.5`"),
        ("\"5\"", "\"5\" | `spec.maxReplicas` must be a number: in quotes it is text"),
        ("[5]", "[5] | `spec.maxReplicas` must be a whole number, this is a list"),
        (
            "-5",
            "-5 | spec.maxReplicas: Invalid value: -5: must be greater than or equal to `minReplicas`",
        ),
    ] {
        let text = hpa(&format!("maxReplicas: {value}"));
        assert_eq!(errors(&text)[0], expected);
    }
    for (value, is_valid) in [("1e3", true), ("0x10", true), ("10.0", true), ("1_000", true)] {
        assert_eq!(errors(&hpa(&format!("maxReplicas: {value}"))).is_empty(), is_valid, "{value}");
    }
}

#[test]
fn unknown_units_are_located_and_mended() {
    let text = DEPLOYMENT.replace("500m", "1gb");
    let (_, found) = read(&text);
    assert!(found[0].message.contains("must be a quantity such as 500m or 2Gi, `1gb` is none"));
    assert_eq!(found[0].fixes[0].edits[0].text, "1G");
}

#[test]
fn spans_are_right_behind_characters_of_many_bytes() {
    let text = format!("# 한국어 🌊🌊\n{}", hpa("maxReplicas: 파도🌊"));
    let expected = "파도🌊 | `spec.maxReplicas` must be a whole number, not `파도🌊`";
    assert!(errors(&text).contains(&expected.to_owned()), "{:?}", errors(&text));
}

/// What kubectl prints, with numbers at the ends of their types.
const PRINTED: &str = "NAMESPACE  NAME  REFERENCE  TARGETS  MINPODS  MAXPODS  REPLICAS  AGE
shop  web  Deployment/web  cpu: 2147483647%/1%, 9223372036854775807/1m (avg) + 9 more...  -2147483648  \
2147483647  2147483647  5d
한  web  웹/웹  <unknown>/<auto>, 12E/12E  <unset>  0  5000  <invalid>

Name:                web
Namespace:           shop
Reference:           Deployment/web
Metrics:             ( current / target )
  resource memory of container \"a\" on pods  (as a percentage of request):  400% (12E) / 1%
  \"a \\\"b\" on Ingress/x (target value):  -9223372036854775808m / 1m
  \"q\" (target average value):  9223372036854775807 / 1n
Min replicas:        0
Max replicas:        2147483647
Behavior:
  Scale Down:
    Stabilization Window: 2147483647 seconds
    Select Policy: Disabled
    Policies:
      - Type: Percent  Value: 2147483647  Period: 2147483647 seconds
Deployment pods:     4999 current / -2147483648 desired
Conditions:
  Type         Status  Reason            Message
  AbleToScale  True    SucceededRescale  한국어
";

#[test]
fn what_kubectl_prints_at_its_limits_is_read() {
    ask(PRINTED);
    let status = hpa("maxReplicas: 2147483647")
        + "status: {currentReplicas: -2147483648, desiredReplicas: 2147483647, currentMetrics: [{type: \
           Resource, resource: {name: cpu, current: {averageUtilization: -2147483648, \
           averageValue: 12E}}}], conditions: [{type: AbleToScale, status: \"True\", reason: \
           SucceededRescale}]}\n";
    ask(&status);
    let now = "---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {now: [{hpa: web, \
               currentReplicas: 5000, pods: {ready: 5000, notReady: 5000, missing: 5000}, metrics: \
               [2147483647%], recommendations: [{replicas: 5000, ago: 9999h}], scaleEvents: \
               [{change: -5000, ago: 0s}]}]}\n";
    ask(&format!("{}{now}", hpa("maxReplicas: 1000000")));
}

#[test]
fn many_printed_hpas_are_read_to_the_limit() {
    let mut text = PRINTED.lines().next().unwrap_or_default().to_owned() + "\n";
    for number in 0..20_000 {
        writeln!(text, "shop web-{number} Deployment/web cpu: 50%/80% 1 9 4 5d").unwrap();
    }
    let now = right_now(&text, Language::En);
    assert_eq!(now.hpas.len(), 200);
    assert_eq!(now.diagnostics[0].code, "TT607");
}

proptest! {
    #[test]
    fn any_text_is_asked(text in "\\PC*") {
        ask(&text);
    }

    #[test]
    fn what_kubectl_prints_is_read_however_it_is_cut(
        at in 0..PRINTED.len(), length in 0..200_usize,
        with in "[-a \n:{}\\[\\]&*#|>\"'한%/0-9m]{0,8}",
    ) {
        // A look at thousands of pods takes its time.
        let printed = PRINTED.replace("2147483647  5d", "7  5d").replace("5000", "50");
        let printed = printed.replace("4999", "49");
        let at = printed.floor_char_boundary(at.min(printed.len()));
        let end = printed.ceil_char_boundary(at.saturating_add(length).min(printed.len()));
        let text = format!("{}{with}{}", &printed[..at], &printed[end..]);
        read(&text);
        ask(&text);
        ask(&format!("{}{with}{}", &text[..text.floor_char_boundary(at / 2)], hpa("maxReplicas: 3")));
    }

    #[test]
    fn anything_may_be_typed(
        replicas in any::<i32>(), pods in any::<[i32; 3]>(), metric in "[-0-9%mkGi.E<>a]{0,6}",
        past in any::<i32>(), ago in "[0-9]{1,7}[smh]", max in 1..=i32::MAX,
    ) {
        let [ready, not_ready, missing] = pods.map(|it| it % 40);
        let now = format!(
            "---\napiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  now:\n  - {{hpa: web, \
             currentReplicas: {replicas}, pods: {{ready: {ready}, notReady: {not_ready}, missing: \
             {missing}}}, metrics: ['{metric}'], recommendations: [{{replicas: {past}, ago: {ago}}}], \
             scaleEvents: [{{change: {past}, ago: {ago}}}]}}\n"
        );
        ask(&format!("{}{now}", hpa(&format!("maxReplicas: {max}\nbehavior: {{}}"))));
    }

    #[test]
    fn any_text_is_read(text in "\\PC*") {
        read(&text);
    }

    #[test]
    fn any_text_of_marks_is_read(text in "[-a \n\t\r:{}\\[\\],&*#|>\"'%!?~<.0🌊]{0,80}") {
        read(&text);
    }

    #[test]
    fn lints_take_whatever_is_left_of_a_text(
        at in 0..EVERYTHING.len(), length in 0..200_usize,
        with in "[-a \n:{}\\[\\]&*#|>\"'한0-9%]{0,6}",
    ) {
        let end = (at + length).min(EVERYTHING.len());
        read(&format!("{}{with}{}", &EVERYTHING[..at], &EVERYTHING[end..]));
    }

    #[test]
    fn a_manifest_cut_and_pasted_anywhere_is_read(
        at in 0..DEPLOYMENT.len(), length in 0..80_usize,
        with in "[-a \n:{}\\[\\]&*#|>\"'한]{0,6}",
    ) {
        let end = (at + length).min(DEPLOYMENT.len());
        let hpa = hpa("minReplicas: 1\nmaxReplicas: 3");
        read(&format!("{}{with}{}---\n{hpa}", &DEPLOYMENT[..at], &DEPLOYMENT[end..]));
    }
}
