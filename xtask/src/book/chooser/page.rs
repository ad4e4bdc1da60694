//! What a chooser is in its chapter: a form that only scripts show, and all answers below one
//! another, each with its conditions.
//!
//! `data-if` says when something shows, as `runs=web,ray;idle=zero`. Blank lines part HTML from
//! Markdown.

use std::fmt::Write;

use anyhow::anyhow;
use tidetable_core::{share, widget::words::words};

use super::{
    super::{Language, frame::SITE_ROOT, still::escape},
    Located, Text,
    data::{Answer, Condition, Data, Lined, Question},
};

/// Answers the directives of running text, or says which line, from 0, can't be answered.
type Inline<'a> = &'a dyn Fn(&str) -> Result<String, Located>;

/// An answer's heading. As a `h3` it would stand in mdBook's list of the page, hidden or not.
const HEADING: &str = "<div class=\"title\" role=\"heading\" aria-level=\"3\"";

pub(super) fn markdown(
    data: &Data,
    texts: &[Text],
    language: Language,
    inline: Inline<'_>,
) -> Result<String, Located> {
    let mut page = format!("\n<div class=\"chooser\">\n\n{}\n\n", form(data));
    for (answer, text) in data.answers.iter().zip(texts) {
        let attributes = format!("class=\"answer\" data-if=\"{}\"", condition(&answer.condition));
        let title = inline(&answer.title).map_err(|it| (answer.name.line, it.1))?;
        let _ = write!(
            page,
            "<section {attributes}>\n\n{HEADING} id=\"{}\">\n\n{title}\n\n</div>\n\n\
             {}\n\n{}\n\n{}\n\n</section>\n\n",
            answer.name.value,
            conditions(&answer.condition, &data.questions, language),
            running(&answer.text, inline)?,
            opens(answer, text, language)?,
        );
    }
    for note in &data.notes {
        let _ = write!(
            page,
            "<section class=\"note\" data-if=\"{}\">\n\n{}\n\n{}\n\n</section>\n\n",
            condition(&note.condition),
            conditions(&note.condition, &data.questions, language),
            running(&note.text, inline)?,
        );
    }
    page.push_str("</div>\n\n");
    Ok(page)
}

/// Markdown with its directives answered.
fn running(text: &Lined<String>, inline: Inline<'_>) -> Result<String, Located> {
    inline(&text.value).map_err(|(line, error)| (text.line + line, error))
}

fn form(data: &Data) -> String {
    let mut form = "<form hidden>".to_owned();
    for question in &data.questions {
        let name = &question.name.value;
        let _ = write!(
            form,
            "<fieldset data-if=\"{}\"><legend>{}</legend>",
            condition(&question.condition),
            escape(&question.asks)
        );
        for (index, (word, seen)) in question.choices.iter().enumerate() {
            let checked = if index == 0 { " checked" } else { "" };
            let seen = escape(seen);
            let _ = write!(
                form,
                "<label><input type=\"radio\" name=\"{name}\" value=\"{word}\"{checked}> \
                 <span>{seen}</span></label>"
            );
        }
        form.push_str("</fieldset>");
    }
    form.push_str("</form><p class=\"chosen\" role=\"status\"></p>");
    form
}

/// A condition as `web/js/chooser.ts` reads it.
fn condition(it: &Condition) -> String {
    let parts: Vec<_> =
        it.value.iter().map(|(name, words)| format!("{name}={}", words.join(","))).collect();
    parts.join(";")
}

/// A condition as people read it: question and choices.
fn conditions(it: &Condition, questions: &[Question], language: Language) -> String {
    let (when, or) = match language {
        Language::English => ("If", " or "),
        Language::Korean => ("조건", " 또는 "),
    };
    let mut list = String::new();
    for question in questions {
        let Some((_, words)) = it.value.iter().find(|it| it.0 == question.name.value) else {
            continue;
        };
        let chosen = question.choices.iter().filter(|it| words.contains(&it.0));
        let chosen: Vec<_> = chosen.map(|it| format!("<b>{}</b>", escape(&it.1))).collect();
        let _ = write!(list, "<li>{} {}</li>", escape(&question.asks), chosen.join(or));
    }
    format!("<div class=\"when\"><p>{when}</p><ul>{list}</ul></div>")
}

/// The manifests, what is assumed beside them, and the link that opens both.
fn opens(answer: &Answer, text: &Text, language: Language) -> Result<String, Located> {
    let (manifests, scenario) = match language {
        Language::English => ("Manifests", "Load and assumptions of the prediction"),
        Language::Korean => ("매니페스트", "예측에 쓰는 부하와 가정"),
    };
    let link = share::write(&text.whole)
        .map_err(|it| (answer.manifests.line, anyhow!("no link can carry it: {it:?}")))?;
    let details = |summary: &str, yaml: &str| {
        format!("<details><summary>{summary}</summary>\n\n```yaml\n{yaml}```\n\n</details>\n\n")
    };
    let open = words(language.spoken()).open;
    Ok(format!(
        "{}{}<p><a class=\"open\" href=\"{SITE_ROOT}{link}\">{open}</a></p>",
        details(manifests, &text.manifests),
        details(scenario, &text.scenario)
    ))
}
