//! The book in both languages: mdBook as a library, with Tidetable's directives.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, bail};
use mdbook_driver::MDBook;
use tidetable_core::report::Language as Spoken;

use crate::{
    bundle::Assets,
    place, setup,
    step::{command, run, step},
};

mod assumptions;
mod block;
mod cases;
mod chooser;
mod complete;
mod compute;
mod console;
mod diagnostic;
mod directive;
mod fence;
mod fidelity;
mod fields;
mod frame;
mod glossary;
mod markdown;
mod releases;
mod schema;
mod still;
mod told;
mod views;

/// A language of the book.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    English,
    Korean,
}

const LANGUAGES: [Language; 2] = [Language::English, Language::Korean];

impl Language {
    /// Its tag, and the name of its folder.
    fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// What its readers call it.
    fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Korean => "한국어",
        }
    }

    /// What the button says that opens the search.
    fn search(self) -> &'static str {
        match self {
            Self::English => "Search",
            Self::Korean => "검색",
        }
    }

    /// The same for the core.
    fn spoken(self) -> Spoken {
        match self {
            Self::English => Spoken::En,
            Self::Korean => Spoken::Ko,
        }
    }

    fn other(self) -> Self {
        match self {
            Self::English => Self::Korean,
            Self::Korean => Self::English,
        }
    }
}

/// Builds both books into `site/book`; `last` goes to the end of each page.
pub(crate) fn build(site: &Path, assets: &Assets, last: &str) -> Result<()> {
    step("book", || {
        let chapters = render_all(site)?;
        if chapters[0] != chapters[1] {
            bail!(
                "book/en and book/ko must list the same chapters in SUMMARY.md: {:?} is not {:?}",
                chapters[0],
                chapters[1]
            );
        }
        for language in LANGUAGES {
            frame::finish(site, language, assets, last)?;
        }
        index(site, assets)
    })
}

/// Makes the index that the book's search reads. mdBook's own takes Korean for no words at all.
/// The search box imports `search/pagefind.js`: Pagefind's own with the search of `search.ts`.
fn index(site: &Path, assets: &Assets) -> Result<()> {
    let mut pagefind = command("node");
    pagefind.arg(setup::npm_tool("pagefind/lib/runner/bin.cjs")?).args(["--silent", "--site"]);
    pagefind.arg(site.join("book"));
    run(&mut pagefind).context("can't make the book's search index")?;
    let folder = site.join("book/search");
    fs::create_dir_all(&folder)?;
    let search = assets.path("search.ts")?;
    let module = format!(
        "export * from \"../pagefind/pagefind.js\";\nexport {{ search }} from \"../../{search}\";\n"
    );
    fs::write(folder.join("pagefind.js"), module).context("can't write the book's search")
}

/// `cargo xtask book`: what a writer runs. The pages have neither widgets nor the site's look.
pub(crate) fn check(_arguments: &[String]) -> Result<()> {
    let folder = place::root().join("target/book");
    let chapters = step("book", || {
        render_all(&folder)?;
        Ok(folder.join("book"))
    })?;
    println!("{} has the pages without their widgets", chapters.display());
    Ok(())
}

/// Both books at once: nearly all of it is predicting. Their chapters, in the order of [`LANGUAGES`].
fn render_all(site: &Path) -> Result<Vec<Vec<PathBuf>>> {
    thread::scope(|scope| {
        let books = LANGUAGES.map(|language| scope.spawn(move || render(site, language)));
        let ended = |book: thread::ScopedJoinHandle<'_, Result<_>>| match book.join() {
            Ok(chapters) => chapters,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        books.into_iter().map(ended).collect()
    })
}

/// Renders one language and returns the paths of its chapters.
fn render(site: &Path, language: Language) -> Result<Vec<PathBuf>> {
    let tag = language.tag();
    let mut book = MDBook::load(place::root().join("book").join(tag))
        .with_context(|| format!("can't read book/{tag}"))?;
    book.config.build.build_dir = site.join("book").join(tag);
    book.with_preprocessor(directive::Directives { language });
    book.build().with_context(|| format!("can't build book/{tag}"))?;
    // The chapter about the report links to it.
    let schema = book.config.build.build_dir.join("reference/v1.schema.json");
    std::fs::write(schema, tidetable_core::report::SCHEMA)?;
    Ok(book.book.chapters().filter_map(|it| it.source_path.clone()).collect())
}
