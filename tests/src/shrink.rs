//! Makes a case smaller while it still shows what it showed.
//!
//! Works on the JSON text's tree, so that it serves every kind of case: lists lose elements, fields
//! go, numbers move towards zero.

use serde_json::Value;

/// The smallest case on the way down from `case` for which `shows` holds. `rounds` bounds how often
/// it is asked.
pub fn shrink(case: Value, mut rounds: usize, mut shows: impl FnMut(&Value) -> bool) -> Value {
    let mut smallest = case;
    loop {
        let mut changed = false;
        let mut at = 0;
        // A list of what could be smaller is made anew after each success: places move.
        while let Some(candidate) = candidate(&smallest, at) {
            if rounds == 0 {
                return smallest;
            }
            rounds -= 1;
            if shows(&candidate) {
                smallest = candidate;
                changed = true;
            } else {
                at += 1;
            }
        }
        if !changed {
            return smallest;
        }
    }
}

/// The tree with its `index`th small change; `None` if there are not so many.
fn candidate(case: &Value, index: usize) -> Option<Value> {
    let mut copy = case.clone();
    let mut left = index;
    change(&mut copy, &mut left).then_some(copy)
}

/// Does the change number `left` below `value`, counting down. Large changes come first.
fn change(value: &mut Value, left: &mut usize) -> bool {
    match value {
        Value::Array(items) => {
            let mut length = items.len();
            while length > 0 {
                for start in (0..items.len()).step_by(length) {
                    if take(left) {
                        items.drain(start..items.len().min(start + length));
                        return true;
                    }
                }
                length /= 2;
            }
            items.iter_mut().any(|item| change(item, left))
        }
        Value::Object(fields) => {
            for key in fields.keys().cloned().collect::<Vec<_>>() {
                if take(left) {
                    fields.remove(&key);
                    return true;
                }
            }
            fields.values_mut().any(|field| change(field, left))
        }
        Value::Number(number) => {
            let Some(number) = number.as_i64() else { return false };
            // Steps of one would not come to an end with large numbers.
            let less = if number.abs() <= 100 { number - number.signum() } else { number };
            for smaller in [0, number / 2, number - number / 8, less] {
                if smaller != number && take(left) {
                    *value = Value::from(smaller);
                    return true;
                }
            }
            false
        }
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

fn take(left: &mut usize) -> bool {
    let is_this = *left == 0;
    *left = left.wrapping_sub(1);
    is_this
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_does_not_matter_goes() {
        let case = json!({"pods": [{"value": 3}, {"value": 700, "at": -5}, {}], "name": "x"});
        let smallest = shrink(case, 1000, |case| {
            let pods = case["pods"].as_array();
            pods.is_some_and(|pods| pods.iter().any(|pod| pod["value"].as_i64() >= Some(90)))
        });
        assert_eq!(smallest, json!({"pods": [{"value": 90}]}));
    }

    #[test]
    fn it_ends_after_so_many_rounds() {
        let mut asked = 0;
        shrink(json!([1, 2, 3]), 2, |_| {
            asked += 1;
            false
        });
        assert_eq!(asked, 2);
    }
}
