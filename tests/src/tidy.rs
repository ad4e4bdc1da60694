//! The house rules that no compiler knows, checked on the source text.
//!
//! Each rule is a function from the repository to complaints; a complaint says where and what to do.
//! The drawing of who may import whom is `POLICIES` and `FORBIDDEN` below.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tidetable_core::{
    diagnostic::{Severity, codes::CODES},
    lint::RULES,
};

/// The most lines of a file.
const MOST_LINES: usize = 800;

/// Siblings in `core/src`: none imports another, nor what is built on them.
const POLICIES: &[&str] =
    &["deployment", "hpa", "keda", "metrics", "ray", "serve", "nodes", "workload"];

/// What is built on the policies.
const ABOVE_POLICIES: &[&str] = &[
    "kubectl",
    "ray_status",
    "manifest",
    "scenario",
    "sim",
    "explain",
    "lint",
    "right_now",
    "report",
];

/// Pairs of folders in `core/src`: the first must not import the second.
const FORBIDDEN: &[(&str, &str)] = &[
    ("manifest", "sim"),
    ("scenario", "sim"),
    ("lint", "sim"),
    ("sim", "manifest"),
    ("kubectl", "manifest"),
    ("ray_status", "manifest"),
    ("manifest", "right_now"),
    ("sim", "right_now"),
];

/// Crates that bring a browser, a clock or chance into the core.
const NOT_IN_CORE: &[&str] =
    &["wasm-bindgen", "js-sys", "web-sys", "gloo", "yew", "tokio", "rand", "getrandom", "chrono"];

/// Modules of the standard library that reach outside.
const OUTSIDE: &[&str] = &["std::fs", "std::net", "std::env", "std::process", "std::thread"];

/// A text file of the repository.
struct File {
    /// Relative to the root, with `/`.
    path: String,
    text: String,
}

/// The repository's root.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository")
}

/// Files below `folders` whose name ends in one of `endings`, by path.
fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let mut paths = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut paths);
    }
    paths.sort();
    paths
        .into_iter()
        .filter(|path| endings.iter().any(|it| path.to_string_lossy().ends_with(it)))
        .map(|path| File {
            text: fs::read_to_string(&path).expect("a source file is UTF-8"),
            path: path.strip_prefix(root()).expect("below the root").display().to_string(),
        })
        .collect()
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_file() {
        found.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten() {
        collect(&entry.expect("a readable folder").path(), found);
    }
}

fn rust_files() -> Vec<File> {
    files(&["core", "web", "cli", "tests", "xtask"], &[".rs"])
}

/// Lines with their number, without those that are comments.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn header_complaint(file: &File) -> Option<String> {
    let first = file.text.lines().find(|it| !it.is_empty() && !it.starts_with("#!"));
    let is_missing = first.is_none_or(|it| !it.starts_with("//!"));
    is_missing.then(|| {
        format!("{}: open it with `//!`: what it answers, its rules, its source", file.path)
    })
}

fn size_complaint(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    (lines > MOST_LINES).then(|| {
        format!("{}: {lines} lines: split it by what it answers ({MOST_LINES} at most)", file.path)
    })
}

/// The modules of the crate's root that `text` names, with the line.
fn imported_modules(text: &str) -> Vec<(usize, String)> {
    let code: Vec<_> = code_lines(text).collect();
    let mut found = Vec::new();
    for (index, &(number, line)) in code.iter().enumerate() {
        for prefix in ["crate::", "tidetable_core::", "super::super::"] {
            for (start, _) in line.match_indices(prefix) {
                let after = &line[start + prefix.len()..];
                let names = if let Some(list) = after.strip_prefix('{') {
                    let more: Vec<_> = code[index + 1..].iter().map(|(_, it)| *it).collect();
                    top_level_names(&format!("{list}\n{}", more.join("\n")))
                } else {
                    vec![leading_name(after)]
                };
                found.extend(names.into_iter().map(|name| (number, name)));
            }
        }
    }
    found
}

/// The first names in a braced list: `{a::b, c::{d, e}}` gives `a` and `c`.
fn top_level_names(list: &str) -> Vec<String> {
    let (mut depth, mut items) = (0, vec![String::new()]);
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(String::new()),
            _ if depth == 0 => items.last_mut().expect("never empty").push(character),
            _ => {}
        }
    }
    items.iter().map(|it| leading_name(it.trim_start())).filter(|it| !it.is_empty()).collect()
}

fn leading_name(text: &str) -> String {
    text.chars().take_while(|it| it.is_alphanumeric() || *it == '_').collect()
}

