//! `rayStartParams["resources"]`: JSON inside an extra pair of quotes.
//!
//! The first and the last character go, then every backslash, then the rest must be an object of
//! whole numbers.
//!
//! Upstream: ray 2.60.0 autoscaler/_private/kuberay/autoscaling_config.py `_get_custom_resources`.

use super::error::ConfigError;
use super::whole::Whole;

/// Name and amount, in order; a name that repeats counts with its last amount.
pub(super) fn custom_resources(text: &str) -> Result<Vec<(String, Whole)>, ConfigError> {
    let inner: String = inner_characters(text).filter(|&letter| letter != '\\').collect();
    let mut reader = Reader { rest: &inner };
    let amounts = reader.object()?;
    let mut resources: Vec<(String, Whole)> = Vec::new();
    for (name, value) in amounts {
        let amount = match value {
            Value::Whole(amount) => amount,
            Value::Other => return Err(ConfigError::CustomResourcesNotIntegers),
        };
        match resources.iter_mut().find(|(old, _)| *old == name) {
            Some((_, old)) => *old = amount,
            None => resources.push((name, amount)),
        }
    }
    Ok(resources)
}

/// Python's `text[1:-1]`.
fn inner_characters(text: &str) -> impl Iterator<Item = char> {
    let count = text.chars().count();
    text.chars().skip(1).take(count.saturating_sub(2))
}

enum Value {
    Whole(Whole),
    Other,
}

type Members = Vec<(String, Value)>;

/// Reads JSON without escapes: the backslashes are gone by now.
struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// The whole text as an object.
    fn object(&mut self) -> Result<Members, ConfigError> {
        self.skip_space();
        let is_object = self.rest.starts_with('{');
        let members = if is_object { self.members() } else { self.value().map(|_| Vec::new()) };
        match members.filter(|_| self.at_end()) {
            Some(members) if is_object => Ok(members),
            Some(_) => Err(ConfigError::CustomResourcesNotIntegers),
            None => Err(ConfigError::CustomResourcesNotJson),
        }
    }

    fn members(&mut self) -> Option<Members> {
        let mut members = Vec::new();
        self.expect('{')?;
        if self.expect('}').is_some() {
            return Some(members);
        }
        loop {
            let name = self.string()?;
            self.expect(':')?;
            members.push((name, self.value()?));
            if self.expect('}').is_some() {
                return Some(members);
            }
            self.expect(',')?;
        }
    }

    fn value(&mut self) -> Option<Value> {
        self.skip_space();
        match self.rest.chars().next()? {
            '"' => {
                self.string()?;
                Some(Value::Other)
            }
            '{' | '[' => self.nested(),
            _ => self.word(),
        }
    }

    /// A number or a constant.
    fn word(&mut self) -> Option<Value> {
        let inside = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
        let end = self.rest.find(|letter| !inside(letter)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if matches!(word, "true" | "false" | "null" | "NaN" | "Infinity" | "-Infinity") {
            return Some(Value::Other);
        }
        let number = word.strip_prefix('-').unwrap_or(word);
        let digits_end = number.find(|letter: char| !letter.is_ascii_digit());
        let whole = &number[..digits_end.unwrap_or(number.len())];
        if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
            return None;
        }
        if digits_end.is_none() {
            return Some(Value::Whole(Whole::new(word.starts_with('-'), whole)));
        }
        word.parse::<f64>().ok().filter(|_| !number.ends_with('.')).map(|_| Value::Other)
    }

    /// An object or a list inside the object. What it holds does not matter: it is no number.
    fn nested(&mut self) -> Option<Value> {
        let mut depth = 0_usize;
        let mut in_string = false;
        for (at, letter) in self.rest.char_indices() {
            match letter {
                '"' => in_string = !in_string,
                '{' | '[' if !in_string => depth += 1,
                '}' | ']' if !in_string => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.rest = &self.rest[at + 1..];
                return Some(Value::Other);
            }
        }
        None
    }

    fn string(&mut self) -> Option<String> {
        self.expect('"')?;
        let end = self.rest.find('"')?;
        let text = &self.rest[..end];
        self.rest = &self.rest[end + 1..];
        (!text.chars().any(|letter| letter < ' ')).then(|| text.to_owned())
    }

    fn expect(&mut self, letter: char) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(letter)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    fn at_end(&mut self) -> bool {
        self.skip_space();
        self.rest.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_resources_are_json_in_extra_quotes() {
        let read = |text| {
            custom_resources(text).map(|all| {
                all.iter().map(|(name, amount)| format!("{name}={amount}")).collect::<Vec<_>>()
            })
        };
        assert_eq!(read(r#""{\"A\": 1, \"B\": 5}""#).unwrap(), ["A=1", "B=5"]);
        assert_eq!(read(r#"'{"CPU": 7}'"#).unwrap(), ["CPU=7"]);
        assert_eq!(read("'{}'").unwrap(), Vec::<String>::new());
        assert_eq!(read(r#"'{"A": 1, "A": 2}'"#).unwrap(), ["A=2"]);
        let not_json = [r#"{"A": 1}"#, "", "'{\"A\" 1}'", "'{\"A\": 01}'", "'{\"A\": 1,}'"];
        for text in not_json {
            assert_eq!(read(text), Err(ConfigError::CustomResourcesNotJson), "{text}");
        }
        let not_whole =
            [r#"'{"A": 1.5}'"#, r#"'{"A": "1"}'"#, r#"'{"A": [1, {}]}'"#, "'[]'", "'3'"];
        for text in not_whole {
            assert_eq!(read(text), Err(ConfigError::CustomResourcesNotIntegers), "{text}");
        }
    }
}
