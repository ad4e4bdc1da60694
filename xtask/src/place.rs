//! Where things lie in the repository.

use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the repository")
}

/// Cargo's output folder.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The WebAssembly module and its JavaScript, before bundling. `tsconfig.json` names it too.
pub(crate) fn wasm() -> PathBuf {
    root().join("target/site/wasm")
}

/// The site that `serve` shows.
pub(crate) fn served_site() -> PathBuf {
    root().join("target/site/served")
}

/// The site that `build` writes.
pub(crate) fn dist() -> PathBuf {
    root().join("dist")
}
