//! Random closed loops for v1: those of v2, with what only v1 minds.

use serde_json::{Value, json};

use crate::choices::Choices;
use crate::ray_generate_loop;

/// A closed loop.
pub fn loop_case(choices: &mut Choices<'_>) -> Value {
    let mut case = ray_generate_loop::loop_case(choices);
    case["every_s"] = choices.pick(&[5, 5, 5, 5, 6, 4, 3]).into();
    case["replica_index"] = choices.chance(40).into();
    // More than are planned for at once.
    if choices.chance(3) {
        let count = choices.pick(&[999, 1000, 1001, 1400]);
        let tasks = |cpus: f64| {
            let res = json!({"CPU": cpus});
            json!(["tasks", {"res": res, "selectors": [[]], "seconds": 600, "count": count}])
        };
        let at = choices.below(8) as usize;
        if let Some(edits) = case["looks"][at].as_array_mut() {
            edits.extend([tasks(0.25), tasks(64.0), tasks(1.0)]);
            edits.push(json!(["wait", 1]));
        }
    }
    case
}
