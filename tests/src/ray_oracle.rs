//! The kinds of question that Ray's own code and ours are asked.
//!
//! A question is a JSON object, made of random choices. `tests/oracle/ray/<name>.py` answers it:
//! the same object with `out` added, and with every map in the order in which Python walks through
//! it, since sums depend on that order. To add a kind, add a row to [`KINDS`] and a module in
//! Python.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use crate::choices::Choices;
use crate::{ray_config, ray_generate, ray_generate_large, ray_generate_loop};
use crate::{ray_generate_scheduler, ray_loop, ray_provider, ray_scheduler};
use crate::{ray_serve, ray_serve_generate};
use crate::{ray_v1_generate, ray_v1_generate_loop, ray_v1_loop, ray_v1_scheduler};

/// One kind of question.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Its name on the command line and in files; `-` becomes `_` in Python's module.
    pub name: &'static str,
    /// A random question.
    pub random: fn(&mut Choices<'_>) -> Value,
    /// How our answer differs from the `out` of an answered question, if it does.
    pub differs: fn(&Value) -> Option<String>,
    /// Decisions that an answered question holds.
    pub decisions: fn(&Value) -> u64,
    /// How many questions `cargo test` reads.
    pub written: u64,
}

/// Every kind.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "config",
        random: ray_generate::config_case,
        differs: ray_config::differs,
        decisions: |_| 1,
        written: 800,
    },
    Kind {
        name: "scheduler",
        random: ray_generate_scheduler::scheduler_case,
        differs: ray_scheduler::differs,
        decisions: |case| case["out"].as_array().map_or(0, Vec::len) as u64,
        written: 450,
    },
    Kind {
        name: "scheduler-large",
        random: ray_generate_large::large_case,
        differs: ray_scheduler::differs,
        decisions: |_| 1,
        written: 4,
    },
    Kind {
        name: "provider",
        random: ray_generate::provider_case,
        differs: ray_provider::differs,
        decisions: |case| case["out"].as_array().map_or(0, Vec::len) as u64,
        written: 1200,
    },
    Kind {
        name: "v2-loop",
        random: ray_generate_loop::loop_case,
        differs: ray_loop::differs,
        decisions: |case| case["out"].as_array().map_or(0, Vec::len) as u64,
        written: 20,
    },
    Kind {
        name: "v1-scheduler",
        random: ray_v1_generate::scheduler_case,
        differs: ray_v1_scheduler::differs,
        decisions: |_| 1,
        written: 500,
    },
    Kind {
        name: "v1-loop",
        random: ray_v1_generate_loop::loop_case,
        differs: ray_v1_loop::differs,
        decisions: |case| case["out"].as_array().map_or(0, Vec::len) as u64,
        written: 30,
    },
    Kind {
        name: "serve",
        random: ray_serve_generate::serve_case,
        differs: ray_serve::differs,
        decisions: ray_serve::decisions,
        written: 130,
    },
];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        KINDS.iter().copied().find(|it| it.name == name)
    }

    /// As [`differs`](Self::differs); a panic of ours is a difference too.
    pub fn compare(&self, answered: &Value) -> Option<String> {
        catch_unwind(AssertUnwindSafe(|| (self.differs)(answered)))
            .unwrap_or_else(|_| Some(PANICKED.to_owned()))
    }
}

/// The difference of a question that our code does not survive.
pub const PANICKED: &str = "ours panicked";

/// Both answers, if they differ.
pub fn both(upstream: &Value, ours: &Value) -> Option<String> {
    (upstream != ours).then(|| format!("  upstream: {upstream}\n  ours:     {ours}"))
}
