//! Rust to WebAssembly: the compiler, then wasm-bindgen's JavaScript.
//!
//! wasm-bindgen's generator is a library here, so that its version can't differ from the macros'.
//! There is no wasm-opt: at every `opt-level` it takes a tenth off the module as it is stored, but
//! the compressed module that readers download comes out larger (`s`: 104 KB, after `-Oz` 107 KB).

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    place, setup, split,
    step::{command, run, step},
};

/// How the page is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// For readers: small and fast.
    Web,
    /// For whoever edits it: compiles in seconds.
    WebDev,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::WebDev => "web-dev",
        }
    }
}

/// Compiles `tidetable-web` into [`place::wasm`].
pub(crate) fn build(profile: Profile) -> Result<()> {
    step(&format!("compile web (profile {})", profile.name()), || {
        let target = ["--target", setup::WASM_TARGET, "--profile", profile.name()];
        let mut cargo = command("cargo");
        cargo.args(["rustc", "--package", "tidetable-web"]).args(target);
        if profile == Profile::Web {
            cargo.arg("--config").arg(without_machine()?);
            // For the split: which function mentions which constant.
            cargo.args(["--", "-Clink-args=--emit-relocs"]);
        }
        run(&mut cargo)
    })?;
    let compiled =
        place::target().join(setup::WASM_TARGET).join(profile.name()).join("tidetable_web.wasm");
    step("wasm-bindgen", || bind(&compiled))?;
    match profile {
        Profile::Web => {
            step("split what the first picture runs", || split::split(&compiled, &place::wasm()))
        }
        Profile::WebDev => split::whole(&place::wasm()),
    }
}

/// The setting that leaves this machine's folders out of the places that panics name.
fn without_machine() -> Result<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = home.context("there is no home folder")?.join("registry/src");
    let mut flags = Vec::new();
    for source in fs::read_dir(&sources).with_context(|| sources.display().to_string())? {
        flags.push(format!("'--remap-path-prefix={}='", source?.path().display()));
    }
    // Cargo compiles all again when their order is another one.
    flags.sort();
    Ok(format!("target.{}.rustflags=[{}]", setup::WASM_TARGET, flags.join(", ")))
}

fn bind(compiled: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("tidetable")
        .web(true)?
        .typescript(true)
        .demangle(false)
        .omit_default_module_path(true)
        .generate(place::wasm())
}
