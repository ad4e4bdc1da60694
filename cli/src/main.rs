//! The program: arguments, standard streams and exit status of [`tidetable::run`].
#![forbid(unsafe_code)]

use std::env;
use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use tidetable::{World, run};

fn main() -> ExitCode {
    let (mut out, mut err) = (io::stdout().lock(), io::stderr().lock());
    let colours = [colours(out.is_terminal()), colours(err.is_terminal())];
    let mut world = World {
        input: &mut io::stdin().lock(),
        out: &mut out,
        err: &mut err,
        colours,
        folder: Path::new(""),
    };
    ExitCode::from(run(env::args_os().skip(1), &mut world) as u8)
}

/// <https://no-color.org>: any value but the empty one.
fn colours(is_terminal: bool) -> bool {
    is_terminal && env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}
