//! Upstream's own answers: the Go program of `oracle/hpa` as a process that is asked line by line.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A running program.
pub struct Upstream {
    child: Child,
    questions: BufWriter<ChildStdin>,
    answers: Answers,
}

/// Where the answers come from.
pub struct Answers {
    lines: BufReader<ChildStdout>,
    line: String,
}

impl Upstream {
    /// Starts `program` for the questions that its test `test` answers.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(program: &Path, test: &str) -> io::Result<Self> {
        let mut child = Command::new(program)
            .args(["-test.run", &format!("^{test}$"), "-test.timeout", "0"])
            // One program a core: more threads would only wait for one another.
            .env("GOMAXPROCS", "1")
            .env("GOGC", "400")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
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
        self.answers.answer()
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
        let Self { mut child, questions, .. } = self;
        drop(questions);
        let status = child.wait()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("{status}"))) }
    }
}

impl Answers {
    /// The next answer.
    ///
    /// # Errors
    /// If the program ended, or says something else.
    pub fn answer<A: DeserializeOwned>(&mut self) -> io::Result<A> {
        self.line.clear();
        self.lines.read_line(&mut self.line)?;
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
