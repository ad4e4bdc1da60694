//! Sentences as they are read: a text with holes, and how to set what fills each hole.
//!
//! `say!("{} replicas are more than maxReplicas {}.", value(7), value(5))`. The number of holes is
//! checked when the code is compiled. In Korean, `{은}` and its like stand for the particle that
//! the word before asks for.

use std::fmt::Display;

use super::particle::particle;
use crate::report::{Message, Part, PartRole};
use crate::source::Span;

/// The sentence of a template and of what fills its holes, from left to right.
macro_rules! say {
    ($template:expr $(, $part:expr)* $(,)?) => {{
        const PARTS: &[&str] = &[$(stringify!($part)),*];
        const { assert!($crate::explain::template::holes($template) == PARTS.len()) };
        $crate::explain::template::fill($template, [$($part),*])
    }};
}
pub(super) use say;

/// Running text.
pub(super) fn plain(text: impl Display) -> Part {
    part(text, PartRole::Plain)
}

/// A number of the user's own.
pub(super) fn value(text: impl Display) -> Part {
    part(text, PartRole::Value)
}

/// The thing to notice.
pub(super) fn strong(text: impl Display) -> Part {
    part(text, PartRole::Strong)
}

/// A name as it is written in YAML or in code.
pub(super) fn code(text: impl Display) -> Part {
    part(text, PartRole::Code)
}

/// A number of the user's own that stands at `span`.
pub(super) fn value_at(text: impl Display, span: Option<Span>) -> Part {
    Part { span, ..value(text) }
}

fn part(text: impl Display, role: PartRole) -> Part {
    Part { text: text.to_string(), role, span: None }
}

/// How many `{}` are in `template`.
pub(super) const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut index, mut count) = (1, 0);
    while index < bytes.len() {
        if bytes[index - 1] == b'{' && bytes[index] == b'}' {
            count += 1;
        }
        index += 1;
    }
    count
}

/// See [`say!`].
pub(super) fn fill(template: &str, parts: impl IntoIterator<Item = Part>) -> Message {
    let mut parts = parts.into_iter();
    let mut message = Message::new();
    for (index, piece) in template.split('{').enumerate() {
        let (hole, text) = match piece.split_once('}') {
            Some((hole, text)) if index > 0 => (Some(hole), text),
            _ => (None, piece),
        };
        match hole {
            Some("") => parts.next().into_iter().for_each(|part| push(&mut message, part)),
            Some(pair) => {
                let chosen = particle(&message.to_string(), pair);
                push(&mut message, plain(chosen));
            }
            None => {}
        }
        push(&mut message, plain(text));
    }
    message
}

/// Adds a part; running text joins the running text before it.
fn push(message: &mut Message, part: Part) {
    match message.parts.last_mut() {
        _ if part.text.is_empty() => {}
        Some(last) if last.role == PartRole::Plain && part.role == PartRole::Plain => {
            last.text.push_str(&part.text);
        }
        _ => message.parts.push(part),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_from_left_to_right_and_keep_their_roles() {
        let message = say!("{} of {} in {}.", value(3), plain("many"), code("cpu"));
        let roles: Vec<_> = message.parts.iter().map(|it| (&*it.text, it.role)).collect();
        assert_eq!(
            roles,
            [
                ("3", PartRole::Value),
                (" of many in ", PartRole::Plain),
                ("cpu", PartRole::Code),
                (".", PartRole::Plain)
            ]
        );
    }

    #[test]
    fn a_particle_follows_what_fills_the_hole_before_it() {
        for (count, text) in [(2, "비율 2는 밖"), (3, "비율 3은 밖")] {
            assert_eq!(say!("비율 {}{은} 밖", value(count)).to_string(), text);
        }
    }

    #[test]
    fn what_fills_a_hole_is_not_read_as_a_template() {
        assert_eq!(say!("wait for {}.", code("{CPU: 1}")).to_string(), "wait for {CPU: 1}.");
    }
}
