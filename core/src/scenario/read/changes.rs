//! `spec.edits`: HPAs, workloads and Ray's objects that someone edits while the run goes on;
//! `spec.controllerRestarts`: when another HPA controller takes over.

use super::limits::{cut, positive, report_missing, required_instant};
use super::load::{SERVICES, target};
use super::{one_of, out_of_range};
use crate::diagnostic::{Diagnostic, Severity};
use crate::scenario::{Again, Edit, EditEntry, HpaAction};
use crate::time::{Duration, Instant};
use crate::yaml::{Fields, Node, Spanned, scalar};

/// Entries that a Scenario may have, of each.
const MOST_ENTRIES: usize = 64;

/// What may stand between two repetitions of one entry.
const SHORTEST: Duration = Duration::from_seconds(1);

/// Repetitions that all entries may have together: every 10 s for a week is some sixty thousand.
const MOST_TIMES: i64 = 100_000;

/// The most replicas that someone asks for.
const MOST_REPLICAS: i32 = 1_000_000;

pub(super) fn edits(spec: &mut Fields<'_>, end: Instant) -> Vec<EditEntry> {
    let findings = spec.findings();
    let Some(mut list) = spec.mappings("edits") else { return Vec::new() };
    cut(findings, &mut list.value, list.span, MOST_ENTRIES);
    let mut left = MOST_TIMES;
    let entry = |mut fields: Fields<'_>| {
        let at = required_instant(&mut fields, "at", end);
        let (edit, repeats) =
            match one_of(&mut fields, &["hpa", "target", "rayService", "rayCluster"])? {
                "hpa" => (hpa(&mut fields), false),
                "rayService" => (ray_service(&mut fields), false),
                "rayCluster" => (ray_cluster(&mut fields), true),
                _ if fields.has("rollout") => (rollout(&mut fields), true),
                _ => (scale(&mut fields), true),
            };
        let from = at.map_or(end, |it| it.value);
        let again = repeats.then(|| again(&mut fields, (from, end), &mut left)).flatten();
        Some(EditEntry { at: at?.value, again, edit: edit? })
    };
    list.value.into_iter().filter_map(entry).collect()
}

/// `every: 30s`, to the end or as often as may be.
fn again(fields: &mut Fields<'_>, (at, end): (Instant, Instant), left: &mut i64) -> Option<Again> {
    let span = fields.key_span("every").unwrap_or_else(|| fields.span());
    let every = positive(fields, "every", SHORTEST)?;
    let times = (end.since(at).ms() - 1).max(0) / every.ms();
    let kept = times.min(*left);
    *left -= kept;
    if kept == times {
        return Some(Again { every, until: end });
    }
    let last = at + every.times(kept);
    let message = format!(
        "limit reached: edits are repeated {MOST_TIMES} times at most in all, this one for the \
         last time at {last}"
    );
    out_of_range(fields.findings(), span, message);
    Some(Again { every, until: last + every })
}

const ACTIONS: [(&str, HpaAction); 3] =
    [("edit", HpaAction::Edit), ("delete", HpaAction::Delete), ("create", HpaAction::Create)];

/// `{at: 2m, hpa: web, maxReplicas: 20}`, `{at: 4m, hpa: web, action: delete}`
fn hpa(fields: &mut Fields<'_>) -> Option<Edit> {
    let action = fields.choice("action", &ACTIONS).map_or(HpaAction::Edit, |it| it.value);
    let name = fields.string("hpa");
    let namespace = fields.string("namespace").map(|it| it.value);
    let min_replicas = fields.int32("minReplicas").map(|it| it.value);
    let max_replicas = fields.int32("maxReplicas").map(|it| it.value);
    Some(Edit::Hpa { action, name: name?, namespace, min_replicas, max_replicas })
}

/// `{at: 2m, target: {name: web}, replicas: 5}`
fn scale(fields: &mut Fields<'_>) -> Option<Edit> {
    let of = fields.mapping("target").and_then(|it| target(it, &SERVICES[..3]));
    report_missing(fields, "replicas");
    let replicas = fields.int32("replicas")?;
    if !(0..=MOST_REPLICAS).contains(&replicas.value) {
        let message = format!("a workload has from 0 to {MOST_REPLICAS} replicas");
        out_of_range(fields.findings(), replicas.span, message);
    }
    Some(Edit::Scale { target: of?, replicas: replicas.value.clamp(0, MOST_REPLICAS) })
}

/// `{at: 2m, target: {name: web}, rollout: restart}`
fn rollout(fields: &mut Fields<'_>) -> Option<Edit> {
    one_of(fields, &["rollout", "replicas"]);
    let of = fields.mapping("target").and_then(|it| target(it, &SERVICES[..1]));
    let new_image = fields.choice("rollout", &[("restart", false), ("image", true)]);
    Some(Edit::Rollout { target: of?, new_image: new_image?.value })
}

/// `{at: 5m, rayService: chat, spec: {rayClusterConfig: {rayVersion: 2.61.0}}}`
fn ray_service(fields: &mut Fields<'_>) -> Option<Edit> {
    let name = fields.string("rayService");
    let namespace = fields.string("namespace").map(|it| it.value);
    let patch = patch(fields)?;
    Some(Edit::RayService { name: name?, namespace, patch })
}

