//! Any text: a diagnostic or a decision, in both languages, and no panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidetable_core::report::Language;
use tidetable_core::{kubectl, predict, right_now, source::Span};

fuzz_target!(|text: &str| {
    let language = if text.len() % 2 == 0 { Language::En } else { Language::Ko };
    let _ = predict(text, language);
    let _ = right_now(text, language);
    let _ = kubectl::find(text, Span::new(0, text.len()));
});
