//! `spec.edits`: HPAs that someone edits while the run goes on; `spec.controllerRestarts`: when
//! another HPA controller takes over.

use super::limits::{cut, report_missing, required_instant};
use crate::diagnostic::{Diagnostic, Severity};
use crate::scenario::EditEntry;
use crate::time::{Duration, Instant};
use crate::yaml::{Fields, Spanned, scalar};

/// Entries that a Scenario may have, of each.
const MOST_ENTRIES: usize = 64;

pub(super) fn edits(spec: &mut Fields<'_>, end: Instant) -> Vec<EditEntry> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("edits") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    let edit = |mut fields: Fields<'_>| {
        let at = required_instant(&mut fields, "at", end);
        report_missing(&fields, "hpa");
        let hpa = fields.string("hpa");
        let namespace = fields.string("namespace").map(|it| it.value);
        let min_replicas = fields.int32("minReplicas").map(|it| it.value);
        let max_replicas = fields.int32("maxReplicas").map(|it| it.value);
        Some(EditEntry { at: at?.value, hpa: hpa?, namespace, min_replicas, max_replicas })
    };
    list.value.into_iter().filter_map(edit).collect()
}

/// `controllerRestarts: [5m]`
pub(super) fn restarts(spec: &mut Fields<'_>, end: Instant) -> Vec<Instant> {
    let findings = spec.findings();
    let Some(mut list) = spec.list("controllerRestarts", scalar::duration) else {
        return Vec::new();
    };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    let restart = |it: Spanned<Duration>| {
        let at = Instant::ZERO + it.value;
        if at >= end {
            let message = format!("lies beyond the run, which ends at {end}");
            findings.push(Diagnostic::new("TT403", Severity::Warning, it.span, message));
        }
        at
    };
    list.value.into_iter().map(restart).collect()
}

#[cfg(test)]
mod tests {
    use crate::scenario::read;
    use crate::time::Instant;
    use crate::yaml;

    #[test]
    fn edits_and_restarts() {
        let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  \
                    load: []\n  edits:\n  - {at: 2m, hpa: web, maxReplicas: 7}\n  - {hpa: web}\n  \
                    - {at: 2m}\n  controllerRestarts: [3m, 10m, soon]\n";
        let read = read(yaml::read(text).roots());
        let scenario = read.scenario.unwrap();
        assert_eq!(scenario.edits.len(), 1);
        let edit = &scenario.edits[0];
        assert_eq!((edit.at, edit.hpa.value.as_str()), (Instant::from_seconds(120), "web"));
        assert_eq!((edit.min_replicas, edit.max_replicas), (None, Some(7)));
        assert_eq!(scenario.restarts, [180, 600].map(Instant::from_seconds));
        let codes: Vec<&str> = read.diagnostics.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, ["TT117", "TT117", "TT403", "TT115"]);
    }
}
