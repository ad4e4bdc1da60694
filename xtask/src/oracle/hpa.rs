//! `cargo xtask oracle hpa`: Kubernetes' own controller and ours are asked the same questions.
//!
//! Builds the Go program in `tests/oracle/hpa` against the release's own code and lets the program
//! `oracle` of the tests drive it.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use super::{NEWEST, check_go, folder, module_file, number, value};
use crate::{
    place,
    step::{command, run, step},
};

/// Where the Go program lies.
const FOLDER: &str = "hpa";
/// The oldest release whose whole controller the program drives.
const OLDEST_CONTROLLER: &str = "1.32";

/// What is printed without arguments.
pub(super) const USAGE: &str = "cargo xtask oracle hpa [OPTIONS]

  --kubernetes 1.37   the release: 1.29 (the calculator alone), 1.32 to 1.37
  --cases N           questions for the replica calculator
  --histories N       HPAs for the whole controller, 20 to 60 syncs each
  --seed N            of the random questions
  --record            write down that there was no difference, for the page
  --write             write the questions and upstream's answers that `cargo test` reads
  --bench             time both sides instead

Where answers differ, the question is made smaller and written to tests/cases/hpa/differed.";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    /// `compare`, `record`, `write` or `bench`.
    what: &'static str,
    release: String,
    seed: u64,
    cases: u64,
    histories: u64,
}

pub(super) fn run_all(arguments: &[String]) -> Result<()> {
    let request = read(arguments)?;
    let go_mod = module_file(&folder(FOLDER), &request.release)?;
    let version = version(&go_mod)?;
    step("look for Go", check_go)?;
    let program = step(&format!("build upstream {version}"), || build(&request.release))?;
    let profile = if request.what == "bench" { "release" } else { "checked" };
    let numbers = [request.seed, request.cases, request.histories].map(|it| it.to_string());
    run(command("cargo")
        .args(["run", "--quiet", "--package", "tidetable-tests", "--bin", "oracle"])
        .args(["--profile", profile, "--", "hpa", request.what])
        .arg(program)
        .arg(version)
        .args(numbers))
}

fn read(arguments: &[String]) -> Result<Request> {
    let mut request = Request {
        what: "compare",
        release: NEWEST.to_owned(),
        seed: 1,
        cases: 100_000,
        histories: 1000,
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        match name.as_str() {
            "--record" => request.what = "record",
            "--write" => request.what = "write",
            "--bench" => request.what = "bench",
            "--kubernetes" => value(name, rest.next())?.clone_into(&mut request.release),
            "--seed" => request.seed = number(name, rest.next())?,
            "--cases" => request.cases = number(name, rest.next())?,
            "--histories" => request.histories = number(name, rest.next())?,
            _ => bail!("`{name}` is no option: `cargo xtask oracle` lists them"),
        }
    }
    if request.histories > 0 && order(&request.release) < order(OLDEST_CONTROLLER) {
        println!("  {}: only the calculator can be asked", request.release);
        request.histories = 0;
    }
    Ok(request)
}

/// A release as a number that grows: 37 of `1.37`.
fn order(release: &str) -> u32 {
    release.split('.').nth(1).and_then(|it| it.parse().ok()).unwrap_or(0)
}

/// The version of `k8s.io/kubernetes` that the module file requires, such as `1.37.2`.
fn version(go_mod: &PathBuf) -> Result<String> {
    let text = std::fs::read_to_string(go_mod)
        .with_context(|| format!("can't read {}", go_mod.display()))?;
    let line = text.lines().find_map(|it| it.strip_prefix("require k8s.io/kubernetes v"));
    line.map(str::to_owned)
        .with_context(|| format!("{} requires no k8s.io/kubernetes", go_mod.display()))
}

/// Builds the program for one release; takes minutes the first time.
fn build(release: &str) -> Result<PathBuf> {
    let program = place::target().join("oracle").join(format!("hpa-{release}"));
    let mut go = command("go");
    go.current_dir(folder(FOLDER)).args(["test", "-c", "-ldflags=-s -w", "-o"]);
    go.arg(&program);
    if release != NEWEST {
        let tag = format!("k{}", release.replace('.', ""));
        go.args([format!("-modfile=versions/{release}.mod"), format!("-tags={tag}")]);
    }
    run(go.arg("."))?;
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read() {
        let request = read(&words("--cases 10_000 --seed 7 --kubernetes 1.29 --record"));
        let expected = Request {
            what: "record",
            release: "1.29".to_owned(),
            seed: 7,
            cases: 10_000,
            histories: 0,
        };
        assert_eq!(request.expect("all are known"), expected);
        for (text, expected) in [
            ("--cases", "needs a value"),
            ("--seed x", "needs a number"),
            ("--fast", "is no option"),
        ] {
            let error = format!("{:#}", read(&words(text)).expect_err(text));
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn every_module_file_pins_its_release() {
        for release in ["1.29", "1.32", "1.33", "1.34", "1.35", "1.36", NEWEST] {
            let version = version(&module_file(&folder(FOLDER), release).expect("a file"))
                .expect("a version");
            assert!(version.starts_with(&format!("{release}.")), "{version}");
        }
    }
}
