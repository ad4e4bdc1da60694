//! Conformance cases, workloads and the checks that hold the house to its drawing.

pub mod hpa_cases;
pub mod hpa_trace;
#[cfg(test)]
mod tidy;
pub mod workloads;
