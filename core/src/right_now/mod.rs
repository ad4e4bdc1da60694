//! Right now: the next decision of each HPA, from its metrics as they are.

pub mod kubectl;
mod told;

pub use told::{Current, Source, Told, ToldCondition, ToldMetric};
