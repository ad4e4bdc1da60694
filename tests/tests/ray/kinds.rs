//! Every written case of every kind, and what once differed.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tidetable_core::ray::{Cause, Trace};
use tidetable_core::{Language, Prediction, predict};
use tidetable_tests::ray_json::{cases, list, report};
use tidetable_tests::ray_oracle::{KINDS, Kind};

#[test]
fn every_case_gets_upstreams_answer() {
    for kind in KINDS {
        let cases = cases(kind.name);
        assert_eq!(cases.len() as u64, kind.written, "{}", kind.name);
        let differs = |(index, case): (usize, &Value)| {
            let text = kind.compare(case)?;
            Some(format!("{} {index}: {case}\n{text}", kind.name))
        };
        let differences: Vec<String> = cases.iter().enumerate().filter_map(differs).collect();
        report(kind.name, &differences, cases.len());
    }
}

/// Where in the table of closed loops each row stands, and what is to be seen there: the seconds at
/// which `replicas` is patched, and to what.
const LOOPS: &[(&str, &str)] = &[
    ("L1", "0=10 5=20 150=10 155=0"),
    ("L2", "0=1 5=2 10=3 15=4 20=5 25=6 30=7 35=8"),
    ("L3", ""),
    ("L4", "80=0"),
    ("L5", "85=0"),
    ("L6", "0=4"),
    ("L7", "0=4 55=1"),
    ("L8", "0=3 5!AssertionError 10!AssertionError 15!AssertionError"),
    ("L9", "0=10 5=0 10=2"),
    (
        "L10",
        "0=2 0=1 50!KeyError 55!KeyError 60!KeyError 65!KeyError 70!KeyError 75!KeyError \
             80!KeyError 85!KeyError 90!KeyError 95!KeyError",
    ),
    ("L11", ""),
    ("L12", "0=1 120=0"),
    ("L13", "0=1 100=0"),
    ("L14", "0=1 3610=0 3615=1"),
    ("L15", "0=3"),
    ("L16", "0=3 190=0"),
    ("L17", "0=8 95=0"),
    ("L18", "0=2 90=0"),
    ("L19", ""),
    ("L20", "105=0"),
    ("L21", "0=1 40=0"),
    ("L22", "0=3 0=3"),
    ("L23", "0=1 225=0"),
];

/// What upstream decided in a loop, as in [`LOOPS`].
fn decided(case: &Value) -> String {
    let mut words = Vec::new();
    for look in list(&case["out"]) {
        let (at, decided) = (&look["at"], &look["decided"]);
        let patches = list(&decided["patches"]).iter().filter(|it| it[0] == "replicas");
        words.extend(patches.map(|it| format!("{at}={}", it[2])));
        words.extend(decided["error"].as_str().map(|error| format!("{at}!{error}")));
    }
    words.join(" ")
}

#[test]
fn every_row_of_the_table_of_loops_gets_upstreams_answer() {
    let rows = lines("rows/v2-loop.jsonl");
    let found: Vec<_> = rows.iter().map(|it| it["row"].as_str().unwrap()).collect();
    let wanted: Vec<_> = LOOPS.iter().map(|it| it.0).collect();
    assert_eq!(found, wanted);
    let kind = Kind::named("v2-loop").unwrap();
    for (case, (row, expected)) in rows.iter().zip(LOOPS) {
        assert_eq!(decided(case), *expected, "{row}");
        assert_eq!(kind.compare(case), None, "{row}");
    }
}

/// Where in the table of plans each row stands, and what is to be seen there: pods that are resized,
/// with their new CPUs and bytes, and nodes that are launched.
const PLANS: &[(&str, &str)] = &[
    ("S55", "1: 8 CPU 8000000000"),
    ("S56", "1: 8 CPU 8000000000, 1 w"),
    ("S57", "2 w"),
    ("S58", "1 w"),
    ("F1", "1 a, 2 b"),
    ("F2", "1 a"),
    ("F3", "1 a, 1 b"),
];

