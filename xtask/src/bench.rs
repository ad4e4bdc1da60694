//! `cargo xtask bench`: how long predictions take, natively and in WebAssembly.

use anyhow::Result;

use crate::{
    setup,
    step::{command, run},
    wasm,
};

pub(crate) fn run_all(_arguments: &[String]) -> Result<()> {
    setup::ensure()?;
    run(command("cargo").args(["bench", "--package", "tidetable-tests"]))?;
    wasm::build(wasm::Profile::Web)?;
    run(command("node").arg("tests/wasm/bench.mjs"))
}
