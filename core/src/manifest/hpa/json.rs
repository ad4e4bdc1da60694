//! Whether a text is JSON, to the letter: annotations are read by Go's decoder, not as YAML.
//!
//! Upstream: go encoding/json/scanner.go.

/// Levels of nesting that are looked into; deeper text counts as none.
const MAX_DEPTH: usize = 100;

/// Whether `text` is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    let rest = value(text.as_bytes(), MAX_DEPTH);
    rest.is_some_and(|rest| blank(rest).is_empty())
}

fn blank(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|it| matches!(it, b' ' | b'\t' | b'\n' | b'\r')).count();
    &text[blanks..]
}

/// What follows the value that `text` begins with.
fn value(text: &[u8], depth: usize) -> Option<&[u8]> {
    let text = blank(text);
    match *text.first()? {
        b'"' => string(text),
        b'[' => items(text, b']', depth.checked_sub(1)?),
        b'{' => items(text, b'}', depth.checked_sub(1)?),
        b'-' | b'0'..=b'9' => number(text),
        _ => ["true", "false", "null"].iter().find_map(|it| text.strip_prefix(it.as_bytes())),
    }
}

/// A list, or fields: each then begins with a string and a colon.
fn items(text: &[u8], end: u8, depth: usize) -> Option<&[u8]> {
    let mut rest = blank(&text[1..]);
    if rest.first() == Some(&end) {
        return Some(&rest[1..]);
    }
    loop {
        if end == b'}' {
            rest = blank(string(blank(rest))?).strip_prefix(b":")?;
        }
        rest = blank(value(rest, depth)?);
        match *rest.first()? {
            b',' => rest = &rest[1..],
            last if last == end => return Some(&rest[1..]),
            _ => return None,
        }
    }
}

fn string(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text.strip_prefix(b"\"")?;
    loop {
        let (first, after) = rest.split_first()?;
        rest = match first {
            b'"' => return Some(after),
            b'\\' => match after.split_first()? {
                (b'u', digits) => {
                    let four = digits.get(..4)?;
                    four.iter().all(u8::is_ascii_hexdigit).then(|| &digits[4..])?
                }
                (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', after) => after,
                _ => return None,
            },
            0..0x20 => return None,
            _ => after,
        };
    }
}

fn number(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(b"-").unwrap_or(text);
    let mut rest = rest.strip_prefix(b"0").or_else(|| digits(rest))?;
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = digits(fraction)?;
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let bare = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-"));
        rest = digits(bare.unwrap_or(exponent))?;
    }
    Some(rest)
}

/// What follows one digit or more.
fn digits(text: &[u8]) -> Option<&[u8]> {
    let count = text.iter().take_while(|it| it.is_ascii_digit()).count();
    (count > 0).then(|| &text[count..])
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn only_json_is_json() {
        for text in
            [" null ", "[]", "{}", "[1,-0.5e+3, \"a\\u00e9\\n\"]\n", "{\"a\":{\"b\":[true,false]}}"]
        {
            assert!(is_json(text), "{text}");
        }
        for text in [
            "",
            "[1,]",
            "{a: 1}",
            "{\"a\" 1}",
            "[01]",
            "[+1]",
            "[1.]",
            "'a'",
            "\"\t\"",
            "\"\\x\"",
            "[1] 2",
            "nul",
            "[1",
            "{\"a\":1",
            "- a",
            &"[".repeat(200),
        ] {
            assert!(!is_json(text), "{text}");
        }
    }
}
