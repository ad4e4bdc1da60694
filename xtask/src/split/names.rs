//! Short names for what the module imports.
//!
//! wasm-bindgen's say what they are and end in sixteen digits of a hash, in the module and in its
//! JavaScript: 5 KB that do not compress.

use anyhow::{Result, ensure};
use walrus::Module;

/// The module whose imports wasm-bindgen's JavaScript has.
const FROM: &str = "./tidetable_bg.js";

/// The same module and JavaScript with short names.
pub(super) fn shorten(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut module = Module::from_buffer(module)?;
    let mut glue = glue.to_owned();
    let imports = module.imports.iter_mut().filter(|it| it.module == FROM);
    for (number, import) in imports.enumerate() {
        let (long, short) = (import.name.clone(), format!("i{number}"));
        let key = format!("\n        {long}: function(");
        ensure!(
            glue.matches(&key).count() == 1,
            "wasm-bindgen's JavaScript does not have `{long}`"
        );
        glue = glue.replace(&key, &format!("\n        {short}: function("));
        import.name = short;
    }
    Ok((module.emit_wasm(), glue))
}
