//! Scripts and styles to `assets/`, and the page that names them.
//!
//! esbuild bundles the entry scripts and style sheets. For readers the file names carry a hash of
//! the content, so that a browser may keep them for ever; `index.html` names an entry by its source
//! file in double braces. All addresses are relative: the site works from any folder.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    place, setup, split,
    step::{command, run, step},
    wasm::Profile,
};

const ENTRIES: &[&str] = &[
    "web/js/main.ts",
    "web/js/worker.ts",
    "web/js/widgets.ts",
    "web/js/book.ts",
    "web/js/search.ts",
    "web/style/page.css",
    "web/style/later.css",
    "web/style/book.css",
    "web/icon.svg",
];

/// Where each entry (`main.ts`) and both halves of the module (`tidetable_bg.wasm`) went, relative
/// to the site.
pub(crate) struct Assets {
    paths: BTreeMap<String, String>,
    /// The files that are loaded before the first prediction shows.
    pub(crate) first: Vec<String>,
    /// The files that a widget is made of, in somebody's page.
    pub(crate) widget: Vec<String>,
}

impl Assets {
    /// The path of `name`, relative to the site's root.
    pub(crate) fn path(&self, name: &str) -> Result<&str> {
        self.paths.get(name).map(String::as_str).with_context(|| {
            let known: Vec<_> = self.paths.keys().map(String::as_str).collect();
            format!("no asset is called `{name}`: use one of {}", known.join(", "))
        })
    }
}

/// Bundles into `site/assets` and removes what an earlier bundle left there.
pub(crate) fn assets(site: &Path, profile: Profile) -> Result<Assets> {
    step("bundle scripts and styles", || {
        let listing = place::root().join("target/site/bundle.json");
        let names = if profile == Profile::Web { "[name]-[hash]" } else { "[name]" };
        // Not through `node`: where npm runs install scripts, this is the native program itself.
        let mut esbuild = command(setup::npm_tool(".bin/esbuild")?);
        esbuild
            .args(ENTRIES)
            .args(["--bundle", "--splitting", "--format=esm", "--target=es2022", "--charset=utf8"])
            .args(["--log-level=warning", "--loader:.wasm=file", "--loader:.svg=copy"])
            .arg(format!("--alias:tidetable-wasm={}", place::wasm().display()))
            .arg(format!("--alias:tidetable.wasm={}", place::wasm().join(split::FIRST).display()))
            .arg(format!(
                "--alias:tidetable-rest.wasm={}",
                place::wasm().join(split::REST).display()
            ))
            .arg(format!("--outdir={}", site.join("assets").display()))
            .arg(format!("--entry-names={names}"))
            .arg(format!("--asset-names={names}"))
            .arg("--chunk-names=[name]-[hash]")
            .arg(format!("--metafile={}", listing.display()));
        match profile {
            Profile::Web => esbuild.args(["--minify", "--legal-comments=none"]),
            Profile::WebDev => esbuild.arg("--sourcemap"),
        };
        run(&mut esbuild)?;
        let listing: Value = serde_json::from_str(&fs::read_to_string(listing)?)?;
        let assets = read_listing(&listing, site)?;
        remove_others(&listing, site)?;
        Ok(assets)
    })
}

/// Writes the page, each `{{name}}` replaced by the path of that asset.
pub(crate) fn page(site: &Path, assets: &Assets, last: &str) -> Result<()> {
    let source = fs::read_to_string(place::root().join("index.html"))?;
    let mut page = String::new();
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            bail!("index.html: a `{{{{` has no `}}}}`: write {{{{main.ts}}}}, for example");
        };
        page.push_str(before);
        page.push_str(assets.path(name).context("index.html")?);
        rest = after;
    }
    page.push_str(&rest.replace("</body>", &format!("{last}</body>")));
    fs::write(site.join("index.html"), page).context("can't write the page")
}

/// Writes `widgets.js`, the one address that other people's pages take the widgets from: it stays,
/// while the names of what it loads change with their content.
pub(crate) fn widgets(site: &Path, assets: &Assets) -> Result<()> {
    let script = format!("import \"./{}\";\n", assets.path("widgets.ts")?);
    fs::write(site.join("widgets.js"), script).context("can't write widgets.js")
}

