//! Text that is no manifest: says what it is and what to paste instead.

use crate::diagnostic::{Diagnostic, Fix, Severity, TextEdit};
use crate::kubectl;
use crate::order;
use crate::ray_status;
use crate::source::Span;
use crate::yaml::{Node, Style, Value, split};

/// What a part of the text is, if it is no manifest by the look of it. No `root` means
/// that it is no YAML either.
pub(super) fn by_text(text: &str, span: Span, root: Option<&Node>) -> Option<Diagnostic> {
    let part = &text[span.start..span.end];
    let first = split::first_line(text, span);
    if part.contains("{{") && root.is_none_or(|it| has_template(text, it)) {
        let at = span.start + part.find("{{").unwrap_or_default();
        let line = part[at - span.start..].lines().next().unwrap_or_default().trim_end();
        let message = "this is a template, not a manifest yet: paste what `helm template` prints";
        return Some(error("TT301", Span::new(at, at + line.len()), message));
    }
    let first_line = &text[first.start..first.end];
    let fence = root.is_none().then(|| fence(text, span)).flatten();
    if fence.is_some() {
        return fence;
    }
    if first_line.starts_with("Name:") && part.lines().any(|it| it.starts_with("Namespace:")) {
        let message =
            "this is what `kubectl describe` prints: paste what `kubectl get -o yaml` prints";
        return Some(error("TT302", first, message));
    }
    let is_table = first_line.starts_with("NAME ") && first_line == first_line.to_ascii_uppercase();
    if is_table {
        let message = "this is the table of `kubectl get`: paste what `kubectl get -o yaml` prints";
        return Some(error("TT302", first, message));
    }
    let is_text = root.is_some_and(|it| matches!(it.value, Value::Scalar { .. }));
    is_text.then(|| {
        let message = "this is text, not a manifest: a manifest begins with `apiVersion:`";
        error("TT303", first, message)
    })
}

/// A block of Markdown: a part that begins or ends with a line of three backquotes.
fn fence(text: &str, span: Span) -> Option<Diagnostic> {
    let is_fence = |it: &str| it.trim_start().starts_with("```");
    let mut lines = text[span.start..span.end].lines().filter(|it| !it.trim().is_empty());
    let (first, last) = (lines.next()?, lines.next_back());
    if !is_fence(first) && !last.is_some_and(is_fence) {
        return None;
    }
    let (mut edits, mut at) = (Vec::new(), 0);
    for line in text.split_inclusive('\n') {
        if is_fence(line) {
            edits.push(TextEdit { span: Span::new(at, at + line.len()), text: String::new() });
        }
        at += line.len();
    }
    let place = edits.iter().find(|it| it.span.start >= span.start)?.span;
    let line = text[place.start..place.end].trim_end().len();
    let message = "this is Markdown: leave out the lines of ```";
    let found = error("TT303", Span::new(place.start, place.start + line), message);
    Some(found.with(Fix::safe("leave them out", edits)))
}

/// Two manifests without a line of `---` between them, which are read as one. In its place stand
/// the errors about keys set twice.
pub(super) fn run_together(text: &str, root: &Node, found: &mut Vec<Diagnostic>) {
    let is_top = |it: &Diagnostic| {
        it.code == "TT107"
            && root.span.contains(it.span.start)
            && (it.span.start == 0 || text[..it.span.start].ends_with('\n'))
    };
    let mut twice: Vec<Span> = found.iter().filter(|it| is_top(it)).map(|it| it.span).collect();
    let names = |key: &str| twice.iter().any(|it| &text[it.start..it.end] == key);
    if !names("apiVersion") || !names("kind") {
        return;
    }
    order::sort_by_key(&mut twice, |it| *it);
    let (mut seen, mut begins): (Vec<&str>, Vec<Span>) = (Vec::new(), Vec::new());
    for place in twice {
        let key = &text[place.start..place.end];
        if begins.is_empty() || seen.contains(&key) {
            begins.push(place);
            seen.clear();
        }
        seen.push(key);
    }
    found.retain(|it| !is_top(it));
    let message = "another manifest begins here: a line of `---` must stand before it";
    let edit = |it: &Span| TextEdit { span: Span::at(it.start), text: "---\n".to_owned() };
    let edits = begins.iter().map(edit).collect();
    found.push(error("TT310", begins[0], message).with(Fix::safe("put --- before it", edits)));
}

