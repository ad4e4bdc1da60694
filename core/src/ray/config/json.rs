//! JSON as Python's `json.loads` reads it, for the annotation `ray.io/ippr`.
//!
//! Whole numbers stay text: Python's have no limit. A name that repeats counts with its last value,
//! at its first place.
//!
//! Upstream: CPython 3.11 Lib/json/decoder.py, Lib/json/scanner.py.

/// How deep lists and objects may nest. Python stops at about a thousand.
const MOST_DEPTH: usize = 100;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// Digits, perhaps after a minus.
    Whole(String),
    /// With a point or an exponent; `NaN` and `Infinity` too.
    Float(f64),
    /// Text.
    Text(String),
    /// A list, and whether it is empty; what else it holds does not matter here.
    List(bool),
    /// An object.
    Object(Vec<(String, Json)>),
}

/// The whole text as one value; `None` where Python raises `JSONDecodeError`.
pub(super) fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { rest: text, depth: 0 };
    let value = reader.value()?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Option<Json> {
        self.skip_space();
        match self.rest.chars().next()? {
            '"' => self.text().map(Json::Text),
            '{' => self.nested(Self::object),
            '[' => self.nested(Self::list),
            _ => self.word(),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Option<Json>) -> Option<Json> {
        self.depth += 1;
        let value = if self.depth > MOST_DEPTH { None } else { read(self) };
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Option<Json> {
        let mut members: Vec<(String, Json)> = Vec::new();
        self.expect('{')?;
        if self.expect('}').is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.skip_space();
            let name = self.text()?;
            self.expect(':')?;
            let value = self.value()?;
            match members.iter_mut().find(|(old, _)| *old == name) {
                Some((_, old)) => *old = value,
                None => members.push((name, value)),
            }
            if self.expect('}').is_some() {
                return Some(Json::Object(members));
            }
            self.expect(',')?;
        }
    }

    fn list(&mut self) -> Option<Json> {
        self.expect('[')?;
        if self.expect(']').is_some() {
            return Some(Json::List(true));
        }
        loop {
            self.value()?;
            if self.expect(']').is_some() {
                return Some(Json::List(false));
            }
            self.expect(',')?;
        }
    }

    fn word(&mut self) -> Option<Json> {
        let constants = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("NaN", Json::Float(f64::NAN)),
            ("Infinity", Json::Float(f64::INFINITY)),
            ("-Infinity", Json::Float(f64::NEG_INFINITY)),
        ];
        for (word, value) in constants {
            if let Some(rest) = self.rest.strip_prefix(word) {
                self.rest = rest;
                return Some(value);
            }
        }
        self.number()
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?`
    fn number(&mut self) -> Option<Json> {
        let text = self.rest.as_bytes();
        let digits = |from: usize| text[from..].iter().take_while(|it| it.is_ascii_digit()).count();
        let start = usize::from(text.first() == Some(&b'-'));
        let whole = match text.get(start)? {
            b'0' => 1,
            _ => digits(start),
        };
        if whole == 0 {
            return None;
        }
        let mut end = start + whole;
        let mut is_whole = true;
        if text.get(end) == Some(&b'.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            is_whole = false;
        }
        if matches!(text.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(text.get(end + 1), Some(b'-' | b'+')));
            let size = text.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign));
            if size > 0 {
                end += 1 + sign + size;
                is_whole = false;
            }
        }
        let (number, rest) = self.rest.split_at(end);
        self.rest = rest;
        if is_whole {
            return Some(Json::Whole(number.to_owned()));
        }
        number.parse().ok().map(Json::Float)
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.rest.strip_prefix('"')?.chars();
        loop {
            match letters.next()? {
                '"' => break,
                '\\' => text.push(match letters.next()? {
                    letter @ ('"' | '\\' | '/') => letter,
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let code = letters.as_str().get(..4)?;
                        letters = letters.as_str().get(4..)?.chars();
                        // Half of a pair is no letter of its own; no group is called so.
                        char::from_u32(u32::from_str_radix(code, 16).ok()?).unwrap_or('\u{fffd}')
                    }
                    _ => return None,
                }),
                letter if letter < ' ' => return None,
                letter => text.push(letter),
            }
        }
        self.rest = letters.as_str();
        Some(text)
    }

    fn expect(&mut self, letter: char) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_python_reads_them() {
        let text = |it: &str| Some(Json::Text(it.to_owned()));
        let whole = |it: &str| Some(Json::Whole(it.to_owned()));
        let rows = [
            (" 1 ", whole("1")),
            ("-0", whole("-0")),
            ("1e2", Some(Json::Float(100.0))),
            ("1.5", Some(Json::Float(1.5))),
            ("-Infinity", Some(Json::Float(f64::NEG_INFINITY))),
            ("\"a\\u0041\\n\"", text("aA\n")),
            ("[1, [], {\"a\": null}]", Some(Json::List(false))),
            ("{}", Some(Json::Object(Vec::new()))),
            (
                "{\"a\": 1, \"b\": true, \"a\": 2}",
                Some(Json::Object(vec![
                    ("a".to_owned(), Json::Whole("2".to_owned())),
                    ("b".to_owned(), Json::Bool(true)),
                ])),
            ),
        ];
        for (json, value) in rows {
            assert_eq!(read(json), value, "{json}");
        }
        let wrong = ["", "01", "1.", "1e", "-", "+1", "{a: 1}", "{\"a\": 1,}", "[1,]", "'a'", "\""];
        for json in wrong {
            assert_eq!(read(json), None, "{json}");
        }
        assert_eq!(read(&"[".repeat(5000)), None);
    }
}
