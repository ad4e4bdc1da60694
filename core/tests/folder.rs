//! Reads every manifest of a folder of the reader's own and prints what is found.
//!
//! `TIDETABLE_MANIFESTS=~/manifests cargo test -p tidetable-core --test folder -- --nocapture`

use std::path::{Path, PathBuf};

use tidetable_core::source::LineIndex;
use tidetable_core::{lint, manifest};

#[test]
fn every_manifest_of_a_folder_is_read() {
    let Some(folder) = std::env::var_os("TIDETABLE_MANIFESTS") else { return };
    let files = files(Path::new(&folder));
    assert!(!files.is_empty(), "no manifest in {}", folder.display());
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a text file");
        let mut documents = manifest::read(&text);
        documents.diagnostics.extend(lint::check(&text, &documents));
        println!("{}: {} documents", path.display(), documents.documents.len());
        let index = LineIndex::new(&text);
        for it in &documents.diagnostics {
            let source = text.get(it.span.start..it.span.end).expect("a span of the text");
            let at = index.position(&text, it.span.start);
            let source = source.lines().next().unwrap_or_default();
            println!(
                "  {}:{} {:?} {} {} | {source}",
                at.line, at.column, it.severity, it.code, it.message
            );
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let is_manifest = path.extension().is_some_and(|it| {
                ["yaml", "yml", "json"].iter().any(|known| it.eq_ignore_ascii_case(known))
            });
            if path.is_dir() {
                open.push(path);
            } else if is_manifest {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
