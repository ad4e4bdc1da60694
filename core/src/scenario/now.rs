//! `spec.now`: what is known of an HPA at the moment, beside what its status says.

use crate::source::Span;
use crate::time::Duration;
use crate::yaml::Spanned;

/// What is known of one HPA. What is absent is read from its status, or assumed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Now {
    /// `metadata.name` of the HPA.
    pub hpa: Spanned<String>,
    /// Its namespace; any, if absent.
    pub namespace: Option<String>,
    /// What `scale.spec.replicas` says.
    pub current_replicas: Option<Spanned<i32>>,
    /// Pods that are ready and have samples.
    pub ready: Option<Spanned<i32>>,
    /// Pods that run and never became ready.
    pub not_ready: Option<Spanned<i32>>,
    /// Pods that are ready and have no sample.
    pub missing: Option<Spanned<i32>>,
    /// One entry for each of the HPA's metrics, as kubectl prints it: `45%`, `250m`, `<unknown>`.
    pub metrics: Vec<Option<Spanned<String>>>,
    /// Recommendations of earlier looks.
    pub recommendations: Option<Vec<Past>>,
    /// Earlier changes of the count by the HPA, negative where it removed replicas.
    pub scale_events: Option<Vec<Past>>,
    /// Whether it was the HPA that scaled to zero.
    pub scaled_to_zero: Option<bool>,
    /// The entry in the text.
    pub span: Span,
}

/// A number of an earlier look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// The number.
    pub replicas: i32,
    /// How long ago.
    pub ago: Duration,
}

impl Now {
    /// Whether it is about the HPA of that name.
    pub fn is_about(&self, namespace: &str, name: &str) -> bool {
        self.hpa.value == name && self.namespace.as_deref().is_none_or(|it| it == namespace)
    }
}