/// Whether module `from` of the core may not import module `to`, and why.
fn forbidden(from: &str, to: &str) -> Option<&'static str> {
    let is_policy = |it: &str| POLICIES.contains(&it);
    if is_policy(from) && from != to && is_policy(to) {
        return Some("policies are siblings: say it in sim/, which names them all");
    }
    if is_policy(from) && ABOVE_POLICIES.contains(&to) {
        return Some("a policy knows nothing of what is built on it: pass the value in");
    }
    FORBIDDEN
        .contains(&(from, to))
        .then_some("the arrow points the other way: move the shared part below both")
}

fn arrow_complaints(file: &File) -> Vec<String> {
    let Some(inside) = file.path.strip_prefix("core/src/") else { return Vec::new() };
    let from = leading_name(inside);
    imported_modules(&file.text)
        .into_iter()
        .filter_map(|(line, to)| {
            let why = forbidden(&from, &to)?;
            Some(format!("{}:{line}: `{from}` imports `{to}`: {why}", file.path))
        })
        .collect()
}

fn outside_complaints(file: &File) -> Vec<String> {
    code_lines(&file.text)
        .filter_map(|(line, text)| {
            let name = OUTSIDE.iter().find(|it| text.contains(**it))?;
            Some(format!(
                "{}:{line}: the core uses `{name}`: take the value as an argument",
                file.path
            ))
        })
        .collect()
}

fn colour_complaints(file: &File) -> Vec<String> {
    code_lines(&file.text)
        .filter(|(_, line)| names_colour(line))
        .map(|(line, _)| {
            format!(
                "{}:{line}: names a colour: use a `var(--…)` of web/style/tokens.css",
                file.path
            )
        })
        .collect()
}

/// `#rgb`, `#rrggbb` (with or without alpha), or a colour function.
fn names_colour(line: &str) -> bool {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch("];
    let is_hex = |(start, _): (usize, &str)| {
        let digits = line[start + 1..].chars().take_while(char::is_ascii_alphanumeric);
        let word: String = digits.collect();
        matches!(word.len(), 3 | 4 | 6 | 8) && word.chars().all(|it| it.is_ascii_hexdigit())
    };
    functions.iter().any(|it| line.contains(it)) || line.match_indices('#').any(is_hex)
}

/// Codes of findings in the text: `TT` and three digits, in quotes.
fn codes_in(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').filter(|it| {
        it.len() == 5 && it.starts_with("TT") && it[2..].bytes().all(|it| it.is_ascii_digit())
    })
}

/// Every code that core's tables list, sorted, with its severity.
fn listed_codes() -> Vec<(&'static str, Severity)> {
    let mut codes: Vec<_> = RULES.iter().map(|it| (it.code, it.severity)).collect();
    codes.extend(CODES.iter().map(|it| (it.0, it.2)));
    codes.sort_unstable();
    codes
}

/// What the source says of codes that the tables do not: codes that are missing, and severities.
fn unlisted_codes(file: &File, listed: &[(&str, Severity)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (number, line) in code_lines(&file.text) {
        for code in codes_in(line) {
            let place = format!("{}:{number}", file.path);
            let Some((_, severity)) = listed.iter().find(|it| it.0 == code) else {
                complaints.push(format!("{place}: list {code} in core/src/diagnostic/codes.rs"));
                continue;
            };
            if line.contains("Severity::") && !line.contains(&format!("Severity::{severity:?}")) {
                complaints.push(format!("{place}: {code} is listed as {severity:?}"));
            }
        }
    }
    complaints
}

/// Codes without an entry on the book's page of all findings, entries without a text, and those
/// that are out of order.
fn entry_complaints(page: &File, listed: &[(&str, Severity)]) -> Vec<String> {
    let mut complaints = Vec::new();
    let mut entries = Vec::new();
    for part in page.text.split("{{#diagnostic ").skip(1) {
        let (code, rest) = part.split_once("}}").unwrap_or((part, ""));
        entries.push(code);
        let text = rest.split("\n## ").next().unwrap_or_default().trim();
        if text.chars().count() < 40 {
            complaints.push(format!("{}: say what {code} means and what to do", page.path));
        }
    }
    let codes: Vec<_> = listed.iter().map(|it| it.0).collect();
    for code in codes.iter().filter(|it| !entries.contains(it)) {
        complaints.push(format!("{}: add an entry for {code}", page.path));
    }
    if complaints.is_empty() && entries != codes {
        complaints.push(format!("{}: sort the entries by code, each once", page.path));
    }
    complaints
}

/// Commands of `cargo xtask` that `readme` does not list.
fn unlisted_commands(xtask: &str, readme: &str) -> Vec<String> {
    xtask
        .lines()
        .filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","))
        .filter(|name| !readme.contains(&format!("cargo xtask {name}")))
        .map(|name| format!("README.md: list `cargo xtask {name}`"))
        .collect()
}

