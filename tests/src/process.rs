//! Upstream's own answers: a program that is asked line by line, in JSON.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A running program.
pub struct Process {
    child: Child,
    questions: BufWriter<ChildStdin>,
    answers: Answers,
}

/// Where the answers come from.
pub struct Answers {
    lines: BufReader<ChildStdout>,
    line: String,
}

impl Process {
    /// The Go program of `oracle/hpa`, for the questions that its test `test` answers.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn go(program: &Path, test: &str) -> io::Result<Self> {
        Self::start(
            Command::new(program)
                .args(["-test.run", &format!("^{test}$"), "-test.timeout", "0"])
                // One program a core: more threads would only wait for one another.
                .env("GOMAXPROCS", "1")
                .env("GOGC", "400"),
        )
    }

    /// The Python program of `oracle/ray`, for questions of one kind.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn python(python: &Path, kind: &str) -> io::Result<Self> {
        Self::start(
            Command::new(python)
                .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/ray"))
                .args(["ask.py", kind])
                .env("PYTHONDONTWRITEBYTECODE", "1")
                // Sets have the same order in every run, so that a difference comes again.
                .env("PYTHONHASHSEED", "0"),
        )
    }

    fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let missing = || io::Error::other("no pipe");
        Ok(Self {
            child,
            questions: BufWriter::with_capacity(1 << 16, input.ok_or_else(missing)?),
            answers: Answers {
                lines: BufReader::with_capacity(1 << 16, output.ok_or_else(missing)?),
                line: String::new(),
            },
        })
    }

    /// Asks one question and waits for the answer.
    ///
    /// # Errors
    /// If the program ended.
    pub fn ask<A: DeserializeOwned>(&mut self, question: &impl Serialize) -> io::Result<A> {
        write(&mut self.questions, question)?;
        self.questions.flush()?;
        self.answers.receive()
    }

    /// The two ends apart, so that questions can be sent before answers are read.
    pub fn split(self) -> (Child, BufWriter<ChildStdin>, Answers) {
        (self.child, self.questions, self.answers)
    }

    /// Lets the program end.
    ///
    /// # Errors
    /// If it failed.
    pub fn close(self) -> io::Result<()> {
        let Self { child, questions, .. } = self;
        drop(questions);
        ended(child)
    }
}

/// Waits for the end of a program that was told all.
///
/// # Errors
/// If it failed.
pub fn ended(mut child: Child) -> io::Result<()> {
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("upstream: {status}"))) }
}

impl Answers {
    /// The next answer.
    ///
    /// # Errors
    /// If the program ended, or says something else.
    pub fn receive<A: DeserializeOwned>(&mut self) -> io::Result<A> {
        self.line.clear();
        if self.lines.read_line(&mut self.line)? == 0 {
            return Err(io::Error::other("upstream's program ended: see its output above"));
        }
        serde_json::from_str(&self.line)
            .map_err(|error| io::Error::other(format!("{error} in {:?}", self.line)))
    }
}

/// Sends a question, without flushing.
///
/// # Errors
/// If the program ended.
pub fn write(to: &mut BufWriter<ChildStdin>, question: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *to, question)?;
    to.write_all(b"\n")
}
