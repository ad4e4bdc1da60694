//! Rust to WebAssembly: the compiler, then wasm-bindgen's JavaScript.
//!
//! wasm-bindgen's generator is a library here, so that its version can't differ from the macros'.
//! There is no wasm-opt: at every `opt-level` it takes a tenth off the module as it is stored, but
//! the compressed module that readers download comes out larger (`s`: 104 KB, after `-Oz` 107 KB).

use std::path::Path;

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    place, setup,
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
        run(command("cargo").args(["build", "--package", "tidetable-web"]).args(target))
    })?;
    let compiled =
        place::target().join(setup::WASM_TARGET).join(profile.name()).join("tidetable_web.wasm");
    step("wasm-bindgen", || bind(&compiled, profile))
}

fn bind(compiled: &Path, profile: Profile) -> Result<()> {
    let release = profile == Profile::Web;
    Bindgen::new()
        .input_path(compiled)
        .out_name("tidetable")
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(place::wasm())
}
