//! A formula's words.
//!
//! Upstream: expr 1.17.8 parser/lexer/state.go, parser/parser.go `parseSecondary`.

use super::Problem;

/// One word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Int(i64),
    Float(f64),
    Name(String),
    /// An operator or a bracket.
    Sign(String),
}

/// Words that are operators.
const WORDS: [&str; 11] = [
    "not",
    "in",
    "or",
    "and",
    "matches",
    "contains",
    "startsWith",
    "endsWith",
    "let",
    "if",
    "else",
];

pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let letters: Vec<char> = text.chars().collect();
    let mut rest = &letters[..];
    let mut found = Vec::new();
    while let [first, after @ ..] = rest {
        let second = after.first().copied().unwrap_or('\0');
        let is_decimal = *first == '.' && second.is_ascii_digit();
        if first.is_whitespace() {
            rest = after;
        } else if first.is_ascii_digit() || is_decimal {
            let (token, length) = number(rest)?;
            found.push(token);
            rest = &rest[length..];
        } else if is_word(*first) {
            let word: String = rest.iter().take_while(|it| is_word(**it)).collect();
            rest = &rest[word.chars().count()..];
            let is_operator = WORDS.contains(&word.as_str());
            found.push(if is_operator { Token::Sign(word) } else { Token::Name(word) });
        } else if *first == '/' && matches!(second, '/' | '*') {
            rest = after_comment(rest)?;
        } else {
            let length = sign(*first, second)?;
            found.push(Token::Sign(rest[..length].iter().collect()));
            rest = &rest[length..];
        }
    }
    Ok(found)
}

fn is_word(letter: char) -> bool {
    letter == '_' || letter == '$' || letter.is_alphanumeric()
}

/// How many letters make the sign that begins here.
fn sign(first: char, second: char) -> Result<usize, Problem> {
    let doubles = match first {
        '\'' | '"' | '`' => return Err(Problem::NotEvaluated("text in quotes".to_owned())),
        '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | '%' | '+' | '-' | '^' | '/' => "",
        '&' | '!' | '=' | '*' | '<' | '>' => "&=*",
        '?' => ".?",
        '|' => "|",
        ':' => ":",
        '.' => ".",
        '#' => "#",
        other => return Err(Problem::Refused(format!("unrecognized character: {other:?}"))),
    };
    Ok(if doubles.contains(second) { 2 } else { 1 })
}

fn after_comment(rest: &[char]) -> Result<&[char], Problem> {
    let is_line = rest[1] == '/';
    let end = if is_line {
        Some(rest.iter().position(|it| *it == '\n').map_or(rest.len(), |it| it + 1))
    } else {
        let ends = rest.windows(2).skip(2).position(|it| it == ['*', '/']);
        ends.map(|it| it + 4)
    };
    let unclosed = || Problem::Refused("unclosed comment".to_owned());
    end.map(|it| &rest[it..]).ok_or_else(unclosed)
}

/// The number that `rest` begins with, and how many letters it has.
fn number(rest: &[char]) -> Result<(Token, usize), Problem> {
    let mut length = 0;
    let radix = match (rest[0], rest.get(1)) {
        ('0', Some('x' | 'X')) => 16,
        ('0', Some('o' | 'O')) => 8,
        ('0', Some('b' | 'B')) => 2,
        _ => 10,
    };
    if radix != 10 {
        length = 2;
    }
    let run = |from: usize| {
        let digits = rest[from..].iter();
        digits.take_while(|it| **it == '_' || it.is_digit(radix)).count()
    };
    length += run(length);
    if rest.get(length) == Some(&'.') && rest.get(length + 1) != Some(&'.') {
        length += 1;
        length += run(length);
    }
    if matches!(rest.get(length), Some('e' | 'E')) {
        length += 1;
        length += usize::from(matches!(rest.get(length), Some('+' | '-')));
        length += run(length);
    }
    let text: String = rest[..length].iter().filter(|it| **it != '_').collect();
    if rest.get(length).is_some_and(|it| is_word(*it)) {
        return Err(Problem::Refused(format!("bad number syntax: {text:?}")));
    }
    let is_float = radix != 16 && text.contains(['.', 'e', 'E']);
    let token = if is_float {
        text.parse().ok().filter(|it: &f64| it.is_finite()).map(Token::Float)
    } else {
        let digits = if radix == 10 { &text[..] } else { &text[2..] };
        i64::from_str_radix(digits, radix).ok().map(Token::Int)
    };
    let kind = if is_float { "float" } else { "integer" };
    let token = token.ok_or_else(|| Problem::Refused(format!("invalid {kind} literal: {text}")));
    Ok((token?, length))
}
