//! KubeRay's operator against ours: what it refuses, how many pods it wants, what it makes of a
//! template, which pods one pass makes and deletes, and what the controllers of RayServices and RayJobs do.
//!
//! The cases and the answers come from `oracle/kuberay`, which runs the operator's own code.

mod build;
mod cases;
mod job;
mod pods;
mod service;
mod validation;
