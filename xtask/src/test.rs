//! `cargo xtask test`: everything; `cargo xtask ready`: what to run before a commit.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    browser, build, place, setup,
    step::{command, run, step},
};

/// Native tests, the WebAssembly module, and the site in a real browser.
pub(crate) fn run_all(_arguments: &[String]) -> Result<()> {
    setup::ensure()?;
    let chromium = browser::find_or_install()?;
    let mut counts = Counts::default();
    counts.suite("native tests", &mut native())?;
    build::run(&[])?;
    counts.check(step("types of the scripts", types));
    counts.suite("WebAssembly gives the same bytes", &mut node_tests("tests/wasm")?)?;
    let mut in_browser = node_tests("tests/browser")?;
    counts.suite("the site in Chromium", in_browser.env("CHROMIUM", chromium))?;
    counts.close()
}

/// Format, lints, native tests.
pub(crate) fn ready(_arguments: &[String]) -> Result<()> {
    step("format", || run(command("cargo").args(["fmt", "--all", "--check"])))
        .context("run `cargo fmt --all`")?;
    step("lints", || {
        let arguments =
            ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
        run(command("cargo").args(arguments))
    })?;
    let mut counts = Counts::default();
    counts.suite("native tests", &mut native())?;
    counts.close()
}

fn native() -> Command {
    let mut cargo = command("cargo");
    cargo.args(["test", "--workspace", "--no-fail-fast", "--", "--quiet"]);
    cargo
}

fn types() -> Result<()> {
    run(command("node").arg(setup::npm_tool("typescript/bin/tsc")?).args(["--project", "."]))
}

/// Node's own test runner on every `.test.mjs` of `folder`.
fn node_tests(folder: &str) -> Result<Command> {
    let mut files: Vec<_> = fs::read_dir(place::root().join(folder))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        bail!("{folder} holds no `.test.mjs` file: restore it with `git checkout`");
    }
    let mut node = command("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"]).args(files);
    Ok(node)
}

/// How many tests passed and failed, read from what the runners print last.
#[derive(Default)]
struct Counts {
    passed: u64,
    failed: u64,
    broken: Vec<String>,
}

impl Counts {
    /// Runs one suite; its failures are counted, and only at the end they fail the command.
    fn suite(&mut self, name: &str, command: &mut Command) -> Result<()> {
        println!("  … {name}");
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| {
            let program = Path::new(command.get_program()).display();
            format!("can't start `{program}` for {name}")
        })?;
        let before = (self.passed, self.failed);
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            println!("{line}");
            self.count(&line);
        }
        let ok = child.wait()?.success();
        if (self.passed, self.failed) == before {
            self.broken.push(format!("{name}: no test ran"));
        } else if !ok && self.failed == before.1 {
            self.broken.push(format!("{name}: stopped before its end"));
        }
        Ok(())
    }

    /// Notes what is no test but must hold too.
    fn check(&mut self, result: Result<()>) {
        self.broken.extend(result.err().map(|it| format!("{it:#}")));
    }

    /// `test result: ok. 3 passed; 0 failed; …` or `ℹ pass 3`, `ℹ fail 0`.
    fn count(&mut self, line: &str) {
        let words: Vec<&str> = line.split([' ', ';']).filter(|it| !it.is_empty()).collect();
        match words.as_slice() {
            ["test", "result:", _, passed, "passed", failed, "failed", ..] => {
                self.passed += passed.parse::<u64>().unwrap_or(0);
                self.failed += failed.parse::<u64>().unwrap_or(0);
            }
            ["ℹ", "pass", passed] => self.passed += passed.parse::<u64>().unwrap_or(0),
            ["ℹ", "fail", failed] => self.failed += failed.parse::<u64>().unwrap_or(0),
            _ => {}
        }
    }

    fn close(self) -> Result<()> {
        let failed = self.failed + self.broken.len() as u64;
        for broken in &self.broken {
            eprintln!("error: {broken}");
        }
        println!("\n{} passed, {failed} failed", self.passed);
        if failed > 0 {
            bail!("tests failed: the first failure above says what was expected");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_counted() {
        let mut counts = Counts::default();
        counts.count("test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured");
        counts.count("ℹ pass 4");
        counts.count("ℹ fail 2");
        counts.count("a test about pass 9");
        assert_eq!((counts.passed, counts.failed), (7, 3));
    }
}
