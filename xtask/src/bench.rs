//! `cargo xtask bench`: how long predictions take, natively and in WebAssembly; with `phone`, what
//! the book's widgets cost on a slow phone.

use anyhow::{Result, bail};

use crate::{
    browser, build, setup,
    step::{command, run},
    wasm,
};

pub(crate) fn run_all(arguments: &[String]) -> Result<()> {
    match arguments {
        [] => {}
        [what, pages @ ..] if what == "phone" => return phone(pages),
        _ => bail!("use `cargo xtask bench`, or `cargo xtask bench phone` with pages of the site"),
    }
    setup::ensure()?;
    run(command("cargo").args(["bench", "--package", "tidetable-tests"]))?;
    wasm::build(wasm::Profile::Web)?;
    run(command("node").arg("tests/wasm/bench.mjs"))
}

fn phone(pages: &[String]) -> Result<()> {
    let chromium = browser::find_or_install()?;
    build::run(&[])?;
    run(command("node").arg("tests/browser/phone.mjs").args(pages).env("CHROMIUM", chromium))
}
