//! `cargo xtask screenshots`: the pictures of README and book, taken in a real browser.

use anyhow::Result;

use crate::{
    browser, build,
    step::{command, run, step},
};

pub(crate) fn run_all(_arguments: &[String]) -> Result<()> {
    let chromium = browser::find_or_install()?;
    browser::ensure_korean_font()?;
    build::run(&[])?;
    step("take pictures into book/pictures", || {
        run(command("node").arg("tests/browser/screenshots.mjs").env("CHROMIUM", chromium))
    })
}
