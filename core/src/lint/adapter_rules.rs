//! The rules of a Prometheus Adapter, from its ConfigMap: which query stands behind a metric.
//!
//! Upstream: prometheus-adapter 0.12 pkg/config/config.go `MetricsDiscoveryConfig`,
//! pkg/naming/metric_namer.go `NamersFromConfig`, `GetMetricNameForSeries`.

use super::Input;
use crate::manifest::hpa::SourceKind;
use crate::source::Span;
use crate::yaml::{Findings, Node, read_embedded};

/// One rule that an HPA of the text reads.
pub(super) struct AdapterRule {
    /// `metricsQuery`.
    pub(super) query: String,
    /// Where it stands.
    pub(super) span: Span,
    /// Whether it answers External metrics.
    pub(super) is_external: bool,
    /// Where the HPA names the metric.
    pub(super) read_at: Span,
}

/// Every rule whose metric an HPA of the text reads.
pub(super) fn read_rules(input: &Input<'_>) -> Vec<AdapterRule> {
    let mut found = Vec::new();
    for document in input.documents.documents.iter().filter(|it| it.kind.value == "ConfigMap") {
        for entry in document.root.get("data").map(Node::entries).unwrap_or_default() {
            if !entry.value.text().is_some_and(|it| it.contains("metricsQuery")) {
                continue;
            }
            let Some(config) = read_embedded(input.text, &entry.value, &Findings::default()) else {
                continue;
            };
            for (key, is_external) in [("rules", false), ("externalRules", true)] {
                for item in config.get(key).map(Node::items).unwrap_or_default() {
                    found.extend(rule(input, item, is_external));
                }
            }
        }
    }
    found
}

fn rule(input: &Input<'_>, item: &Node, is_external: bool) -> Option<AdapterRule> {
    let name = exposed_name(item)?;
    let query = item.get("metricsQuery")?;
    let mut sources = input.documents.hpas().flat_map(|(_, hpa)| &hpa.metrics);
    let read_at = sources.find_map(|metric| {
        let source = metric.source()?;
        let own = source.metric.as_ref()?.name.as_ref()?;
        let is_same = (source.kind == SourceKind::External) == is_external;
        (is_same && own.value == name).then_some(own.span)
    })?;
    Some(AdapterRule { query: query.text()?.to_owned(), span: query.span, is_external, read_at })
}

/// The metric that a rule for one series exposes. None if the pattern of its name is more than text
/// around one group.
fn exposed_name(item: &Node) -> Option<String> {
    let series = item.get("seriesQuery")?.text()?;
    let is_name = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == ':';
    let series = &series[..series.find(|it| !is_name(it)).unwrap_or(series.len())];
    let word = |key| item.get("name").and_then(|it| it.get(key)?.text()).unwrap_or_default();
    let (pattern, template) = (word("matches"), word("as"));
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let mut group = None;
    if !matches!(pattern, "" | ".*") {
        let split = pattern.split_once("(.*)").or_else(|| pattern.split_once("(.+)"));
        let (before, after) = split.unwrap_or((pattern, ""));
        if !before.chars().chain(after.chars()).all(is_name) {
            return None;
        }
        let middle = series.strip_prefix(before)?.strip_suffix(after)?;
        group = split.map(|_| middle);
    }
    let name = match template {
        "" => group.unwrap_or(series).to_owned(),
        "$1" | "${1}" => group?.to_owned(),
        template => template.replace("${1}", group.unwrap_or_default()).replace("${0}", series),
    };
    (!series.is_empty() && !name.contains('$')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::exposed_name;
    use crate::yaml;

    #[test]
    fn a_rule_names_its_metric() {
        for (rule, expected) in [
            ("{seriesQuery: 'queue_length'}", Some("queue_length")),
            ("{seriesQuery: 'a_total{x=\"y\"}', name: {as: b}}", Some("b")),
            (
                "{seriesQuery: 'a_total', name: {matches: '^(.*)_total$', as: '${1}_per_second'}}",
                Some("a_per_second"),
            ),
            ("{seriesQuery: 'a_total', name: {matches: '(.+)_total'}}", Some("a")),
            ("{seriesQuery: 'a_count', name: {matches: '(.+)_total'}}", None),
            ("{seriesQuery: 'a', name: {matches: '[ab]', as: c}}", None),
            ("{seriesQuery: '{__name__=~\"^container_.*\"}'}", None),
            ("{seriesQuery: a, name: {as: $1x}}", None),
        ] {
            let read = yaml::read(rule);
            let root = read.parts[0].root.as_ref().unwrap();
            assert_eq!(exposed_name(root).as_deref(), expected, "{rule}");
        }
    }
}
