//! What happens in an instant: each phase reads the world, asks at most one policy, and turns its
//! decision into changes and further events.

mod hpa;
mod metrics;
mod pods;
mod ray;
mod scheduling;
