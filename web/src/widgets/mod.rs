//! The book's custom elements: one file each.

pub mod tolerance;
