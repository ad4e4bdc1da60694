//! Files as texts, and places of a text as places of its files.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use tidetable_core::source::{LineIndex, Span};

/// Places of one file, in bytes, and what is said of each.
type Marks<M> = Vec<(Range<usize>, M)>;

/// Several files as the one text that is predicted.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// The files one after the other, with `---` between them.
    pub(crate) joined: String,
    files: Vec<File>,
}

/// One file of a text.
#[derive(Debug)]
struct File {
    name: String,
    /// Its bytes of the joined text.
    range: Range<usize>,
    lines: LineIndex,
}

/// The lines of one file that some marks stand on.
#[derive(Debug)]
pub(crate) struct Excerpt<'a, M> {
    /// Name of the file.
    pub(crate) name: &'a str,
    /// Number of the first line, from 1.
    pub(crate) first_line: usize,
    /// The lines.
    pub(crate) source: &'a str,
    /// Marks with their bytes of `source`.
    pub(crate) marks: Marks<M>,
}

impl Text {
    /// A text of one file.
    pub(crate) fn of(name: String, content: &str) -> Self {
        let mut text = Self::default();
        text.add(name, content);
        text
    }

    /// Adds a file at the end.
    pub(crate) fn add(&mut self, name: String, content: &str) {
        let mut content = content;
        if !self.files.is_empty() {
            content = content.trim_start_matches('\u{feff}');
            self.joined.push_str(if self.joined.ends_with('\n') { "---\n" } else { "\n---\n" });
        }
        let start = self.joined.len();
        self.joined.push_str(content);
        let range = start..self.joined.len();
        self.files.push(File { name, range, lines: LineIndex::new(content) });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Cuts out the lines of the marks, file by file, in the order of the first marks.
    pub(crate) fn excerpts<M>(
        &self,
        marks: impl IntoIterator<Item = (Span, M)>,
    ) -> Vec<Excerpt<'_, M>> {
        let mut found: Vec<(&File, Marks<M>)> = Vec::new();
        for (span, mark) in marks {
            let Some((file, range)) = self.place(span) else { continue };
            match found.iter_mut().find(|(known, _)| std::ptr::eq(*known, file)) {
                Some((_, marks)) => marks.push((range, mark)),
                None => found.push((file, vec![(range, mark)])),
            }
        }
        found.into_iter().map(|(file, marks)| self.excerpt(file, marks)).collect()
    }

    fn excerpt<'a, M>(&'a self, file: &'a File, marks: Marks<M>) -> Excerpt<'a, M> {
        let content = &self.joined[file.range.clone()];
        let first = marks.iter().map(|(range, _)| range.start).min().unwrap_or_default();
        let last = marks.iter().map(|(range, _)| range.end).max().unwrap_or_default();
        let first_line = file.lines.line(first);
        let start = file.lines.line_start(first_line);
        let end = file.lines.line_start(file.lines.line(last) + 1);
        let moved = |range: Range<usize>| range.start - start..range.end - start;
        Excerpt {
            name: &file.name,
            first_line: first_line + 1,
            source: &content[start..end],
            marks: marks.into_iter().map(|(range, mark)| (moved(range), mark)).collect(),
        }
    }

    /// The file that a span begins in, and its bytes of that file.
    fn place(&self, span: Span) -> Option<(&File, Range<usize>)> {
        let after = self.files.partition_point(|it| it.range.start <= span.start);
        let file = self.files.get(after.checked_sub(1)?)?;
        let inside = |offset: usize| {
            self.joined.floor_char_boundary(offset.clamp(file.range.start, file.range.end))
                - file.range.start
        };
        Some((file, inside(span.start)..inside(span.end).max(inside(span.start))))
    }
}

/// Files as they were named.
#[derive(Debug, Default)]
pub(crate) struct Named {
    /// Files named one by one; `-` is standard input.
    pub(crate) files: Vec<PathBuf>,
    /// Files found in folders.
    pub(crate) found: Vec<PathBuf>,
}

