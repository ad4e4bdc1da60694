//! Merge keys, keys set twice, lengths of time, unknown fields.

use super::scalar::{Plain, plain};
use super::{Fields, Findings, MAX_DEPTH, read};

#[test]
fn a_merge_key_fills_the_gaps_and_the_first_source_wins() {
    let text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\n";
    let read = read(text);
    let root = read.parts[0].root.as_ref().unwrap();
    let c = root.get("c").unwrap();
    let values = ["x", "y", "z"].map(|key| c.get(key).unwrap().text().unwrap());
    assert_eq!((values, read.diagnostics.len()), (["3", "1", "2"], 0));
    assert_eq!(&text[c.get("z").unwrap().span.start..][..1], "2", "stands at its anchor");
}

#[test]
fn a_key_set_twice_is_marked_and_the_second_counts() {
    let text = "a: 1\nb: 2\na: 3\n";
    let read = read(text);
    let root = read.parts[0].root.as_ref().unwrap();
    assert_eq!(root.get("a").unwrap().text(), Some("3"));
    let found = &read.diagnostics[0];
    assert_eq!((found.span.start, found.labels[0].span.start), (10, 0));
    assert_eq!(found.message, "`a` is set twice: this one counts");
}

#[test]
fn block_collections_end_where_their_last_value_does() {
    let text = "a:\n  b: |\n    text\n\n  # comment\nc: 1\n";
    let read = read(text);
    let a = read.parts[0].root.as_ref().unwrap().get("a").unwrap();
    assert_eq!(&text[a.span.start..a.span.end], "b: |\n    text");
}

#[test]
fn plain_words_mean_what_kubectl_takes_them_for() {
    for (text, meaning) in [
        ("10", Plain::Int(10)),
        ("-1", Plain::Int(-1)),
        ("0x1F", Plain::Int(31)),
        ("010", Plain::Int(8)),
        ("1_000", Plain::Int(1000)),
        ("1e3", Plain::Number(1000.0)),
        (".5", Plain::Number(0.5)),
        ("yes", Plain::Bool(true)),
        ("off", Plain::Bool(false)),
        ("500m", Plain::Text),
        ("1.2.3", Plain::Text),
        ("-", Plain::Text),
        ("1e400", Plain::Number(f64::INFINITY)),
    ] {
        assert_eq!(plain(text), meaning, "{text}");
    }
}

#[test]
fn lengths_of_time_are_read_as_go_reads_them() {
    for (text, ms) in [
        ("15s", Some(15_000)),
        ("5m", Some(300_000)),
        ("1h30m", Some(5_400_000)),
        ("1.5s", Some(1500)),
        (".5s", Some(500)),
        ("250ms", Some(250)),
        ("1us", Some(1)),
        ("0", Some(0)),
        ("15", None),
        ("-5s", None),
        ("5 s", None),
        ("1..5s", None),
        ("9999999999h", None),
        ("soon", None),
    ] {
        let yaml = format!("at: {text}\n");
        let read = read(&yaml);
        let findings = Findings::default();
        let mut fields = Fields::of(read.parts[0].root.as_ref().unwrap(), "", &findings).unwrap();
        let found = fields.duration("at").map(|it| it.value.ms());
        drop(fields);
        assert_eq!(found, ms, "{text}");
        assert_eq!(findings.into_parts().0.len(), usize::from(ms.is_none()), "{text}");
    }
}

#[test]
fn what_nobody_asked_for_is_named_once() {
    let read = read("spec: {replica: 1, affinity: {}, image: x, odd: ~}\n");
    let findings = Findings::default();
    let root = read.parts[0].root.as_ref().unwrap();
    {
        let mut fields = Fields::of(root, "", &findings).unwrap();
        let mut spec = fields.mapping("spec").unwrap();
        assert_eq!(spec.int32("replicas"), None);
        spec.known(&["affinity"]);
        spec.pass(&["image"]);
    }
    let (found, unmodelled) = findings.into_parts();
    let messages: Vec<_> = found.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages, ["`replica` is no field of `spec`", "`odd` is no field of `spec`"]);
    assert_eq!(found[0].fixes[0].title, "rename it to replicas");
    assert_eq!(unmodelled[0].value, "spec.affinity");
}

#[test]
fn letters_that_only_look_like_yaml_are_named_and_mended() {
    for (text, message, mended) in [
        (
            "spec:\r\n  a: 1\r\n\td: 1\r\n",
            "a tab can't indent YAML: use spaces",
            "spec:\r\n  a: 1\r\n  d: 1\r\n",
        ),
        (
            "spec:\n  a: {b: c}\n\u{a0}\u{a0}d: 1\n  e: 2\n",
            "a no-break space can't indent YAML: use spaces",
            "spec:\n  a: {b: c}\n  d: 1\n  e: 2\n",
        ),
        (
            "spec:\n  a: 1\n  max： 10\n  min：2\n",
            "`：` is no colon of YAML: write `:`",
            "spec:\n  a: 1\n  max: 10\n  min: 2\n",
        ),
    ] {
        let found = read(text).diagnostics;
        assert_eq!((found.len(), &*found[0].message), (1, message), "{found:?}");
        let mut fixed = text.to_owned();
        for edit in found[0].fixes[0].edits.iter().rev() {
            fixed.replace_range(edit.span.start..edit.span.end, &edit.text);
        }
        assert_eq!(fixed, mended);
        assert_eq!(read(&fixed).diagnostics, []);
    }
    // In a value they are text.
    assert_eq!(read("a: '：'\nb: x： y\n").diagnostics, []);
}

#[test]
fn a_text_that_is_nested_too_deep_says_so_in_whatever_style() {
    let flow = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    let block = |levels: usize| -> String {
        (0..levels).flat_map(|it| [" ".repeat(it), "a:\n".to_owned()]).collect()
    };
    let mixed = block(60) + &" ".repeat(60) + &flow(60);
    for deep in [flow(MAX_DEPTH + 1), block(MAX_DEPTH + 1), mixed] {
        let found = read(&deep).diagnostics;
        let codes: Vec<&str> = found.iter().map(|it| it.code.as_str()).collect();
        assert_eq!(codes, ["TT102"], "{found:?}");
    }
    for allowed in [flow(MAX_DEPTH - 1), block(MAX_DEPTH - 1)] {
        assert_eq!(read(&allowed).diagnostics, []);
    }
}
