//! Whatever a text holds, reading it gives documents and located diagnostics: no panic, no hang.

use std::fmt::Write as _;

use proptest::prelude::*;
use tidetable_core::diagnostic::{Diagnostic, Severity};
use tidetable_core::lint;
use tidetable_core::manifest::{self, ApiRules};
use tidetable_core::scenario::Scenario;

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, resources: {requests: {cpu: 500m}}}]}
";

fn hpa(spec: &str) -> String {
    let spec = spec.replace('\n', "\n  ");
    format!(
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {{name: web}}\n\
         spec:\n  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}\n  {spec}\n"
    )
}

/// Reads and lints `text`; every span must lie on characters of it.
#[track_caller]
fn read(text: &str) -> (manifest::Documents, Vec<Diagnostic>) {
    let mut documents = manifest::read(text);
    let mut found = documents.diagnostics.clone();
    found.extend(documents.judge(&ApiRules::default()));
    found.extend(lint::check(text, &documents, &Scenario::empty()));
    for it in &found {
        let labels = it.labels.iter().map(|it| it.span);
        let edits = it.fixes.iter().flat_map(|it| &it.edits).map(|it| it.span);
        for span in labels.chain(edits).chain([it.span]) {
            assert!(text.get(span.start..span.end).is_some(), "{span:?} of {it:?}");
        }
    }
    for document in &documents.documents {
        assert!(text.get(document.span.start..document.span.end).is_some());
    }
    (documents, found)
}

/// The errors of `text` as `source | message`.
#[track_caller]
fn errors(text: &str) -> Vec<String> {
    let (_, found) = read(text);
    let errors = found.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| format!("{} | {}", &text[it.span.start..it.span.end], it.message)).collect()
}

#[test]
fn nothing_is_nothing_and_no_error() {
    for text in ["", "\n\n", "# only\n# comments\n", "---\n---\n...\n", "\u{feff}", "~\n"] {
        let (documents, found) = read(text);
        assert!(documents.documents.is_empty() && found.is_empty(), "{text:?}: {found:?}");
    }
}

#[test]
fn a_broken_document_takes_no_other_with_it() {
    let text = format!("{DEPLOYMENT}---\na: [1, 2\n---\nb: \"open\n---\n{DEPLOYMENT}");
    let (documents, found) = read(&text);
    assert_eq!(documents.workloads().count(), 2);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn tabs_are_named_and_mended() {
    let text = DEPLOYMENT.replace("  ", "\t");
    let (_, found) = read(&text);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].message, "a tab can't indent YAML: use spaces");
    let mut mended = text.clone();
    for edit in found[0].fixes[0].edits.iter().rev() {
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
    }
    assert_eq!(mended, DEPLOYMENT);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_fine() {
    let text = format!("\u{feff}{DEPLOYMENT}---\n{DEPLOYMENT}").replace('\n', "\r\n");
    let (documents, found) = read(&text);
    assert_eq!((documents.workloads().count(), found.len()), (2, 0), "{found:?}");
}

#[test]
fn json_is_yaml() {
    let text = "{\n\t\"apiVersion\": \"v1\", \"kind\": \"List\",\n\t\"items\": [\n\t\t{\
                \"apiVersion\": \"v1\", \"kind\": \"Service\", \"metadata\": \
                {\"name\": \"web\"}}\n\t]\n}";
    let (documents, found) = read(text);
    assert_eq!(documents.documents[0].name(), "web");
    assert!(found.iter().all(|it| it.severity == Severity::Info), "{found:?}");
}

#[test]
fn an_alias_bomb_is_told_where_it_grows() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let errors = errors(&text);
    assert_eq!(errors.len(), 1);
    assert!(errors[0].contains("with its aliases resolved"), "{errors:?}");
}

#[test]
fn an_alias_of_itself_or_of_nothing_is_no_value() {
    assert!(errors("a: &a [*a]\n")[0].starts_with("*a | this alias refers to a value that"));
    assert!(errors("a: *b\n")[0].starts_with("*b | `*b` refers to an anchor that is not set"));
}

