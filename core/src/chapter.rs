//! The chapters that the book has, so that nothing links to one that is not written yet.

/// The page with an entry for each code.
pub(crate) const DIAGNOSTICS: &str = "reference/diagnostics";

/// Paths below `book/en/src` and `book/ko/src`, without their ending.
pub const CHAPTERS: &[&str] = &[
    "which",
    "hpa/loop",
    "hpa/requests",
    "hpa/formula",
    "hpa/tolerance",
    "hpa/pods",
    "hpa/several-metrics",
    "hpa/stabilization",
    "hpa/policies",
    "hpa/limits",
    "hpa/zero",
    "hpa/conditions",
    "hpa/metric-path",
    "hpa/keda",
    "hpa/versions",
    "ray/where",
    "ray/node-types",
    "ray/demand",
    "ray/choosing",
    "ray/gangs",
    "ray/launch-rate",
    "ray/idle",
    "ray/v1-v2",
    "ray/operator",
    "ray/job",
    "ray/service",
    "ray/serve",
    "ray/gpus",
    "ray/timing",
    "together/who-writes",
    "together/serve-and-ray",
    "together/hpa-in-front",
    "together/plain-workers",
    "together/ray-serve-hpa",
    "together/rayjob",
    "together/gitops",
    "together/nodes",
    "together/seconds",
    "together/advice",
    "wrong/no-decision",
    "wrong/number",
    "wrong/time",
    "wrong/others",
    "wrong/ray",
    "wrong/serve-nodes",
    "wrong/conditions",
    DIAGNOSTICS,
    "reference/assumptions",
    "reference/fidelity",
    "reference/versions",
    "reference/scenario",
    "reference/report",
    "reference/cli",
    "reference/javascript",
    "reference/glossary",
];

/// `chapter` (as `hpa/metrics#requests`), if the book has its page.
pub(crate) fn written(chapter: &str) -> Option<&str> {
    let page = chapter.split('#').next().unwrap_or_default();
    CHAPTERS.contains(&page).then_some(chapter)
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn only_written_chapters_are_linked() {
        assert_eq!(written("hpa/tolerance#edges"), Some("hpa/tolerance#edges"));
        assert_eq!(written("hpa/tolerances"), None);
    }
}
