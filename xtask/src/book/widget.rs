//! A widget in a chapter: a custom element around a table.
//!
//! The table is what shows without JavaScript and in print; `web/src/widgets` makes it live.

use std::fmt::Write;

use anyhow::{Result, bail};

use super::{Language, compute, directive::Arguments, frame::SITE_ROOT};

/// The answer to `{{#widget name …}}`.
pub(super) fn html(name: &str, arguments: &Arguments, language: Language) -> Result<String> {
    match name {
        "tolerance" => tolerance(arguments, language),
        _ => bail!(
            "there is no widget `{name}`: use tolerance, or add it to xtask/src/book/widget.rs"
        ),
    }
}

fn tolerance(arguments: &Arguments, language: Language) -> Result<String> {
    let current = arguments.number("current")?;
    let target = arguments.number("target")?;
    let usage = arguments.number("usage")?;
    let (lower, upper) = compute::band(target)?;
    let mut usages = vec![lower - 1, lower, target, upper, upper + 1, usage];
    usages.sort_unstable();
    usages.dedup();

    let [caption, measured, asked, unchanged, percent] = words(language, current, target);
    // The `div` makes Markdown take all of it as one block; a custom element alone would not.
    let mut html = format!(
        "<div><tidetable-tolerance current=\"{current}\" target=\"{target}\" usage=\"{usage}\" \
         page=\"{SITE_ROOT}\"><table><caption>{caption}</caption>\
         <thead><tr><th>{measured}</th><th>{asked}</th></tr></thead><tbody>"
    );
    for usage in usages {
        let replicas = compute::replicas(current, usage, target)?;
        let note = if (lower..=upper).contains(&usage) { unchanged.as_str() } else { "" };
        write!(html, "<tr><td>{usage}{percent}</td><td>{replicas}{note}</td></tr>")?;
    }
    html.push_str("</tbody></table></tidetable-tolerance></div>");
    Ok(html)
}

/// Caption, the two column heads, what marks a row within the band, and the per cent sign.
fn words(language: Language, current: i32, target: i32) -> [String; 5] {
    match language {
        Language::English => [
            format!("Replicas the HPA asks for: {current} now, target {target} %"),
            "Measured utilization".to_owned(),
            "Replicas".to_owned(),
            " (no change)".to_owned(),
            " %".to_owned(),
        ],
        Language::Korean => [
            format!("HPA가 요구하는 레플리카 수: 현재 {current}개, 목표 {target}%"),
            "측정한 사용률".to_owned(),
            "레플리카".to_owned(),
            " (변화 없음)".to_owned(),
            "%".to_owned(),
        ],
    }
}
