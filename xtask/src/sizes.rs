//! What the site weighs, and the budget until the first prediction shows.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};

use crate::{
    bundle::Assets,
    step::{command, output},
};

/// The most bytes, compressed, that a reader is to wait for.
const BUDGET_GZIP: usize = 450 * 1024;

struct Row {
    path: String,
    raw: usize,
    gzip: usize,
}

/// Prints every file with its sizes, largest first; fails when the page is over its budget.
pub(crate) fn report(site: &Path, assets: &Assets) -> Result<()> {
    let mut rows = Vec::new();
    collect(site, site, &mut rows)?;
    rows.sort_by(|a, b| b.gzip.cmp(&a.gzip).then_with(|| a.path.cmp(&b.path)));

    println!("\n   raw KB   gzip KB  file (* until the first prediction)");
    for row in &rows {
        let mark = if assets.first.contains(&row.path) { '*' } else { ' ' };
        println!("{:>9} {:>9}  {mark} {}", kilobytes(row.raw), kilobytes(row.gzip), row.path);
    }
    let first: usize =
        rows.iter().filter(|it| assets.first.contains(&it.path)).map(|it| it.gzip).sum();
    println!(
        "\nUntil the first prediction: {} KB gzip of {} KB. As brotli they are {} KB.",
        kilobytes(first),
        kilobytes(BUDGET_GZIP),
        kilobytes(brotli(site, &assets.first)?)
    );
    if first > BUDGET_GZIP {
        bail!(
            "the page is {} KB over its budget: import what is not needed at first with `import()`, \
             or make the largest file above smaller",
            kilobytes(first - BUDGET_GZIP)
        );
    }
    Ok(())
}

fn collect(site: &Path, folder: &Path, rows: &mut Vec<Row>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(site, &path, rows)?;
            continue;
        }
        let (raw, gzip) = (usize::try_from(path.metadata()?.len())?, gzip(&path)?);
        let path = path.strip_prefix(site)?.to_string_lossy().into_owned();
        rows.push(Row { path, raw, gzip });
    }
    Ok(())
}

/// How many bytes gzip makes of a file.
pub(crate) fn gzip(path: &Path) -> Result<usize> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    Ok(encoder.finish()?.len())
}

/// How many bytes brotli makes of `files`, each on its own, by the word of Node's own.
fn brotli(site: &Path, files: &[String]) -> Result<usize> {
    const SCRIPT: &str = "const { readFileSync } = require('fs');\n\
        const sizes = process.argv.slice(1)\n\
            .map((it) => require('zlib').brotliCompressSync(readFileSync(it)).length);\n\
        console.log(sizes.reduce((a, b) => a + b, 0));";
    let mut node = command("node");
    node.args(["-e", SCRIPT]).args(files.iter().map(|it| site.join(it)));
    output(&mut node)?.trim().parse().context("node printed no number")
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / 1024.0)
}
