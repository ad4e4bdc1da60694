//! What was read and what was assumed, listed.

use crate::assumption::{Assumptions, TABLE, Unit};
use crate::manifest::keda::{Scaler, Source};
use crate::manifest::workload::WorkloadKind;
use crate::manifest::{Body, Document, Documents};
use crate::report::{AssumptionValue, DocumentSummary, Language, Upstream};
use crate::scenario::{self, Scenario, Target, TargetKind};
use crate::upstream;
use crate::yaml::Spanned;

/// Whoever something could happen to, for an assumed Scenario.
pub(super) struct Subjects {
    services: Vec<Target>,
    clusters: Vec<(String, Option<String>)>,
    metrics: Vec<(String, &'static str)>,
}

/// What a metric of that name, or a query, can be taken for, if its words tell.
pub(super) fn taken_for(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|it| text.contains(it));
    if has(&["queue", "lag", "backlog", "messages", "pending", "depth"]) {
        return Some("queueLength");
    }
    has(&["request", "rps", "qps"]).then_some("requests")
}

impl Subjects {
    /// The target of each HPA, each ScaledObject and each autoscaling Ray cluster, each once.
    pub(super) fn of(documents: &Documents) -> Self {
        let mut it = Self { services: Vec::new(), clusters: Vec::new(), metrics: Vec::new() };
        for (document, hpa) in documents.hpas() {
            let kind = documents.target_of(document, hpa).map(|(_, it)| it.kind);
            if hpa.target.kind.value.starts_with("Ray") {
                continue;
            }
            it.service(document, &hpa.target.name, kind);
            for metric in hpa.metrics.iter().flat_map(|it| &it.sources) {
                let name = metric.metric.as_ref().and_then(|it| it.name.as_ref());
                it.metric(name.map_or("", |it| &it.value), None);
            }
        }
        for (document, object) in documents.scaled_objects() {
            let kind = match object.target_kind() {
                "Deployment" => WorkloadKind::Deployment,
                "StatefulSet" => WorkloadKind::StatefulSet,
                "ReplicaSet" => WorkloadKind::ReplicaSet,
                _ => continue,
            };
            it.service(document, &object.target.name, Some(kind));
            for trigger in &object.triggers {
                let Some(Scaler::External(external, source)) = &trigger.scaler else { continue };
                let query = trigger.metadata.get("query").map_or("", |it| it.value.as_str());
                match source {
                    Source::Cron => {}
                    Source::Queue => it.metric(&external.metric, Some("queueLength")),
                    Source::QueueRate => it.metric(&external.metric, Some("requests")),
                    Source::Prometheus => it.metric(&external.metric, taken_for(query)),
                }
            }
        }
        let scaling = documents.ray_clusters().filter(|(_, cluster)| cluster.is_autoscaling());
        let clusters = scaling.map(|(document, _)| {
            let namespace = document.metadata.namespace.as_ref().map(|it| it.value.clone());
            (document.name().to_owned(), namespace)
        });
        it.clusters.extend(clusters);
        it
    }

    fn service(&mut self, document: &Document, name: &Spanned<String>, kind: Option<WorkloadKind>) {
        let target = Target {
            kind: match kind {
                Some(WorkloadKind::StatefulSet) => TargetKind::StatefulSet,
                Some(WorkloadKind::ReplicaSet) => TargetKind::ReplicaSet,
                Some(WorkloadKind::Deployment) | None => TargetKind::Deployment,
            },
            name: name.value.clone(),
            namespace: document.metadata.namespace.as_ref().map(|it| it.value.clone()),
            application: None,
            span: name.span,
        };
        let same = |it: &Target| (&it.name, &it.namespace) == (&target.name, &target.namespace);
        if !target.name.is_empty() && !self.services.iter().any(same) {
            self.services.push(target);
        }
    }

