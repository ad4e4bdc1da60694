//! Oracles that write a file of questions with upstream's answers, which a test then asks us.
//!
//! Each is a Go program in `tests/oracle` with the flags `-seed`, `-cases` and `-out`. The test
//! reads the committed files unless the environment names others.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::{NEWEST, check_go, folder, module_file, number, value};
use crate::{
    place,
    step::{command, run, step},
};

/// What is printed without arguments.
pub(super) const USAGE: &str =
    "cargo xtask oracle validation|keda|kuberay|metrics|kubectl [OPTIONS]

  --cases N           questions of each kind
  --seed N            of the random questions
  --kubernetes 1.37   the release: validation (1.28 to 1.37) and kubectl (1.29 and 1.37)
  --write             write the questions and upstream's answers that `cargo test` reads

What is compared, and with what, is in the head of the program in tests/oracle.";

/// One of them.
#[derive(Debug)]
pub(super) struct Oracle {
    pub(super) name: &'static str,
    /// In `tests/oracle`.
    folder: &'static str,
    /// Whether the program is a test: those that need Go's fake clock or mocks are.
    is_test: bool,
    /// What the program writes: a file, or a folder of files. In `tests/cases`.
    committed: &'static [Committed],
    /// The test that asks us.
    test: &'static str,
    /// The variable that names other cases to it.
    variable: &'static str,
    /// How many questions there are if the command says nothing.
    cases: u64,
}

/// What is in the repository.
#[derive(Debug)]
struct Committed {
    release: &'static str,
    path: &'static str,
    seed: u64,
    cases: u64,
}

const fn committed(release: &'static str, path: &'static str, seed: u64, cases: u64) -> Committed {
    Committed { release, path, seed, cases }
}

pub(super) const ORACLES: [Oracle; 5] = [
    Oracle {
        name: "validation",
        folder: "hpa-validation",
        is_test: false,
        committed: &[committed(NEWEST, "hpa/validation.jsonl", 1, 1500)],
        test: "hpa_validation",
        variable: "HPA_VALIDATION_CASES",
        cases: 20_000,
    },
    Oracle {
        name: "keda",
        folder: "keda",
        is_test: true,
        committed: &[committed(NEWEST, "keda", 1, 200)],
        test: "keda",
        variable: "KEDA_CASES",
        cases: 2000,
    },
    Oracle {
        name: "metrics",
        folder: "metrics",
        is_test: true,
        committed: &[committed(NEWEST, "metrics", 1, 300)],
        test: "metrics",
        variable: "METRICS_CASES",
        cases: 5000,
    },
    Oracle {
        name: "kubectl",
        folder: "kubectl",
        is_test: false,
        committed: &[
            committed(NEWEST, "kubectl/1.37.jsonl", 1, 100),
            committed("1.29", "kubectl/1.29.jsonl", 2, 50),
        ],
        test: "kubectl",
        variable: "KUBECTL_CASES",
        cases: 1000,
    },
    Oracle {
        name: "kuberay",
        folder: "kuberay",
        is_test: true,
        committed: &[committed(NEWEST, "kuberay", 1, 300)],
        test: "kuberay",
        variable: "KUBERAY_CASES",
        cases: 2500,
    },
];

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
struct Request {
    release: String,
    seed: u64,
    cases: u64,
    write: bool,
}

pub(super) fn run_all(oracle: &Oracle, arguments: &[String]) -> Result<()> {
    let request = read(oracle, arguments)?;
    step("look for Go", check_go)?;
    if request.write {
        for it in oracle.committed {
            let program = step("build upstream", || build(oracle, it.release))?;
            let out = place::root().join("tests/cases").join(it.path);
            step(it.path, || ask(oracle, &program, (it.seed, it.cases), &out))?;
        }
        return run(&mut test(oracle));
    }
    let program = step("build upstream", || build(oracle, &request.release))?;
    let out = place::target().join("oracle").join(format!("{}-{}", oracle.name, request.release));
    let out = if oracle.is_test { out } else { out.with_added_extension("jsonl") };
    if oracle.is_test {
        std::fs::create_dir_all(&out)?;
    }
    let text = format!("ask upstream {} questions of each kind", request.cases);
    step(&text, || ask(oracle, &program, (request.seed, request.cases), &out))?;
    run(test(oracle).env(oracle.variable, out))
}

