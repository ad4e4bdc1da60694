//! `cargo xtask serve`: the site on this machine, rebuilt and reloaded on change.
//!
//! A build that fails leaves the last good site in place; the terminal shows the whole error and
//! the page a banner.

use std::{net::Ipv4Addr, path::Path, sync::mpsc, time::Duration};

use anyhow::{Context, Result, bail};
use axum::{
    Router,
    extract::Path as UrlPath,
    http::{HeaderValue, header},
    routing::get,
};
use notify::{Event, RecursiveMode, Watcher};
use tokio::{net::TcpListener, sync::watch};
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

use crate::{book, bundle, place, setup, wasm, wasm::Profile};

const DEFAULT_PORT: u16 = 8080;

/// Only a served page has it; it asks for `/dev/next`.
const RELOAD_TAG: &str = r#"<script src="/dev/reload.js"></script>"#;

/// What came of the latest build.
#[derive(Clone, Default)]
struct Status {
    /// Grows with every build.
    build: u64,
    error: Option<String>,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let (port, may_move) = match arguments {
        [] => (DEFAULT_PORT, true),
        [flag, port] if flag == "--port" => {
            (port.parse().with_context(|| format!("`{port}` is no port: use 1 to 65535"))?, false)
        }
        _ => bail!("write `cargo xtask serve` or `cargo xtask serve --port 8080`"),
    };
    setup::ensure()?;
    build(Part::Compiled)?;
    let (status, watched) = watch::channel(Status { build: 1, error: None });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    let listener = runtime.block_on(listen(port, may_move))?;
    let address = listener.local_addr()?;
    println!("\nTidetable is at http://{address}/ and follows every change. Ctrl+C stops it.\n");
    std::thread::spawn(move || {
        if let Err(error) = rebuild_on_change(&status) {
            eprintln!("error: changes are no longer followed, start again: {error:#}");
        }
    });
    runtime.block_on(async { axum::serve(listener, router(watched)).await })?;
    Ok(())
}

/// Listens on loopback only, at `port` or (if it may move) the next free one.
async fn listen(port: u16, may_move: bool) -> Result<TcpListener> {
    let last = if may_move { port.saturating_add(50) } else { port };
    for port in port..=last {
        if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            return Ok(listener);
        }
    }
    bail!("no port from {port} to {last} is free: choose one with `--port N`")
}

fn router(status: watch::Receiver<Status>) -> Router {
    let next = move |UrlPath(seen): UrlPath<u64>| next(status.clone(), seen);
    let script =
        || async { ([(header::CONTENT_TYPE, "text/javascript")], include_str!("serve/reload.js")) };
    let fresh = HeaderValue::from_static("no-store");
    let anyone = HeaderValue::from_static("*");
    Router::new()
        .route("/dev/next/{seen}", get(next))
        .route("/dev/reload.js", get(script))
        .fallback_service(ServeDir::new(place::served_site()))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, fresh))
        // Other people's pages take the widgets from here.
        .layer(SetResponseHeaderLayer::overriding(header::ACCESS_CONTROL_ALLOW_ORIGIN, anyone))
}

/// Waits for a build that the page has not seen: its number, and its error if it failed.
async fn next(mut status: watch::Receiver<Status>, seen: u64) -> String {
    let latest = match status.wait_for(|it| it.build != seen).await {
        Ok(status) => status.clone(),
        Err(_) => Status::default(),
    };
    serde_json::json!({ "build": latest.build, "error": latest.error }).to_string()
}

/// What has to be built again, from the least to the most work.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// The book's text. Its numbers are this program's: they change with its next start.
    Book,
    /// Scripts, styles and the page.
    Bundled,
    /// Rust, then all that is bundled.
    Compiled,
}

impl Part {
    /// The part that `path` belongs to, if any.
    fn of(path: &Path) -> Option<Self> {
        let path = path.strip_prefix(place::root()).ok()?;
        if path.starts_with("book") {
            return Some(Self::Book);
        }
        if path.starts_with("web/js")
            || path.starts_with("web/style")
            || path.ends_with("index.html")
            || path.ends_with("icon.svg")
        {
            return Some(Self::Bundled);
        }
        let is_rust = path.extension().is_some_and(|it| it == "rs" || it == "toml");
        let is_ours = ["core", "web"].iter().any(|it| path.starts_with(it));
        (is_rust && is_ours).then_some(Self::Compiled)
    }
}

fn build(part: Part) -> Result<()> {
    let site = place::served_site();
    if part == Part::Compiled {
        wasm::build(Profile::WebDev)?;
    }
    let assets = bundle::assets(&site, Profile::WebDev)?;
    bundle::page(&site, &assets, RELOAD_TAG)?;
    bundle::widgets(&site, &assets)?;
    if part == Part::Bundled {
        return Ok(()); // The assets' names are the same: the book's pages stay right.
    }
    book::build(&site, &assets, RELOAD_TAG)
}

/// Builds what has changed, for as long as the program runs.
fn rebuild_on_change(status: &watch::Sender<Status>) -> Result<()> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    for path in ["core", "web", "book", "index.html"] {
        watcher.watch(&place::root().join(path), RecursiveMode::Recursive)?;
    }
    while let Ok(first) = events.recv() {
        let mut part = changed_part(&first?);
        // One save is several events, and a checkout many: wait until they stop.
        while let Ok(event) = events.recv_timeout(Duration::from_millis(60)) {
            part = part.max(changed_part(&event?));
        }
        let Some(part) = part else { continue };
        let error = build(part).err().map(|it| format!("{it:#}"));
        match &error {
            Some(error) => eprintln!("error: {error}\nThe last good site is still served.\n"),
            None => println!("  reloaded\n"),
        }
        status.send_modify(|it| *it = Status { build: it.build + 1, error });
    }
    Ok(())
}

/// The most that `event` changed; `None` when a file was only read.
fn changed_part(event: &Event) -> Option<Part> {
    if event.kind.is_access() {
        return None;
    }
    event.paths.iter().filter_map(|it| Part::of(it)).max()
}
