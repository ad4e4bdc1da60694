//! A sentence as parts, so that a page can set numbers in bold and point at the lines they come
//! from, and a terminal can print it plainly.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// A language that explanations are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// `en` or `ko`, as in `<html lang>`.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }
}

/// A sentence. It prints as plain text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Message {
    /// From left to right, with every space spelled out.
    pub parts: Vec<Part>,
}

/// A run of text of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// The text.
    pub text: String,
    /// How to set it.
    pub role: PartRole,
    /// The place in the user's text that it comes from.
    pub span: Option<Span>,
}

/// How a part is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PartRole {
    /// Running text.
    #[default]
    Plain,
    /// The thing to notice: what binds, when it happens.
    Strong,
    /// A number of the user's own, inside a formula or a sentence.
    Value,
    /// A name as it is written in YAML or in code.
    Code,
}

impl Message {
    /// Nothing said yet.
    pub const fn new() -> Self {
        Self { parts: Vec::new() }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Adds running text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.part(text, PartRole::Plain, None)
    }

    /// Adds the thing to notice.
    #[must_use]
    pub fn strong(self, text: impl fmt::Display) -> Self {
        self.part(text.to_string(), PartRole::Strong, None)
    }

    /// Adds a number of the user's own.
    #[must_use]
    pub fn value(self, value: impl fmt::Display) -> Self {
        self.part(value.to_string(), PartRole::Value, None)
    }

    /// Adds a name as it is written in YAML or in code.
    #[must_use]
    pub fn code(self, text: impl fmt::Display) -> Self {
        self.part(text.to_string(), PartRole::Code, None)
    }

    /// Adds everything that `more` says.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.parts.extend(more.parts);
        self
    }

    /// Lets the part added last point at the user's text.
    #[must_use]
    pub fn at(mut self, span: Option<Span>) -> Self {
        if let Some(last) = self.parts.last_mut() {
            last.span = span;
        }
        self
    }

    fn part(mut self, text: impl Into<String>, role: PartRole, span: Option<Span>) -> Self {
        self.parts.push(Part { text: text.into(), role, span });
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| f.write_str(&part.text))
    }
}
