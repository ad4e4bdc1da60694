//! Text in quotes, as Go prints it; the sources stand at the functions.

/// As `%q` prints it.
///
/// Upstream: go strconv/quote.go `Quote`.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        let code = u32::from(letter);
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\x07' => out.push_str("\\a"),
            '\x08' => out.push_str("\\b"),
            '\x0b' => out.push_str("\\v"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if code < 0x20 || code == 0x7f => escape(&mut out, 'x', code, 2),
            _ if is_printable(letter) => out.push(letter),
            _ if code < 0x1_0000 => escape(&mut out, 'u', code, 4),
            _ => escape(&mut out, 'U', code, 8),
        }
    }
    out.push('"');
    out
}

/// As JSON prints it, fit for HTML.
///
/// Upstream: go encoding/json/encode.go `appendString`.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                escape(&mut out, 'u', u32::from(letter), 4);
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// A list of texts as JSON prints it, or else as `%#v` does; an empty one is none.
pub(crate) fn list(texts: &[&str], as_json: bool) -> String {
    let each = |quote: fn(&str) -> String, between| {
        texts.iter().map(|it| quote(it)).collect::<Vec<_>>().join(between)
    };
    match (texts.is_empty(), as_json) {
        (true, true) => "null".to_owned(),
        (true, false) => "[]string(nil)".to_owned(),
        (false, true) => format!("[{}]", each(json, ",")),
        (false, false) => format!("[]string{{{}}}", each(quoted, ", ")),
    }
}

fn escape(out: &mut String, kind: char, code: u32, digits: u32) {
    out.extend(['\\', kind]);
    for place in (0..digits).rev() {
        out.extend(char::from_digit(code >> (4 * place) & 0xf, 16));
    }
}

/// Whether a letter shows: not one of the blanks, marks of direction and private letters.
///
/// Upstream: go strconv/quote.go `IsPrint`; letters that Unicode has not assigned count as shown.
const fn is_printable(letter: char) -> bool {
    !matches!(
        letter,
        '\u{80}'..='\u{a0}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{1680}'
            | '\u{180e}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{3000}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{feff}'
            | '\u{f0000}'..
    )
}

#[cfg(test)]
mod tests {
    use super::{json, quoted};

    /// (text, by `%q`, by `encoding/json`), from Go.
    const CASES: &[(&str, &str, &str)] = &[
        ("web", r#""web""#, r#""web""#),
        ("a\"b\\", r#""a\"b\\""#, r#""a\"b\\""#),
        ("<x&y>", r#""<x&y>""#, r#""\u003cx\u0026y\u003e""#),
        ("\u{7}\t\u{7f}", r#""\a\t\x7f""#, "\"\\u0007\\t\u{7f}\""),
        ("ü\u{200b}\u{2028}", r#""ü\u200b\u2028""#, "\"ü\u{200b}\\u2028\""),
        ("😀\u{10ffff}", r#""😀\U0010ffff""#, "\"😀\u{10ffff}\""),
    ];

    #[test]
    fn text_is_put_in_quotes_as_go_does_it() {
        for (text, by_quote, by_json) in CASES {
            assert_eq!((quoted(text).as_str(), json(text).as_str()), (*by_quote, *by_json));
        }
    }
}
