//! A threshold of a RayService that KubeRay no longer looks at.
//!
//! Once a service that was not healthy in time got a second cluster, and a slow node was enough for
//! that. KubeRay now waits, and the two fields do nothing.
//!
//! Upstream: kuberay 1.7 ray-operator/apis/ray/v1/rayservice_types.go `RayServiceSpec`.

use super::{Input, Rule};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::manifest::Body;
use crate::yaml::edit::{self, steps};

pub(super) const RULE: Rule = Rule {
    code: "TT063",
    name: "unhealthy-threshold-unused",
    severity: Severity::Info,
    chapter: "wrong/serve-nodes#P66",
    check,
};

const FIELDS: [&str; 2] = ["serviceUnhealthySecondThreshold", "deploymentUnhealthySecondThreshold"];

fn check(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    for document in &input.documents.documents {
        if !matches!(document.body, Body::RayService(_)) {
            continue;
        }
        for name in FIELDS {
            let entry = document.root.get("spec").and_then(|it| it.entry(name));
            let Some(entry) = entry else { continue };
            let message = "KubeRay does not look at this any more: it waits until the service is \
                           healthy";
            let finding = RULE.at(entry.key_span, message);
            let path = steps(&["spec.", name].concat());
            let edit = edit::remove(input.text, &document.root, &path);
            let fix = edit.map(|it| Fix::safe("remove it", vec![it]));
            found.push(fix.into_iter().fold(finding, Diagnostic::with));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, fixed};
    use super::RULE;

    fn service(field: &str) -> String {
        format!(
            "\
apiVersion: ray.io/v1
kind: RayService
metadata: {{name: llm}}
spec:
{field}  rayClusterConfig:
    headGroupSpec: {{template: {{spec: {{containers: [{{name: h}}]}}}}}}
"
        )
    }

    #[test]
    fn a_threshold_does_nothing() {
        let field = "  serviceUnhealthySecondThreshold: 900\n";
        let mark = "  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ KubeRay does not look at this any more: it waits \
                    until the service is healthy\n";
        check(&RULE, &service(&[field, mark].concat()));
        check(&RULE, &service(""));
        assert_eq!(fixed(&RULE, &service(field)), service(""));
    }
}
