//! `cargo xtask oracle`: upstream's own code and ours are asked the same questions.
//!
//! What all of them need is here: options, Go, and the module files that pin releases.

mod cases;
mod hpa;
mod ray;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{
    place,
    step::{command, output},
};

/// The release of Kubernetes that `go.mod` pins; the others have a module file in `versions/`.
const NEWEST: &str = "1.37";
/// The oldest version of Go that builds the programs.
const OLDEST_GO: (u32, u32) = (1, 26);

pub(crate) fn run_all(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        let all = [hpa::USAGE, ray::USAGE, ray::LIVE_USAGE, cases::USAGE];
        println!("{}", all.join("\n\n"));
        return Ok(());
    };
    match name.as_str() {
        "hpa" => return hpa::run_all(rest),
        "ray" => return ray::run_all(rest),
        "ray-live" => return ray::run_live(rest),
        _ => {}
    }
    match cases::ORACLES.iter().find(|it| it.name == name) {
        Some(oracle) => cases::run_all(oracle, rest),
        None => bail!("there is no oracle `{name}`: `cargo xtask oracle` lists them"),
    }
}

fn value<'a>(name: &str, value: Option<&'a String>) -> Result<&'a str> {
    value.map(String::as_str).with_context(|| format!("`{name}` needs a value"))
}

fn number(name: &str, text: Option<&String>) -> Result<u64> {
    let text = value(name, text)?.replace(['_', ','], "");
    text.parse().with_context(|| format!("`{name}` needs a number, not `{text}`"))
}

/// The module file in `folder` that pins the release.
fn module_file(folder: &Path, release: &str) -> Result<PathBuf> {
    if release == NEWEST {
        return Ok(folder.join("go.mod"));
    }
    let path = folder.join(format!("versions/{release}.mod"));
    if path.is_file() {
        return Ok(path);
    }
    bail!("there is no {}: use a release that has a module file", path.display())
}

/// Fails, and says what to do, where Go is missing or too old.
fn check_go() -> Result<()> {
    let text = output(command("go").args(["env", "GOVERSION"]))?;
    let (major, minor) = OLDEST_GO;
    match go_version(text.trim()) {
        Some(version) if version >= OLDEST_GO => Ok(()),
        _ => bail!(
            "Go {} is too old: install {major}.{minor} or newer (https://go.dev/dl)",
            text.trim()
        ),
    }
}

/// `go1.26.8` as (1, 26).
fn go_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.strip_prefix("go")?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The folder of a Go program.
fn folder(name: &str) -> PathBuf {
    place::root().join("tests/oracle").join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_go_is_read() {
        assert_eq!(go_version("go1.26.8"), Some((1, 26)));
        assert_eq!(go_version("devel"), None);
    }

    #[test]
    fn an_unknown_oracle_is_told() {
        let error = format!("{:#}", run_all(&["delphi".to_owned()]).expect_err("unknown"));
        assert!(error.contains("there is no oracle `delphi`"), "{error}");
    }
}
