//! Text out of the core as Markdown, and tables of it.

/// `text` as running Markdown: what stands in backticks stays code, flags (`--name`) become code,
/// and nothing else has a meaning.
pub(super) fn running(text: &str) -> String {
    let mut result = String::new();
    for (index, part) in text.split('`').enumerate() {
        if index % 2 == 1 {
            result.push_str(&code(part));
            continue;
        }
        let words = part.split(' ').map(|word| match word.strip_prefix("--") {
            Some(_) => {
                let end = word.trim_end_matches([',', '.', ':', ';', ')']);
                format!("{}{}", code(end), escape(&word[end.len()..]))
            }
            None => escape(word),
        });
        result.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    result
}

/// `text` as code.
pub(super) fn code(text: &str) -> String {
    format!("`{text}`")
}

/// `text` without any meaning to Markdown.
fn escape(text: &str) -> String {
    let mut result = String::new();
    for letter in text.chars() {
        if matches!(letter, '\\' | '*' | '_' | '<' | '[' | ']' | '|' | '#') {
            result.push('\\');
        }
        result.push(letter);
    }
    result
}

/// A table; its cells are Markdown. A bar within code parts no cells.
pub(super) fn table<const N: usize>(head: [&str; N], rows: &[[String; N]]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let cell = |it: &String| if it.contains("\\|") { it.clone() } else { it.replace('|', "\\|") };
    let mut result = line(&head.map(str::to_owned));
    result.push_str(&line(&vec!["---".to_owned(); N]));
    for row in rows {
        result.push_str(&line(&row.iter().map(cell).collect::<Vec<_>>()));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_and_flags_mean_something() {
        assert_eq!(running("a_b `c_d` <e> | f"), "a\\_b `c_d` \\<e> \\| f");
        assert_eq!(running("the flag --max-age=3s, on"), "the flag `--max-age=3s`, on");
    }

    #[test]
    fn a_bar_in_a_cell_parts_nothing() {
        let rows = [["`a|b`".to_owned(), running("c | d")]];
        assert_eq!(table(["x", "y"], &rows), "| x | y |\n| --- | --- |\n| `a\\|b` | c \\| d |\n");
    }
}