/// What kubectl printed of HPAs, or Ray of a cluster: an info where it is all of a part, an error with its fix where it
/// stands below a manifest without a line of `---` between them.
pub(super) fn printed(text: &str, span: Span, root: Option<&Node>) -> Option<Diagnostic> {
    let ray = ray_status::find(text, span);
    let begin = kubectl::find(text, span).or(ray)?;
    let is_passed_over = |line: &str| {
        let line = line.trim_start();
        line.is_empty()
            || line.starts_with(['#', '$'])
            || line.contains("kubectl ")
            || line.contains("ray status")
    };
    if text[span.start..begin.start].lines().all(is_passed_over) {
        let message = if ray == Some(begin) {
            "what ray status printed: it is read for Right now"
        } else {
            "what kubectl printed: it is read for Right now"
        };
        return Some(Diagnostic::new("TT601", Severity::Info, begin, message));
    }
    let is_unreadable = root.is_none_or(|it| matches!(it.value, Value::Scalar { .. }));
    if !is_unreadable || !text[..begin.start].ends_with('\n') {
        return None;
    }
    let message = "what was printed begins here: a line of `---` must stand before it";
    let edit = TextEdit { span: Span::at(begin.start), text: "---\n".to_owned() };
    Some(error("TT602", begin, message).with(Fix::safe("put --- before it", vec![edit])))
}

/// What a mapping without `kind` or `apiVersion` is.
pub(super) fn by_fields(root: &Node) -> Diagnostic {
    let has = |name| root.entry(name).is_some();
    let span = root.entries().first().map_or(root.span, |it| it.key_span);
    let (code, message) = if has("applications") {
        ("TT304", "this is a Serve config: put it under `serveConfigV2` of a RayService")
    } else if has("resources") && (has("patches") || has("namespace") || has("images")) {
        ("TT305", "this is a kustomization: paste what `kubectl kustomize` prints")
    } else if has("kind") {
        let message = "`apiVersion` must be set";
        let span = root.entry("kind").map_or(span, |it| it.key_span);
        return error("TT117", span, message);
    } else if has("apiVersion") {
        ("TT117", "`kind` must be set")
    } else if has("spec") || has("metadata") {
        let message = "this is part of a manifest, such as a patch: without `apiVersion` and \
                       `kind` it can't be read";
        ("TT306", message)
    } else {
        let message = "this is no manifest (Helm values, perhaps): without `apiVersion` and `kind` \
                       it can't be read";
        ("TT307", message)
    };
    error(code, span, message)
}

/// Whether a template's braces stand where YAML reads them: as a value or a key. Those inside
/// a block of text are text.
fn has_template(text: &str, root: &Node) -> bool {
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::Null | Value::Scalar { style: Style::Literal | Style::Folded, .. } => {}
            Value::Scalar { text, style: Style::Plain | Style::Quoted } => {
                let words = [".Values", ".Release", ".Chart", "include "];
                let is_helm = text.contains("{{") && words.iter().any(|it| text.contains(it));
                if is_helm && !text.contains('\n') {
                    return true;
                }
            }
            Value::Sequence(items) => open.extend(items),
            Value::Mapping(entries) => {
                if text[node.span.start..].starts_with("{{") {
                    return true;
                }
                open.extend(entries.iter().map(|it| &it.value));
            }
        }
    }
    false
}

fn error(code: &str, span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(code, Severity::Error, span, message)
}

#[cfg(test)]
mod tests {
    use crate::manifest::read;

