//! Tidetable's core: what the Kubernetes HPA and Ray's autoscalers will do, before they do it.
//!
//! Text goes in, a [`Report`] comes out. There is no I/O here, no clock, no ambient randomness and
//! no WebAssembly dependency: time and seeds are arguments, and a result is the same bytes natively
//! and in a browser.
#![forbid(unsafe_code)]

pub mod assemble;
pub mod assumption;
pub mod chapter;
pub mod deployment;
pub mod diagnostic;
pub mod examples;
mod explain;
pub mod fidelity;
mod go;
pub mod guide;
pub mod hpa;
pub mod keda;
pub mod kubectl;
mod label;
pub mod lint;
pub mod manifest;
pub mod math;
pub mod metrics;
pub mod nodes;
pub mod order;
mod prediction;
pub mod quantity;
pub mod ray;
pub mod ray_status;
pub mod report;
mod right_now;
pub mod scenario;
pub mod search;
pub mod series;
pub mod serve;
pub mod share;
pub mod sim;
pub mod source;
pub mod time;
pub mod upstream;
pub mod widget;
pub mod workload;
pub mod yaml;

pub use explain::finding::tell as tell_findings;
pub use prediction::{Delay, DelayPart, Prediction, assumed_scenario, predict, predict_briefly};
pub use report::{Language, Report};
pub use right_now::{paste, right_now};
