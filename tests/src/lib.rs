//! Conformance cases, workloads and the checks that hold the house to its drawing.

#[cfg(test)]
mod tidy;
pub mod workloads;
