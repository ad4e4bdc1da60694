//! Ray's own answers to random cases, compared with ours bit for bit.
//!
//! The cases and the answers come from `oracle/ray`, which runs the released Python code, and from
//! `oracle/kuberay`, which runs the operator's own.

mod kinds;
mod loops;
mod operator;
mod operator_build;
mod operator_json;
mod operator_validation;
mod rules;
mod serve;
mod status;
