//! Ray's own answers to random cases, compared with ours bit for bit.
//!
//! The cases and the answers come from `oracle/ray`, which runs the released Python code.

mod kinds;
mod loops;
mod rules;
mod serve;
mod status;
mod v1;
mod v1_table;