/// What is missing of `chapter` (`hpa/limits#double`, or `hpa/limits.html#double`) in either language.
fn missing_places(chapter: &str) -> Vec<String> {
    let (page, anchor) = chapter.split_once('#').unwrap_or((chapter, ""));
    let page = page.trim_end_matches(".html");
    let mut complaints = Vec::new();
    for language in ["en", "ko"] {
        let path = format!("book/{language}/src/{page}.md");
        let text = fs::read_to_string(root().join(&path)).unwrap_or_default();
        // A page that nobody has written yet is its title alone.
        let is_title = text.lines().filter(|it| !it.is_empty()).count() == 1;
        let anchor = if anchor.is_empty() { String::new() } else { format!("{{#{anchor}}}") };
        if !text.contains(&anchor) && !is_title {
            complaints.push(format!("{path}: {chapter} is linked, and has no {anchor}"));
        }
        if text.is_empty() {
            complaints.push(format!("{path}: {chapter} is linked, and is not there"));
        }
    }
    complaints
}

/// The chapters that the rules of explanations link to, as their table names them.
fn chapters_of_rules(table: &str) -> Vec<&str> {
    code_lines(table)
        .flat_map(|(_, line)| line.split('"').skip(1).step_by(2))
        .filter(|it| it.contains(".html"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn none(complaints: &[String]) {
        assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
    }

    #[test]
    fn every_module_says_what_it_answers() {
        none(&rust_files().iter().filter_map(header_complaint).collect::<Vec<_>>());
    }

    #[test]
    fn no_file_is_too_long() {
        none(&rust_files().iter().filter_map(size_complaint).collect::<Vec<_>>());
    }

    #[test]
    fn arrows_point_as_drawn() {
        none(&files(&["core/src"], &[".rs"]).iter().flat_map(arrow_complaints).collect::<Vec<_>>());
    }

    #[test]
    fn the_core_reaches_nothing_outside() {
        let core = files(&["core/src"], &[".rs"]);
        let mut complaints: Vec<_> = core.iter().flat_map(outside_complaints).collect();
        let manifest = &files(&["core/Cargo.toml"], &[".toml"])[0].text;
        for name in NOT_IN_CORE {
            if manifest.lines().any(|it| it.split(['.', ' ', '=']).next() == Some(name)) {
                complaints.push(format!("core/Cargo.toml: `{name}` does not belong into the core"));
            }
        }
        none(&complaints);
    }

    #[test]
    fn only_the_tokens_name_colours() {
        let styled = files(&["web", "index.html"], &[".css", ".ts", ".rs", ".html"]);
        none(
            &styled
                .iter()
                .filter(|it| it.path != "web/style/tokens.css")
                .flat_map(colour_complaints)
                .collect::<Vec<_>>(),
        );
    }

    #[test]
    fn every_chapter_that_is_linked_is_written_in_both_languages() {
        let missing = tidetable_core::chapter::CHAPTERS.iter().flat_map(|chapter| {
            ["en", "ko"].map(|language| format!("book/{language}/src/{chapter}.md"))
        });
        let missing = missing.filter(|path| !root().join(path).is_file());
        let complain = |path| format!("{path}: write it, or take it out of chapter.rs");
        none(&missing.map(complain).collect::<Vec<_>>());
    }

    /// Smart punctuation opens a quote before a Korean particle that should close one.
    #[test]
    fn the_korean_book_keeps_its_quotes() {
        let settings = &files(&["book/ko/book.toml"], &[".toml"])[0].text;
        assert!(settings.lines().any(|it| it == "smart-punctuation = false"));
    }

    #[test]
    fn every_place_that_findings_and_rules_link_to_is_there() {
        let table = &files(&["core/src/explain/source.rs"], &[".rs"])[0].text;
        let rules = chapters_of_rules(table);
        assert!(rules.len() > 30, "the table has moved: {rules:?}");
        let chapters = RULES.iter().map(|it| it.chapter).chain(rules);
        none(&chapters.flat_map(missing_places).collect::<Vec<_>>());
    }

    #[test]
    fn every_code_is_listed_once_and_in_use() {
        let listed = listed_codes();
        assert!(listed.windows(2).all(|it| it[0].0 < it[1].0), "a code is never used twice");
        let sources = files(&["core/src", "cli/src", "web/src"], &[".rs"]);
        let used = sources.iter().filter(|it| !it.path.ends_with("diagnostic/codes.rs"));
        let mut complaints: Vec<_> =
            used.clone().flat_map(|it| unlisted_codes(it, &listed)).collect();
        let used: Vec<_> = used.flat_map(|it| codes_in(&it.text)).collect();
        let stale = listed.iter().filter(|it| !used.contains(&it.0));
        complaints
            .extend(stale.map(|it| format!("core/src/diagnostic/codes.rs: {} is gone", it.0)));
        none(&complaints);
    }

    #[test]
    fn every_code_has_an_entry_in_both_languages() {
        let listed = listed_codes();
        let pages = ["en", "ko"].map(|it| format!("book/{it}/src/reference/diagnostics.md"));
        let pages = files(&[&pages[0], &pages[1]], &[".md"]);
        assert_eq!(pages.len(), 2, "the page of all findings is missing");
        none(&pages.iter().flat_map(|it| entry_complaints(it, &listed)).collect::<Vec<_>>());
    }

    #[test]
    fn every_lint_is_registered() {
        let lints = files(&["core/src/lint"], &[".rs"]);
        let rules = lints.iter().filter(|it| it.text.contains("const RULE: Rule = Rule {"));
        assert_eq!(rules.count(), RULES.len(), "list every rule in core/src/lint/mod.rs");
    }

    #[test]
    fn the_readme_lists_every_command() {
        let xtask = &files(&["xtask/src/main.rs"], &[".rs"])[0].text;
        let readme = files(&["README.md"], &[".md"]);
        assert!(!readme.is_empty(), "README.md is missing: write it, with every command");
        none(&unlisted_commands(xtask, &readme[0].text));
    }

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_forbidden_import_is_found_in_every_spelling() {
        for import in [
            "use crate::ray::Step;",
            "use crate::{time::Instant, ray::{Step, State}};",
            "use crate::{\n    time::Instant,\n    ray,\n};",
            "let step = super::super::ray::step();",
        ] {
            let complaints = arrow_complaints(&file("core/src/hpa/limits.rs", import));
            assert_eq!(complaints.len(), 1, "{import}");
        }
        for import in ["use crate::time::Ray;", "// crate::ray does this", "use crate::hpa::Spec;"]
        {
            none(&arrow_complaints(&file("core/src/hpa/limits.rs", import)));
        }
        none(&arrow_complaints(&file("core/src/sim/engine.rs", "use crate::{hpa, ray};")));
    }

    #[test]
    fn what_breaks_a_rule_is_found() {
        assert!(header_complaint(&file("a.rs", "use std::fmt;\n//! Late.")).is_some());
        assert!(size_complaint(&file("a.rs", &"\n".repeat(MOST_LINES + 1))).is_some());
        assert_eq!(outside_complaints(&file("a.rs", "use std::fs::read;")).len(), 1);
        for colour in ["color: #fff;", "fill=\"#2f6fde\"", "rgb(1 2 3)"] {
            assert!(names_colour(colour), "{colour}");
        }
        for other in ["#[derive(Debug)]", "href=\"#v1=abc\"", "color: var(--ink);"] {
            assert!(!names_colour(other), "{other}");
        }
        assert_eq!(unlisted_commands("name: \"serve\",", "cargo xtask build").len(), 1);
        assert_eq!(missing_places("hpa/targets#replicas").len(), 4);
        assert_eq!(missing_places("hpa/limits.html#trebled").len(), 2);
        assert_eq!(missing_places("hpa/limits#double"), [""; 0]);
        let listed = [("TT001", Severity::Info), ("TT002", Severity::Error)];
        let code = "new(\"TT001\", Severity::Error)\nnew(\"TT002\")\nnew(\"TT003\")";
        assert_eq!(unlisted_codes(&file("a.rs", code), &listed).len(), 2);
        let text = "It is so, and here is what can be done about it now.";
        let entry = |code: &str, text: &str| format!("{{{{#diagnostic {code}}}}}\n{text}\n\n");
        for (page, complaints) in [
            ([entry("TT001", text), entry("TT002", text)], 0),
            ([entry("TT002", text), entry("TT001", text)], 1),
            ([entry("TT001", text), entry("TT002", "")], 1),
            ([entry("TT001", text), String::new()], 1),
        ] {
            let found = entry_complaints(&file("a.md", &page.concat()), &listed);
            assert_eq!(found.len(), complaints, "{page:?}: {found:?}");
        }
    }
}
