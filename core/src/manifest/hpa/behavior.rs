//! `spec.behavior`: how fast the replica count may move.

use crate::quantity::Quantity;
use crate::source::Span;
use crate::yaml::{Fields, Spanned};

/// `spec.behavior`.
#[derive(Clone, Debug)]
pub struct Behavior {
    /// `scaleUp`.
    pub scale_up: Option<ScalingRules>,
    /// `scaleDown`.
    pub scale_down: Option<ScalingRules>,
    /// Whether the API server fills in what is missing before it looks for what is wrong: that of
    /// autoscaling/v2, not what an annotation of autoscaling/v1 says.
    pub is_completed: bool,
    /// Where it stands.
    pub span: Span,
}

/// Rules of one direction, as they are written.
#[derive(Clone, Debug)]
pub struct ScalingRules {
    /// `stabilizationWindowSeconds`.
    pub stabilization_window_seconds: Option<Spanned<i32>>,
    /// `selectPolicy`.
    pub select_policy: Option<Spanned<String>>,
    /// `policies`. An empty list is not the same as none: it is refused.
    pub policies: Option<Spanned<Vec<ScalingPolicy>>>,
    /// `tolerance`.
    pub tolerance: Option<Spanned<Quantity>>,
    /// Where they stand.
    pub span: Span,
}

/// One entry of `policies`.
#[derive(Clone, Debug)]
pub struct ScalingPolicy {
    /// `type`: `Pods` or `Percent`.
    pub kind: Option<Spanned<String>>,
    /// `value`.
    pub value: Option<Spanned<i32>>,
    /// `periodSeconds`.
    pub period_seconds: Option<Spanned<i32>>,
    /// Where it stands.
    pub span: Span,
}

/// Takes what `behavior` says.
pub(in crate::manifest) fn behavior(fields: &mut Fields<'_>, is_completed: bool) -> Behavior {
    Behavior {
        scale_up: rules(fields, "scaleUp"),
        scale_down: rules(fields, "scaleDown"),
        is_completed,
        span: fields.span(),
    }
}

fn rules(behavior: &mut Fields<'_>, name: &'static str) -> Option<ScalingRules> {
    let mut fields = behavior.mapping(name)?;
    let policies = fields.mappings("policies").map(|it| {
        it.map(|items| items.into_iter().map(|mut fields| policy(&mut fields)).collect())
    });
    Some(ScalingRules {
        stabilization_window_seconds: fields.int32("stabilizationWindowSeconds"),
        select_policy: fields.string("selectPolicy"),
        policies,
        tolerance: fields.quantity("tolerance"),
        span: fields.span(),
    })
}

fn policy(fields: &mut Fields<'_>) -> ScalingPolicy {
    ScalingPolicy {
        kind: fields.string("type"),
        value: fields.int32("value"),
        period_seconds: fields.int32("periodSeconds"),
        span: fields.span(),
    }
}
