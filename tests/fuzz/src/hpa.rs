//! Any specification and anything seen: a decision that its own trace leads to, and no panic.
//!
//! The bytes are choices of the generator that also makes the cases for the oracle.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidetable_tests::choices::Choices;
use tidetable_tests::hpa_case::{CalculatorCase, History};
use tidetable_tests::hpa_compare::Question;
use tidetable_tests::hpa_engine::{Asked, Run};

fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices::from_bytes(bytes);
    let minor = 28 + choices.below(10) as u32;
    if choices.chance(50) {
        let case = CalculatorCase::random(&mut choices, minor);
        let _ = Asked::of(&case, minor).answer(&case);
        return;
    }
    let history = History::random(&mut choices, minor);
    let mut run = Run::of(&history, minor);
    for sync in &history.syncs {
        let selector_error = if sync.selector.contains("web=") {
            "found '=', expected: ',' or 'end of string'"
        } else {
            ""
        };
        run.sync(sync, selector_error).expect("the trace leads to the decision");
    }
});
