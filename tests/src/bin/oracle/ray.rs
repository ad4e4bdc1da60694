//! Ray's autoscaler and Serve: the kinds of question of [`KINDS`].

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::{Value, json};
use tidetable_core::ray::Trace;
use tidetable_core::ray::scheduler::{PendingUnneeded, schedule};
use tidetable_tests::choices::Choices;
use tidetable_tests::compare::{Engine, Range, compare};
use tidetable_tests::process::Process;
use tidetable_tests::ray_generate_large::{SIZES, sized};
use tidetable_tests::ray_oracle::{KINDS, Kind, PANICKED};
use tidetable_tests::ray_scheduler::with_request;
use tidetable_tests::record::{record, recorded, today, with_commas};

use crate::{number, workers};

/// How often ours is timed.
const ROUNDS_TIMED: u32 = 20;

/// Questions of one kind.
struct Ray<'t> {
    /// Ray's interpreter.
    python: &'t Path,
    /// Ray's version, such as `2.60.0`.
    version: &'t str,
    kind: Kind,
}

/// `compare|record|write|bench PYTHON VERSION KIND SEED FIRST CASES WORKERS`, from xtask.
pub(crate) fn run(arguments: &[String]) -> io::Result<bool> {
    let [what, python, version, name, seed, first, cases, asked] = arguments else {
        return Err(io::Error::other("use `cargo xtask oracle ray`, which knows the arguments"));
    };
    let (seed, first, count) = (number(seed)?, number(first)?, number(cases)?);
    let range = Range { seed, first, count, workers: workers(number(asked)?) };
    let of = |kind| Ray { python: Path::new(python), version, kind };
    if what == "bench" {
        return bench(&of(named("scheduler-large")?));
    }
    let kinds = if name == "all" { KINDS.to_vec() } else { vec![named(name)?] };
    let mut all_same = true;
    for kind in kinds {
        if what == "write" {
            write_cases(&of(kind), seed)?;
            continue;
        }
        let about = format!("ray {version} {}", kind.name);
        let before = if what == "record" { recorded(&about, seed, first)? } else { 0 };
        let Some(decisions) = compare(&of(kind), range)? else {
            all_same = false;
            continue;
        };
        if what == "record" {
            let [count, decisions] = [first + count, before + decisions].map(with_commas);
            record(&format!("{about} {count} {decisions} {seed} {}", today()))?;
        }
    }
    Ok(all_same)
}

fn named(name: &str) -> io::Result<Kind> {
    let names = || KINDS.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
    Kind::named(name).ok_or_else(|| io::Error::other(format!("`{name}` is none of {}", names())))
}

impl Engine for Ray<'_> {
    type Question = Value;
    type Answer = Value;

    fn name(&self) -> String {
        format!("ray {} {}", self.version, self.kind.name)
    }

    fn sources(&self) -> io::Result<Vec<PathBuf>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/ray");
        let files = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut files: Vec<PathBuf> = files.filter(|it| it.is_file()).collect();
        files.sort();
        Ok(files)
    }

    fn start(&self) -> io::Result<Process> {
        Process::python(self.python, self.kind.name)
    }

    fn random(&self, seed: u64, index: u64) -> Value {
        (self.kind.random)(&mut Choices::seeded(seed, index))
    }

    fn refused(&self, answered: &Value) -> Option<String> {
        let why = &answered["refused"];
        (!why.is_null()).then(|| why.to_string())
    }

    fn decisions(&self, _: &Value, answered: &Value) -> u64 {
        (self.kind.decisions)(answered)
    }

    fn differs(&self, _: &Value, answered: &Value) -> Option<String> {
        self.kind.compare(answered)
    }

    fn smaller(&self, tree: &Value) -> Option<Value> {
        Some(tree.clone())
    }

    fn is_alike(&self, difference: &str, smaller: &str) -> bool {
        (difference == PANICKED) == (smaller == PANICKED)
    }

    fn save(&self, _: &Value, answered: &Value, name: &str) -> io::Result<PathBuf> {
        let folder = folder().join("differed");
        let path = folder.join(format!("{}-{name}.json", self.kind.name));
        std::fs::create_dir_all(folder)?;
        let case = json!({"kind": self.kind.name, "upstream": self.version, "answered": answered});
        std::fs::write(&path, case.to_string() + "\n")?;
        Ok(path)
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ray")
}

/// Asks a question that upstream must be able to answer.
fn ask(upstream: &mut Process, question: &Value) -> io::Result<Value> {
    let answered: Value = upstream.ask(question)?;
    if answered["refused"].is_null() {
        Ok(answered)
    } else {
        Err(io::Error::other(format!("refused: {question}")))
    }
}

/// Times both sides on the clusters that upstream finishes in minutes, and compares the answers.
fn bench(ray: &Ray<'_>) -> io::Result<bool> {
    let mut upstream = ray.start()?;
    let mut all_same = true;
    for &size in SIZES.iter().filter(|size| size.0 <= 300) {
        for alike in [true, false] {
            let start = Instant::now();
            let answered = ask(&mut upstream, &sized(size, alike))?;
            let theirs = start.elapsed().as_secs_f64();
            let ours = with_request(&answered, |request| {
                let start = Instant::now();
                for _ in 0..ROUNDS_TIMED {
                    let mut pending = PendingUnneeded::default();
                    let mut trace = Trace::default();
                    let now = tidetable_core::time::Instant::ZERO;
                    std::hint::black_box(schedule(request, &mut pending, now, &mut trace).is_ok());
                }
                start.elapsed().as_secs_f64() / f64::from(ROUNDS_TIMED)
            });
            let (nodes, tasks) = size;
            let nodes = format!("{nodes} nodes {}", if alike { "alike" } else { "different" });
            println!("{nodes}, {tasks} tasks: Ray {theirs:.3} s, here {:.3} ms", ours * 1e3);
            if let Some(text) = ray.kind.compare(&answered) {
                println!("they differ:\n{text}");
                all_same = false;
            }
        }
    }
    upstream.close()?;
    Ok(all_same)
}

/// Answers the questions that were written by hand, if there are any of this kind.
fn write_rows(kind: Kind, upstream: &mut Process) -> io::Result<()> {
    let name = format!("rows/{}.jsonl", kind.name);
    let questions = folder().join("../../oracle/ray").join(&name);
    let Ok(questions) = std::fs::read_to_string(questions) else { return Ok(()) };
    let mut text = String::new();
    for line in questions.lines() {
        let answered = ask(upstream, &serde_json::from_str(line)?)?;
        text += &format!("{answered}\n");
    }
    std::fs::create_dir_all(folder().join("rows"))?;
    std::fs::write(folder().join(name), text)
}

/// Writes the file of answered questions that `cargo test` reads.
fn write_cases(ray: &Ray<'_>, seed: u64) -> io::Result<()> {
    let kind = ray.kind;
    let mut upstream = ray.start()?;
    let header = json!({
        "engine": kind.name,
        "upstream": format!("ray {}", ray.version),
        "seed": seed,
        "cases": kind.written,
    });
    let mut text = format!("{header}\n");
    for index in 0..kind.written {
        let answered = ask(&mut upstream, &ray.random(seed, index))?;
        text += &format!("{answered}\n");
    }
    write_rows(kind, &mut upstream)?;
    upstream.close()?;
    let path = folder().join(format!("{}.jsonl", kind.name));
    std::fs::write(&path, text)?;
    println!("{}: {} cases", path.display(), kind.written);
    Ok(())
}