/// Looks into the folders among `paths`, which start from `base`.
///
/// # Errors
/// A folder that can't be listed, or holds no manifest.
pub(crate) fn find(paths: Vec<PathBuf>, base: &Path) -> Result<Named, String> {
    let mut named = Named::default();
    for path in paths {
        if base.join(&path).is_dir() {
            let found = manifests(&path, base)?;
            if found.is_empty() {
                return Err(format!("{}: no .yaml, .yml or .json file in it", path.display()));
            }
            named.found.extend(found);
        } else {
            named.files.push(path);
        }
    }
    Ok(named)
}

/// Manifests below `folder`, sorted. Hidden ones and folders behind symbolic links are left out.
fn manifests(folder: &Path, base: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let failed = |error: io::Error| format!("{}: {error}", folder.display());
        for entry in fs::read_dir(base.join(&folder)).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type().map_err(failed)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if kind.is_dir() {
                open.push(path);
            } else if is_manifest(&path) && base.join(&path).is_file() {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn is_manifest(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    ["yaml", "yml", "json"].iter().any(|it| extension.eq_ignore_ascii_case(it))
}

/// Name and content of a file, whose path starts from `base`; `-` is standard `input`.
///
/// # Errors
/// A file that can't be read, or is not UTF-8.
pub(crate) fn read(
    path: &Path,
    base: &Path,
    input: &mut dyn Read,
) -> Result<(String, String), String> {
    let (name, bytes) = if path.as_os_str() == OsStr::new("-") {
        let mut bytes = Vec::new();
        ("<stdin>".to_owned(), input.read_to_end(&mut bytes).map(|_| bytes))
    } else {
        (path.strip_prefix(".").unwrap_or(path).display().to_string(), fs::read(base.join(path)))
    };
    let bytes = bytes.map_err(|error| format!("{name}: {error}"))?;
    match String::from_utf8(bytes) {
        Ok(content) => Ok((name, content)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            Err(format!("{name}: not UTF-8 text (first wrong byte at offset {offset})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_the_joined_text_is_found_in_its_file() {
        let mut text = Text::of("a".to_owned(), "one: 1\ntwo: 2");
        text.add("b".to_owned(), "\u{feff}three: 3\r\n네: 4\r\n");
        assert_eq!(text.joined, "one: 1\ntwo: 2\n---\nthree: 3\r\n네: 4\r\n");
        check(&text, "one", &("a", 1, "one: 1\n", 0..3));
        check(&text, "2", &("a", 2, "two: 2", 5..6));
        check(&text, "---", &("a", 2, "two: 2", 6..6));
        check(&text, "three", &("b", 1, "three: 3\r\n", 0..5));
        check(&text, "4", &("b", 2, "네: 4\r\n", 5..6));
    }

    #[test]
    fn a_span_that_fits_nowhere_is_cut_to_its_file() {
        let text = Text::of("a".to_owned(), "네");
        let ranges = |span| text.excerpts([(span, ())]).remove(0).marks.remove(0).0;
        assert_eq!(ranges(Span::new(1, 2)), 0..0, "inside a character");
        assert_eq!(ranges(Span::new(7, 9)), 3..3, "past the end");
        assert!(Text::default().excerpts([(Span::at(0), ())]).is_empty());
    }

    #[test]
    fn marks_are_gathered_by_file() {
        let mut text = Text::of("a".to_owned(), "1\n2\n3\n4\n");
        text.add("b".to_owned(), "5\n");
        let at = |wanted: &str| Span::at(text.joined.find(wanted).unwrap());
        let marks = [(at("3"), "x"), (at("5"), "y"), (at("2"), "z")];
        let found: Vec<_> = text
            .excerpts(marks)
            .into_iter()
            .map(|it| (it.name, it.first_line, it.source, it.marks))
            .collect();
        let expected = [
            ("a", 2, "2\n3\n", vec![(2..2, "x"), (0..0, "z")]),
            ("b", 1, "5\n", vec![(0..0, "y")]),
        ];
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check(text: &Text, wanted: &str, expected: &(&str, usize, &str, Range<usize>)) {
        let start = text.joined.find(wanted).unwrap();
        let found = text.excerpts([(Span::new(start, start + wanted.len()), ())]).remove(0);
        let range = found.marks[0].0.clone();
        assert_eq!((found.name, found.first_line, found.source, range), *expected);
    }
}