    fn metric(&mut self, name: &str, source: Option<&'static str>) {
        let Some(source) = source.or_else(|| taken_for(name)) else { return };
        if self.metrics.iter().all(|(it, _)| it != name) {
            self.metrics.push((name.to_owned(), source));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.services.is_empty() && self.clusters.is_empty()
    }

    pub(super) fn borrowed(&self) -> scenario::Subjects<'_> {
        scenario::Subjects {
            services: &self.services,
            clusters: &self.clusters,
            metrics: &self.metrics,
        }
    }
}

pub(super) fn upstream(assumptions: &Assumptions) -> Upstream {
    Upstream {
        kubernetes: assumptions.versions.kubernetes.to_string(),
        ray: upstream::RAY.to_owned(),
        kuberay: upstream::KUBERAY.to_owned(),
        keda: upstream::KEDA.to_owned(),
    }
}

pub(super) fn documents(documents: &Documents) -> Vec<DocumentSummary> {
    documents
        .documents
        .iter()
        .map(|document| DocumentSummary {
            kind: document.kind.value.clone(),
            name: document.name().to_owned(),
            span: document.span,
            modelled: !matches!(document.body, Body::Other) && !document.body.is_only_checked(),
            fields_not_modelled: document.unmodelled.iter().map(|it| it.value.clone()).collect(),
            defaults: defaults(document),
        })
        .collect()
}

fn defaults(document: &Document) -> Vec<String> {
    let Body::Hpa(hpa) = &document.body else { return Vec::new() };
    hpa.defaults().into_iter().map(|it| format!("{}: {}", it.path, it.value)).collect()
}

/// The assumptions, without what is said about them ([`tell`]).
pub(super) fn assumptions(scenario: &Scenario, language: Language) -> Vec<AssumptionValue> {
    TABLE
        .iter()
        .map(|row| AssumptionValue {
            id: row.id.to_owned(),
            group: group(row.group(), language).to_owned(),
            meaning: String::new(),
            value: (row.get)(&scenario.assumptions).to_string(),
            default: row.default.to_string(),
            unit: unit(row.unit(), language).to_owned(),
            source: String::new(),
            span: scenario.set.get(row.id).copied().filter(|_| !scenario.assumed),
        })
        .collect()
}

/// Fills in what is said about assumptions: all but the page's first download has it.
pub(super) fn tell(assumptions: &mut [AssumptionValue], language: Language) {
    for (row, it) in TABLE.iter().zip(assumptions) {
        let words = (row.words)();
        words.meaning.of(language).clone_into(&mut it.meaning);
        words.source.of(language).clone_into(&mut it.source);
    }
}

/// The heading of a group of assumptions.
fn group(id: &str, language: Language) -> &str {
    let (en, ko) = match id {
        "request" => ("Requests", "요청"),
        "idle" => ("Idle pods", "유휴 파드"),
        "podStart" => ("Pod start", "파드 시작"),
        "podStop" => ("Pod stop", "파드 종료"),
        "node" => ("Nodes", "노드"),
        "metrics" => ("Metric pipeline", "메트릭 파이프라인"),
        "prometheus" => ("Prometheus and its adapter", "Prometheus와 어댑터"),
        "keda" => ("KEDA", "KEDA"),
        "hpa" => ("HPA controller", "HPA 컨트롤러"),
        "ray" => ("Ray", "Ray"),
        "deployment" => ("Assumed Deployment", "가정한 Deployment"),
        "versions" => ("Versions", "버전"),
        "featureGates" => ("Feature gates", "기능 게이트"),
        other => (other, other),
    };
    match language {
        Language::En => en,
        Language::Ko => ko,
    }
}

/// What to show beside a value whose text does not say it.
fn unit(unit: Unit, language: Language) -> &'static str {
    match (unit, language) {
        (Unit::Cpu, Language::En) => "cores",
        (Unit::Cpu, Language::Ko) => "코어",
        (Unit::CpuTime, Language::En) => "CPU time",
        (Unit::CpuTime, Language::Ko) => "CPU 시간",
        (Unit::Bytes, Language::En) => "bytes",
        (Unit::Bytes, Language::Ko) => "바이트",
        (Unit::Duration | Unit::Count | Unit::Ratio | Unit::Version | Unit::Switch, _) => "",
    }
}