    #[test]
    fn text_that_is_no_manifest_is_told_what_it_is_once() {
        for (text, expected) in [
            ("{{- if .Values.on }}\na: {{ .Values.b }}\n---\nc: {{ .Values.d }}\n", "a template"),
            ("metadata:\n  name: {{ .Release.Name }}-web\n", "a template"),
            ("metadata:\n  name: '{{ .Release.Name }}'\n", "a template"),
            ("Name:         web\nNamespace:    shop\nLabels:       a=b\n", "`kubectl describe`"),
            ("NAME   READY   STATUS\nweb    1/1     Running\n", "`kubectl get`"),
            ("make it scale", "text, not a manifest"),
            ("```yaml\nkind: A\n```\n", "leave out the lines of ```"),
            ("spec:\n  replicas: 3\n", "part of a manifest"),
            ("replicaCount: 3\nimage: {tag: a}\n", "Helm values, perhaps"),
            ("applications: []\n", "a Serve config"),
            ("resources: [a.yaml]\npatches: []\n", "a kustomization"),
            ("kind: Service\n", "`apiVersion` must be set"),
            ("apiVersion: v1\n", "`kind` must be set"),
        ] {
            let found = read(text).diagnostics;
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].message.contains(expected), "{text}: {}", found[0].message);
        }
    }

    #[test]
    fn what_kubectl_printed_of_an_hpa_is_kept_for_right_now() {
        let table = "NAME  REFERENCE       TARGETS       MINPODS  MAXPODS  REPLICAS  AGE\n\
                     web   Deployment/web  cpu: 45%/80%  1        10       4         5d\n";
        let describe = "Name:  web\nNamespace:  shop\nReference:  Deployment/web\nMetrics:  \
                        ( current / target )\n  resource cpu on pods:  1 / 2\nMax replicas: 3\n";
        for text in [
            table.to_owned(),
            describe.to_owned(),
            format!("\n# at noon\n$ kubectl get hpa\n{table}"),
            format!("    {}", describe.replace('\n', "\n    ")),
            format!("web % kubectl describe hpa web\n{describe}"),
        ] {
            let found = read(&format!("kind: A\napiVersion: v1\n---\n{text}"));
            let codes: Vec<_> = found.diagnostics.iter().map(|it| it.code.as_str()).collect();
            assert_eq!((codes, found.printed.len()), (vec!["TT309", "TT601"], 1), "{text}");
        }
    }

    #[test]
    fn what_kubectl_printed_below_a_manifest_needs_a_line_between() {
        let manifest = "kind: A\napiVersion: v1\n";
        let table = "NAME  REFERENCE  TARGETS  MINPODS  MAXPODS  REPLICAS  AGE\n";
        let text = format!("{manifest}{table}");
        let found = read(&text).diagnostics;
        assert_eq!((found.len(), found[0].code.as_str()), (1, "TT602"), "{found:?}");
        let edit = &found[0].fixes[0].edits[0];
        let mut mended = text;
        mended.replace_range(edit.span.start..edit.span.end, &edit.text);
        assert_eq!(read(&mended).printed.len(), 1, "{mended}");
        // In a block of text it is text.
        let text = format!("{manifest}data: |\n  {table}");
        assert_eq!(read(&text).diagnostics[0].code, "TT309");
    }

    #[test]
    fn manifests_without_a_line_between_are_told_apart() {
        let one = "apiVersion: v1\nkind: A\nmetadata: {name: a}\n";
        let text = format!("{one}{one}kind: B\napiVersion: v1\n");
        let found = read(&text).diagnostics;
        let codes: Vec<_> = found.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["TT310", "TT309"], "{found:?}");
        let mut mended = text;
        for edit in found[0].fixes[0].edits.iter().rev() {
            mended.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        assert_eq!(mended, format!("{one}---\n{one}---\nkind: B\napiVersion: v1\n"));
        // A key set twice is no manifest.
        let found = read("apiVersion: v1\nkind: A\nkind: B\n").diagnostics;
        assert_eq!(found.iter().filter(|it| it.code == "TT107").count(), 1, "{found:?}");
    }

    #[test]
    fn a_list_of_one_kind_gives_it_to_its_items() {
        let items = "items:\n- metadata: {name: a}\n- {apiVersion: v1, kind: B}\n";
        let text =
            format!("apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscalerList\n{items}");
        let documents = read(&text).documents;
        let kinds: Vec<_> = documents
            .iter()
            .map(|it| (it.api_version.value.as_str(), it.kind.value.as_str(), it.name()))
            .collect();
        assert_eq!(kinds, [("autoscaling/v2", "HorizontalPodAutoscaler", "a"), ("v1", "B", "")]);
        assert!(read(&format!("apiVersion: v1\nkind: List\n{items}")).documents.len() == 1);
    }

    #[test]
    fn what_is_applied_later_counts() {
        let hpa = |version: &str, name: &str, max: u32| {
            format!(
                "apiVersion: autoscaling/{version}\nkind: HorizontalPodAutoscaler\nmetadata: \
                 {{name: {name}}}\nspec: {{maxReplicas: {max}}}\n---\n"
            )
        };
        let text = [hpa("v1", "a", 3), hpa("v2", "a", 4), hpa("v2", "b", 5)].concat();
        let read = read(&text);
        let most = read.hpas().filter_map(|it| it.1.max_replicas).map(|it| it.value);
        assert_eq!(most.collect::<Vec<_>>(), [4, 5]);
        let codes: Vec<_> = read.diagnostics.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["TT311"]);
    }

    #[test]
    fn braces_inside_text_are_no_template() {
        let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  rule: |\n    \
                    {{ .Values.x }}\n  other: '{{ $labels.pod }}'\n";
        let found = read(text).diagnostics;
        assert_eq!(found[0].message, "ConfigMap is not modelled: it is left out", "{found:?}");
    }
}
