//! The parameters of a trigger, read as KEDA reads them.
//!
//! All are text. A number is what JSON calls one; whatever is around it is cut off; an empty text
//! counts as none. What a secret or a variable of the container holds is not read; whether the
//! container has that variable is for `variables`.
//!
//! Upstream: keda 2.21 pkg/scalers/scalersconfig/typed_config.go `configParamValue`, `setValue`.

use super::Trigger;
use super::trigger::Problems;
use crate::source::Span;

/// In `metadata`.
pub(super) const METADATA: u8 = 1;
/// In what `authenticationRef` names.
pub(super) const AUTH: u8 = 2;
/// In a variable of the container, which `metadata` names: `hostFromEnv`.
pub(super) const ENV: u8 = 4;

pub(super) struct Parameters<'doc> {
    pub(super) trigger: &'doc Trigger,
    /// What errors call the parameters.
    pub(super) label: &'static str,
    pub(super) problems: Problems,
}

impl<'doc> Parameters<'doc> {
    pub(super) fn new(trigger: &'doc Trigger) -> Self {
        Self { trigger, label: "", problems: Vec::new() }
    }

    /// A parameter that is missing or that can't be read.
    fn refuse(&mut self, span: Span, text: &str) {
        self.problems.push((span, format!("error parsing {} metadata: {text}", self.label)));
    }

    /// Parameters that can be read, but not be used. What KEDA says of them while others are
    /// missing is of no help, and after the first it looks no further.
    pub(super) fn reject(&mut self, span: Span, text: &str) {
        if self.problems.is_empty() {
            self.refuse(span, text);
        }
    }

    /// A parameter that is gone.
    pub(super) fn retired(&mut self, name: &str, text: &str) {
        if let Some(span) = self.trigger.metadata.get(name).map(|it| it.span) {
            self.refuse(span, text);
        }
    }

    /// Where `name` stands, or else where it should.
    pub(super) fn place(&self, name: &str) -> Span {
        self.trigger.metadata.get(name).map_or(self.trigger.metadata_span, |it| it.span)
    }

    /// The first of `names` that is set; `None` as well if it can't be seen.
    pub(super) fn text(&self, names: &[&'static str], from: u8) -> Option<String> {
        let set = names.iter().filter_map(|it| self.trigger.metadata.get(it));
        let mut set = set.map(|it| it.value.trim()).filter(|it| !it.is_empty());
        let set = if from & METADATA == 0 { None } else { set.next() };
        set.map(str::to_owned).or_else(|| {
            // The variable's name stands for what it holds.
            let variable = (from & ENV != 0).then(|| self.variable(names)).flatten();
            variable.map(|it| format!("${it}"))
        })
    }

    fn variable(&self, names: &[&'static str]) -> Option<&'doc str> {
        let entries = self.trigger.metadata.0.iter();
        let mut variables = entries.filter(|(key, _)| {
            key.value.strip_suffix("FromEnv").is_some_and(|it| names.contains(&it))
        });
        variables.next().map(|(_, value)| value.value.trim()).filter(|it| !it.is_empty())
    }

    /// Whether one of `names` is set, or may be where it can't be seen.
    pub(super) fn is_given(&self, names: &[&'static str], from: u8) -> bool {
        self.text(names, from).is_some() || (from & AUTH != 0 && self.trigger.has_authentication)
    }

    /// Reports a parameter that must be set; `None` if it is not, or lies in a secret.
    pub(super) fn required(&mut self, name: &'static str, from: u8) -> Option<String> {
        if !self.is_given(&[name], from) {
            let mut places = "triggerMetadata".to_owned();
            for (place, text) in [(AUTH, " authParams"), (ENV, " resolvedEnv")] {
                if from & place != 0 {
                    places.push_str(text);
                }
            }
            let text = format!("missing required parameter {name:?} in [{places}]");
            self.refuse(self.trigger.metadata_span, &text);
        }
        self.text(&[name], from)
    }

    /// A whole number of 64 bits; required if there is no default.
    pub(super) fn whole(&mut self, name: &'static str, default: Option<i64>) -> Option<i64> {
        let text = match default {
            None => self.required(name, METADATA)?,
            Some(default) => match self.text(&[name], METADATA) {
                None => return Some(default),
                Some(text) => text,
            },
        };
        let read = text.parse().ok().filter(|_| is_json_number(&text));
        self.report_unless(read.is_some(), name, &text, "int64");
        read
    }

    /// A number.
    pub(super) fn float(&mut self, name: &'static str, is_required: bool) -> Option<f64> {
        let text = if is_required {
            self.required(name, METADATA)?
        } else {
            self.text(&[name], METADATA)?
        };
        let read: Option<f64> = text.parse().ok().filter(|_| is_json_number(&text));
        let read = read.filter(|it| it.is_finite());
        self.report_unless(read.is_some(), name, &text, "float64");
        read
    }

    /// `true` or `false`, and what else Go takes for one of them.
    pub(super) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        let Some(text) = self.text(&[name], METADATA) else { return default };
        match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => true,
            "0" | "f" | "F" | "false" | "FALSE" | "False" => false,
            _ => {
                let text = format!(
                    "unable to set param {name:?} value {text:?}: unable to parse boolean value"
                );
                self.refuse(self.place(name), &text);
                default
            }
        }
    }

    fn report_unless(&mut self, is_read: bool, name: &str, text: &str, kind: &str) {
        if !is_read {
            let text = format!(
                "unable to set param {name:?} value {text:?}: unable to unmarshal to field type \
                 {kind}"
            );
            self.refuse(self.place(name), &text);
        }
    }
}

/// Whether JSON knows `text` as a number: no `+5`, no `05`, no `.5`, no `5.`.
fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split(['.', 'e', 'E']).next().unwrap_or_default();
    let is_whole = !whole.is_empty()
        && whole.bytes().all(|it| it.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'));
    let rest = &digits[whole.len()..];
    let is_fraction = match rest.strip_prefix('.') {
        None => true,
        Some(fraction) => fraction.starts_with(|it: char| it.is_ascii_digit()),
    };
    is_whole && is_fraction && rest.bytes().all(|it| !it.is_ascii_alphabetic() || it | 32 == b'e')
}
