//! Releases, as top bar and foot name them.

use tidetable_core::{Report, report::Upstream};

/// The release of Ray that a report's Scenario chooses; empty if it needs none.
pub(crate) fn chosen_ray(report: &Report) -> String {
    let found = report.assumptions.iter().find(|it| it.id == "versions.ray");
    found.map_or_else(String::new, |it| it.value.clone())
}

/// `Kubernetes 1.37 · Ray 2.60 · KubeRay 1.7 · KEDA 2.21`; `Ray 2.54 (2.60)` names the release
/// whose rules stand in for those of an older one.
pub(crate) fn line(upstream: &Upstream, ray: &str) -> String {
    let rules = upstream.ray.strip_suffix(".0").unwrap_or(&upstream.ray);
    let ray =
        if ray.is_empty() || ray == rules { rules.to_owned() } else { format!("{ray} ({rules})") };
    let Upstream { kubernetes, kuberay, keda, .. } = upstream;
    format!("Kubernetes {kubernetes} · Ray {ray} · KubeRay {kuberay} · KEDA {keda}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidetable_core::{Language, predict};

    #[test]
    fn a_chosen_release_is_named_and_whose_rules_are_used() {
        let text = |versions: &str| {
            format!(
                "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  load: []\n  \
                 assumptions: {{versions: {{{versions}}}}}\n"
            )
        };
        let line_of = |versions: &str| {
            let report = predict(&text(versions), Language::En).report;
            line(&report.upstream, &chosen_ray(&report))
        };
        let own = "Kubernetes 1.37 · Ray 2.60 · KubeRay 1.7 · KEDA 2.21";
        assert_eq!(line_of(""), own);
        let older = line_of("kubernetes: \"1.33\", ray: \"2.54\"");
        assert_eq!(older, "Kubernetes 1.33 · Ray 2.54 (2.60) · KubeRay 1.7 · KEDA 2.21");
    }
}
