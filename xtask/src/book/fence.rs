//! A chapter as running text and fenced blocks, each with its line.

/// A part of a chapter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Markdown, with its line ends.
    Text(&'a str),
    /// A fenced block.
    Block {
        /// What stands behind the fence, as `yaml finds=TT014`.
        info: &'a str,
        /// What stands between the fences.
        content: &'a str,
    },
}

/// The parts of `chapter` in their order, each with the number of its first line, from 1. For a
/// block that is the line after the fence.
pub(super) fn parts(chapter: &str) -> Vec<(usize, Part<'_>)> {
    let mut parts = Vec::new();
    let mut text_start = 0;
    let mut text_line = 1;
    let mut open: Option<(&str, usize, usize)> = None;
    let mut at = 0;
    for (index, line) in chapter.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        match (open, line.trim_end().strip_prefix("```")) {
            (None, Some(info)) => {
                if text_start < at {
                    parts.push((text_line, Part::Text(&chapter[text_start..at])));
                }
                open = Some((info, end, index + 2));
            }
            (Some((info, start, first)), Some("")) => {
                let content = &chapter[start..at];
                parts.push((first, Part::Block { info, content }));
                open = None;
                (text_start, text_line) = (end, index + 2);
            }
            _ => {}
        }
        at = end;
    }
    match open {
        // Markdown ends an open block at the end as well.
        Some((info, start, first)) => {
            parts.push((first, Part::Block { info, content: &chapter[start..] }));
        }
        None if text_start < chapter.len() => {
            parts.push((text_line, Part::Text(&chapter[text_start..])));
        }
        None => {}
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_know_their_first_line() {
        let chapter = "one\n\n```yaml finds=TT014\na: 1\n```\ntwo\n";
        assert_eq!(
            parts(chapter),
            [
                (1, Part::Text("one\n\n")),
                (4, Part::Block { info: "yaml finds=TT014", content: "a: 1\n" }),
                (6, Part::Text("two\n")),
            ]
        );
    }
}
