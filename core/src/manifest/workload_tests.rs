//! Workloads that the API server refuses. What it says was asked of the registry of Kubernetes
//! v1.37.2 itself: strict decoding, defaults, `rest.BeforeCreate` with `deployment.Strategy`,
//! `statefulset.Strategy` or `replicaset.Strategy`.

use super::read;

const PERCENT: &str = "a valid percent string must be a numeric string followed by an ending '%' \
                       (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
const LABEL: &str = "a valid label must be an empty string or consist of alphanumeric characters, \
                     '-', '_' or '.', and must start and end with an alphanumeric character (e.g. \
                     'MyValue',  or 'my_value',  or '12345', regex used for validation is \
                     '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const NAME: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters \
                    or '-', and must start and end with an alphanumeric character (e.g. \
                    'my-name',  or '123-abc', regex used for validation is \
                    '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/// What is found wrong with a workload of `kind`, without the code.
#[track_caller]
fn check(kind: &str, fields: &[(&str, &str)], expected: &[&str]) {
    let field = |name: &str, default: &str| {
        let set = fields.iter().find(|it| it.0 == name);
        set.map_or(default.to_owned(), |it| it.1.to_owned())
    };
    let mut spec = String::new();
    for (name, value) in fields.iter().filter(|it| !matches!(it.0, "selector" | "meta" | "pod")) {
        spec.push_str(&format!("  {name}: {value}\n"));
    }
    let selector = field("selector", "{matchLabels: {app: web}}");
    let meta = field("meta", "{labels: {app: web}}");
    let pod = field("pod", "containers: [{name: a, image: b}]");
    let text = format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: web}}\nspec:\n{spec}  selector: \
         {selector}\n  template:\n    metadata: {meta}\n    spec: {{{pod}}}\n"
    );
    let found = read(&text).diagnostics;
    let mut found: Vec<&str> =
        found.iter().filter(|it| it.code == "TT211").map(|it| it.message.as_str()).collect();
    let mut expected: Vec<String> = expected
        .iter()
        .map(|it| it.replace("PERCENT", PERCENT).replace("LABEL", LABEL).replace("NAME", NAME))
        .collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn how_a_deployment_rolls() {
    const UNAVAILABLE: &str = "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: ";
    const SURGE: &str = "spec.strategy.rollingUpdate.maxSurge: Invalid value: ";
    let zero = "may not be 0 when `maxSurge` is 0";
    let negative = "must be greater than or equal to 0";
    for (surge, unavailable, expected) in [
        ("0", "0", vec![format!("{UNAVAILABLE}0: {zero}")]),
        ("0%", "\"0%\"", vec![format!("{UNAVAILABLE}\"0%\": {zero}")]),
        ("\"00%\"", "\"000%\"", vec![format!("{UNAVAILABLE}\"000%\": {zero}")]),
        ("\"0\"", "0", vec![format!("{SURGE}\"0\": {PERCENT}"), format!("{UNAVAILABLE}0: {zero}")]),
        (
            "0",
            "abc",
            vec![
                format!("{UNAVAILABLE}\"abc\": {PERCENT}"),
                format!("{UNAVAILABLE}\"abc\": {zero}"),
            ],
        ),
        ("1", "101%", vec![format!("{UNAVAILABLE}\"101%\": must not be greater than 100%")]),
        ("101%", "0", vec![]),
        ("25%", "100%", vec![]),
        ("0", "25%", vec![]),
        ("-1", "1", vec![format!("{SURGE}-1: {negative}")]),
        ("1", "-1", vec![format!("{UNAVAILABLE}-1: {negative}")]),
        ("50", "\"5\"", vec![format!("{UNAVAILABLE}\"5\": {PERCENT}")]),
        ("abc", "25%", vec![format!("{SURGE}\"abc\": {PERCENT}")]),
        (
            "99999999999999999999%",
            "99999999999999999999%",
            vec![format!("{UNAVAILABLE}\"99999999999999999999%\": must not be greater than 100%")],
        ),
    ] {
        let strategy =
            format!("{{rollingUpdate: {{maxSurge: {surge}, maxUnavailable: {unavailable}}}}}");
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        check("Deployment", &[("strategy", &strategy)], &expected);
    }
    // Half a pod is not decoded at all.
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  strategy: \
                {rollingUpdate: {maxSurge: 0, maxUnavailable: 1.5}}\n";
    let found = read(text).diagnostics;
    assert!(found.iter().any(|it| it.code == "TT110" && it.message.contains("25%")), "{found:?}");
    assert!(!found.iter().any(|it| it.message.contains("may not be 0")), "{found:?}");
}

