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
pub mod ray_any;
pub mod ray_config;
pub mod ray_generate;
pub mod ray_generate_large;
pub mod ray_generate_loop;
mod ray_generate_resize;
pub mod ray_generate_scheduler;
pub mod ray_json;
pub mod ray_loop;
pub mod ray_oracle;
pub mod ray_provider;
pub mod ray_resize;
pub mod ray_scheduler;
pub mod ray_serve;
pub mod ray_serve_generate;
pub mod ray_upstream;
pub mod ray_v1_generate;
pub mod ray_v1_generate_loop;
pub mod ray_v1_loop;
pub mod ray_v1_scheduler;
pub mod record;
#[cfg(test)]
mod tidy;
pub mod workloads;