fn read_listing(listing: &Value, site: &Path) -> Result<Assets> {
    let outputs = listing["outputs"].as_object().context("esbuild listed no outputs")?;
    let site = site.strip_prefix(place::root()).context("the site lies in the repository")?;
    let mut paths = BTreeMap::new();
    for (path, output) in outputs {
        let relative = Path::new(path).strip_prefix(site)?.to_string_lossy().into_owned();
        let name = match output["entryPoint"].as_str() {
            Some(entry) => Some(entry),
            None => copied(output),
        };
        let name = name.and_then(|it| Path::new(it).file_name());
        let name = name.map(|it| it.to_string_lossy().into_owned());
        if let Some(name) = name {
            paths.insert(name, relative);
        }
    }
    let mut assets = Assets { paths, first: vec!["index.html".to_owned()], widget: Vec::new() };
    for name in ["main.ts", "worker.ts", "page.css", split::FIRST] {
        let path = assets.path(name)?.to_owned();
        add_with_imports(outputs, site, &path, &mut assets.first);
    }
    for name in ["widgets.ts", split::FIRST, split::REST] {
        let path = assets.path(name)?.to_owned();
        add_with_imports(outputs, site, &path, &mut assets.widget);
    }
    // The engine comes once a widget is seen.
    let script = site.join(assets.path("widgets.ts")?);
    for import in outputs[&*script.to_string_lossy()]["imports"].as_array().into_iter().flatten() {
        if let (true, Some(path)) = (import["kind"] == "dynamic-import", import["path"].as_str()) {
            let relative = Path::new(path).strip_prefix(site).unwrap_or(Path::new(path));
            add_with_imports(outputs, site, &relative.to_string_lossy(), &mut assets.widget);
        }
    }
    Ok(assets)
}

/// The WebAssembly module that an output was copied from.
fn copied(output: &Value) -> Option<&str> {
    let mut inputs = output["inputs"].as_object()?.keys();
    inputs
        .next()
        .map(String::as_str)
        .filter(|it| Path::new(it).extension().is_some_and(|it| it == "wasm"))
}

/// Adds `path` and all that it imports at once; what it imports later (`import()`) comes after.
fn add_with_imports(
    outputs: &serde_json::Map<String, Value>,
    site: &Path,
    path: &str,
    found: &mut Vec<String>,
) {
    if found.iter().any(|it| it == path) {
        return;
    }
    found.push(path.to_owned());
    let imports = outputs[&site.join(path).to_string_lossy().into_owned()]["imports"].as_array();
    for import in imports.into_iter().flatten() {
        let at_once = import["kind"] == "import-statement";
        if let (true, Some(imported)) = (at_once, import["path"].as_str()) {
            let relative = Path::new(imported).strip_prefix(site).unwrap_or(Path::new(imported));
            add_with_imports(outputs, site, &relative.to_string_lossy(), found);
        }
    }
}

fn remove_others(listing: &Value, site: &Path) -> Result<()> {
    let outputs = listing["outputs"].as_object().context("esbuild listed no outputs")?;
    for entry in fs::read_dir(site.join("assets"))? {
        let path = entry?.path();
        let relative = path.strip_prefix(place::root()).unwrap_or(&path).to_string_lossy();
        if !outputs.contains_key(relative.as_ref()) {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_widget_is_its_script_its_engine_and_both_halves() {
        let output = |entry: &str, imports: Value| json!({ "entryPoint": entry, "imports": imports, "inputs": {} });
        let copied = |name: &str| json!({ "imports": [], "inputs": { (name): {} } });
        let import = |path: &str, kind: &str| json!([{ "path": path, "kind": kind }]);
        let listing = json!({ "outputs": {
            "dist/assets/main-1.js": output("web/js/main.ts", json!([])),
            "dist/assets/worker-1.js": output("web/js/worker.ts", json!([])),
            "dist/assets/page-1.css": output("web/style/page.css", json!([])),
            "dist/assets/first-1.wasm": copied("target/site/wasm/tidetable_bg.wasm"),
            "dist/assets/rest-1.wasm": copied("target/site/wasm/tidetable_rest.wasm"),
            "dist/assets/widgets-1.js":
                output("web/js/widgets.ts", import("dist/assets/engine-1.js", "dynamic-import")),
            "dist/assets/engine-1.js":
                { "imports": import("dist/assets/chunk-1.js", "import-statement"), "inputs": {} },
            "dist/assets/chunk-1.js": { "imports": [], "inputs": {} },
        }});
        let assets = read_listing(&listing, &place::root().join("dist")).unwrap();
        let expected = ["widgets-1.js", "first-1.wasm", "rest-1.wasm", "engine-1.js", "chunk-1.js"];
        assert_eq!(assets.widget, expected.map(|it| format!("assets/{it}")));
        assert!(!assets.first.iter().any(|it| it.contains("widgets")));
    }
}
