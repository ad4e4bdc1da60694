//! Conformance cases, workloads and the checks that hold the house to its drawing.

pub mod choices;
mod hpa_answer;
pub mod hpa_bench;
pub mod hpa_case;
pub mod hpa_cases;
pub mod hpa_compare;
pub mod hpa_engine;
pub mod hpa_generate;
pub mod hpa_generate_history;
mod hpa_pods;
pub mod hpa_shrink;
pub mod hpa_trace;
pub mod hpa_upstream;
pub mod ray_v1_generate;
pub mod ray_v1_scheduler;
#[cfg(test)]
mod tidy;
pub mod workloads;
