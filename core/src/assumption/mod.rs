//! Every assumption: what a manifest does not say, and a prediction cannot do without.
//!
//! [`TABLE`] is the one place where an assumption is stated: its id, unit, default, range, meaning
//! and where the default comes from. [`Assumptions`] holds the same as plain fields, for the
//! simulation. The id is the path under `spec.assumptions` of a Scenario: `podStart.imagePull`.

mod fields;
mod table;
#[cfg(test)]
mod tests;
mod value;

pub use fields::{
    Assumptions, DeploymentAssumptions, HpaAssumptions, IdleAssumptions, KedaAssumptions,
    MetricsAssumptions, NodeAssumptions, PodStartAssumptions, PodStopAssumptions,
    PrometheusAssumptions, RayAssumptions, RequestAssumptions, VersionAssumptions,
};
pub use table::{TABLE, find};
pub use value::{Unit, Value, Version};

use crate::report::Language;

/// One assumption.
#[derive(Clone, Copy, Debug)]
pub struct Assumption {
    /// Dotted path under `spec.assumptions`.
    pub id: &'static str,
    /// What holds if nobody says otherwise.
    pub default: Value,
    /// The smallest value that makes sense.
    pub min: Value,
    /// The largest value that makes sense.
    pub max: Value,
    /// What is said about it. A function, so that the page's first download is without the texts:
    /// its first picture shows none (`xtask/src/split`).
    pub words: fn() -> Words,
    /// Reads the field.
    pub get: fn(&Assumptions) -> Value,
    set: fn(&mut Assumptions, Value),
}

/// What is said about an assumption.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// What it means, in one sentence.
    pub meaning: Text,
    /// Where the default comes from.
    pub source: Text,
}

/// The same sentence in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
}

impl Text {
    /// The one of that language.
    pub const fn of(self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::Ko => self.ko,
        }
    }
}

impl Assumption {
    /// What its values are measured in.
    pub const fn unit(&self) -> Unit {
        self.default.unit()
    }

    /// The part of the id before the dot.
    pub fn group(&self) -> &'static str {
        self.id.split_once('.').map_or("", |(group, _)| group)
    }

    /// The part of the id after the dot.
    pub fn name(&self) -> &'static str {
        self.id.split_once('.').map_or(self.id, |(_, name)| name)
    }

    /// Whether `value` has the right unit and lies within the range.
    pub fn allows(&self, value: Value) -> bool {
        value.unit() == self.unit() && self.min <= value && value <= self.max
    }

    /// Stores `value`; says whether it is allowed, and changes nothing if not.
    pub fn set(&self, assumptions: &mut Assumptions, value: Value) -> bool {
        let allowed = self.allows(value);
        if allowed {
            (self.set)(assumptions, value);
        }
        allowed
    }
}
