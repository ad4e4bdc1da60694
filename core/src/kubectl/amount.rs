//! One number as kubectl prints it, or as people type it.

use crate::quantity::Quantity;

/// What a text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// `<unknown>`, or another word in such brackets.
    Unknown,
    /// `45%`.
    Percent(i32),
    /// `250m`, in thousandths.
    Milli(i64),
}

/// Reads `45%`, `250m` or `<unknown>`; `None` for anything else.
pub fn amount(text: &str) -> Option<Amount> {
    let text = text.trim();
    if (text.starts_with('<') && text.ends_with('>')) || text == "unknown" {
        return Some(Amount::Unknown);
    }
    if let Some(percent) = text.strip_suffix('%') {
        return percent.trim_end().parse().ok().map(Amount::Percent);
    }
    Quantity::parse(text).ok().map(|it| Amount::Milli(it.milli_value()))
}
