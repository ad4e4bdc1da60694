//! Conformance cases, workloads and the checks that hold the house to its drawing.

pub mod hpa_cases;
