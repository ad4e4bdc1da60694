//! The head of an entry on the page of all findings: code, name and severity, from the core.

use anyhow::{Context, Result};
use tidetable_core::{
    diagnostic::{Severity, codes::CODES},
    lint::RULES,
};

use super::Language;

/// The answer to `{{#diagnostic code}}`: a heading that links can point at, and the first word of the
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
    Ok(format!("### {code} `{name}` {{#{code}}}\n\n**{severity}**"))
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
            head("TT014", Language::English).unwrap(),
            "### TT014 `request-missing` {#TT014}\n\n**Error.**"
        );
        assert_eq!(
            head("TT308", Language::Korean).unwrap(),
            "### TT308 `field-not-modelled` {#TT308}\n\n**참고.**"
        );
    }
}
