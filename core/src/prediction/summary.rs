//! What was read and what was assumed, listed.

use crate::assumption::{TABLE, Unit};
use crate::manifest::workload::WorkloadKind;
use crate::manifest::{Body, Document, Documents};
use crate::report::{AssumptionValue, DocumentSummary, Language, Upstream};
use crate::scenario::{self, Scenario, Target, TargetKind};
use crate::upstream;

/// Whoever something could happen to, for an assumed Scenario.
pub(super) struct Subjects {
    services: Vec<Target>,
    clusters: Vec<(String, Option<String>)>,
}

impl Subjects {
    /// The target of each HPA and each autoscaling Ray cluster, each once.
    pub(super) fn of(documents: &Documents) -> Self {
        let mut services: Vec<Target> = Vec::new();
        for (document, hpa) in documents.hpas() {
            let kind = match documents.target_of(document, hpa).map(|(_, it)| it.kind) {
                Some(WorkloadKind::StatefulSet) => TargetKind::StatefulSet,
                Some(WorkloadKind::ReplicaSet) => TargetKind::ReplicaSet,
                Some(WorkloadKind::Deployment) | None => TargetKind::Deployment,
            };
            if hpa.target.kind.value.starts_with("Ray") || hpa.target.name.value.is_empty() {
                continue;
            }
            let target = Target {
                kind,
                name: hpa.target.name.value.clone(),
                namespace: document.metadata.namespace.as_ref().map(|it| it.value.clone()),
                application: None,
                span: hpa.target.name.span,
            };
            if services
                .iter()
                .all(|it| (&it.name, &it.namespace) != (&target.name, &target.namespace))
            {
                services.push(target);
            }
        }
        let scaling = documents.ray_clusters().filter(|(_, cluster)| cluster.is_autoscaling());
        let clusters = scaling
            .map(|(document, _)| {
                let namespace = document.metadata.namespace.as_ref().map(|it| it.value.clone());
                (document.name().to_owned(), namespace)
            })
            .collect();
        Self { services, clusters }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.services.is_empty() && self.clusters.is_empty()
    }

    pub(super) fn borrowed(&self) -> scenario::Subjects<'_> {
        scenario::Subjects { services: &self.services, clusters: &self.clusters }
    }
}

pub(super) fn upstream() -> Upstream {
    Upstream {
        kubernetes: upstream::KUBERNETES.to_owned(),
        ray: upstream::RAY.to_owned(),
        kuberay: upstream::KUBERAY.to_owned(),
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

pub(super) fn assumptions(scenario: &Scenario, language: Language) -> Vec<AssumptionValue> {
    TABLE
        .iter()
        .map(|row| AssumptionValue {
            id: row.id.to_owned(),
            group: group(row.group(), language).to_owned(),
            meaning: match language {
                Language::En => row.meaning.en,
                Language::Ko => row.meaning.ko,
            }
            .to_owned(),
            value: (row.get)(&scenario.assumptions).to_string(),
            default: row.default.to_string(),
            unit: unit(row.unit(), language).to_owned(),
            source: row.source.to_owned(),
            span: scenario.set.get(row.id).copied().filter(|_| !scenario.assumed),
        })
        .collect()
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
