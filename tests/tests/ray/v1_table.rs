//! The table of closed loops, asked of v1: what upstream decided, and that ours decides the same.
//!
//! The rows are those of v2, so that the two can be compared; L2 has more tasks, L10 removes the
//! group that v1 has launched, and L12 runs a second time with the labels by which v1 knows hosts
//! of one replica.

use serde_json::Value;
use tidetable_tests::ray_json::list;
use tidetable_tests::ray_oracle::Kind;

use crate::kinds::lines;

/// What is to be seen in each row: `50 w=1` is `replicas` patched at 50 s, `w-3` so many pods named
/// for deletion.
const LOOPS: &[(&str, &str)] = &[
    ("L1", "0 w=20, 145 w=0, 145 w-20, 145 drains 20"),
    ("L2", "0 w=5, 30 w=10, 60 w=18"),
    ("L3", ""),
    ("L4", "75 w=0, 75 w-5, 75 drains 5"),
    ("L5", "80 w=0, 80 w-5, 80 drains 5"),
    ("L6", "0 w=4"),
    ("L7", "0 w=4, 50 w=1, 50 w-3, 50 drains 3"),
    ("L8", "0 w=3, 5 w=1"),
    ("L9", "0 w=20, 5 w=2, 5 w-18"),
    (
        "L10",
        "0 x=3, 50 drains 3, 50 ValueError, 55 ValueError, 60 ValueError, 65 ValueError, \
         70 ValueError, 75 ValueError, 75 ends, 80 ValueError, 85 ValueError, 90 ValueError, \
         95 ValueError",
    ),
    ("L11", "0 w=1, 1205 w=0, 1205 w-2, 1205 drains 2"),
    (
        "L12",
        "0 w=2, 85 w-2, 85 drains 2, 115 w-2, 115 drains 2, 170 w-2, 170 drains 2, 200 w-2, \
         200 drains 2",
    ),
    (
        "L12, replicas labelled",
        "0 w=2, 85 w=3, 85 w-2, 85 drains 2, 115 w=5, 115 w-2, 115 drains 2, 170 w=8, 170 w-4, \
         170 drains 4, 200 w=10, 200 w-6, 200 drains 6",
    ),
    (
        "L13",
        "0 w=2, 85 w-2, 85 drains 2, 95 w=3, 95 w-1, 95 drains 1, 170 w=5, 170 w-1, 170 drains 1, \
         180 w=7, 180 w-3, 180 drains 3",
    ),
    ("L14", "0 x=1"),
    ("L15", "0 w=3"),
    ("L16", "0 w=3, 185 w=0, 185 w-3, 185 drains 3"),
    ("L17", "0 w=8, 90 w=0, 90 w-8, 90 drains 8"),
    ("L18", "0 w=2, 60 w=4"),
    ("L19", "0 w=4"),
    ("L20", "100 w=0, 100 w-3, 100 drains 3"),
    ("L21", "0 w=1, 95 w=0, 95 w-1, 95 drains 1"),
    ("L22", "0 b=6"),
    ("L23", "0 w=1, 220 w=0, 220 w-1, 220 drains 1"),
];

/// What upstream decided in a loop, as in [`LOOPS`]; that a list of pods is emptied is left out.
fn decided(case: &Value) -> String {
    let (mut words, mut groups) = (Vec::new(), &Value::Null);
    for look in list(&case["out"]) {
        let (at, decided) = (&look["at"], &look["decided"]);
        if look["seen"]["groups"].is_array() {
            groups = &look["seen"]["groups"];
        }
        for patch in list(&decided["patches"]) {
            let group = patch[1].as_u64().and_then(|it| groups[it as usize]["name"].as_str());
            let group = group.unwrap();
            match patch[2].as_array() {
                None => words.push(format!("{at} {group}={}", patch[2])),
                Some(pods) if !pods.is_empty() => {
                    words.push(format!("{at} {group}-{}", pods.len()));
                }
                Some(_) => {}
            }
        }
        match list(&decided["drains"]).len() {
            0 => {}
            drained => words.push(format!("{at} drains {drained}")),
        }
        words.extend(decided["error"].as_str().map(|error| format!("{at} {error}")));
        if decided["ends"] == true {
            words.push(format!("{at} ends"));
        }
    }
    words.join(", ")
}

#[test]
fn every_row_of_the_table_of_loops_gets_upstreams_answer() {
    let rows = lines("rows/v1-loop.jsonl");
    let found: Vec<_> = rows.iter().map(|it| it["row"].as_str().unwrap()).collect();
    let wanted: Vec<_> = LOOPS.iter().map(|it| it.0).collect();
    assert_eq!(found, wanted);
    let kind = Kind::named("v1-loop").unwrap();
    for (case, (row, expected)) in rows.iter().zip(LOOPS) {
        assert_eq!(decided(case), *expected, "{row}");
        assert_eq!(kind.compare(case), None, "{row}");
    }
}
