//! `cargo xtask build`: the static site in `dist/`.

use std::fs;

use anyhow::{Context, Result};

use crate::{book, bundle, place, setup, sizes, wasm, wasm::Profile};

pub(crate) fn run(_arguments: &[String]) -> Result<()> {
    setup::ensure()?;
    wasm::build(Profile::Web)?;
    let site = place::dist();
    if site.exists() {
        fs::remove_dir_all(&site).context("can't empty dist/")?;
    }
    let assets = bundle::assets(&site, Profile::Web)?;
    bundle::page(&site, &assets, "")?;
    bundle::widgets(&site, &assets)?;
    book::build(&site, &assets, "")?;
    sizes::report(&site, &assets)?;
    println!("The site is in {}: any file server will do.", site.display());
    Ok(())
}
