//! Every written case of every kind, and what once differed.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tidetable_tests::ray_json::{cases, report};
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
