//! The lists hold what the reader reads, and a place is found in what is half typed.

use super::*;
use crate::{examples, manifest, scenario, yaml};

/// What may be written at `▮`: the words, and what they replace.
#[track_caller]
fn check(marked: &str, replaced: &str, expected: &[&str]) {
    let offset = marked.find('▮').expect("a mark");
    let text = marked.replace('▮', "");
    let found = suggest(&text, offset, Language::En);
    let names: Vec<&str> =
        found.iter().flat_map(|it| &it.entries).map(|it| it.name.as_str()).collect();
    assert_eq!(names, expected, "{marked}");
    let span = found.map_or(Span::at(0), |it| it.span);
    assert_eq!(&text[span.start..span.end], replaced, "{marked}");
}

const HPA: &str = "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\n";

#[test]
fn a_place_is_found_by_indentation_and_dashes() {
    let rest = ["scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior"];
    check(&format!("{HPA}spec:\n  ▮"), "", &rest);
    check(&format!("{HPA}spec:\n  max▮"), "max", &rest);
    check(
        &format!("{HPA}spec:\n  maxReplicas: 3\n  ▮\n  minReplicas: 1\n"),
        "",
        &["scaleTargetRef", "metrics", "behavior"],
    );
    let sources = ["resource", "containerResource", "pods", "object", "external"];
    check(&format!("{HPA}spec:\n  metrics:\n  - type: Resource\n    ▮"), "", &sources);
    check(
        &format!("{HPA}spec:\n  metrics:\n  - type: Pods\n    pods: {{}}\n  - ▮"),
        "",
        &["type", "resource", "containerResource", "pods", "object", "external"],
    );
    check(
        &format!("{HPA}spec:\n    metrics:\n      - resource:\n          na▮"),
        "na",
        &["name", "target"],
    );
    check(
        &format!(
            "{HPA}spec:\n  behavior:\n    scaleDown:\n      policies:\n      - {{type: Pods, ▮"
        ),
        "",
        &["value", "periodSeconds"],
    );
}

#[test]
fn a_value_is_one_of_its_words() {
    let metric = format!("{HPA}spec:\n  metrics:\n  - type: ");
    let types = ["Resource", "Pods", "Object", "External", "ContainerResource"];
    check(&format!("{metric}Po▮"), "Po", &types);
    check(&format!("{metric}▮"), "", &types);
    let flow = "resource: {name: cpu, target: {type: Uti▮, averageUtilization: 60}}";
    check(
        &format!("{metric}Resource\n    {flow}"),
        "Uti",
        &["Utilization", "AverageValue", "Value"],
    );
    let wrapped = "resource: {name: cpu,\n      target: {type: ▮";
    check(
        &format!("{metric}Resource\n    {wrapped}"),
        "",
        &["Utilization", "AverageValue", "Value"],
    );
    check(&format!("{HPA}spec:\n  minReplicas: ▮"), "", &[]);
    check(
        "kind: ▮",
        "",
        &[
            "HorizontalPodAutoscaler",
            "RayCluster",
            "RayJob",
            "RayService",
            "ScaledObject",
            "Scenario",
        ],
    );
    check("kind: ScaledObject\napiVersion: ▮", "", &["keda.sh/v1alpha1"]);
    let ray = "kind: RayCluster\nspec:\n  enableInTreeAutoscaling: ▮";
    check(ray, "", &["true", "false"]);
}

#[test]
fn each_document_is_its_own() {
    let other = "kind: Deployment\nspec:\n  ▮\n---\nkind: RayCluster\nspec:\n  rayVersion: 1\n";
    check(other, "", &[]);
    let text = format!("{HPA}spec:\n  minReplicas: 1\n---\n▮");
    check(&text, "", &["apiVersion", "kind", "metadata", "spec"]);
    check(&format!("{HPA}# spec ▮"), "", &[]);
    check(&format!("{HPA}spec:\n  scaleTargetRef:\n    unknown:\n      ▮"), "", &[]);
}

#[test]
fn assumptions_come_from_their_own_table() {
    let text = "kind: Scenario\nspec:\n  assumptions:\n    podStop:\n      ";
    let found = suggest(text, text.len(), Language::Ko).expect("known");
    let row = assumption::find("podStop.grace").expect("a row");
    let about = (row.words)().meaning.ko;
    assert_eq!((&*found.entries[0].name, &*found.entries[0].about), ("grace", about));
}

#[test]
fn a_field_is_described_at_its_key_and_at_its_value() {
    let text = format!("{HPA}spec:\n  maxReplicas: 10\n  metrics:\n  - resource: {{name: cpu}}\n");
    for (needle, name, at) in
        [("axRep", "maxReplicas", 0), ("10", "maxReplicas", 1), ("cpu", "name", 1)]
    {
        let offset = text.find(needle).expect("it is there") + at;
        let (span, entry) = describe(&text, offset, Language::En).expect(needle);
        assert_eq!((&text[span.start..span.end], &*entry.name), (name, name));
    }
}

