//! The record of what was compared with upstream, `core/src/upstream/checked.txt`.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::hpa_cases::minor;

/// Puts `line` in the place of the one that it is newer than, or at the end; the lines of
/// Kubernetes come first, the newest release on top.
///
/// # Errors
/// If the file can't be read or written.
pub fn record(line: &str) -> io::Result<()> {
    let path = path();
    let text = std::fs::read_to_string(&path)?;
    std::fs::write(&path, replace(&text, line))?;
    println!("recorded in {}: {line}", path.display());
    Ok(())
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/upstream/checked.txt")
}

/// How many decisions of `about` are recorded for the `first` questions of `seed`, so that a run
/// which begins there goes on with the record.
///
/// # Errors
/// If the file can't be read, or its line about this ends elsewhere.
pub fn recorded(about: &str, seed: u64, first: u64) -> io::Result<u64> {
    if first == 0 {
        return Ok(0);
    }
    let text = std::fs::read_to_string(path())?;
    before(&text, about, seed, first).ok_or_else(|| {
        let found = format!("checked.txt has no line `{about}` with as many cases of seed {seed}");
        io::Error::other(format!("{found}: record the questions before {first} first"))
    })
}

fn before(text: &str, about: &str, seed: u64, first: u64) -> Option<u64> {
    let number = |word: &str| word.replace(',', "").parse::<u64>().ok();
    let line = text.lines().find_map(|it| it.strip_prefix(about)?.strip_prefix(' '))?;
    let words: Vec<&str> = line.split(' ').collect();
    let [cases, decisions, recorded_seed, _] = words[..] else { return None };
    let goes_on = number(cases)? == first && number(recorded_seed)? == seed;
    if goes_on { number(decisions) } else { None }
}

fn replace(text: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|it| what(it) == what(line)) {
        Some(at) => lines[at] = line,
        None => lines.push(line),
    }
    lines.sort_by_key(|it| match what(it) {
        What::Comment(_) => (0, 0),
        What::Kubernetes(minor) => (1, u32::MAX - minor),
        What::Ray(..) => (2, 0),
    });
    lines.join("\n") + "\n"
}

/// What a line is about; a newer line about the same takes its place.
#[derive(PartialEq)]
enum What<'t> {
    Comment(&'t str),
    /// The minor release.
    Kubernetes(u32),
    /// Release and kind.
    Ray(&'t str, &'t str),
}

fn what(line: &str) -> What<'_> {
    let mut words = line.split(' ');
    match words.next() {
        Some("#") => What::Comment(line),
        Some("ray") => What::Ray(words.next().unwrap_or(""), words.next().unwrap_or("")),
        version => What::Kubernetes(minor(version.unwrap_or(""))),
    }
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
        let text = "# x\n1.9.1 1\nray 2 a 1\nray 2 b 1\n";
        assert_eq!(replace(text, "ray 2 a 7"), "# x\n1.9.1 1\nray 2 a 7\nray 2 b 1\n");
        assert_eq!(replace(text, "ray 2 c 7"), format!("{text}ray 2 c 7\n"));
        assert_eq!(replace(text, "1.9.4 7"), "# x\n1.9.4 7\nray 2 a 1\nray 2 b 1\n");
        let newer = "# x\n1.10.0 7\n1.9.1 1\nray 2 a 1\nray 2 b 1\n";
        assert_eq!(replace(text, "1.10.0 7"), newer);
    }

    #[test]
    fn a_run_goes_on_where_the_record_ends() {
        let text = "# x\nray 2 ab 1 1 7 2026-11-24\nray 2 a 1,000 2,500 7 2026-11-24\n";
        assert_eq!(before(text, "ray 2 a", 7, 1_000), Some(2_500));
        assert_eq!(before(text, "ray 2 a", 7, 999), None);
        assert_eq!(before(text, "ray 2 a", 8, 1_000), None);
        assert_eq!(before(text, "ray 2 c", 7, 1_000), None);
    }

    #[test]
    fn large_numbers_are_readable() {
        assert_eq!([1, 1000, 20_004_567].map(with_commas), ["1", "1,000", "20,004,567"]);
    }
}
