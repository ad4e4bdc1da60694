//! `cargo xtask oracle ray`: Ray's own autoscaler and ours are asked the same questions.
//!
//! Makes a Python environment with the release that `tests/oracle/ray/requirements.txt` names,
//! every package as `requirements.lock` pins it, and lets the program `oracle` of the tests
//! drive upstream's code.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::{number, value};
use crate::{
    place,
    step::{command, output, run, step},
};

/// Where the Python program lies.
const FOLDER: &str = "tests/oracle/ray";
/// Versions of Python for which Ray has packages, the preferred one first.
const PYTHONS: &[&str] = &["python3.11", "python3.12", "python3.13", "python3.10", "python3"];

/// What is printed without arguments.
pub(super) const USAGE: &str = "cargo xtask oracle ray [KIND] [OPTIONS]

  KIND                config, scheduler, scheduler-large, provider, v2-loop, v1-scheduler, v1-loop,
                      serve; all if none is named
  --cases N           questions for each kind
  --seed N            of the random questions
  --first N           the number of the first question
  --workers N         upstream processes, one a core if not said
  --python PATH       an interpreter that has Ray already
  --record            write down that there was no difference, for the page
  --write             write the questions and upstream's answers that `cargo test` reads
  --bench             time both sides instead

Where answers differ, the question is made smaller and written to tests/cases/ray/differed.";

pub(super) const LIVE_USAGE: &str = "\
cargo xtask oracle ray-live [WORDS]

  A real Ray cluster on this machine for each experiment, or for those with WORDS in their name:
  the machines that its autoscaler asks for, look by look, against the prediction. About two
  minutes each, on a machine that does nothing else.";

/// Everything after `cargo xtask oracle ray-live`.
pub(super) fn run_live(words: &[String]) -> Result<()> {
    let python = step("Python with Ray", environment)?;
    run(command("cargo")
        .args(["run", "--quiet", "--package", "tidetable-tests", "--bin", "oracle"])
        .args(["--", "ray-live"])
        .arg(python)
        .args(words))
}

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    /// `compare`, `record`, `write` or `bench`.
    what: &'static str,
    kind: String,
    python: Option<PathBuf>,
    seed: u64,
    first: u64,
    cases: u64,
    workers: u64,
}

/// Everything after `cargo xtask oracle ray`.
pub(super) fn run_all(arguments: &[String]) -> Result<()> {
    if arguments.is_empty() {
        println!("{USAGE}");
        return Ok(());
    }
    let request = read(arguments)?;
    let wanted = version()?;
    let python = match &request.python {
        Some(python) => python.clone(),
        None => step(&format!("Python with Ray {wanted}"), environment)?,
    };
    let found = output(command(&python).current_dir(place::root().join(FOLDER)).args([
        "-B",
        "ask.py",
        "--version",
    ]))?;
    if found.trim() != wanted {
        bail!("{} has Ray {}, not {wanted}", python.display(), found.trim());
    }
    let profile = if request.what == "bench" { "release" } else { "checked" };
    let numbers = [request.seed, request.first, request.cases, request.workers];
    run(command("cargo")
        .args(["run", "--quiet", "--package", "tidetable-tests", "--bin", "oracle"])
        .args(["--profile", profile, "--", "ray", request.what])
        .arg(python)
        .args([wanted, request.kind])
        .args(numbers.map(|it| it.to_string())))
}

fn read(arguments: &[String]) -> Result<Request> {
    let mut request = Request {
        what: "compare",
        kind: "all".to_owned(),
        python: None,
        seed: 1,
        first: 0,
        cases: 10_000,
        workers: 0,
    };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        match name.as_str() {
            "--record" => request.what = "record",
            "--write" => request.what = "write",
            "--bench" => request.what = "bench",
            "--python" => request.python = Some(absolute(value(name, rest.next())?)?),
            "--seed" => request.seed = number(name, rest.next())?,
            "--first" => request.first = number(name, rest.next())?,
            "--cases" => request.cases = number(name, rest.next())?,
            "--workers" => request.workers = number(name, rest.next())?,
            kind if !kind.starts_with('-') => kind.clone_into(&mut request.kind),
            _ => bail!("`{name}` is no option: `cargo xtask oracle ray` lists them"),
        }
    }
    Ok(request)
}

fn absolute(path: &str) -> Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("can't find {path}"))
}

/// The version that `requirements.txt` asks for.
fn version() -> Result<String> {
    let text = requirements("requirements.txt")?;
    let line = text.lines().find_map(|it| it.strip_prefix("ray[serve]=="));
    line.map(|it| it.trim().to_owned()).context("requirements.txt names no ray[serve]==")
}

fn requirements(name: &str) -> Result<String> {
    let path = place::root().join(FOLDER).join(name);
    std::fs::read_to_string(&path).with_context(|| format!("can't read {}", path.display()))
}

/// The interpreter of the environment, which is made if the lock file is not that of last time.
fn environment() -> Result<PathBuf> {
    let folder = place::target().join("oracle/ray");
    let python = folder.join("bin/python");
    let made_from = folder.join("requirements.lock");
    let lock = requirements("requirements.lock")?;
    if std::fs::read_to_string(&made_from).is_ok_and(|it| it == lock) && python.is_file() {
        return Ok(python);
    }
    let system = PYTHONS.iter().find(|it| is_python(it));
    let system = system.context("install Python 3.11 (https://www.python.org)")?;
    run(command(system).args(["-m", "venv", "--clear"]).arg(&folder))
        .context("Python can't make an environment: install its `venv` package")?;
    install(&python)?;
    std::fs::write(&made_from, lock)?;
    Ok(python)
}

fn is_python(name: &str) -> bool {
    std::process::Command::new(name).arg("--version").output().is_ok_and(|it| it.status.success())
}

fn install(python: &Path) -> Result<()> {
    let lock = place::root().join(FOLDER).join("requirements.lock");
    run(command(python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(["--require-hashes", "--only-binary", ":all:", "-r"])
        .arg(lock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn options_are_read() {
        let request = read(&words("scheduler --cases 1_000 --seed 7 --first 5 --record"));
        let expected = Request {
            what: "record",
            kind: "scheduler".to_owned(),
            python: None,
            seed: 7,
            first: 5,
            cases: 1000,
            workers: 0,
        };
        assert_eq!(request.expect("all are known"), expected);
        let error = read(&words("--fast")).expect_err("no option");
        assert!(error.to_string().contains("is no option"), "{error}");
    }

    #[test]
    fn the_lock_pins_the_release_that_is_asked_for() {
        let version = version().expect("a version");
        let lock = requirements("requirements.lock").expect("a lock file");
        assert!(lock.lines().any(|it| it.starts_with(&format!("ray=={version} "))));
        assert!(lock.contains("--hash=sha256:"));
    }
}