/// `{at: 5m, rayCluster: batch, every: 30s, spec: {workerGroupSpecs: [{groupName: a, replicas: 1}]}}`
fn ray_cluster(fields: &mut Fields<'_>) -> Option<Edit> {
    let name = fields.string("rayCluster");
    let namespace = fields.string("namespace").map(|it| it.value);
    let patch = patch(fields)?;
    Some(Edit::RayCluster { name: name?, namespace, patch })
}

/// What stands in it is read where it is laid over the manifest.
fn patch(fields: &mut Fields<'_>) -> Option<Box<Node>> {
    report_missing(fields, "spec");
    let patch = fields.take("spec")?;
    Fields::of(patch, "spec", fields.findings())?.pass_rest();
    Some(Box::new(patch.clone()))
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
    use crate::deployment;
    use crate::scenario::{Edit, EditEntry, TargetKind, read};
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
        let EditEntry { at, edit: Edit::Hpa { name, min_replicas, max_replicas, .. }, .. } =
            &scenario.edits[0]
        else {
            panic!("an edit of an HPA");
        };
        assert_eq!((*at, name.value.as_str()), (Instant::from_seconds(120), "web"));
        assert_eq!((*min_replicas, *max_replicas), (None, Some(7)));
        assert_eq!(scenario.restarts, [180, 600].map(Instant::from_seconds));
        let codes: Vec<&str> = read.diagnostics.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, ["TT117", "TT404", "TT403", "TT115"]);
    }

    #[test]
    fn only_deployments_are_rolled_out() {
        let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  \
                    load: []\n  edits:\n  - {at: 5m, target: {name: web}, rollout: image}\n  \
                    - {at: 1m, target: {name: web}, rollout: restart, every: 6m}\n  \
                    - {at: 1m, target: {kind: StatefulSet, name: web}, rollout: restart}\n  \
                    - {at: 1m, target: {name: web}, rollout: true}\n  \
                    - {at: 1m, target: {name: web}, rollout: restart, replicas: 2}\n";
        let read = read(yaml::read(text).roots());
        let edits = read.scenario.unwrap().edits_of(TargetKind::Deployment, "default", "web");
        let rollout = |minute: i64, new_image| {
            (Instant::from_seconds(minute * 60), deployment::Edit::Rollout { new_image })
        };
        let expected = [(1, false), (1, false), (5, true), (7, false)];
        assert_eq!(edits, expected.map(|it| rollout(it.0, it.1)));
        let codes: Vec<&str> = read.diagnostics.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, ["TT116", "TT116", "TT404"]);
    }

    #[test]
    fn someone_scales_once_or_again_and_again() {
        let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 10m\n  \
                    load: []\n  edits:\n  - {at: 5m, target: {name: web}, replicas: 0}\n  \
                    - {at: 1m, target: {name: web}, replicas: 2, every: 3m}\n  \
                    - {at: 1m, target: {kind: StatefulSet, name: web}, replicas: 9}\n  \
                    - {at: 1m, target: {name: web}}\n  \
                    - {at: 1m, target: {name: web}, replicas: -1}\n";
        let read = read(yaml::read(text).roots());
        let scenario = read.scenario.unwrap();
        let of = |kind| {
            let edits = scenario.edits_of(kind, "default", "web");
            let scaled = |it: &(Instant, deployment::Edit)| match it.1 {
                deployment::Edit::Scale(replicas) => (it.0.ms() / 60_000, replicas),
                deployment::Edit::Rollout { new_image } => {
                    (it.0.ms() / 60_000, if new_image { -2 } else { -1 })
                }
            };
            edits.iter().map(scaled).collect::<Vec<_>>()
        };
        assert_eq!(of(TargetKind::Deployment), [(1, 2), (1, 0), (4, 2), (5, 0), (7, 2)]);
        assert_eq!(of(TargetKind::StatefulSet), [(1, 9)]);
        let codes: Vec<&str> = read.diagnostics.iter().map(|it| it.code.as_ref()).collect();
        assert_eq!(codes, ["TT117", "TT402"]);
    }

    #[test]
    fn what_is_done_again_and_again_has_a_limit_in_all() {
        let text = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  duration: 24h\n  \
                    load: []\n  edits:\n  \
                    - {at: 0s, rayCluster: a, every: 1s, spec: {suspend: true}}\n  \
                    - {at: 1h, rayCluster: a, every: 2s, spec: {suspend: false}}\n  \
                    - {at: 1h, target: {name: web}, replicas: 2, every: 500ms}\n  \
                    - {at: 1h, rayService: a, every: 30s, spec: {suspend: true}}\n";
        let read = read(yaml::read(text).roots());
        let scenario = read.scenario.unwrap();
        // 86,399 repetitions of the first leave 13,601 of 41,399 to the second.
        let times: Vec<usize> = scenario.edits.iter().map(|it| it.times().count()).collect();
        assert_eq!(times, [86_400, 13_602, 1, 1]);
        let said: Vec<String> = read
            .diagnostics
            .iter()
            .map(|it| format!("{} {} {}", it.code, &text[it.span.start..it.span.end], it.message))
            .collect();
        let limit = |last: i64| {
            format!(
                "TT402 every limit reached: edits are repeated 100000 times at most in all, this \
                 one for the last time at {}",
                Instant::from_seconds(last)
            )
        };
        assert_eq!(
            said,
            [
                limit(3600 + 2 * 13_601),
                limit(3600),
                "TT402 500ms must be 1s or longer".to_owned(),
                "TT112 every `every` is no field of `spec.edits[3]`".to_owned(),
            ]
        );
    }
}
