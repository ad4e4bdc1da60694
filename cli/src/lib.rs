//! `tidetable`: the same prediction in a terminal and in a pipeline.
//!
//! Reads files, asks the core, prints what it says. Nothing is decided here. The program is
//! `main.rs`; the book runs the same [`run`] for what it shows of it.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

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
pub enum Outcome {
    /// All is well.
    Good = 0,
    /// Errors in a manifest, or an expectation that is not met.
    Bad = 1,
    /// The command line is wrong, or a file can't be read.
    Unusable = 2,
}

/// What the program reads from and prints to.
pub struct World<'a> {
    /// Standard input.
    pub input: &'a mut dyn Read,
    /// Standard output.
    pub out: &'a mut dyn Write,
    /// Standard error.
    pub err: &'a mut dyn Write,
    /// Whether standard output and standard error show colours.
    pub colours: [bool; 2],
    /// The folder that paths start from.
    pub folder: &'a Path,
}

impl std::fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// Does what `arguments`, without the program's name, ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World<'_>) -> Outcome {
    let result = args::parse(lexopt::Parser::from_args(arguments))
        .map_err(|error| format!("{error}\nTry 'tidetable --help'."))
        .and_then(|command| world.run(command));
    result.unwrap_or_else(|message| {
        world.complain(&message);
        Outcome::Unusable
    })
}

impl World<'_> {
    fn run(&mut self, command: Command) -> Result<Outcome, String> {
        match command {
            Command::Help => self.print(args::HELP).map(|()| Outcome::Good),
            Command::Version => self
                .print(concat!("tidetable ", env!("CARGO_PKG_VERSION"), "\n"))
                .map(|()| Outcome::Good),
            Command::Schema => self.print(tidetable_core::report::SCHEMA).map(|()| Outcome::Good),
            Command::Predict { paths, language, output } => {
                self.run_predict(paths, language, &output)
            }
            Command::Now { paths, language, json } => self.run_now(paths, language, json),
            Command::Check { paths } => self.run_check(paths),
        }
    }

    fn run_predict(
        &mut self,
        paths: Vec<PathBuf>,
        language: Language,
        output: &Output,
    ) -> Result<Outcome, String> {
        let text = self.read(paths)?;
        let prediction = predict(&text.joined, language);
        let report = &prediction.report;
        match output {
            Output::Json => {
                let json = serde_json::to_string(report).map_err(|error| error.to_string())?;
                self.print(&format!("{json}\n"))?;
            }
            Output::Summary => {
                self.print_beside(&text, &report.diagnostics);
                self.print(&printable(&summary::summary(report)))?;
            }
            Output::Explanation(number) => {
                let found = explain(&prediction, *number).ok_or_else(|| {
                    format!("there is no decision {number}: there are {}", report.decisions.len())
                })?;
                self.print(&printable(&summary::explanation(&found, language)))?;
            }
        }
        Ok(judge(report))
    }

    fn run_now(
        &mut self,
        paths: Vec<PathBuf>,
        language: Language,
        json: bool,
    ) -> Result<Outcome, String> {
        let text = self.read(paths)?;
        let now = right_now(&text.joined, language);
        if json {
            let mut report = predict(&text.joined, language).report;
            report.right_now = Some(now.clone());
            let json = serde_json::to_string(&report).map_err(|error| error.to_string())?;
            self.print(&format!("{json}\n"))?;
        } else {
            self.print_beside(&text, &now.diagnostics);
            self.print(&printable(&now::now(&now, language)))?;
        }
        let is_told =
            !now.hpas.is_empty() || now.clusters.iter().any(|it| it.explanation.is_some());
        let is_good = count(&now.diagnostics, Severity::Error) == 0 && is_told;
        Ok(if is_good { Outcome::Good } else { Outcome::Bad })
    }

    fn run_check(&mut self, paths: Vec<PathBuf>) -> Result<Outcome, String> {
        let named = input::find(paths, self.folder)?;
        let mut together = Text::default();
        for path in &named.files {
            let (name, content) = self.read_one(path)?;
            together.add(name, &content);
        }
        let mut check = Check::default();
        if !together.is_empty() {
            check.text(&together, self)?;
        }
        for path in &named.found {
            match self.read_one(path) {
                Ok((name, content)) => check.text(&Text::of(name, &content), self)?,
                Err(message) => {
                    self.complain(&message);
                    check.unreadable = true;
                }
            }
        }
        check.sum_up(named.files.len() + named.found.len(), self)
    }

    /// All files as one text.
    fn read(&mut self, paths: Vec<PathBuf>) -> Result<Text, String> {
        let named = input::find(paths, self.folder)?;
        let mut text = Text::default();
        for path in named.files.iter().chain(&named.found) {
            let (name, content) = self.read_one(path)?;
            text.add(name, &content);
        }
        Ok(text)
    }

    fn read_one(&mut self, path: &Path) -> Result<(String, String), String> {
        input::read(path, self.folder, self.input)
    }

    /// Findings on standard error: an answer is worth printing even where they can't be.
    fn print_beside(&mut self, text: &Text, diagnostics: &[Diagnostic]) {
        let findings = Printer::new(self.colours[1]).print(text, diagnostics);
        let _ = self.err.write_all(findings.as_bytes());
    }

    /// Prints to standard output. A reader that has seen enough (`| head`) is no error.
    fn print(&mut self, text: &str) -> Result<(), String> {
        match self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(format!("standard output: {error}"))
            }
            _ => Ok(()),
        }
    }

    fn complain(&mut self, message: &str) {
        // Where standard error is closed too, only the exit status is left.
        let _ = writeln!(self.err, "tidetable: {message}");
    }
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

/// What was found so far.
#[derive(Default)]
struct Check {
    errors: usize,
    warnings: usize,
    notes: usize,
    unreadable: bool,
}

impl Check {
    fn text(&mut self, text: &Text, world: &mut World<'_>) -> Result<(), String> {
        let diagnostics = predict(&text.joined, Language::En).report.diagnostics;
        let printer = Printer::new(world.colours[0]);
        self.errors += count(&diagnostics, Severity::Error);
        self.warnings += count(&diagnostics, Severity::Warning);
        self.notes += count(&diagnostics, Severity::Info);
        world.print(&printer.print(text, &diagnostics))
    }

    fn sum_up(&self, files: usize, world: &mut World<'_>) -> Result<Outcome, String> {
        let errors = counted(self.errors, "error");
        let warnings = counted(self.warnings, "warning");
        let notes = counted(self.notes, "note");
        world.print(&format!("{errors}, {warnings}, {notes} in {}\n", counted(files, "file")))?;
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

/// A name out of a manifest must not steer the terminal.
fn printable(text: &str) -> String {
    text.replace(|it: char| it.is_control() && it != '\n', "\u{fffd}")
}
