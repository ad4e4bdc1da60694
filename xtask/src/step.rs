//! Runs and times one step of a command, and says so.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::{
    ffi::OsStr,
    io::ErrorKind,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// Runs `work`, printing `name` when it starts and the time when it ends.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("  … {name}");
    let start = Instant::now();
    let result = work().with_context(|| name.to_owned())?;
    println!("  ✓ {name} ({:.1} s)", start.elapsed().as_secs_f64());
    Ok(result)
}

/// A command in the repository's root; what it prints is shown.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(crate::place::root()).stdin(Stdio::null());
    command
}

/// Runs `command` and fails when it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| explain_start(command, error))?;
    if !status.success() {
        bail!("`{}` failed ({status}): see its output above", program(command));
    }
    Ok(())
}

/// Runs `command` and returns what it printed to standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| explain_start(command, error))?;
    if !output.status.success() {
        bail!("`{}` failed ({}): see its output above", program(command), output.status);
    }
    String::from_utf8(output.stdout).context("its output is not UTF-8")
}

fn program(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().take(3).map(OsStr::to_string_lossy));
    words.join(" ")
}

fn explain_start(command: &Command, error: std::io::Error) -> anyhow::Error {
    let name = command.get_program().to_string_lossy().into_owned();
    if error.kind() != ErrorKind::NotFound {
        return anyhow::Error::new(error).context(format!("can't start `{name}`"));
    }
    let advice = match name.as_str() {
        "node" | "npm" => "install Node.js 20 or newer (https://nodejs.org)",
        "go" => "install Go 1.26 or newer (https://go.dev/dl)",
        "cargo" | "rustup" | "rustc" => "install Rust with rustup (https://rustup.rs)",
        _ => "install it, or put it on PATH",
    };
    anyhow::anyhow!("`{name}` was not found: {advice}")
}