fn read(oracle: &Oracle, arguments: &[String]) -> Result<Request> {
    let release = NEWEST.to_owned();
    let mut request = Request { release, seed: 1, cases: oracle.cases, write: false };
    let mut rest = arguments.iter();
    while let Some(name) = rest.next() {
        match name.as_str() {
            "--write" => request.write = true,
            "--kubernetes" => value(name, rest.next())?.clone_into(&mut request.release),
            "--seed" => request.seed = number(name, rest.next())?,
            "--cases" => request.cases = number(name, rest.next())?,
            _ => bail!("`{name}` is no option: `cargo xtask oracle` lists them"),
        }
    }
    module_file(&folder(oracle.folder), &request.release)?;
    Ok(request)
}

/// Builds the program; takes minutes the first time.
fn build(oracle: &Oracle, release: &str) -> Result<PathBuf> {
    let program = place::target().join("oracle").join(format!("{}-{release}.bin", oracle.name));
    let mut go = command("go");
    go.current_dir(folder(oracle.folder));
    go.args(if oracle.is_test { &["test", "-c"][..] } else { &["build"] });
    go.args(["-ldflags=-s -w", "-o"]).arg(&program);
    if release != NEWEST {
        go.arg(format!("-modfile=versions/{release}.mod"));
    }
    run(go.arg("."))?;
    Ok(program)
}

fn ask(oracle: &Oracle, program: &Path, (seed, cases): (u64, u64), out: &Path) -> Result<()> {
    let mut asked = command(program);
    asked.current_dir(folder(oracle.folder));
    if oracle.is_test {
        asked.args(["-test.run", "Write", "-test.timeout", "0"]);
    }
    asked.args(["-seed", &seed.to_string(), "-cases", &cases.to_string(), "-out"]).arg(out);
    run(&mut asked)
}

fn test(oracle: &Oracle) -> std::process::Command {
    let mut test = command("cargo");
    test.args(["test", "--quiet", "--package", "tidetable-tests", "--test", oracle.test]);
    test
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let [validation, keda, ..] = &ORACLES;
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let request = read(validation, &words("--kubernetes 1.28 --cases 7 --seed 3"));
        let release = "1.28".to_owned();
        let expected = Request { release, seed: 3, cases: 7, write: false };
        assert_eq!(request.expect("all are known"), expected);
        assert!(read(keda, &words("--write")).expect("known").write);
        for (text, expected) in
            [("--kubernetes 1.28", "use a release that has"), ("--record", "is no option")]
        {
            let error = format!("{:#}", read(keda, &words(text)).expect_err(text));
            assert!(error.contains(expected), "{error}");
        }
    }

    /// The header of each committed file says how it was made.
    #[test]
    fn what_is_committed_is_what_would_be_written() {
        for it in ORACLES.iter().flat_map(|it| it.committed) {
            let path = place::root().join("tests/cases").join(it.path);
            let files: Vec<PathBuf> = if path.is_dir() {
                let entries = std::fs::read_dir(&path).expect("a folder");
                entries.map(|it| it.expect("an entry").path()).collect()
            } else {
                vec![path]
            };
            assert!(!files.is_empty(), "{}", it.path);
            for file in files {
                let text = std::fs::read_to_string(&file).expect("a file");
                let header = text.lines().next().expect("a header");
                let seed = format!("\"seed\":{},", it.seed);
                assert!(header.contains(&seed), "{}: {header}", file.display());
            }
        }
    }
}