/// What upstream planned, as in [`PLANS`].
fn planned(case: &Value) -> String {
    let reply = &case["out"][0];
    let resizes = list(&reply["resize"]).iter();
    let resizes = resizes.map(|it| format!("{}: {} CPU {}", it[0], it[1].as_f64().unwrap(), it[2]));
    let launches = list(&reply["launch"]).iter();
    let launches = launches.map(|it| format!("{} {}", it[1], it[0].as_str().unwrap()));
    resizes.chain(launches).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_row_of_the_table_of_plans_gets_upstreams_answer() {
    let rows = lines("rows/scheduler.jsonl");
    let found: Vec<_> = rows.iter().map(|it| it["row"].as_str().unwrap()).collect();
    let wanted: Vec<_> = PLANS.iter().map(|it| it.0).collect();
    assert_eq!(found, wanted);
    let kind = Kind::named("scheduler").unwrap();
    for (case, (row, expected)) in rows.iter().zip(PLANS) {
        assert_eq!(planned(case), *expected, "{row}");
        assert_eq!(kind.compare(case), None, "{row}");
    }
}

/// Of the rows about fallbacks: what is placed by one, beside what upstream's plan shows. In F1
/// there may be one node of `a`; in F2 one of `b` is free; in F3 no zone is the first one asked for.
#[test]
fn what_goes_somewhere_by_a_fallback_is_in_the_trace() {
    let rows = lines("rows/scheduler.jsonl");
    let expected: [(&str, &[(&str, u32)]); 3] =
        [("F1", &[("b", 2)]), ("F2", &[("b", 1)]), ("F3", &[("a", 1), ("b", 1)])];
    for (row, expected) in expected {
        let case = rows.iter().find(|it| it["row"] == row).unwrap();
        let mut trace = Trace::default();
        tidetable_tests::ray_scheduler::answer(case, &mut trace);
        let found = trace.causes.iter().filter_map(|it| match it {
            Cause::Fallback { node_type, placed, .. } => Some((&**node_type, *placed)),
            _ => None,
        });
        assert_eq!(found.collect::<Vec<_>>(), expected, "{row}");
    }
}

/// Ray fails on `idleTimeoutSeconds: null` (row C22), but no API server hands it out: the field is
/// neither nullable nor has it a default in KubeRay's CRD, so that the null is dropped.
///
/// Upstream: apiextensions-apiserver 0.37.2 pkg/apiserver/schema/defaulting/prunenulls.go
/// `PruneNonNullableNullsWithoutDefaults`.
#[test]
fn a_timeout_that_is_null_is_none() {
    let rows = lines("rows/config.jsonl");
    let [case] = &rows[..] else { panic!("one row") };
    assert_eq!((&case["row"], &case["out"]["error"]), (&"C22".into(), &"TypeError".into()));
    let manifest = |options: &str| {
        let text = format!(
            "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {{name: r}}\nspec:\n  \
             enableInTreeAutoscaling: true\n  autoscalerOptions: {{{options}}}\n  headGroupSpec:\n    \
             rayStartParams: {{num-cpus: \"0\"}}\n    template: {{spec: {{containers: [{{name: h}}]}}}}\n"
        );
        predict(&text, Language::En)
    };
    let (null, absent) = (manifest("idleTimeoutSeconds: null"), manifest(""));
    let codes = |it: &Prediction| -> Vec<_> {
        it.report.diagnostics.iter().map(|it| it.code.clone()).collect()
    };
    assert_eq!(codes(&null), codes(&absent));
    assert_eq!(null.report.decisions.len(), absent.report.decisions.len());
    let looks = |it: &Prediction| it.report.autoscalers[0].looks.at_ms.len();
    assert!(looks(&null) > 0 && looks(&null) == looks(&absent));
}

pub(crate) fn lines(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ray").join(name);
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn what_once_differed_is_the_same_now() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ray/differed");
    let mut paths: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        let case: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let kind = Kind::named(case["kind"].as_str().unwrap()).unwrap();
        let differs = kind.compare(&case["answered"]);
        assert_eq!(differs, None, "{}", path.display());
    }
}
