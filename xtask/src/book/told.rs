//! Conditions and events in upstream's own words.
//!
//! ```` ```told condition AbleToScale False FailedGetScale ```` and ```` ```told event Warning
//! FailedGetScale ```` hold the messages of that reason, one to a line, with `…` for what differs
//! from case to case. Each must be one that upstream's code answered in `tests/cases/hpa/history`,
//! and a chapter with such blocks must hold all that was answered there.

use std::{collections::BTreeMap, fs, sync::OnceLock};

use anyhow::{Context, Result, anyhow, bail};
use serde_json::Value;

use super::{block::Located, cases};
use crate::place;

/// The head of a block, as `condition AbleToScale False FailedGetScale`, and its messages.
type Told = BTreeMap<String, Vec<String>>;

/// What a block becomes: its lines as kubectl shows them.
pub(super) fn block(content: &str, info: &str) -> Result<String, Located> {
    let answered = answered().map_err(|error| (0, error))?;
    let head = info.trim_start_matches("told").trim();
    let Some(messages) = answered.get(head) else {
        let all: Vec<_> = answered.keys().map(String::as_str).collect();
        return Err((0, anyhow!("upstream never answered `{head}`, but {}", all.join(", "))));
    };
    for (line, pattern) in content.lines().enumerate() {
        if !messages.iter().any(|it| fits(pattern, it)) {
            let one = &messages[0];
            return Err((line, anyhow!("upstream says no `{pattern}`, but `{one}` for one")));
        }
    }
    let words = head.split_whitespace().skip(1).collect::<Vec<_>>().join("  ");
    let lines = content.lines().map(|it| format!("{words}  {it}\n"));
    Ok(format!("```text\n{}```\n", lines.collect::<String>()))
}

/// Fails if upstream answered something that none of the `blocks` of a chapter tells.
pub(super) fn complete(blocks: &[(&str, &str)]) -> Result<()> {
    for (head, messages) in answered()? {
        let own = blocks.iter().filter(|(info, _)| info.trim_start_matches("told").trim() == head);
        let patterns: Vec<_> = own.flat_map(|(_, content)| content.lines()).collect();
        for message in messages {
            if !patterns.iter().any(|it| fits(it, message)) {
                bail!("no block ```told {head}``` says `{message}`");
            }
        }
    }
    Ok(())
}

/// Whether `text` is `pattern`, whose `…` stand for one letter or more; white space at the end does
/// not count.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.trim_end(), text.trim_end());
    let Some((before, after)) = pattern.split_once('…') else { return pattern == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    let mut ends = rest.char_indices().map(|(at, letter)| at + letter.len_utf8());
    ends.any(|end| fits(after, &rest[end..]))
}

/// All that upstream answered. It is read once.
fn answered() -> Result<&'static Told> {
    static ANSWERED: OnceLock<Told> = OnceLock::new();
    if let Some(it) = ANSWERED.get() {
        return Ok(it);
    }
    let mut paths = Vec::new();
    cases::collect(&place::root().join("tests/cases/hpa/history"), &mut paths)?;
    let mut found = Told::new();
    for path in paths {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        for line in text.lines() {
            gather(&serde_json::from_str(line)?, &mut found);
        }
    }
    for messages in found.values_mut() {
        messages.sort();
        messages.dedup();
    }
    Ok(ANSWERED.get_or_init(|| found))
}

/// Every condition and event within `value`.
fn gather(value: &Value, found: &mut Told) {
    let text = |name: &str| value[name].as_str();
    if let (Some(kind), Some(reason), Some(message)) =
        (text("type"), text("reason"), text("message"))
    {
        let head = match text("status") {
            Some(status) => format!("condition {kind} {status} {reason}"),
            None => format!("event {kind} {reason}"),
        };
        found.entry(head).or_default().push(message.to_owned());
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|it| gather(it, found)),
        Value::Array(items) => items.iter().for_each(|it| gather(it, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ellipsis_stands_for_something() {
        assert!(
            fits("a … of …", "a b of c of d") && fits("a", "a") && fits("a: …; b:", "a: 1; b: ")
        );
        assert!(!fits("a …", "a ") && !fits("a … of", "a b of c") && !fits("a", "ab"));
    }

    #[test]
    fn only_what_upstream_said_is_told() {
        let info = "told condition AbleToScale True SucceededRescale";
        let text = "the HPA controller was able to update the target scale to …\n";
        let expected = format!("```text\nAbleToScale  True  SucceededRescale  {text}```\n");
        assert_eq!(block(text, info).unwrap(), expected);
        assert_eq!(block("a\n", info).unwrap_err().0, 0);
        assert!(block(text, "told event Warning SucceededRescale").is_err());
        assert!(complete(&[(info, text)]).is_err(), "it said more than that");
    }
}
