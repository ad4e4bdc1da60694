//! Traces become words: the ledger of a look, and the verdict over a run.
//!
//! Nothing is computed again here; a trace holds every number. What is said is a [`Phrase`], and
//! both languages are exhaustive over the same phrases.

pub(crate) mod edit_phrase;
mod en;
pub(crate) mod finding;
pub(crate) mod hpa;
pub(crate) mod job_phrase;
pub(crate) mod keda;
mod ko;
pub(crate) mod kuberay;
pub(crate) mod kuberay_job;
pub(crate) mod kuberay_now;
pub(crate) mod kuberay_phrase;
mod ledger;
pub(crate) mod now_phrase;
pub(crate) mod number;
mod particle;
pub(crate) mod phrase;
pub(crate) mod place_phrase;
pub(crate) mod ray;
pub(crate) mod ray_now_phrase;
pub(crate) mod ray_version_phrase;
pub(crate) mod serve;
mod source;
mod template;
#[cfg(test)]
mod tests;
