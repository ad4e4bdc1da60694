//! `cargo xtask schema`: the JSON Schema of the report, from its types.

use anyhow::{Context, Result};

use crate::place;

/// Beside the types that it is made from.
const FILE: &str = "core/src/report/v1.schema.json";

pub(crate) fn run(_arguments: &[String]) -> Result<()> {
    let path = place::root().join(FILE);
    std::fs::write(&path, tidetable_core::report::schema()).context(FILE)?;
    println!("{FILE}");
    Ok(())
}
