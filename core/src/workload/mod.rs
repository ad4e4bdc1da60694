//! What comes in: requests per second for services, and work for Ray clusters.
//!
//! Both are pure descriptions of time. A [`Load`] says how many requests arrive each second and
//! when that number next changes; [`Work`] says which tasks, actors and placement groups begin
//! when. What becomes of them is for the simulation to find out.

mod load;
mod rate;
mod shape;
#[cfg(test)]
mod tests;
mod work;

pub use load::{Change, Load};
pub use rate::Rate;
pub use shape::{Interpolation, Point, Shape};
pub use work::{Dated, LabelSelector, MOST_UNITS, RayResources, Strategy, Work, WorkKind, expand};
