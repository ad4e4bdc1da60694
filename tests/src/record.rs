//! The record of what was compared with upstream, `core/src/upstream/checked.txt`.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// Puts `line` in the place of the one that starts with the same `words` words, or at the end.
///
/// # Errors
/// If the file can't be read or written.
pub fn record(line: &str, words: usize) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/upstream/checked.txt");
    let text = std::fs::read_to_string(&path)?;
    let replaced = replace(&text, line, words);
    std::fs::write(&path, replaced)?;
    println!("recorded in {}: {line}", path.display());
    Ok(())
}

fn replace(text: &str, line: &str, words: usize) -> String {
    let start =
        |line: &str| -> Vec<String> { line.split(' ').take(words).map(str::to_owned).collect() };
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|it| start(it) == start(line)) {
        Some(at) => lines[at] = line,
        None => lines.push(line),
    }
    lines.join("\n") + "\n"
}

/// `10000000` as `10,000,000`.
pub fn with_commas(number: u64) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", with_commas(number / 1000), number % 1000)
}

/// The date, in UTC, as `2026-11-24`.
///
/// Upstream: Howard Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) =
        (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_the_place_of_its_kind() {
        let text = "# x\nray 2 a 1\nray 2 b 1\n";
        assert_eq!(replace(text, "ray 2 a 7", 3), "# x\nray 2 a 7\nray 2 b 1\n");
        assert_eq!(replace(text, "ray 2 c 7", 3), "# x\nray 2 a 1\nray 2 b 1\nray 2 c 7\n");
    }

    #[test]
    fn large_numbers_are_readable() {
        assert_eq!([1, 1000, 20_004_567].map(with_commas), ["1", "1,000", "20,004,567"]);
    }
}
