//! The named inputs that benches, the sameness test and the oracle's timing share.

use tidetable_core::examples::EXAMPLES;
use tidetable_core::{predict, report::Language};

/// A named input.
pub struct Workload {
    /// Its name, also a file name.
    pub name: &'static str,
    /// The text that is predicted.
    pub text: &'static str,
}

/// Every workload: nothing at all, the examples, a day, and many pods.
pub fn workloads() -> Vec<Workload> {
    let mut all = vec![Workload { name: "empty", text: "" }];
    all.extend(EXAMPLES.iter().map(|it| Workload { name: it.id, text: it.text() }));
    all.push(Workload { name: "day", text: include_str!("workloads/day.yaml") });
    all.push(Workload { name: "serve-day", text: include_str!("workloads/serve-day.yaml") });
    let text = include_str!("workloads/two-hundred-pods.yaml");
    all.push(Workload { name: "two-hundred-pods", text });
    all
}

/// The report on `text` as the bytes that page and worker exchange.
///
/// # Panics
/// If the report has no bytes.
pub fn report_bytes(text: &str) -> Vec<u8> {
    postcard::to_allocvec(&predict(text, Language::En).report).expect("a report has bytes")
}
