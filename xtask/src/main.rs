//! Every developer command: `cargo xtask` lists them.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod book;
mod browser;
mod build;
mod bundle;
mod fuzz;
mod oracle;
mod place;
mod schema;
mod screenshots;
mod serve;
mod setup;
mod sizes;
mod split;
mod step;
mod test;
mod wasm;

/// A command: its name, its arguments, what it does, and the function that does it.
struct Command {
    name: &'static str,
    arguments: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "serve",
        arguments: "[--port N]",
        about: "build the site, serve it on this machine, rebuild and reload on change",
        run: serve::run,
    },
    Command {
        name: "build",
        arguments: "",
        about: "write the static site to dist/ and print the size of each file",
        run: build::run,
    },
    Command {
        name: "book",
        arguments: "",
        about: "answer every number and check every YAML of the book, without building the site",
        run: book::check,
    },
    Command {
        name: "test",
        arguments: "",
        about: "test everything: natively, in WebAssembly, in a real browser",
        run: test::run_all,
    },
    Command {
        name: "ready",
        arguments: "",
        about: "before a commit: format, lints, native tests",
        run: test::ready,
    },
    Command {
        name: "bench",
        arguments: "[phone]",
        about: "time predictions, natively and in WebAssembly",
        run: bench::run_all,
    },
    Command {
        name: "schema",
        arguments: "",
        about: "write the JSON Schema of the report beside its types",
        run: schema::run,
    },
    Command {
        name: "oracle",
        arguments: "[hpa|ray|ray-live|validation|keda|kuberay|metrics|kubectl …]",
        about: "ask upstream's own code and ours the same questions (needs Go or Python)",
        run: oracle::run_all,
    },
    Command {
        name: "fuzz",
        arguments: "text|hpa|ray [--minutes N]",
        about: "look for inputs that make the core panic or overflow (needs a C++ compiler)",
        run: fuzz::run_all,
    },
    Command {
        name: "screenshots",
        arguments: "",
        about: "take the pictures of README and book into book/pictures",
        run: screenshots::run_all,
    },
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<()> {
    let Some((name, rest)) = arguments.split_first() else {
        print_commands();
        return Ok(());
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print_commands();
        return Ok(());
    }
    let Some(command) = COMMANDS.iter().find(|it| it.name == name) else {
        print_commands();
        bail!("there is no command `{name}`: use one of the above");
    };
    if command.arguments.is_empty() && !rest.is_empty() {
        bail!("`cargo xtask {name}` takes no arguments: leave out `{}`", rest.join(" "));
    }
    (command.run)(rest)
}

fn print_commands() {
    println!("cargo xtask COMMAND\n");
    for command in COMMANDS {
        let call = format!("{} {}", command.name, command.arguments);
        println!("  {call:<18} {}", command.about);
    }
}
