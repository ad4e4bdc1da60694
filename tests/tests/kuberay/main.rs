//! KubeRay's operator against ours: what it refuses, how many pods it wants, what it makes of a
//! template, and which pods one pass makes and deletes.
//!
//! The cases and the answers come from `oracle/kuberay`, which runs the operator's own code.

mod build;
mod cases;
mod pods;
mod validation;
