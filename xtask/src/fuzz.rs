//! `cargo xtask fuzz text|hpa|ray`: inputs that a fuzzer finds interesting, with every overflow a
//! finding.
//!
//! The targets lie in `tests/fuzz`. libFuzzer comes with a crate and needs a C++ compiler; the
//! compiler's marks, by which it sees what an input reached, are passes of LLVM that stable Rust
//! has too.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use tidetable_core::examples::EXAMPLES;

use crate::{
    place,
    step::{command, output, run, step},
};

/// Targets, and the longest input worth trying, in bytes.
const TARGETS: &[(&str, &str)] = &[("text", "16384"), ("hpa", "8192"), ("ray", "8192")];

/// What libFuzzer reads: counters of edges, and what is compared with what.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares \
                     -Ccodegen-units=1 --cfg fuzzing";

pub(crate) fn run_all(arguments: &[String]) -> Result<()> {
    let (target, minutes) = read(arguments)?;
    let (name, longest) = TARGETS[target];
    let program = step(&format!("build the target {name}"), || build(name))?;
    let folder = place::target().join("fuzz").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    seed(name, &folder)?;
    println!("  … {minutes} minutes; what was found interesting stays in {}", folder.display());
    let mut fuzzer = command(program);
    fuzzer
        .arg(&folder)
        .args([format!("-max_total_time={}", minutes * 60), format!("-max_len={longest}")])
        .args(["-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=1", "-verbosity=0"])
        .arg(format!("-artifact_prefix={}/", place::target().join("fuzz").display()));
    if name == "text" {
        fuzzer.arg(format!("-dict={}", place::root().join("tests/fuzz/text.dict").display()));
    }
    run(&mut fuzzer).context("the input above breaks a promise: make it a test, then mend it")
}

/// The target's index, and for how long.
fn read(arguments: &[String]) -> Result<(usize, u64)> {
    let usage = "use `cargo xtask fuzz text`, `hpa` or `ray`, with `--minutes N` (10)";
    let Some((name, rest)) = arguments.split_first() else { bail!("{usage}") };
    let Some(target) = TARGETS.iter().position(|it| it.0 == name) else { bail!("{usage}") };
    let minutes = match rest {
        [] => 10,
        [option, number] if option == "--minutes" => {
            number.parse().with_context(|| format!("`{number}` is no number of minutes"))?
        }
        _ => bail!("{usage}"),
    };
    Ok((target, minutes))
}

fn build(name: &str) -> Result<std::path::PathBuf> {
    let version = output(command("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|it| it.strip_prefix("host: ")).context("no host")?;
    let folder = place::target().join("fuzz/build");
    // With a target named, what runs while building is not marked.
    run(command("cargo")
        .args(["build", "--release", "--locked", "--manifest-path", "tests/fuzz/Cargo.toml"])
        .args(["--bin", name, "--target", host, "--target-dir"])
        .arg(&folder)
        .env("RUSTFLAGS", FLAGS))?;
    Ok(folder.join(host).join("release").join(name))
}

/// Inputs to begin with.
fn seed(name: &str, folder: &Path) -> Result<()> {
    if name == "text" {
        for (index, example) in EXAMPLES.iter().enumerate() {
            fs::write(folder.join(format!("example-{index}")), example.text())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_and_the_time_are_read() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(read(&words("hpa")).expect("a target"), (1, 10));
        assert_eq!(read(&words("text --minutes 3")).expect("a target"), (0, 3));
        assert_eq!(read(&words("ray --minutes 3")).expect("a target"), (2, 3));
        for text in ["", "keda", "hpa --minutes", "hpa --minutes x"] {
            assert!(read(&words(text)).is_err(), "{text}");
        }
    }
}
