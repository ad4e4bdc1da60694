//! The committed cases for the HPA: questions with upstream's answers, one JSON line each after a
//! header line.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::hpa_compare::Question;

/// First line of a file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Header {
    /// Upstream's version, such as `1.37.2`.
    pub kubernetes: String,
    /// Seed of the random cases.
    pub seed: u64,
    /// Lines that follow.
    pub cases: u64,
}

/// A question with upstream's answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answered<Q, A> {
    /// What was asked.
    pub case: Q,
    /// What upstream answered.
    pub answer: A,
}

/// A question whose answers once differed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Differed<Q, A> {
    /// Upstream's version, such as `1.37.2`.
    pub kubernetes: String,
    /// What was asked.
    pub case: Q,
    /// What upstream answered.
    pub answer: A,
}

/// The folder of the committed cases.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/hpa")
}

/// The committed file `name`, or the one that the environment variable `variable` points at.
pub fn path(name: &str, variable: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(|| folder().join(name), PathBuf::from)
}

/// The minor release: 37 of `1.37.2`.
pub fn minor(version: &str) -> u32 {
    version.split('.').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// Hands every case of the file to `look`, with its line number.
///
/// # Panics
/// If the file can't be read, or holds more or fewer cases than its header says.
pub fn each_case<T: DeserializeOwned>(path: &Path, mut look: impl FnMut(usize, &str, T)) -> Header {
    use std::io::BufRead;
    let file =
        std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut lines = std::io::BufReader::new(file).lines();
    let header = lines.next().expect("a header line").expect("text");
    let header: Header = serde_json::from_str(&header).expect("a header");
    let mut count = 0;
    for (index, line) in lines.enumerate() {
        let line = line.expect("text");
        let case = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("line {}: {error}", index + 2));
        look(index + 2, &line, case);
        count += 1;
    }
    assert_eq!(count, header.cases, "cases in {}", path.display());
    header
}

/// Hands every committed question of one kind to `look`, with upstream's answer and the minor
/// release; the questions whose answers once differed are not among them.
///
/// # Panics
/// If a file can't be read.
pub fn each_question<Q: Question>(mut look: impl FnMut(&Q, &Q::Answer, u32)) {
    for path in files(Q::NAME, "jsonl") {
        let minor = minor(&path.file_stem().unwrap_or_default().to_string_lossy());
        each_case(&path, |_, _, it: Answered<Q, Q::Answer>| look(&it.case, &it.answer, minor));
    }
}

/// How our answers to the committed questions of one kind differ from upstream's, and how many
/// questions there are.
///
/// # Panics
/// If a file can't be read.
pub fn differences<Q: Question>() -> (Vec<String>, u64) {
    let (mut different, mut count) = (Vec::new(), 0);
    for path in files(Q::NAME, "jsonl") {
        let minor = minor(&path.file_stem().unwrap_or_default().to_string_lossy());
        let header = each_case(&path, |line, _, it: Answered<Q, Q::Answer>| {
            if let Err(text) = it.case.compare(&it.answer, minor) {
                different.push(format!("{}:{line}\n{text}", path.display()));
            }
        });
        count += header.cases;
    }
    for path in files("differed", "json") {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.starts_with(Q::NAME) {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a readable case");
        let it: Differed<Q, Q::Answer> = serde_json::from_str(&text).expect("a case");
        if let Err(text) = it.case.compare(&it.answer, minor(&it.kubernetes)) {
            different.push(format!("{name}\n{text}"));
        }
        count += 1;
    }
    (different, count)
}

/// The files of a folder of cases, by name.
fn files(folder_name: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder().join(folder_name)).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|it| it == ending))
        .collect();
    paths.sort();
    paths
}
