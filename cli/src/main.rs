//! `tidetable`: the same prediction in a terminal and in a pipeline.
//!
//! Reads files, asks the core, prints what it says. Nothing is decided here.
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use tidetable_core::diagnostic::{Diagnostic, Severity};
use tidetable_core::report::{Explanation, Report};
use tidetable_core::{Language, Prediction, predict, right_now};

use args::{Command, Output};
use findings::Printer;
use input::Text;

mod args;
mod findings;
mod input;
mod now;
mod summary;

/// How it ended; the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Good = 0,
    /// Errors in a manifest, or an expectation that is not met.
    Bad = 1,
    /// The command line is wrong, or a file can't be read.
    Unusable = 2,
}

fn main() -> ExitCode {
    let result = args::parse(lexopt::Parser::from_env())
        .map_err(|error| format!("{error}\nTry 'tidetable --help'."))
        .and_then(run);
    let outcome = result.unwrap_or_else(|message| {
        complain(&message);
        Outcome::Unusable
    });
    ExitCode::from(outcome as u8)
}

fn run(command: Command) -> Result<Outcome, String> {
    match command {
        Command::Help => print(args::HELP).map(|()| Outcome::Good),
        Command::Version => {
            print(concat!("tidetable ", env!("CARGO_PKG_VERSION"), "\n")).map(|()| Outcome::Good)
        }
        Command::Schema => print(tidetable_core::report::SCHEMA).map(|()| Outcome::Good),
        Command::Predict { paths, language, output } => run_predict(paths, language, &output),
        Command::Now { paths, language, json } => run_now(paths, language, json),
        Command::Check { paths } => run_check(paths),
    }
}

fn run_predict(
    paths: Vec<PathBuf>,
    language: Language,
    output: &Output,
) -> Result<Outcome, String> {
    let text = read(paths)?;
    let prediction = predict(&text.joined, language);
    let report = &prediction.report;
    match output {
        Output::Json => {
            let json = serde_json::to_string(report).map_err(|error| error.to_string())?;
            print(&format!("{json}\n"))?;
        }
        Output::Summary => {
            let printer = Printer::new(colours(io::stderr().is_terminal()));
            let findings = printer.print(&text, &report.diagnostics);
            // A prediction is worth printing even where its findings can't be.
            let _ = io::stderr().write_all(findings.as_bytes());
            print(&printable(&summary::summary(report)))?;
        }
        Output::Explanation(number) => {
            let found = explain(&prediction, *number).ok_or_else(|| {
                format!("there is no decision {number}: there are {}", report.decisions.len())
            })?;
            print(&printable(&summary::explanation(&found, language)))?;
        }
    }
    Ok(judge(report))
}

fn run_now(paths: Vec<PathBuf>, language: Language, json: bool) -> Result<Outcome, String> {
    let text = read(paths)?;
    let now = right_now(&text.joined, language);
    if json {
        let mut report = predict(&text.joined, language).report;
        report.right_now = Some(now.clone());
        let json = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        print(&format!("{json}\n"))?;
    } else {
        let printer = Printer::new(colours(io::stderr().is_terminal()));
        // An answer is worth printing even where its findings can't be.
        let _ = io::stderr().write_all(printer.print(&text, &now.diagnostics).as_bytes());
        print(&printable(&now::now(&now, language)))?;
    }
    let is_told = !now.hpas.is_empty() || now.clusters.iter().any(|it| it.explanation.is_some());
    let is_good = count(&now.diagnostics, Severity::Error) == 0 && is_told;
    Ok(if is_good { Outcome::Good } else { Outcome::Bad })
}

/// All files as one text.
fn read(paths: Vec<PathBuf>) -> Result<Text, String> {
    let named = input::find(paths)?;
    let mut text = Text::default();
    for path in named.files.iter().chain(&named.found) {
        let (name, content) = input::read(path)?;
        text.add(name, &content);
    }
    Ok(text)
}

/// Why decision `number` (from 1) of the summary came out as it did.
fn explain(prediction: &Prediction, number: usize) -> Option<Explanation> {
    let decision = prediction.report.decisions.get(number.checked_sub(1)?)?;
    prediction.explain(decision.autoscaler, decision.look)
}

fn judge(report: &Report) -> Outcome {
    let unmet = report.expectations.iter().any(|it| !it.met);
    if unmet || count(&report.diagnostics, Severity::Error) > 0 {
        Outcome::Bad
    } else {
        Outcome::Good
    }
}

fn run_check(paths: Vec<PathBuf>) -> Result<Outcome, String> {
    let named = input::find(paths)?;
    let mut together = Text::default();
    for path in &named.files {
        let (name, content) = input::read(path)?;
        together.add(name, &content);
    }
    let mut check = Check::default();
    if !together.is_empty() {
        check.text(&together)?;
    }
    for path in &named.found {
        match input::read(path) {
            Ok((name, content)) => check.text(&Text::of(name, &content))?,
            Err(message) => {
                complain(&message);
                check.unreadable = true;
            }
        }
    }
    check.sum_up(named.files.len() + named.found.len())
}

/// What was found so far.
#[derive(Default)]
struct Check {
    errors: usize,
    warnings: usize,
    notes: usize,
    unreadable: bool,
}

impl Check {
    fn text(&mut self, text: &Text) -> Result<(), String> {
        let diagnostics = predict(&text.joined, Language::En).report.diagnostics;
        let printer = Printer::new(colours(io::stdout().is_terminal()));
        self.errors += count(&diagnostics, Severity::Error);
        self.warnings += count(&diagnostics, Severity::Warning);
        self.notes += count(&diagnostics, Severity::Info);
        print(&printer.print(text, &diagnostics))
    }

    fn sum_up(&self, files: usize) -> Result<Outcome, String> {
        let errors = counted(self.errors, "error");
        let warnings = counted(self.warnings, "warning");
        let notes = counted(self.notes, "note");
        print(&format!("{errors}, {warnings}, {notes} in {}\n", counted(files, "file")))?;
        Ok(match (self.unreadable, self.errors) {
            (true, _) => Outcome::Unusable,
            (false, 0) => Outcome::Good,
            (false, _) => Outcome::Bad,
        })
    }
}

fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|it| it.severity == severity).count()
}

/// <https://no-color.org>: any value but the empty one.
fn colours(is_terminal: bool) -> bool {
    is_terminal && env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}

/// A name out of a manifest must not steer the terminal.
fn printable(text: &str) -> String {
    text.replace(|it: char| it.is_control() && it != '\n', "\u{fffd}")
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no error.
fn print(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("standard output: {error}"))
        }
        _ => Ok(()),
    }
}

fn complain(message: &str) {
    // Where standard error is closed too, only the exit status is left.
    let _ = writeln!(io::stderr(), "tidetable: {message}");
}
