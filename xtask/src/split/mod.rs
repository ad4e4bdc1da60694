//! One module made two: what the first picture runs, and the rest.
//!
//! Readers wait for the first half only. Which functions it needs is not written down anywhere: the
//! page is run here, in Node with a document that nobody sees, and what ran is kept ([`profile`]).
//! The other functions move to the second half ([`cut`]), which `web/js/rest.ts` loads as soon as
//! the picture shows. A call that comes sooner loads it on the spot, so nothing ever depends on the
//! profile but the time that it takes.
//!
//! The source knows nothing of this, and while someone edits the page nothing is split.

mod constants;
mod cut;
mod names;
mod pack;
mod profile;
mod reach;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

/// The first half, as wasm-bindgen names the whole.
pub(crate) const FIRST: &str = "tidetable_bg.wasm";
/// The second half.
pub(crate) const REST: &str = "tidetable_rest.wasm";
/// wasm-bindgen's JavaScript.
const GLUE: &str = "tidetable.js";

/// A module without anything in it: the rest of a module that is whole.
const EMPTY: &[u8] = b"\0asm\x01\0\0\0";

/// What the first half imports beside what wasm-bindgen gives it.
const IMPORTS: &str = "rest";

/// Leaves the module in `folder` whole.
pub(crate) fn whole(folder: &Path) -> Result<()> {
    open_glue(folder)?;
    fs::write(folder.join(REST), EMPTY).context("can't write the rest")
}

/// Splits the module in `folder` in two. The linker wrote it as `linked`, before wasm-bindgen.
pub(crate) fn split(linked: &Path, folder: &Path) -> Result<()> {
    let glue = fs::read_to_string(folder.join(GLUE))?;
    let (whole, glue) = names::shorten(&fs::read(folder.join(FIRST))?, &glue)?;
    fs::write(folder.join(GLUE), glue)?;
    open_glue(folder)?;
    let ran = profile::ran(&whole, folder)?;
    let halves = cut::cut(&whole, &ran, &fs::read(linked)?)?;
    fs::write(folder.join(FIRST), pack::pack(&halves.first)?)?;
    fs::write(folder.join(REST), pack::pack(&halves.rest)?).context("can't write the rest")
}

/// Gives the first half its own imports: `web/js/rest.ts` says what they do.
fn open_glue(folder: &Path) -> Result<()> {
    let path = folder.join(GLUE);
    let glue = fs::read_to_string(&path)?;
    let anchor = "\"./tidetable_bg.js\": import0,\n";
    if glue.matches(anchor).count() != 1 {
        bail!("wasm-bindgen writes its imports in another way now: look at {}", path.display());
    }
    let imports = "{ load: () => rest.load(), ran: (place) => rest.ran(place) }";
    let opened = glue.replace(anchor, &format!("{anchor}        {IMPORTS}: {imports},\n"));
    fs::write(&path, opened + "\nexport const rest = { load() {}, ran() {} };\n")?;
    let types = folder.join("tidetable.d.ts");
    let known = fs::read_to_string(&types)?;
    let own = "/** What the first half of the module calls. */\n\
               export const rest: { load(): void; ran(place: number): void };\n";
    fs::write(types, known + own).context("can't write the types")
}
