//! Every written case of every kind, and what once differed.

use std::fs;
use std::path::Path;

use serde_json::Value;
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
