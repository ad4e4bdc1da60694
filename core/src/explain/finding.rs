//! Findings in Korean. What is wrong is written in English where it is found, far from any language;
//! here the same sentences are known again by their fixed words, and said in Korean.
//!
//! The sentences stand in `ko/finding/*.txt`, by code: a line as it is in English, `{}` for each part
//! that changes, and a line with `>` before it in Korean, where `{2}` is the second of them and
//! `{은}` the particle that the word before it asks for. What stands below `*` may come with any
//! code. A code that says `upstream` passes on what the API server or a controller prints: people
//! search for those words, so that they stay as they are.
//!
//! This must never change what is found, nor where.

use super::particle::particle;
use crate::diagnostic::Diagnostic;
use crate::report::Language;

/// Puts findings into the reader's language. Words that are not known stay English.
pub fn tell(findings: &mut [Diagnostic], language: Language) {
    if language != Language::Ko {
        return;
    }
    for it in findings {
        let code = it.code.clone();
        let texts = std::iter::once(&mut it.message)
            .chain(it.labels.iter_mut().map(|it| &mut it.message))
            .chain(it.fixes.iter_mut().map(|it| &mut it.title));
        for text in texts {
            if let Some(korean) = korean(&code, text) {
                *text = korean;
            }
        }
    }
}

/// All sentences, a function so that they are loaded with whoever needs them first.
fn sentences() -> [&'static str; 4] {
    [
        include_str!("ko/finding/lint.txt"),
        include_str!("ko/finding/text.txt"),
        include_str!("ko/finding/refused.txt"),
        include_str!("ko/finding/run.txt"),
    ]
}

/// The first sentence of the code's own that fits, or else of those for any code.
fn korean(code: &str, english: &str) -> Option<String> {
    below(code, english).or_else(|| below(ANY, english))
}

/// As above, below this heading.
fn below(code: &str, english: &str) -> Option<String> {
    let lines = sentences().into_iter().flat_map(str::lines);
    let mut is_of_code = false;
    let mut found: Option<Vec<&str>> = None;
    for line in lines {
        if let Some(korean) = line.strip_prefix("> ") {
            if let Some(values) = found.take() {
                return Some(fill(korean, &values));
            }
        } else if let Some(own) = heading(line) {
            is_of_code = own == code;
        } else if is_of_code {
            found = values(line, english);
        }
    }
    None
}

/// Heads the sentences that may come with any code.
const ANY: &str = "*";

/// The code that a line begins the sentences of.
fn heading(line: &str) -> Option<&str> {
    let first = line.split(' ').next().unwrap_or_default();
    let is_code = first.len() == 5 && first.starts_with("TT") && first[2..].parse::<u16>().is_ok();
    (is_code || line == ANY).then_some(first)
}

/// What fills the holes of `template` in `text`, if its fixed words are those of `text`.
fn values<'t>(template: &str, text: &'t str) -> Option<Vec<&'t str>> {
    let mut words = template.split("{}");
    let mut rest = text.strip_prefix(words.next()?)?;
    let words: Vec<&str> = words.collect();
    let Some((last, between)) = words.split_last() else { return rest.is_empty().then(Vec::new) };
    let mut values = Vec::new();
    for word in between {
        let (value, after) = rest.split_once(word)?;
        values.push(value);
        rest = after;
    }
    values.push(rest.strip_suffix(last)?);
    Some(values)
}

fn fill(template: &str, values: &[&str]) -> String {
    let mut text = String::new();
    let mut next = 0;
    for (index, piece) in template.split('{').enumerate() {
        let (hole, after) = match piece.split_once('}') {
            Some((hole, after)) if index > 0 => (Some(hole), after),
            _ => (None, piece),
        };
        match hole {
            Some("") => {
                text.push_str(values.get(next).copied().unwrap_or_default());
                next += 1;
            }
            Some(hole) => {
                let number = hole.parse::<usize>().ok();
                let said = match number.and_then(|it| it.checked_sub(1)) {
                    Some(index) => values.get(index).copied().unwrap_or_default(),
                    None => particle(&text, hole),
                };
                text.push_str(said);
            }
            None => {}
        }
        text.push_str(after);
    }
    text
}

/// Whether `english` has Korean words, or is upstream's own.
#[cfg(test)]
pub(crate) fn is_known(code: &str, english: &str) -> bool {
    let is_upstreams = |line: &str| line.strip_prefix(code) == Some(" upstream");
    sentences().into_iter().flat_map(str::lines).any(is_upstreams)
        || korean(code, english).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Severity;
    use crate::source::Span;

    #[test]
    fn a_sentence_is_known_by_its_fixed_words() {
        assert_eq!(
            values("{} asks for {} of {}", "a asks for b of c of d"),
            Some(vec!["a", "b", "c of d"])
        );
        assert_eq!(values("{} asks", "a asks for"), None);
        assert_eq!(values("as it is", "as it is"), Some(vec![]));
        assert_eq!(values("as it is", "as it is not"), None);
    }

    #[test]
    fn a_hole_is_filled_in_order_or_by_its_number_and_takes_its_particle() {
        assert_eq!(fill("{}{은} {}개", &["cpu", "3"]), "cpu는 3개");
        assert_eq!(fill("{2}의 {1}{을}", &["3", "web"]), "web의 3을");
    }

    #[test]
    fn every_sentence_has_its_korean_and_no_more_holes_than_there_are() {
        for file in sentences() {
            let lines: Vec<&str> =
                file.lines().filter(|it| !it.is_empty() && !it.starts_with('#')).collect();
            for (index, line) in lines.iter().enumerate() {
                let next = lines.get(index + 1).copied().unwrap_or_default();
                if heading(line).is_some() {
                    continue;
                }
                let Some(korean) = line.strip_prefix("> ") else {
                    assert!(next.starts_with("> "), "{line}: no Korean");
                    continue;
                };
                let english = lines[index - 1];
                let holes = english.matches("{}").count();
                let filled = vec!["1"; holes];
                let said = fill(korean, &filled);
                assert!(!said.contains(['{', '}']), "{korean}");
                let numbered = (1..=9).filter(|it| korean.contains(&format!("{{{it}}}"))).max();
                assert!(numbered.unwrap_or(0) <= holes, "{korean}");
                assert!(korean.matches("{}").count() <= holes, "{korean}");
            }
        }
    }

    /// Each is reached: none is hidden by a more general one before it, and none stands twice.
    #[test]
    fn every_sentence_says_its_own() {
        for file in sentences() {
            let mut code = "";
            let mut english = "";
            for line in file.lines() {
                if let Some(own) = heading(line) {
                    code = own;
                } else if let Some(korean) = line.strip_prefix("> ") {
                    let holes = vec!["`a`"; english.matches("{}").count()];
                    let said = below(code, &english.replace("{}", "`a`"));
                    assert_eq!(said, Some(fill(korean, &holes)), "{code}: {english}");
                } else {
                    english = line;
                }
            }
        }
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        let mut found =
            [Diagnostic::new("TT235", Severity::Error, Span::new(0, 1), "spec.metrics: Required")];
        tell(&mut found, Language::Ko);
        assert_eq!(found[0].message, "spec.metrics: Required");
    }
}
