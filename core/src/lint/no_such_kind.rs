//! An HPA on a kind that its `apiVersion` does not have.
//!
//! `extensions/v1beta1` has had no Deployment since Kubernetes 1.16, and kinds are spelled to the
//! letter. The API server takes the HPA, but its controller finds nothing to scale. Only groups of
//! Kubernetes' own are known here: any other may hold custom resources.
//!
//! Upstream: kubernetes 1.37 pkg/controller/podautoscaler/horizontal.go `reconcileAutoscaler`;
//! apimachinery 0.37 pkg/api/meta/errors.go `NoKindMatchError.Error`.

use super::{Input, Rule, subject, with_fix};
use crate::assemble;
use crate::diagnostic::{Diagnostic, Severity, TextEdit};

pub(super) const RULE: Rule = Rule {
    code: "TT068",
    name: "no-such-kind",
    severity: Severity::Error,
    chapter: "wrong/no-decision#P6",
    check,
};

/// What can be scaled; other spellings of these are mended.
const KINDS: [&str; 3] = ["Deployment", "StatefulSet", "ReplicaSet"];

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for scaler in &input.scalers {
        let Some(hpa) = scaler.hpa else { continue };
        let (version, kind) = (&hpa.target.api_version, &hpa.target.kind);
        // That a group or the kind is missing is said by the API server.
        if kind.value.is_empty() || !subject::has_no_such_kind(&hpa.target) {
            continue;
        }
        let unknown = assemble::no_such_kind(&version.value, &kind.value);
        let error = unknown.unwrap_or_default();
        let message = [&error, ": this HPA fails with FailedGetScale"].concat();
        let meant = KINDS.iter().find(|it| it.eq_ignore_ascii_case(&kind.value));
        let (place, edit) = match meant {
            Some(kind_meant) if **kind_meant != kind.value => (kind.span, Some(*kind_meant)),
            Some(_) => (version.span, Some("apps/v1")),
            None => (kind.span, None),
        };
        let title = ["write ", edit.unwrap_or_default()].concat();
        let edit = edit.map(|it| TextEdit { span: place, text: it.to_owned() });
        found.push(with_fix(RULE.at(place, message), &title, edit));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn hpa(target: &str) -> String {
        format!(
            "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
             spec:\n  scaleTargetRef:\n{target}    name: web\n  maxReplicas: 5\n"
        )
    }

    #[test]
    fn a_group_without_the_kind_and_a_kind_in_small_letters() {
        check(
            &RULE,
            &hpa("    apiVersion: extensions/v1beta1
                ^^^^^^^^^^^^^^^^^^ no matches for kind \"Deployment\" in group \"extensions\": this \
HPA fails with FailedGetScale
    kind: Deployment
"),
        );
        check(
            &RULE,
            &hpa("    apiVersion: apps/v1
    kind: deployment
          ^^^^^^^^^^ no matches for kind \"deployment\" in group \"apps\": this HPA fails with \
FailedGetScale
"),
        );
        let right = hpa("    apiVersion: apps/v1\n    kind: Deployment\n");
        for wrong in ["apps/v1\n    kind: deployment", "extensions/v1beta1\n    kind: Deployment"] {
            let wrong = hpa(&format!("    apiVersion: {wrong}\n"));
            assert_eq!(fixed(&RULE, &wrong), right);
        }
    }

    #[test]
    fn what_may_be_there_is_silent() {
        for (version, kind) in
            [("apps/v1", "StatefulSet"), ("argoproj.io/v1alpha1", "Rollout"), ("v1", "Deployment")]
        {
            check(&RULE, &hpa(&format!("    apiVersion: {version}\n    kind: {kind}\n")));
        }
    }
}
