//! A widget in a chapter: a custom element around a table.
//!
//! The table is what shows without JavaScript and in print; `web/src/widgets` makes it live.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::{Language, compute, directive::Arguments};

/// The answer to `{{#widget name …}}`, for a chapter `depth` folders deep.
pub(super) fn html(
    name: &str,
    arguments: &Arguments,
    language: Language,
    depth: usize,
) -> Result<String> {
    match name {
        "tolerance" => tolerance(arguments, language, depth),
        _ => bail!(
            "there is no widget `{name}`: use tolerance, or add it to xtask/src/book/widget.rs"
        ),
    }
}

fn tolerance(arguments: &Arguments, language: Language, depth: usize) -> Result<String> {
    let current = arguments.number("current")?;
    let target = arguments.number("target")?;
    let usage = arguments.number("usage")?;
    let (lower, upper) = compute::band(target)?;
    let mut usages = vec![lower - 1, lower, target, upper, upper + 1, usage];
    usages.sort_unstable();
    usages.dedup();

    // The book's own folder, its language's, and the chapter's.
    let page = "../".repeat(depth + 2);
    let [caption, measured, asked, unchanged] = words(language, current, target);
    let mut html = format!(
        "<tidetable-tolerance current=\"{current}\" target=\"{target}\" usage=\"{usage}\" \
         page=\"{page}\"><table><caption>{caption}</caption>\
         <thead><tr><th>{measured}</th><th>{asked}</th></tr></thead><tbody>"
    );
    for usage in usages {
        let replicas = compute::replicas(current, usage, target)?;
        let note = if (lower..=upper).contains(&usage) { unchanged.as_str() } else { "" };
        write!(html, "<tr><td>{usage} %</td><td>{replicas}{note}</td></tr>")?;
    }
    html.push_str("</tbody></table></tidetable-tolerance>");
    Ok(html)
}

/// Caption, the two column heads, and what marks a row within the band.
fn words(language: Language, current: i32, target: i32) -> [String; 4] {
    match language {
        Language::English => [
            format!("Replicas the HPA asks for: {current} now, target {target} %"),
            "Measured utilization".to_owned(),
            "Replicas".to_owned(),
            " (no change)".to_owned(),
        ],
        Language::Korean => [
            format!("HPA가 요구하는 레플리카 수: 현재 {current}개, 목표 {target} %"),
            "측정한 사용률".to_owned(),
            "레플리카".to_owned(),
            " (변화 없음)".to_owned(),
        ],
    }
}
