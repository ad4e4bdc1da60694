//! Tidetable's core: what the Kubernetes HPA and Ray's autoscalers will do, before they do it.
//!
//! Text goes in, a report comes out. There is no I/O here, no clock, no ambient randomness and no
//! WebAssembly dependency: time and seeds are arguments, and a result is the same bytes natively
//! and in a browser.
#![forbid(unsafe_code)]

pub mod diagnostic;
pub mod hpa;
pub mod lint;
pub mod manifest;
pub mod quantity;
pub mod source;
pub mod time;
pub mod upstream;
pub mod yaml;
