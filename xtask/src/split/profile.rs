//! Which functions the first picture runs.
//!
//! Each function of a copy of the module says that it ran. `first-picture.mjs` opens the page with
//! that copy, once in each language, and prints which did.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result, bail};
use walrus::{Module, ValType, ir::Value};

use super::IMPORTS;
use crate::{
    place,
    step::{command, output},
};

/// The languages of the page.
const LANGUAGES: [&str; 2] = ["en", "ko"];

/// The places, among the module's own functions, of those that the first picture runs. `folder` has
/// the module's JavaScript.
pub(super) fn ran(whole: &[u8], folder: &Path) -> Result<BTreeSet<usize>> {
    let copy = folder.join("profile.wasm");
    fs::write(&copy, telling(whole)?)?;
    let mut ran = BTreeSet::new();
    for language in LANGUAGES {
        let script = place::root().join("xtask/src/split/first-picture.mjs");
        let mut node = command("node");
        node.arg(script).arg(place::root().join("index.html"));
        node.arg(folder.join(super::GLUE)).arg(&copy).arg(language);
        let printed = output(&mut node).context("the page does not run in Node")?;
        let places: Vec<usize> =
            printed.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        if places.is_empty() {
            bail!(
                "the page ran nothing in Node ({language}): see xtask/src/split/first-picture.mjs"
            );
        }
        ran.extend(places);
    }
    fs::remove_file(copy)?;
    Ok(ran)
}

/// The same module, each of whose functions first calls `ran` with its place.
fn telling(whole: &[u8]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(whole)?;
    let own: Vec<_> = module.funcs.iter_local().map(|(id, _)| id).collect();
    let ty = module.types.add(&[ValType::I32], &[]);
    let (tell, _) = module.add_import_func(IMPORTS, "ran", ty);
    for (place, id) in own.into_iter().enumerate() {
        let function = module.funcs.get_mut(id).kind.unwrap_local_mut();
        let mut body = function.builder_mut().func_body();
        body.call_at(0, tell).const_at(0, Value::I32(place as i32));
    }
    Ok(module.emit_wasm())
}
