//! Ray's own answers: the Python program of `oracle/ray` as a process that is asked line by line.

use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::Value;

/// A running program.
pub struct RayUpstream {
    /// The process.
    pub child: Child,
    /// What it is asked.
    pub questions: BufWriter<ChildStdin>,
    /// What it answers.
    pub answers: RayAnswers,
}

/// Where the answers come from.
pub struct RayAnswers {
    lines: BufReader<ChildStdout>,
    line: String,
}

impl RayUpstream {
    /// Starts the interpreter `python` for questions of one kind.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(python: &Path, kind: &str) -> io::Result<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/ray");
        let mut child = Command::new(python)
            .current_dir(folder)
            .args(["ask.py", kind])
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let missing = || io::Error::other("no pipe");
        let (input, output) = (input.ok_or_else(missing)?, output.ok_or_else(missing)?);
        Ok(Self {
            child,
            questions: BufWriter::with_capacity(1 << 16, input),
            answers: RayAnswers { lines: BufReader::new(output), line: String::new() },
        })
    }

    /// Asks one question and waits for the answered question; none if it is not whole.
    ///
    /// # Errors
    /// If the program ended.
    pub fn ask(&mut self, question: &Value) -> io::Result<Option<Value>> {
        write(&mut self.questions, question)?;
        self.questions.flush()?;
        let answered = self.answers.receive()?;
        Ok(answered["refused"].is_null().then_some(answered))
    }

    /// Ends it.
    ///
    /// # Errors
    /// If it failed.
    pub fn close(self) -> io::Result<()> {
        let Self { mut child, questions, answers } = self;
        drop((questions, answers));
        let status = child.wait()?;
        if status.success() { Ok(()) } else { Err(io::Error::other(format!("upstream: {status}"))) }
    }
}

/// Writes one question.
///
/// # Errors
/// If the program ended.
pub fn write(questions: &mut impl Write, question: &Value) -> io::Result<()> {
    serde_json::to_writer(&mut *questions, question)?;
    questions.write_all(b"\n")
}

impl RayAnswers {
    /// The next answered question; `{"refused": why}` for one that is not whole.
    ///
    /// # Errors
    /// If the program ended.
    pub fn receive(&mut self) -> io::Result<Value> {
        self.line.clear();
        if self.lines.read_line(&mut self.line)? == 0 {
            return Err(io::Error::other("Python ended: see its output above"));
        }
        Ok(serde_json::from_str(&self.line)?)
    }
}
