//! Versions of Ray as the operator reads them.
//!
//! Upstream: apimachinery 0.37 pkg/util/version/version.go `ParseGeneric`, `LessThan`.

use crate::go::quoted;

/// `2.60.0`, `v2.60`, `2.9.3-py310` as numbers.
pub(super) fn parse(text: &str) -> Result<Vec<u64>, String> {
    let trimmed = text.trim_start();
    let rest = trimmed.strip_prefix('v').unwrap_or(trimmed);
    let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(rest.len());
    // A dot belongs to the version only before a digit.
    let parts = rest[..end].split('.').take_while(|it| !it.is_empty());
    let numbers: Vec<&str> = parts.collect();
    match numbers.len() {
        0 => Err(format!("could not parse {} as version", quoted(text))),
        1 => Err(format!("illegal version string {}", quoted(text))),
        _ => {
            let number = |it: &&str| it.parse().map_err(|_| format!("illegal number {it}"));
            numbers.iter().map(number).collect()
        }
    }
}

/// Whether `version` comes before `other`; what is not there counts as 0.
pub(super) fn is_before(version: &[u64], other: &[u64]) -> bool {
    let at = |it: &[u64], index: usize| it.get(index).copied().unwrap_or(0);
    let count = version.len().max(other.len());
    let differs = (0..count).find(|it| at(version, *it) != at(other, *it));
    differs.is_some_and(|it| at(version, it) < at(other, it))
}