#[test]
fn which_strategy_a_deployment_has() {
    let recreate = "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy \
                    `type` is 'Recreate'";
    let unsupported = |value: &str| {
        let supported = "supported values: \"Recreate\", \"RollingUpdate\"";
        format!("spec.strategy: Unsupported value: {value}: {supported}")
    };
    let plain = unsupported("{\"Type\":\"Rolling\",\"RollingUpdate\":null}");
    let full = unsupported(
        "{\"Type\":\"rollingUpdate\",\"RollingUpdate\":{\"MaxUnavailable\":0,\"MaxSurge\":1}}",
    );
    for (strategy, expected) in [
        ("{type: Recreate, rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}", vec![recreate]),
        ("{type: Recreate, rollingUpdate: {}}", vec![recreate]),
        ("{type: Recreate, rollingUpdate: null}", vec![]),
        ("{type: Recreate}", vec![]),
        ("{type: Rolling}", vec![plain.as_str()]),
        ("{type: rollingUpdate, rollingUpdate: {maxSurge: 1}}", vec![full.as_str()]),
    ] {
        check("Deployment", &[("strategy", strategy)], &expected);
    }
}

#[test]
fn selectors_and_labels() {
    let mismatch = "`selector` does not match template `labels`";
    let labels =
        |value: &str| format!("spec.template.metadata.labels: Invalid value: {value}: {mismatch}");
    let sorted = labels("{\"b\":\"a\",\"z\":\"a\"}");
    check("Deployment", &[("meta", "{labels: {z: a, b: a}}")], &[&sorted]);
    check("StatefulSet", &[("meta", "{}")], &[&labels("null")]);
    check("ReplicaSet", &[("meta", "{labels: {}}")], &[&labels("{}")]);
    let escaped = labels("{\"app\":\"x\\u003cy\",\"b\":\"a\"}");
    check(
        "Deployment",
        &[("meta", "{labels: {app: \"x<y\", b: a}}")],
        &[&escaped, "spec.template.labels: Invalid value: \"x<y\": LABEL"],
    );
    let empty = "spec.selector: Invalid value: {}: empty selector is invalid for ";
    for (kind, name) in
        [("Deployment", "deployment"), ("ReplicaSet", "deployment"), ("StatefulSet", "statefulset")]
    {
        for selector in ["{}", "{matchLabels: {}}"] {
            check(kind, &[("selector", selector)], &[&format!("{empty}{name}")]);
        }
    }
    // Upstream also says that the labels do not match a selector that is not there.
    check("Deployment", &[("selector", "null")], &["spec.selector: Required value"]);
    for (expression, value, error) in [
        (
            "{key: app, operator: in, values: [web]}",
            "{\"key\":\"app\",\"operator\":\"in\",\"values\":[\"web\"]}",
            "operator: Invalid value: \"in\": not a valid selector operator",
        ),
        (
            "{key: app, operator: In}",
            "{\"key\":\"app\",\"operator\":\"In\"}",
            "values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        ),
        (
            "{key: app, operator: Exists, values: [a]}",
            "{\"key\":\"app\",\"operator\":\"Exists\",\"values\":[\"a\"]}",
            "values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        ),
    ] {
        let whole = format!("{{\"matchExpressions\":[{value}]}}");
        check(
            "Deployment",
            &[("selector", &format!("{{matchExpressions: [{expression}]}}"))],
            &[
                &format!("spec.selector.matchExpressions[0].{error}"),
                &format!("spec.selector: Invalid value: {whole}: invalid label selector"),
            ],
        );
    }
    check(
        "Deployment",
        &[("selector", "{matchLabels: {app: \"a b\"}}"), ("meta", "{labels: {app: \"a b\"}}")],
        &[
            "spec.selector.matchLabels: Invalid value: \"a b\": LABEL",
            "spec.selector: Invalid value: {\"matchLabels\":{\"app\":\"a b\"}}: invalid label \
             selector",
        ],
    );
}

#[test]
fn pods_that_do_not_restart_always() {
    let path = "spec.template.spec.restartPolicy: Unsupported value: ";
    for kind in ["Deployment", "StatefulSet", "ReplicaSet"] {
        for (policy, expected) in [
            ("Never", vec![format!("{path}\"Never\": supported values: \"Always\"")]),
            ("\"\"", vec![]),
            ("Always", vec![]),
            (
                "always",
                vec![
                    format!(
                        "{path}\"always\": supported values: \"Always\", \"OnFailure\", \"Never\""
                    ),
                    format!("{path}\"always\": supported values: \"Always\""),
                ],
            ),
        ] {
            let pod = format!("restartPolicy: {policy}, containers: [{{name: a, image: b}}]");
            let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
            check(kind, &[("pod", &pod)], &expected);
        }
        let named = if kind == "StatefulSet" { kind } else { "ReplicaSet" };
        check(
            kind,
            &[("pod", "activeDeadlineSeconds: 5, containers: [{name: a, image: b}]")],
            &[&format!(
                "spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in \
                 {named} is not Supported"
            )],
        );
    }
}

#[test]
fn containers() {
    check("Deployment", &[("pod", "")], &["spec.template.spec.containers: Required value"]);
    let requests = "spec.template.spec.containers[1].resources.requests: Invalid value: ";
    check(
        "Deployment",
        &[(
            "pod",
            "containers: [{name: A_b, image: x}, {name: c, image: x, resources: {requests: {cpu: \
             2, memory: 1Gi}, limits: {cpu: 1, memory: 512Mi}}}, {name: c, image: x, resources: \
             {requests: {cpu: 1000m}, limits: {cpu: 1}}}]",
        )],
        &[
            "spec.template.spec.containers[0].name: Invalid value: \"A_b\": NAME",
            &format!("{requests}\"2\": must be less than or equal to cpu limit of 1"),
            &format!("{requests}\"1Gi\": must be less than or equal to memory limit of 512Mi"),
            "spec.template.spec.containers[2].name: Duplicate value: \"c\"",
        ],
    );
    let gpu = "spec.template.spec.containers[0].resources.requests: Invalid value: ";
    check(
        "Deployment",
        &[(
            "pod",
            "containers: [{name: a, image: x, resources: {requests: {nvidia.com/gpu: 1}, limits: \
             {nvidia.com/gpu: 2}}}]",
        )],
        &[&format!("{gpu}\"1\": must be equal to nvidia.com/gpu limit of 2")],
    );
}

#[test]
fn negative_counts_and_deadlines() {
    let negative = "must be greater than or equal to 0";
    let replicas = format!("spec.replicas: Invalid value: -1: {negative}");
    let ready = format!("spec.minReadySeconds: Invalid value: -2: {negative}");
    for kind in ["Deployment", "StatefulSet", "ReplicaSet"] {
        check(kind, &[("replicas", "-1"), ("minReadySeconds", "-2")], &[&replicas, &ready]);
    }
    let deadline = "spec.progressDeadlineSeconds: Invalid value: ";
    let later = "must be greater than minReadySeconds";
    let history = format!("spec.revisionHistoryLimit: Invalid value: -1: {negative}");
    check(
        "Deployment",
        &[
            ("progressDeadlineSeconds", "10"),
            ("minReadySeconds", "10"),
            ("revisionHistoryLimit", "-1"),
        ],
        &[&history, &format!("{deadline}10: {later}")],
    );
    let both = [format!("{deadline}-1: {negative}"), format!("{deadline}-1: {later}")];
    check("Deployment", &[("progressDeadlineSeconds", "-1")], &[&both[0], &both[1]]);
    check("Deployment", &[("minReadySeconds", "600")], &[&format!("{deadline}600: {later}")]);
    check(
        "StatefulSet",
        &[("podManagementPolicy", "parallel")],
        &["spec.podManagementPolicy: Invalid value: \"parallel\": must be 'OrderedReady' or \
           'Parallel'"],
    );
}
