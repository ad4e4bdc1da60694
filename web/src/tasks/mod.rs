//! What changes something outside the state: the worker, the address, files, what is remembered.

pub(crate) mod address;
pub(crate) mod download;
pub(crate) mod files;
pub(crate) mod predict;
pub(crate) mod preferences;
