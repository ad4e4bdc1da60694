//! Asks upstream's own code and ours the same questions and tells where the answers differ.
//!
//! `cargo xtask oracle hpa` and `cargo xtask oracle ray` make upstream's program and call this one.

mod hpa;
mod live;
mod ray;

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let answer = match arguments.split_first() {
        Some((oracle, rest)) if oracle == "hpa" => hpa::run(rest),
        Some((oracle, rest)) if oracle == "ray" => ray::run(rest),
        Some((oracle, rest)) if oracle == "ray-live" => live::run(rest),
        _ => Err(io::Error::other("use `cargo xtask oracle`, which knows the arguments")),
    };
    match answer {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A number among the arguments.
fn number(text: &str) -> io::Result<u64> {
    text.parse().map_err(io::Error::other)
}

/// One process a core, or as many as were asked for.
fn workers(asked: u64) -> u64 {
    let cores = || std::thread::available_parallelism().map_or(1, |it| it.get() as u64);
    if asked == 0 { cores() } else { asked }
}