#[test]
fn deep_nesting_is_refused() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), "- ".repeat(100_000)] {
        let errors = errors(&text);
        assert_eq!(errors.len(), 1);
    }
    let mut block = String::new();
    for level in 0..3000 {
        writeln!(block, "{}a:", " ".repeat(level)).unwrap();
    }
    assert_eq!(errors(&block).len(), 1);
    // Aliases that nest what is shallow in the text.
    let mut text = "a0: &a0 [x]\n".to_owned();
    for level in 1..200 {
        writeln!(text, "a{level}: &a{level} [*a{}]", level - 1).unwrap();
    }
    assert!(errors(&text)[0].contains("levels deep"));
}

#[test]
fn ten_megabytes_are_read_to_the_limit() {
    let document = format!("---\n{DEPLOYMENT}");
    let text = document.repeat(10 * 1024 * 1024 / document.len());
    let (documents, found) = read(&text);
    assert!(documents.documents.len() > 1000);
    assert!(found.iter().any(|it| it.message.contains("what follows is not read")));
    let one = format!("a: {}\n", "x".repeat(10 * 1024 * 1024));
    assert!(read(&one).1[0].message.contains("what follows is not read"));
}

#[test]
fn numbers_that_are_none_are_located() {
    for (value, expected) in [
        (".nan", ".nan | `spec.maxReplicas` must be a whole number, not `.nan`"),
        (".inf", ".inf | `spec.maxReplicas` must be a whole number, not `.inf`"),
        ("1e400", "1e400 | `spec.maxReplicas` must be a whole number, not `1e400`"),
        ("1e30", "1e30 | `spec.maxReplicas` is too large for a whole number"),
        (
            "3000000000",
            "3000000000 | `spec.maxReplicas` must lie between -2147483648 and 2147483647",
        ),
        ("80%", "80% | `spec.maxReplicas` must be a whole number, not `80%`"),
        ("2.5", "2.5 | `spec.maxReplicas` must be a whole number, not `2.5`"),
        ("\"5\"", "\"5\" | `spec.maxReplicas` must be a number: in quotes it is text"),
        ("[5]", "[5] | `spec.maxReplicas` must be a whole number, this is a list"),
        (
            "-5",
            "-5 | spec.maxReplicas: Invalid value: -5: must be greater than or equal to `minReplicas`",
        ),
    ] {
        let text = hpa(&format!("maxReplicas: {value}"));
        assert_eq!(errors(&text)[0], expected);
    }
    for (value, is_valid) in [("1e3", true), ("0x10", true), ("10.0", true), ("1_000", true)] {
        assert_eq!(errors(&hpa(&format!("maxReplicas: {value}"))).is_empty(), is_valid, "{value}");
    }
}

#[test]
fn unknown_units_are_located_and_mended() {
    let text = DEPLOYMENT.replace("500m", "1gb");
    let (_, found) = read(&text);
    assert!(found[0].message.contains("must be a quantity such as 500m or 2Gi, `1gb` is none"));
    assert_eq!(found[0].fixes[0].edits[0].text, "1G");
}

#[test]
fn spans_are_right_behind_characters_of_many_bytes() {
    let text = format!("# 한국어 🌊🌊\n{}", hpa("maxReplicas: 파도🌊"));
    let expected = "파도🌊 | `spec.maxReplicas` must be a whole number, not `파도🌊`";
    assert!(errors(&text).contains(&expected.to_owned()), "{:?}", errors(&text));
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        read(&text);
    }

    #[test]
    fn any_text_of_marks_is_read(text in "[-a \n\t\r:{}\\[\\],&*#|>\"'%!?~<.0🌊]{0,80}") {
        read(&text);
    }

    #[test]
    fn a_manifest_cut_and_pasted_anywhere_is_read(
        at in 0..DEPLOYMENT.len(), length in 0..80_usize,
        with in "[-a \n:{}\\[\\]&*#|>\"'한]{0,6}",
    ) {
        let end = (at + length).min(DEPLOYMENT.len());
        let hpa = hpa("minReplicas: 1\nmaxReplicas: 3");
        read(&format!("{}{with}{}---\n{hpa}", &DEPLOYMENT[..at], &DEPLOYMENT[end..]));
    }
}
