//! The lists of fields, as they are written in the text files beside this one.
//!
//! A kind opens with its name and `apiVersion`; `part NAME` opens fields that several share. Below
//! stands a field to a line, indented by two more than what holds it:
//!
//! ```text
//! NAME[] KIND [WORDS…] [= DEFAULT] | English | Korean
//! ```
//!
//! `[]` is a list; KIND is `mapping`, `integer`, `number`, `text`, `quantity`, `duration`, `boolean`,
//! `choice` with its words, or `@PART` for a mapping whose fields that part lists.

const FILES: [&str; 4] = [
    include_str!("hpa.txt"),
    include_str!("keda.txt"),
    include_str!("ray.txt"),
    include_str!("scenario.txt"),
];

/// One field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub(super) name: &'a str,
    /// What it takes; empty for a kind or a part.
    pub(super) kind: &'a str,
    pub(super) is_list: bool,
    /// How far it is indented.
    pub(super) depth: usize,
    /// Words that it may be, as `a b c`.
    words: &'a str,
    pub(super) default: &'a str,
    /// English and Korean.
    pub(super) about: [&'a str; 2],
}

impl<'a> Row<'a> {
    /// Its words.
    pub(super) fn words(&self) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        self.words.split(' ').filter(|it| !it.is_empty())
    }

    /// Whether it holds fields.
    pub(super) fn is_mapping(&self) -> bool {
        self.kind == "mapping" || self.kind.starts_with('@')
    }
}

/// All lists.
pub(super) struct Table {
    rows: Vec<Row<'static>>,
}

impl Table {
    pub(super) fn read() -> Self {
        let lines = FILES.iter().flat_map(|it| it.lines());
        let lines = lines.filter(|it| !it.trim().is_empty() && !it.starts_with('#'));
        Self { rows: lines.map(row).collect() }
    }

    /// Every kind with its `apiVersion`.
    pub(super) fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let heads = self.rows.iter().filter(|it| it.depth == 0 && it.name != "part");
        heads.map(|it| (it.name, it.words)).collect()
    }

    /// The fields of a kind's mapping at the path `parents`.
    pub(super) fn below(&self, kind: &str, parents: &[String]) -> Option<Vec<Row<'static>>> {
        let is_head = |it: &Row<'_>| it.depth == 0 && it.name == kind && kind != "part";
        let mut at = self.rows.iter().position(is_head)?;
        for name in parents {
            at = self.inside(at)?.into_iter().find(|it| self.rows[*it].name == name)?;
        }
        let fields = self.inside(at)?;
        Some(fields.into_iter().map(|it| self.rows[it]).collect())
    }

    /// The kind or the part (`part NAME`) of that name, and all that stands below it.
    pub(super) fn section(&self, name: &str) -> Option<&[Row<'static>]> {
        let part = name.strip_prefix("part ");
        let is_head = |it: &Row<'_>| match part {
            Some(part) => it.name == "part" && it.words == part,
            None => it.name == name && it.name != "part",
        };
        let at = self.rows.iter().position(|it| it.depth == 0 && is_head(it))?;
        let below = self.rows[at + 1..].iter().take_while(|it| it.depth > 0).count();
        Some(&self.rows[at + 1..=at + below])
    }

    /// Where the fields of the row `at` stand.
    fn inside(&self, at: usize) -> Option<Vec<usize>> {
        let row = &self.rows[at];
        let at = match row.kind.strip_prefix('@') {
            Some(part) => self.rows.iter().position(|it| it.name == "part" && it.words == part)?,
            None => at,
        };
        let depth = self.rows[at].depth;
        let below = self.rows.iter().enumerate().skip(at + 1);
        let below = below.take_while(|(_, it)| it.depth > depth);
        let own: Vec<usize> =
            below.filter(|(_, it)| it.depth == depth + 2).map(|it| it.0).collect();
        (!own.is_empty()).then_some(own)
    }
}

/// One line.
fn row(line: &'static str) -> Row<'static> {
    let text = line.trim_start();
    let depth = line.len() - text.len();
    let mut parts = text.split(" | ");
    let what = parts.next().unwrap_or_default();
    let about = [parts.next().unwrap_or_default(), parts.next().unwrap_or_default()];
    let (what, default) = what.split_once(" = ").unwrap_or((what, ""));
    let (name, what) = what.split_once(' ').unwrap_or((what, ""));
    // A kind and a part have a second word, and take nothing.
    let (kind, words) =
        if depth == 0 { ("", what) } else { what.split_once(' ').unwrap_or((what, "")) };
    let (name, is_list) = match name.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (name, false),
    };
    Row { name, kind, is_list, depth, words, default, about }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_whole() {
        let table = Table::read();
        assert_eq!(table.kinds().len(), 6);
        for row in &table.rows {
            let plain = ["mapping", "integer", "number", "text", "quantity", "duration", "boolean"];
            if row.depth == 0 {
                assert!(!row.words.is_empty(), "{row:?}");
                continue;
            }
            assert!(row.about.iter().all(|it| !it.is_empty()), "{row:?}");
            assert!(row.about[0].ends_with('.') || row.about[0].ends_with('…'), "{row:?}");
            assert!(row.depth.is_multiple_of(2), "{row:?}");
            let is_part = row.kind.strip_prefix('@').is_some_and(|part| {
                table.rows.iter().any(|it| it.name == "part" && it.words == part)
            });
            let is_choice = row.kind == "choice" && row.words().count() > 1;
            assert!(is_part || is_choice || plain.contains(&row.kind), "{row:?}");
            let is_word = !is_choice || row.default.is_empty();
            assert!(is_word || row.words().any(|it| it == row.default), "{row:?}");
        }
    }
}