/// Every field of a kind that holds no others, with those around it.
fn leaves(kind: &str) -> Vec<Vec<Row<'static>>> {
    let mut found = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(chain) = open.pop() {
        let names: Vec<String> = chain.iter().map(|it: &Row<'_>| it.name.to_owned()).collect();
        match Table::read().below(kind, &names) {
            Some(rows) => {
                open.extend(rows.into_iter().map(|it| [chain.as_slice(), &[it]].concat()));
            }
            None => found.push(chain),
        }
    }
    found
}

/// A document with that one field, which has words set to the word of that place; `beside` stands
/// first in the entry of the list that it is in below `spec`.
fn alone((kind, version): (&str, &str), chain: &[Row<'_>], word: usize, beside: &str) -> String {
    let mut text = format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\n");
    for (depth, row) in chain.iter().enumerate() {
        let mut indent = "    ".repeat(depth);
        if depth > 0 && chain[depth - 1].is_list {
            indent = format!("{}- ", &indent[2..]);
            if depth == 2 && !beside.is_empty() {
                text.push_str(&format!("{indent}{beside}\n"));
                indent = "    ".repeat(depth);
            }
        }
        let is_last = depth + 1 == chain.len();
        if is_last && row.name == "application" {
            text.push_str(&format!("{indent}kind: RayService\n"));
        }
        let value = match row.kind {
            _ if !is_last && row.name == "serveConfigV2" => "|",
            _ if !is_last => "",
            "integer" => "1",
            "number" => "1.5",
            "duration" => "10s",
            "boolean" => "true",
            "choice" => row.words().cycle().nth(word).expect("a word"),
            "text" if row.name == "entrypointResources" => "'{\"a\": 1}'",
            "text" | "quantity" => "\"1\"",
            _ => "{}",
        };
        let value = if is_last && row.is_list { format!("[{value}]") } else { value.to_owned() };
        text.push_str(&format!("{indent}{}: {value}\n", row.name));
    }
    text
}

/// What is wrong with the shape of a text: TT101 to TT116 are about shapes, unknown fields and
/// unknown words. That something else is missing, or does not fit, is not what is asked here.
fn wrong(kind: &str, text: &str) -> Vec<String> {
    let diagnostics = if kind == "Scenario" {
        scenario::read(yaml::read(text).roots()).diagnostics
    } else {
        let mut read = manifest::read(text);
        assert_eq!(read.documents.remove(0).unmodelled, [], "{text}");
        read.diagnostics
    };
    let is_shape = |code: &str| code.starts_with("TT1") && code != "TT117";
    let found = diagnostics.into_iter().filter(|it| is_shape(&it.code));
    found.map(|it| it.message).collect()
}

#[test]
fn every_field_and_word_of_the_lists_is_one_that_the_reader_models() {
    // Some fields belong to one of several subjects.
    let beside = [
        "",
        "hpa: a",
        "ray: a",
        "rayService: a",
        "rayCluster: a",
        "target: {name: a}",
        "points: []",
        "constant: 1",
    ];
    for (kind, version) in Table::read().kinds() {
        let leaves = leaves(kind);
        assert!(leaves.len() > 20, "{kind}");
        for chain in &leaves {
            for word in 0..chain.last().expect("a field").words().count().max(1) {
                let text = |beside: &str| alone((kind, version), chain, word, beside);
                let fits = |it: &&str| wrong(kind, &text(it)).is_empty();
                let fitting = beside.into_iter().find(fits);
                assert!(fitting.is_some(), "{}\n{:?}", text(""), wrong(kind, &text("")));
            }
        }
    }
}

#[test]
fn every_field_that_the_examples_set_is_in_the_lists() {
    let mut told = 0;
    for example in examples::EXAMPLES {
        for (at, _) in example.text().match_indices(':') {
            let is_key = example.text()[at + 1..].starts_with([' ', '\n']);
            let Some(place) = place::at(example.text(), at).filter(|_| is_key) else { continue };
            let is_own = ["metadata", "template", "rayStartParams", "resources", "labels"];
            let free = place.parents.iter().any(|it| is_own.contains(&it.as_str()));
            let known = Table::read().kinds().iter().any(|(kind, _)| *kind == place.kind);
            if !known || free || place.part == Part::Value || place.parents.is_empty() {
                continue;
            }
            let fields = fields_of(&place);
            let names: Vec<String> = fields.into_iter().flatten().map(|it| it.name).collect();
            // Fields that say nothing about scaling.
            let passed =
                ["import_path", "route_prefix", "gatewayClassName", "entrypoint", "bundles"];
            if passed.contains(&&*place.key)
                || place.parents.last().is_some_and(|it| passed.contains(&it.as_str()))
            {
                continue;
            }
            told += 1;
            assert!(names.contains(&place.key), "{}: {:?}", example.id, place);
        }
    }
    assert!(told > 100, "{told}");
}

#[test]
fn no_place_of_any_text_makes_it_panic() {
    for example in examples::EXAMPLES {
        for offset in (0..=example.text().len()).step_by(13) {
            let cut = example.text().get(..offset);
            for text in [Some(example.text()), cut].into_iter().flatten() {
                let _ = suggest(text, offset, Language::En);
                let _ = describe(text, offset, Language::Ko);
            }
        }
    }
}
