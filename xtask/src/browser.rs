//! The machine's own Chromium, installed the platform's way where there is none.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

use crate::step::{command, output, run, step};

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ELSEWHERE: &[&str] = &["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

/// The browser's path. `CHROMIUM` in the environment goes first.
pub(crate) fn find_or_install() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    if !Path::new("/etc/debian_version").exists() {
        bail!("no Chromium was found: install it, or set CHROMIUM to its path");
    }
    println!("There is no Chromium on this machine: installing Debian's.");
    install("chromium")
        .context("run `apt-get install chromium` as root, or set CHROMIUM to a browser's path")?;
    find().context("Chromium was installed but is not on PATH: set CHROMIUM to its path")
}

/// Pictures of the Korean pages need its letters.
pub(crate) fn ensure_korean_font() -> Result<()> {
    let fonts = output(command("fc-list").arg(":lang=ko"));
    if fonts.is_ok_and(|it| !it.trim().is_empty()) {
        return Ok(());
    }
    println!("There is no Korean font on this machine: installing Debian's.");
    install("fonts-noto-cjk").context("install a font that has Korean letters")
}

fn install(package: &str) -> Result<()> {
    step(&format!("apt-get install {package}"), || {
        run(command("apt-get").args(["update", "-qq"]))?;
        run(command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args([
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            package,
        ]))
    })
}

fn find() -> Option<PathBuf> {
    if let Some(given) = env::var_os("CHROMIUM") {
        return Some(PathBuf::from(given));
    }
    let path = env::var_os("PATH")?;
    let mut on_path =
        NAMES.iter().flat_map(|name| env::split_paths(&path).map(move |it| it.join(name)));
    on_path
        .find(|it| it.is_file())
        .or_else(|| ELSEWHERE.iter().map(PathBuf::from).find(|it| it.is_file()))
}
