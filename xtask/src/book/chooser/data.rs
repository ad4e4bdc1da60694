//! What a `chooser` block says: questions, answers and notes.
//!
//! | field | what |
//! |---|---|
//! | `questions[].name`, `asks` | its word in conditions, and the question |
//! | `questions[].choices` | words in conditions, each with what the reader sees |
//! | `if` | asked, answered, added only if each question named here has one of these choices |
//! | `answers[].name`, `title` | its anchor and name for `{{#ask …}}`; its heading |
//! | `answers[].manifests` | a file below `book/`: manifests, then a Scenario |
//! | `answers[].text` | the reasons, as Markdown |
//! | `notes[].text` | what is added to every answer that its `if` fits, as Markdown |

use anyhow::anyhow;
use tidetable_core::{
    source::Span,
    yaml::{self, Fields, Findings, scalar},
};

use super::Located;

/// A value and its line within the block, from 0.
#[derive(Debug)]
pub(super) struct Lined<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// Choices by question: each question must have one of its choices.
pub(super) type Condition = Lined<Vec<(String, Vec<String>)>>;

#[derive(Debug)]
pub(super) struct Question {
    pub(super) name: Lined<String>,
    pub(super) asks: String,
    /// When it is asked; without conditions always.
    pub(super) condition: Condition,
    /// Word and what the reader sees.
    pub(super) choices: Vec<(String, String)>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) name: Lined<String>,
    pub(super) condition: Condition,
    pub(super) title: String,
    pub(super) manifests: Lined<String>,
    pub(super) text: Lined<String>,
}

#[derive(Debug)]
pub(super) struct Note {
    pub(super) condition: Condition,
    pub(super) text: Lined<String>,
}

#[derive(Debug)]
pub(super) struct Data {
    pub(super) questions: Vec<Question>,
    pub(super) answers: Vec<Answer>,
    pub(super) notes: Vec<Note>,
}

/// Reads a block; what can't be read, or is no field, is a problem at its line.
pub(super) fn read(content: &str) -> Result<Data, Located> {
    let line = |span: Span| content[..span.start.min(content.len())].matches('\n').count();
    let parts = yaml::read(content);
    let problem = |found: &tidetable_core::diagnostic::Diagnostic| {
        (line(found.span), anyhow!("{}", found.message))
    };
    if let Some(first) = parts.diagnostics.first() {
        return Err(problem(first));
    }
    let findings = Findings::default();
    let root = parts.roots().next().ok_or((0, anyhow!("no questions")))?;
    let data = document(root, &findings, &line);
    let (mut found, _) = findings.into_parts();
    // A field that is misspelt is missing as well: its spelling tells more.
    found.sort_by_key(|it| (it.code != "TT112", it.span));
    match (found.first(), data) {
        (Some(first), _) => Err(problem(first)),
        (None, Some(data)) => Ok(data),
        (None, None) => Err((0, anyhow!("no questions"))),
    }
}

/// The line of a place.
type Line<'text> = &'text dyn Fn(Span) -> usize;

fn document(root: &yaml::Node, findings: &Findings, line: Line<'_>) -> Option<Data> {
    let mut fields = Fields::of(root, "", findings)?;
    let mut list = |name| fields.mappings(name).map_or(Vec::new(), |it| it.value);
    let (questions, answers, notes) = (list("questions"), list("answers"), list("notes"));
    Some(Data {
        questions: questions.into_iter().map(|it| question(it, line)).collect(),
        answers: answers.into_iter().map(|it| answer(it, line)).collect(),
        notes: notes.into_iter().map(|it| note(it, line)).collect(),
    })
}

fn question(mut fields: Fields<'_>, line: Line<'_>) -> Question {
    let name = text(&mut fields, "name", line);
    let asks = text(&mut fields, "asks", line).value;
    let condition = condition(&mut fields, line);
    let choices = fields.map("choices", scalar::text).unwrap_or_default();
    if choices.len() < 2 {
        fields.missing("choices");
    }
    let choices = choices.into_iter().map(|(word, seen)| (word.value, seen.value)).collect();
    Question { name, asks, condition, choices }
}

fn answer(mut fields: Fields<'_>, line: Line<'_>) -> Answer {
    Answer {
        name: text(&mut fields, "name", line),
        condition: condition(&mut fields, line),
        title: text(&mut fields, "title", line).value,
        manifests: text(&mut fields, "manifests", line),
        text: text(&mut fields, "text", line),
    }
}

fn note(mut fields: Fields<'_>, line: Line<'_>) -> Note {
    Note { condition: condition(&mut fields, line), text: text(&mut fields, "text", line) }
}

/// The text of field `name`, which must be set.
fn text(fields: &mut Fields<'_>, name: &'static str, line: Line<'_>) -> Lined<String> {
    let Some(it) = fields.read(name, scalar::text) else {
        fields.missing(name);
        return Lined { value: String::new(), line: line(fields.head()) };
    };
    Lined { line: line(it.span), value: it.value }
}

fn condition(fields: &mut Fields<'_>, line: Line<'_>) -> Condition {
    let at = fields.key_span("if").unwrap_or_else(|| fields.head());
    let Some(mut inside) = fields.mapping("if") else {
        return Lined { value: Vec::new(), line: line(at) };
    };
    let words = |place: &scalar::Place<'_>, findings: &Findings| {
        let mut words = Vec::new();
        for (index, node) in place.node.items().iter().enumerate() {
            let name = format!("[{index}]");
            let item = scalar::Place { node, parent: &place.path(), name: &name };
            words.push(scalar::text(&item, findings)?.value);
        }
        if words.is_empty() {
            let message = format!("`{}` names no choice", place.path());
            findings.error("TT110", place.node.span, message);
        }
        Some(words)
    };
    let choices = inside.rest(words);
    let value = choices.into_iter().map(|(name, words)| (name.value, words)).collect();
    Lined { value, line: line(at) }
}
