//! The user's manifests: typed documents with the place of every value, and what is wrong.
//!
//! Reading can't fail. A document of a kind that Tidetable knows becomes typed values; one that it
//! does not know is named; text that is no manifest at all (a Helm template, a patch, the output
//! of `kubectl describe`) is told what it is. What the API server or an operator would refuse is
//! an error in their own words, and the rest is read all the same.

mod api_rules;
mod disruption_budget;
mod document;
pub mod field;
pub mod hpa;
mod job;
pub mod keda;
mod limit_range;
mod metadata;
mod names;
mod not_manifest;
mod owners;
pub mod pod;
pub mod ray;
mod validation;
mod vertical_autoscaler;
pub mod workload;
mod workload_rules;
#[cfg(test)]
mod workload_tests;

pub use api_rules::ApiRules;
pub use disruption_budget::DisruptionBudget;
pub use document::read;
pub use field::Field;
pub use hpa::Hpa;
pub use keda::ScaledObject;
pub use limit_range::LimitRange;
pub use metadata::{Labels, Metadata, Owner, Selector};
pub use ray::{RayCluster, RayJob, RayService};
pub use vertical_autoscaler::{ContainerPolicy, VerticalAutoscaler};
pub use workload::Workload;

use crate::diagnostic::Diagnostic;
use crate::source::Span;
use crate::yaml::{Node, Spanned};
use pod::PodTemplate;

/// All that a text holds.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    /// The manifests, in the order of the text; the items of a `List` one by one.
    pub documents: Vec<Document>,
    /// What is wrong, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Parts of the text that kubectl printed of HPAs; read by `right_now`.
    pub printed: Vec<Span>,
    /// The text itself: an edit of a RayService may have YAML in a scalar.
    pub text: String,
}

/// One manifest.
#[derive(Clone, Debug)]
pub struct Document {
    /// `apiVersion`.
    pub api_version: Spanned<String>,
    /// `kind`.
    pub kind: Spanned<String>,
    /// `metadata`.
    pub metadata: Metadata,
    /// From its first byte to its last.
    pub span: Span,
    /// The whole tree, for edits and for places.
    pub root: Node,
    /// What the kind says.
    pub body: Body,
    /// Paths of fields that the API has and that Tidetable does not model.
    pub unmodelled: Vec<Spanned<String>>,
    /// What the API server refuses: what it can't decode, and after [`Documents::judge`] what it
    /// finds wrong.
    pub refused: Vec<Diagnostic>,
}

/// What a manifest says, by kind.
#[derive(Clone, Debug)]
pub enum Body {
    /// A HorizontalPodAutoscaler.
    Hpa(Box<Hpa>),
    /// A Deployment, StatefulSet or ReplicaSet.
    Workload(Box<Workload>),
    /// A RayCluster.
    RayCluster(Box<RayCluster>),
    /// A RayService.
    RayService(Box<RayService>),
    /// A RayJob.
    RayJob(Box<RayJob>),
    /// A PodDisruptionBudget.
    DisruptionBudget(Box<DisruptionBudget>),
    /// A VerticalPodAutoscaler.
    VerticalAutoscaler(Box<VerticalAutoscaler>),
    /// A LimitRange.
    LimitRange(Box<LimitRange>),
    /// The pods of a Job, a CronJob or a Pod.
    Pods(Box<PodTemplate>),
    /// A Namespace; all it says is in the metadata.
    Namespace,
    /// KEDA's ScaledObject.
    ScaledObject(Box<ScaledObject>),
    /// Tidetable's own Scenario; read by `scenario`.
    Scenario(Node),
    /// A kind that is not modelled.
    Other,
}

impl Body {
    /// Whether it is read for the lints alone. A LimitRange is not: it adds requests.
    pub const fn is_only_checked(&self) -> bool {
        matches!(
            self,
            Self::DisruptionBudget(_)
                | Self::VerticalAutoscaler(_)
                | Self::Pods(_)
                | Self::Namespace
        )
    }
}

impl Document {
    /// `metadata.namespace`, or `default`.
    pub fn namespace(&self) -> &str {
        self.metadata.namespace.as_ref().map_or("default", |it| it.value.as_str())
    }

    /// `metadata.name`, empty if it is missing.
    pub fn name(&self) -> &str {
        &self.metadata.name.value
    }

    /// The RayCluster in a RayCluster, RayService or RayJob.
    pub fn ray_cluster(&self) -> Option<&RayCluster> {
        match &self.body {
            Body::RayCluster(cluster) => Some(cluster),
            Body::RayService(service) => service.cluster.as_ref(),
            Body::RayJob(job) => job.cluster.as_ref(),
            Body::Hpa(_)
            | Body::Workload(_)
            | Body::DisruptionBudget(_)
            | Body::VerticalAutoscaler(_)
            | Body::LimitRange(_)
            | Body::Pods(_)
            | Body::Namespace
            | Body::ScaledObject(_)
            | Body::Scenario(_)
            | Body::Other => None,
        }
    }
}

impl Documents {
    /// Looks at HPAs and workloads as the API server of one release does, and returns what was found.
    pub fn judge(&mut self, rules: &ApiRules) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for document in &mut self.documents {
            if let Body::Hpa(hpa) = &document.body {
                let refused = hpa::refusals(document, hpa, rules);
                found.extend(hpa::dropped(hpa, rules));
                found.extend_from_slice(&refused);
                document.refused.extend(refused);
            }
            if let Body::Workload(workload) = &document.body {
                found.extend(workload::dropped(workload, rules));
            }
        }
        found
    }

    /// The HPAs, each with its document.
    pub fn hpas(&self) -> impl Iterator<Item = (&Document, &Hpa)> {
        self.documents.iter().filter_map(|document| match &document.body {
            Body::Hpa(hpa) => Some((document, &**hpa)),
            _ => None,
        })
    }

    /// The Deployments, StatefulSets and ReplicaSets, each with its document.
    pub fn workloads(&self) -> impl Iterator<Item = (&Document, &Workload)> {
        self.documents.iter().filter_map(|document| match &document.body {
            Body::Workload(workload) => Some((document, &**workload)),
            _ => None,
        })
    }

    /// The ScaledObjects, each with its document.
    pub fn scaled_objects(&self) -> impl Iterator<Item = (&Document, &ScaledObject)> {
        self.documents.iter().filter_map(|document| match &document.body {
            Body::ScaledObject(it) => Some((document, &**it)),
            _ => None,
        })
    }

    /// The RayClusters, also those inside a RayService or RayJob, each with its document.
    pub fn ray_clusters(&self) -> impl Iterator<Item = (&Document, &RayCluster)> {
        self.documents.iter().filter_map(|document| Some((document, document.ray_cluster()?)))
    }

    /// The document that `hpa`, which stands in `document`, scales, if it was pasted.
    pub fn target_of(&self, document: &Document, hpa: &Hpa) -> Option<(&Document, &Workload)> {
        self.workloads().find(|(other, _)| {
            other.kind.value == hpa.target.kind.value
                && other.name() == hpa.target.name.value
                && other.namespace() == document.namespace()
        })
    }
}
