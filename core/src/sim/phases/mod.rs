//! What happens in an instant: each phase reads the world, asks at most one policy, and turns its
//! decision into changes and further events.

mod answers;
mod controller;
mod hpa;
mod keda;
mod metrics;
mod pods;
mod ray;
mod ray_edit;
mod ray_job;
mod ray_service;
mod rest;
mod scheduling;
mod series;
mod serve;

pub(super) use rest::Rests;
#[cfg(test)]
pub(crate) use rest::without_rest;
