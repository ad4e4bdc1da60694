//! What mdBook's pages lack: widgets, the way to the page, the way to the other language.
//!
//! mdBook's theme has inline scripts of its own, so the page's strict Content-Security-Policy can't
//! hold here; the book takes no input beyond its widgets' sliders.

use std::{fmt::Write, fs, path::Path};

use anyhow::{Context, Result, bail};

use super::Language;
use crate::{bundle::Assets, sizes};

/// How a chapter names the site's root, where the page is; only here is it known how deep the
/// finished file lies.
pub(super) const SITE_ROOT: &str = "tidetable:/";

/// The answer to `{{#size page}}` and `{{#size widget}}`: only the finished site has it, so it is
/// filled in here; what a writer runs shows a dash.
pub(super) fn size(of: &str) -> Result<String> {
    match of {
        "page" | "widget" => Ok(format!("<span data-size=\"{of}\">–</span>")),
        _ => bail!("the sizes of `page` and `widget` are known, not of `{of}`"),
    }
}

/// `page` with every size, in KB after gzip.
fn with_sizes(page: &str, site: &Path, assets: &Assets) -> Result<String> {
    let mut page = page.to_owned();
    for (of, files) in [("page", &assets.first), ("widget", &assets.widget)] {
        let place = format!("<span data-size=\"{of}\">–</span>");
        if page.contains(&place) {
            let bytes = files.iter().map(|it| sizes::gzip(&site.join(it)));
            let bytes: usize = bytes.sum::<Result<usize>>()?;
            page = page.replace(&place, &format!("{:.0} KB", bytes as f64 / 1024.0));
        }
    }
    Ok(page)
}

/// Completes each page of one language.
pub(super) fn finish(site: &Path, language: Language, assets: &Assets, last: &str) -> Result<()> {
    finish_folder(site, &site.join("book").join(language.tag()), language, assets, last)
}

fn finish_folder(
    site: &Path,
    folder: &Path,
    language: Language,
    assets: &Assets,
    last: &str,
) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            finish_folder(site, &path, language, assets, last)?;
        } else if path.extension().is_some_and(|it| it == "html") {
            let page = fs::read_to_string(&path)?;
            let relative = path.strip_prefix(site)?;
            let page = finish_page(&page, relative, language, assets, last)
                .and_then(|page| with_sizes(&page, site, assets))
                .with_context(|| path.display().to_string())?;
            fs::write(&path, page)?;
        }
    }
    Ok(())
}

/// `page`, which lies at `path` in the site.
fn finish_page(
    page: &str,
    path: &Path,
    language: Language,
    assets: &Assets,
    last: &str,
) -> Result<String> {
    let root = "../".repeat(path.components().count() - 1);
    let other = language.other();
    let chapter = path.strip_prefix(Path::new("book").join(language.tag()))?.display();
    let links = format!(
        "<div class=\"right-buttons\">\
         <button class=\"frame-link\" id=\"search-open\" type=\"button\">{search}</button> \
         <a class=\"frame-link\" href=\"{root}book/{tag}/{chapter}\" lang=\"{tag}\" \
         hreflang=\"{tag}\">{name}</a> <a class=\"frame-link\" href=\"{root}\">Tidetable</a>",
        tag = other.tag(),
        name = other.name(),
        search = language.search(),
    );
    let mut head = format!(
        "<link rel=\"stylesheet\" href=\"{root}{}\"><script type=\"module\" src=\"{root}{}\"></script>",
        assets.path("book.css")?,
        assets.path("book.ts")?,
    );
    if page.contains("<tidetable-") {
        let widgets = assets.path("widgets.ts")?;
        write!(head, "<script type=\"module\" src=\"{root}{widgets}\"></script>")?;
    }
    Ok(page
        .replace(SITE_ROOT, &root)
        .replace("<main", "<main data-pagefind-body")
        // A search shows the chapter's heading, not the book's.
        .replacen("<h1 id=", "<h1 data-pagefind-meta=\"title\" id=", 1)
        .replace("<div class=\"right-buttons\">", &links)
        .replace("</head>", &format!("{head}</head>"))
        .replace("</body>", &format!("{last}</body>")))
}
