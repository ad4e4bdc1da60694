//! The head of an entry on the page of all findings: code, name and severity, from the core, and the
//! section of *What went wrong?* that shows the finding at work.

use std::fs;

use anyhow::{Context, Result};
use tidetable_core::{
    diagnostic::{Severity, codes::CODES},
    lint::RULES,
};

use super::Language;
use crate::place;

/// The chapters of symptoms.
const WRONG: &str = "wrong/";

/// Sections for findings that are no lints, or whose lint is explained better elsewhere.
const SECTIONS: [(&str, &str); 5] = [
    ("TT023", "wrong/number#P11"),
    ("TT037", "wrong/ray#P54"),
    ("TT038", "wrong/ray#P56"),
    ("TT237", "wrong/no-decision#P9"),
    ("TT238", "wrong/time#P27"),
];

/// The answer to `{{#diagnostic code}}`: a heading that links can point at, and the first words of the
/// paragraph that follows.
pub(super) fn head(code: &str, language: Language) -> Result<String> {
    let mut lints = RULES.iter().map(|it| (it.code, it.name, it.severity));
    let (code, name, severity) = CODES
        .iter()
        .copied()
        .find(|it| it.0 == code)
        .or_else(|| lints.find(|it| it.0 == code))
        .with_context(|| format!("no finding has the code `{code}`"))?;
    let severity = word(severity, language);
    let symptom = symptom(code, language)?;
    Ok(format!("### {code} `{name}` {{#{code}}}\n\n**{severity}**{symptom}"))
}

/// The link to the section that shows the finding at work, or nothing where there is none.
fn symptom(code: &str, language: Language) -> Result<String> {
    let lint = RULES.iter().find(|it| it.code == code).map(|it| it.chapter);
    let own = SECTIONS.iter().find(|it| it.0 == code).map(|it| it.1);
    let Some(section) = own.or(lint.filter(|it| it.starts_with(WRONG))) else {
        return Ok(String::new());
    };
    let (page, anchor) = section.split_once('#').context("a section has an anchor")?;
    let path = format!("book/{}/src/{page}.md", language.tag());
    let text = fs::read_to_string(place::root().join(&path)).with_context(|| path.clone())?;
    let end = format!(" {{#{anchor}}}");
    let heading = text.lines().find_map(|it| it.strip_prefix("## ")?.strip_suffix(&end));
    let Some(heading) = heading else {
        // A page that nobody has written yet is its title alone.
        anyhow::ensure!(!text.contains("\n## "), "{path} has no section {anchor}, for {code}");
        return Ok(String::new());
    };
    let word = match language {
        Language::English => "How it shows:",
        Language::Korean => "나타나는 모습:",
    };
    Ok(format!(" {word} [{heading}](../{page}.md#{anchor})."))
}

fn word(severity: Severity, language: Language) -> &'static str {
    match (language, severity) {
        (Language::English, Severity::Error) => "Error.",
        (Language::English, Severity::Warning) => "Warning.",
        (Language::English, Severity::Info) => "Note.",
        (Language::Korean, Severity::Error) => "오류.",
        (Language::Korean, Severity::Warning) => "경고.",
        (Language::Korean, Severity::Info) => "참고.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_begins_with_what_the_core_says() {
        assert_eq!(
            head("TT013", Language::English).unwrap(),
            "### TT013 `target-not-pasted` {#TT013}\n\n**Note.**"
        );
        assert_eq!(
            head("TT014", Language::English).unwrap(),
            "### TT014 `request-missing` {#TT014}\n\n**Error.** How it shows: [\"failed to get cpu \
             utilization: missing request for cpu\"](../wrong/no-decision.md#P1)."
        );
        assert_eq!(
            head("TT308", Language::Korean).unwrap(),
            "### TT308 `field-not-modelled` {#TT308}\n\n**참고.**"
        );
    }
}
