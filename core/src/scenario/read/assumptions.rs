//! `spec.assumptions` and `spec.overrides`: the table of assumptions, filled in.

use std::collections::BTreeMap;

use super::limits::{cut, report_missing};
use super::load::target;
use super::out_of_range;
use crate::assumption::{Assumption, Assumptions, TABLE, Unit, Value, Version};
use crate::scenario::{Override, TargetKind};
use crate::source::Span;
use crate::yaml::scalar::{self, Place, Plain};
use crate::yaml::{Fields, Findings, Spanned};

/// Overrides that a Scenario may have.
const MOST_OVERRIDES: usize = 256;

const KINDS: [(&str, TargetKind); 6] = [
    ("Deployment", TargetKind::Deployment),
    ("StatefulSet", TargetKind::StatefulSet),
    ("ReplicaSet", TargetKind::ReplicaSet),
    ("RayService", TargetKind::RayService),
    ("RayCluster", TargetKind::RayCluster),
    ("RayJob", TargetKind::RayJob),
];

/// Stores what `fields` sets in `assumptions`; says which, and where.
pub(super) fn read(
    mut fields: Fields<'_>,
    assumptions: &mut Assumptions,
) -> BTreeMap<&'static str, Span> {
    let mut set = BTreeMap::new();
    for rows in TABLE.chunk_by(|one, next| one.group() == next.group()) {
        let Some(mut group) = fields.mapping(rows[0].group()) else { continue };
        if rows[0].group() == "node" {
            group.retired("boot", "the nodes are there from the beginning");
        }
        for row in rows {
            let Some(found) = group.read(row.name(), |place, it| value(row, place, it)) else {
                continue;
            };
            if row.set(assumptions, found.value) {
                set.insert(row.id, found.span);
            } else {
                let message = format!("must lie between {} and {}", row.min, row.max);
                out_of_range(group.findings(), found.span, message);
            }
        }
    }
    set
}

/// Reads `spec.overrides`. Those for the same target build on one another.
pub(super) fn overrides(spec: &mut Fields<'_>, general: &Assumptions) -> Vec<Override> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("overrides") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_OVERRIDES);
    let mut overrides: Vec<Override> = Vec::new();
    for mut fields in list.value {
        report_missing(&fields, "target");
        let target = fields.mapping("target").and_then(|it| target(it, &KINDS));
        let group = fields.string("group").map(|it| it.value);
        report_missing(&fields, "assumptions");
        let values = fields.mapping("assumptions");
        let (Some(target), Some(values)) = (target, values) else { continue };
        let before = overrides.iter().rev().find(|it| {
            it.target.kind == target.kind
                && it.target.name == target.name
                && it.target.namespace == target.namespace
                && (it.group.is_none() || it.group == group)
        });
        let mut assumptions = before.map_or(general, |it| &it.assumptions).clone();
        let set = read(values, &mut assumptions);
        overrides.push(Override { target, group, assumptions, set });
    }
    overrides
}

/// A value in the unit of `row`.
fn value(row: &Assumption, place: &Place<'_>, findings: &Findings) -> Option<Spanned<Value>> {
    match row.unit() {
        Unit::Duration => Some(scalar::duration(place, findings)?.map(Value::Duration)),
        Unit::CpuTime => cpu_time(place, findings),
        Unit::Cpu => Some(
            scalar::quantity(place, findings)?
                .map(|it| Value::Cpu(it.milli_value().saturating_mul(1_000_000))),
        ),
        Unit::Bytes => Some(scalar::quantity(place, findings)?.map(|it| Value::Bytes(it.value()))),
        Unit::Count => Some(scalar::int64(place, findings)?.map(Value::Count)),
        Unit::Ratio => Some(scalar::number(place, findings)?.map(Value::Ratio)),
        Unit::Version => version(place, findings),
        Unit::Switch => Some(scalar::bool(place, findings)?.map(|it| Value::Switch(Some(it)))),
    }
}

fn cpu_time(place: &Place<'_>, findings: &Findings) -> Option<Spanned<Value>> {
    let found = scalar::text(place, findings)?;
    let Some(nanos) = scalar::duration_ns(found.value.trim()) else {
        let what = format!("must be CPU time such as 15ms or 0.2s, not `{}`", found.value);
        findings.push(place.problem("TT115", &what));
        return None;
    };
    Some(Spanned::new(Value::CpuTime(nanos), found.span))
}

/// `1.37`, with or without quotes, `v1.37.2`.
fn version(place: &Place<'_>, findings: &Findings) -> Option<Spanned<Value>> {
    let found = scalar::text(place, findings)?;
    let text = found.value.trim_start_matches('v');
    if !matches!(scalar::plain(text), Plain::Int(_) | Plain::Number(_))
        && !text
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
    {
        findings
            .push(place.problem("TT115", &format!("must be a release such as 1.37, not `{text}`")));
        return None;
    }
    Some(Spanned::new(Value::Version(Version::of(text)), found.span))
}
