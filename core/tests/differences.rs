//! Every departure from upstream that the code names is explained, and none is only explained.

use std::collections::BTreeSet;
use std::path::Path;

use tidetable_core::fidelity::DIFFERENCES;

fn named_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a source folder") {
        let path = entry.expect("a source file").path();
        if path.is_dir() {
            named_in(&path, found);
        } else {
            let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
            let ids = text.split("DIFFERENCE(").skip(1).filter_map(|it| it.split_once(')'));
            found.extend(ids.map(|(id, _)| id.to_owned()));
        }
    }
}

#[test]
fn code_and_table_name_the_same_differences() {
    let mut named = BTreeSet::new();
    named_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut named);
    let listed: BTreeSet<_> = DIFFERENCES.iter().map(|it| it.id.to_owned()).collect();
    assert_eq!(named, listed, "left: in the code; right: in fidelity.rs");
    assert!(DIFFERENCES.is_sorted_by(|one, next| one.id < next.id), "sorted, each once");
}
