//! What of a text is about the present moment.

use tidetable_core::{diagnostic::TextEdit, scenario, source::Span, yaml};

/// Whether the Scenario of `text` says how things stand and not what will come: the page then
/// opens on *Right now*.
pub(crate) fn is_about_now(text: &str) -> bool {
    scenario::read(yaml::read(text).roots())
        .scenario
        .is_some_and(|it| !it.now.is_empty() && it.load.is_empty() && it.ray.is_empty())
}

/// The edits that write what someone typed of an HPA into the Scenario.
pub(crate) fn now_edits(
    text: &str,
    hpa: &str,
    namespace: Option<&str>,
    field: &str,
    typed: &str,
) -> Vec<TextEdit> {
    let assumed = tidetable_core::assumed_scenario(text);
    scenario::set_now(text, &assumed, (hpa, namespace), field, typed)
}

/// The edit that counts otherwise what waits, in the status at `span`; none for what is no number.
pub(crate) fn count_edit(span: Span, typed: &str) -> Option<TextEdit> {
    let count: u32 = typed.trim().parse().ok()?;
    Some(TextEdit { span, text: count.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queries::edits;

    #[test]
    fn a_text_opens_on_what_its_scenario_is_about() {
        let text = |spec: &str| {
            format!("apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec: {{{spec}}}\n")
        };
        assert!(is_about_now(&text("now: [{hpa: web}]")));
        let load = "load: [{target: {name: web}, constant: 5}]";
        assert!(!is_about_now(&text(&format!("now: [{{hpa: web}}], {load}"))));
        assert!(!is_about_now(&text(load)));
        assert!(!is_about_now("kind: A\n"));
    }

    #[test]
    fn only_a_number_is_written_into_a_status() {
        let span = Span::new(3, 5);
        for (typed, expected) in
            [(" 40 ", Some("40")), ("007", Some("7")), ("-1", None), ("", None)]
        {
            assert_eq!(count_edit(span, typed).map(|it| it.text).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn the_first_number_that_is_typed_writes_a_scenario_below_what_kubectl_printed() {
        let table = "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE\n\
                     web Deployment/web cpu: 45%/80% 1 10 4 5d\n";
        let edits = now_edits(table, "web", None, "metrics[0]", "95%");
        let text = edits::apply(table, &edits).expect("the edits fit");
        let now = tidetable_core::right_now(&text, tidetable_core::Language::En);
        assert_eq!(now.diagnostics, [], "{text}");
        // ceil(95 / 80 × 4) = ceil(4.75)
        assert_eq!(now.hpas[0].explanation.to, 5.0, "{text}");
        let edits = now_edits(&text, "web", None, "metrics[0]", "");
        let text = edits::apply(&text, &edits).expect("the edits fit");
        let now = tidetable_core::right_now(&text, tidetable_core::Language::En);
        assert_eq!(now.hpas[0].inputs[0].value, "45%", "{text}");
    }
}
