//! What a fresh clone lacks: the WebAssembly target and the npm packages.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use crate::{
    place,
    step::{command, output, run, step},
};

/// The target that the page is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Installs what is missing; quick when nothing is.
pub(crate) fn ensure() -> Result<()> {
    ensure_wasm_target()?;
    ensure_npm_packages()
}

fn ensure_wasm_target() -> Result<()> {
    let libraries =
        output(command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))?;
    if Path::new(libraries.trim()).exists() {
        return Ok(());
    }
    step("add the Rust target wasm32-unknown-unknown", || {
        run(command("rustup").args(["target", "add", WASM_TARGET])).with_context(|| {
            format!("install Rust's standard library for {WASM_TARGET}, then try again")
        })
    })
}

/// `npm ci`, unless what it installed last came from the same lock file.
fn ensure_npm_packages() -> Result<()> {
    let lock = fs::read(place::root().join("package-lock.json"))
        .context("package-lock.json is missing: restore it with `git checkout`")?;
    let stamp = place::root().join("node_modules/.tidetable-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("npm ci", || {
        let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
        run(command("npm").args(quiet))?;
        fs::write(&stamp, lock).with_context(|| format!("can't write {}", stamp.display()))
    })
}

/// The entry file of an npm package's tool, to be run with Node.
pub(crate) fn npm_tool(path: &str) -> Result<std::path::PathBuf> {
    let tool = place::root().join("node_modules").join(path);
    if !tool.exists() {
        bail!("{} is missing: run `npm ci`", tool.display());
    }
    Ok(tool)
}
