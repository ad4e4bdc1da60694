//! The Scenario of a text that has none.
//!
//! It is a text itself, read by the same reader, so that the first edit in a form can put it where
//! the user sees it, and nothing changes by that.

use std::collections::BTreeMap;

use super::{Scenario, Target, read};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;
use crate::yaml;
use crate::yaml::edit::quote;

/// Services and Ray clusters that something must happen to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subjects<'doc> {
    /// The target of each HPA, each once.
    pub services: &'doc [Target],
    /// Name and namespace of each Ray cluster with an autoscaler.
    pub clusters: &'doc [(String, Option<String>)],
    /// Name of each metric that somebody asks for, and what it can be taken for: `requests` or
    /// `queueLength`.
    pub metrics: &'doc [(String, &'static str)],
}

/// The document that is assumed: a step of load for each service, a burst of tasks for each
/// cluster.
pub fn assumed_text(subjects: Subjects<'_>) -> String {
    let mut lines = vec![
        format!("apiVersion: {}", super::API_VERSION),
        format!("kind: {}", super::KIND),
        "metadata: {name: assumed}".to_owned(),
        "spec:".to_owned(),
        "  duration: 30m".to_owned(),
    ];
    lines.push(if subjects.services.is_empty() { "  load: []" } else { "  load:" }.to_owned());
    for target in subjects.services {
        lines.push(format!("  - target: {}", target.to_yaml()));
        lines.push("    step: {at: 2m, from: 20, to: 160, until: 14m}".to_owned());
    }
    if !subjects.metrics.is_empty() {
        lines.push("  metrics:".to_owned());
    }
    for (name, source) in subjects.metrics {
        lines.push(format!("  - {{name: {}, from: {source}}}", quote(name)));
    }
    if !subjects.clusters.is_empty() {
        lines.push("  ray:".to_owned());
    }
    for (name, namespace) in subjects.clusters {
        lines.push(format!("  - cluster: {}", quote(name)));
        lines.extend(namespace.iter().map(|it| format!("    namespace: {}", quote(it))));
        lines.push("    work:".to_owned());
        lines.push("    - at: 4m".to_owned());
        lines.push("      tasks: {count: 20, resources: {CPU: 1}, duration: 60s}".to_owned());
    }
    lines.join("\n") + "\n"
}

/// Says out loud what is assumed; stands at the end of `text`, where the document would.
pub fn assumed_notice(text: &str, subjects: Subjects<'_>) -> Diagnostic {
    let services =
        subjects.services.iter().map(|it| format!("20, then 160 requests/s for {}", it.name));
    let clusters = subjects.clusters.iter().map(|(name, _)| format!("20 tasks for {name}"));
    let metrics = subjects.metrics.iter().map(|(name, source)| {
        let what = if *source == "requests" { "requests/s" } else { "queue" };
        format!("{name} is its {what}")
    });
    let what: Vec<_> = services.chain(metrics).chain(clusters).collect();
    let what = if what.is_empty() { "nothing happens".to_owned() } else { what.join(", ") };
    let message = format!("no Scenario says what to expect: assumed {what}");
    Diagnostic::new("TT408", Severity::Info, Span::at(text.len()), message)
}

impl Scenario {
    /// What [`assumed_text`] says. Its places are all empty, for they are not in the user's text.
    pub fn assumed(subjects: Subjects<'_>) -> Self {
        let read = read(yaml::read(&assumed_text(subjects)).roots());
        let mut scenario = read.scenario.unwrap_or_else(Self::empty);
        scenario.assumed = true;
        scenario.span = Span::default();
        scenario.set = BTreeMap::new();
        for entry in &mut scenario.load {
            entry.span = Span::default();
            entry.target.span = Span::default();
        }
        for entry in &mut scenario.ray {
            entry.span = Span::default();
        }
        for entry in &mut scenario.metrics {
            (entry.span, entry.name.span) = (Span::default(), Span::default());
        }
        scenario
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{MetricSource, TargetKind, read};

    fn service(name: &str) -> Target {
        Target {
            kind: TargetKind::Deployment,
            name: name.to_owned(),
            namespace: Some("shop".to_owned()),
            application: None,
            span: Span::new(3, 7),
        }
    }

    #[test]
    fn every_service_and_cluster_gets_something_to_do() {
        let services = [service("web"), service("1: {")];
        let clusters = [("ml".to_owned(), None), ("a: b".to_owned(), Some("x".to_owned()))];
        let metrics = [("http_requests".to_owned(), "requests")];
        let subjects = Subjects { services: &services, clusters: &clusters, metrics: &metrics };
        let text = assumed_text(subjects);
        assert_eq!(read(yaml::read(&text).roots()).diagnostics, [], "{text}");
        let scenario = Scenario::assumed(subjects);
        assert!(scenario.assumed);
        for name in ["web", "1: {"] {
            let load = scenario.load_of(TargetKind::Deployment, "shop", name);
            assert_eq!(load.shapes.len(), 1, "{name}");
        }
        assert_eq!(scenario.metrics[0].source, MetricSource::Requests);
        assert_eq!(scenario.work_of("any", "ml").len(), 1);
        assert_eq!(scenario.work_of("x", "a: b").len(), 1);
        let notice = assumed_notice("text\n", subjects);
        assert_eq!(
            notice.message,
            "no Scenario says what to expect: assumed 20, then 160 requests/s for web, \
             20, then 160 requests/s for 1: {, http_requests is its requests/s, 20 tasks for ml, 20 tasks for a: b"
        );
    }

    #[test]
    fn without_anyone_nothing_happens() {
        let scenario = Scenario::assumed(Subjects::default());
        assert_eq!((scenario.load.len(), scenario.ray.len()), (0, 0));
    }
}
