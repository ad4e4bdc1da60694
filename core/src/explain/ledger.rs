//! The numbered steps of one look, as they are collected.

use super::phrase::{Phrase, Title};
use super::source::{chapter, source};
use crate::hpa::Rules;
use crate::report::{Language, LedgerStep, Message};
use crate::source::Span;

/// Steps in one language.
pub(super) struct Ledger {
    pub(super) language: Language,
    pub(super) steps: Vec<LedgerStep>,
    /// The minor number of the release whose HPA is told of.
    kubernetes: u32,
}

impl Ledger {
    pub(super) fn new(language: Language) -> Self {
        Self { language, steps: Vec::new(), kubernetes: Rules::NEWEST_MINOR }
    }

    /// The steps are those of an HPA of Kubernetes 1.`minor`.
    pub(super) fn of_kubernetes(self, minor: u32) -> Self {
        Self { kubernetes: minor, ..self }
    }

    /// Begins a step.
    pub(super) fn step(&mut self, rule: &str, title: Title<'_>) -> &mut LedgerStep {
        self.steps.push(LedgerStep {
            rule: rule.to_owned(),
            title: title.text(self.language),
            result: String::new(),
            formula: Message::new(),
            text: Message::new(),
            binds: false,
            span: None,
            source: source(rule, self.kubernetes),
            chapter: chapter(rule),
            metrics: Vec::new(),
            pods: Vec::new(),
        });
        let last = self.steps.len() - 1;
        &mut self.steps[last]
    }

    /// A step that only says something.
    pub(super) fn say(
        &mut self,
        rule: &str,
        title: Title<'_>,
        text: &impl Phrase,
    ) -> &mut LedgerStep {
        let text = text.say(self.language);
        self.step(rule, title).says(text)
    }
}

impl LedgerStep {
    /// Adds a sentence.
    pub(super) fn says(&mut self, text: Message) -> &mut Self {
        if !self.text.is_empty() && !self.text.to_string().ends_with(' ') {
            self.text = std::mem::take(&mut self.text).text(" ");
        }
        self.text.parts.extend(text.parts);
        self
    }

    /// Sets the number on the right.
    pub(super) fn gives(&mut self, result: impl std::fmt::Display) -> &mut Self {
        self.result = result.to_string();
        self
    }

    /// Sets the formula.
    pub(super) fn with(&mut self, formula: Message) -> &mut Self {
        self.formula = formula;
        self
    }

    /// Marks the step as the one that decided against what was wanted.
    pub(super) fn binds(&mut self) -> &mut Self {
        self.binds = true;
        self
    }

    /// Names the place that the rule reads.
    pub(super) fn at(&mut self, span: Option<Span>) -> &mut Self {
        self.span = span;
        self
    }
}
