//! A widget as it stands without JavaScript and in print: its text, and tables of its result.

use std::fmt::Write;

use tidetable_core::{
    report::Language,
    widget::{
        Panel, Widget,
        table::{Table, tables},
        words::words,
    },
};

use super::frame::SITE_ROOT;

/// The element with its text and its tables. Blank lines part what Markdown takes as blocks; each
/// of these begins with a tag and so stays as it is.
pub(super) fn html(content: &str, widget: &Widget, panels: &[Panel], language: Language) -> String {
    // A text can't end its own element early.
    let text = content.replace("</", "<\\/");
    let mut still = format!("<figure><figcaption>{}</figcaption>", escape(&widget.caption));
    for panel in panels {
        still.push_str(&one(panel, language));
    }
    still.push_str("</figure>");
    format!(
        "\n<tidetable-widget page=\"{SITE_ROOT}\">\n\n<script type=\"application/yaml\">\n{text}</script>\n\n\
         {still}\n\n</tidetable-widget>\n\n"
    )
}

fn one(panel: &Panel, language: Language) -> String {
    let mut html = String::new();
    if !panel.label.is_empty() {
        // Writing to a string can't fail.
        let _ = write!(html, "<p><b>{}</b></p>", escape(&panel.label));
    }
    for (_, verdict) in &panel.verdicts {
        let _ = write!(html, "<p>{}</p>", escape(&verdict.to_string()));
    }
    for it in tables(panel, language) {
        html.push_str(&table(&it, language));
    }
    html
}

fn table(it: &Table, language: Language) -> String {
    let words = words(language);
    if it.rows.is_empty() {
        return format!("<p>{}</p>", words.nothing);
    }
    let cells = |tag: &str, cells: &[String]| {
        let cell = |it: &String| format!("<{tag}>{}</{tag}>", escape(it));
        format!("<tr>{}</tr>", cells.iter().map(cell).collect::<String>())
    };
    let rows: String = it.rows.iter().map(|row| cells("td", row)).collect();
    let more = match it.left_out {
        0 => String::new(),
        count => format!("<p>{}</p>", (words.more)(count)),
    };
    format!("<table><thead>{}</thead><tbody>{rows}</tbody></table>{more}", cells("th", &it.head))
}

/// Text for HTML, on one line.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ")
}
