//! Upstream's own answers, which lie in `tests/cases`: which release gave them, and how many.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{
    Language,
    markdown::{code, table},
};
use crate::place;

/// One file of answers.
pub(super) struct Cases {
    /// Below `tests/cases`, as `keda/poll`.
    pub(super) name: String,
    /// As `keda 2.21.0`.
    pub(super) upstream: String,
    /// How many questions.
    pub(super) count: u64,
}

/// Every file whose first line says where it is from, by name. Those written by hand do not.
pub(super) fn all() -> Result<Vec<Cases>> {
    let folder = place::root().join("tests/cases");
    let mut paths = Vec::new();
    collect(&folder, &mut paths)?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let name = path.strip_prefix(&folder)?.with_extension("").display().to_string();
        found.extend(header(&path)?.map(|(upstream, count)| Cases { name, upstream, count }));
    }
    Ok(found)
}

/// All `.jsonl` files below `folder`.
pub(super) fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else if path.extension().is_some_and(|it| it == "jsonl") {
            found.push(path);
        }
    }
    Ok(())
}

/// Release and number of questions.
fn header(path: &Path) -> Result<Option<(String, u64)>> {
    let mut line = String::new();
    let file = fs::File::open(path).with_context(|| path.display().to_string())?;
    BufReader::new(file).read_line(&mut line)?;
    let header: Value = serde_json::from_str(&line).with_context(|| path.display().to_string())?;
    let Some(count) = header["cases"].as_u64() else { return Ok(None) };
    let projects = [
        ("upstream", ""),
        ("kubernetes", "kubernetes "),
        ("keda", "keda "),
        ("metricsServer", "metrics-server "),
        ("prometheus", "prometheus "),
    ];
    let named = |(key, name): (&str, &str)| Some(format!("{name}{}", header[key].as_str()?));
    let upstream: Vec<_> = projects.into_iter().filter_map(named).collect();
    Ok(Some((upstream.join(", "), count)))
}

/// The answer to `{{#checked cases}}`.
pub(super) fn told(language: Language) -> Result<String> {
    let rows = all()?
        .into_iter()
        .map(|it| [code(&format!("tests/cases/{}", it.name)), it.upstream, it.count.to_string()]);
    let head = match language {
        Language::English => ["File", "Answered by", "Questions"],
        Language::Korean => ["파일", "답한 쪽", "질문"],
    };
    Ok(table(head, &rows.collect::<Vec<_>>()))
}
