//! Asks Ray's own code and ours the same questions and tells where the answers differ.
//!
//! `cargo xtask oracle ray` makes Ray's environment and calls this one.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, ExitCode};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tidetable_core::ray::Trace;
use tidetable_core::ray::scheduler::{PendingUnneeded, schedule};
use tidetable_tests::choices::Choices;
use tidetable_tests::hpa_shrink::shrink;
use tidetable_tests::ray_generate_large::{SIZES, sized};
use tidetable_tests::ray_oracle::{KINDS, Kind, PANICKED};
use tidetable_tests::ray_scheduler::with_request;
use tidetable_tests::ray_upstream::{RayAnswers, RayUpstream, write};
use tidetable_tests::record::{record, today, with_commas};

/// Questions that are on their way at a time, for each process.
const AHEAD: usize = 256;
/// Questions between two flushes.
const FLUSH: u64 = 16;
/// Differences after which the rest is not worth asking.
const ENOUGH: usize = 8;
/// How often upstream is asked while a difference is made smaller.
const ROUNDS: usize = 5_000;
/// How often ours is timed.
const ROUNDS_TIMED: u32 = 20;

/// What is asked for.
struct Task {
    /// Ray's interpreter.
    python: PathBuf,
    /// Ray's version, such as `2.60.0`.
    version: String,
    seed: u64,
    /// The number of the first question.
    first: u64,
    workers: u64,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// `compare|record|write|bench PYTHON VERSION KIND SEED FIRST CASES WORKERS`, from xtask.
fn run(arguments: &[String]) -> io::Result<bool> {
    let [what, python, version, kind, seed, first, cases, workers] = arguments else {
        return Err(io::Error::other("use `cargo xtask oracle ray`, which knows the arguments"));
    };
    let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
    let cores = thread::available_parallelism().map_or(1, |it| it.get() as u64);
    let task = Task {
        python: python.into(),
        version: version.clone(),
        seed: number(seed)?,
        first: number(first)?,
        workers: if workers == "0" { cores } else { number(workers)? },
    };
    if what == "bench" {
        return bench(&task);
    }
    let kinds: Vec<Kind> =
        KINDS.iter().copied().filter(|it| kind == "all" || it.name == kind).collect();
    if kinds.is_empty() {
        let names: Vec<_> = KINDS.iter().map(|it| it.name).collect();
        return Err(io::Error::other(format!("`{kind}` is none of {}", names.join(", "))));
    }
    let mut all_same = true;
    for kind in kinds {
        if what == "write" {
            write_cases(&task, kind)?;
            continue;
        }
        let count = number(cases)?;
        match compare(&task, kind, count)? {
            None => all_same = false,
            Some(decisions) if what == "record" => {
                let [count, decisions] = [count, decisions].map(with_commas);
                let (name, seed, date) = (kind.name, task.seed, today());
                record(&format!("ray {version} {name} {count} {decisions} {seed} {date}"), 3)?;
            }
            Some(_) => {}
        }
    }
    Ok(all_same)
}

/// An answered question whose answers differ, and how.
struct Difference {
    index: u64,
    question: Value,
    text: String,
}

/// What the workers share.
struct Shared {
    asked: AtomicU64,
    decisions: AtomicU64,
    enough: AtomicBool,
    different: Mutex<Vec<Difference>>,
}

/// Asks `count` questions. If all answers were the same, how many decisions they held.
fn compare(task: &Task, kind: Kind, count: u64) -> io::Result<Option<u64>> {
    let start = Instant::now();
    let shared = Shared {
        asked: AtomicU64::new(0),
        decisions: AtomicU64::new(0),
        enough: AtomicBool::new(false),
        different: Mutex::new(Vec::new()),
    };
    let ended = thread::scope(|scope| {
        let workers: Vec<_> = (0..task.workers.min(count))
            .map(|worker| {
                let shared = &shared;
                scope.spawn(move || work(task, kind, count, worker, shared))
            })
            .collect();
        let mut told = Instant::now();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(50));
            if told.elapsed() >= Duration::from_secs(10) {
                told = Instant::now();
                progress(kind, &shared.asked, count, start);
            }
        }
        workers.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for worker in ended {
        worker.map_err(|_| io::Error::other("a worker panicked"))??;
    }
    progress(kind, &shared.asked, count, start);
    let different = shared.different.into_inner().map_err(|_| io::Error::other("poisoned"))?;
    for difference in &different {
        tell(task, kind, difference)?;
    }
    if !different.is_empty() {
        return Ok(None);
    }
    let decisions = shared.decisions.into_inner();
    let (name, seed) = (kind.name, task.seed);
    println!("{name}: 0 differences in {count} ({decisions} decisions) with seed {seed}");
    Ok(Some(decisions))
}

fn progress(kind: Kind, asked: &AtomicU64, count: u64, start: Instant) {
    let asked = asked.load(Ordering::Relaxed);
    let each_second = asked as f64 / start.elapsed().as_secs_f64();
    println!("{}: {asked} of {count}, {each_second:.0} a second", kind.name);
    let _ = io::stdout().flush();
}

/// Asks every question whose number is `worker` modulo the number of workers.
fn work(task: &Task, kind: Kind, count: u64, worker: u64, shared: &Shared) -> io::Result<()> {
    let RayUpstream { mut child, mut questions, mut answers } =
        RayUpstream::start(&task.python, kind.name)?;
    let (send, receive) = sync_channel::<(u64, Value)>(AHEAD);
    let sent = thread::scope(|scope| {
        let sender =
            scope.spawn(move || send_all(task, kind, count, worker, shared, &mut questions, &send));
        receive_all(kind, receive, &mut answers, shared)?;
        sender.join().map_err(|_| io::Error::other("the sender panicked"))?
    });
    sent?;
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("upstream: {status}"))) }
}

fn send_all(
    task: &Task,
    kind: Kind,
    count: u64,
    worker: u64,
    shared: &Shared,
    questions: &mut BufWriter<ChildStdin>,
    send: &SyncSender<(u64, Value)>,
) -> io::Result<()> {
    for index in (worker..count).step_by(task.workers as usize) {
        if shared.enough.load(Ordering::Relaxed) {
            break;
        }
        let index = task.first + index;
        let question = (kind.random)(&mut Choices::seeded(task.seed, index));
        write(questions, &question)?;
        // Whoever waits for an answer must be able to get it.
        if (index / task.workers) % FLUSH == FLUSH - 1 {
            questions.flush()?;
        }
        if send.send((index, question)).is_err() {
            break;
        }
    }
    questions.flush()
}

fn receive_all(
    kind: Kind,
    receive: Receiver<(u64, Value)>,
    answers: &mut RayAnswers,
    shared: &Shared,
) -> io::Result<()> {
    for (index, question) in receive {
        let answered = answers.receive()?;
        shared.asked.fetch_add(1, Ordering::Relaxed);
        // What was sent is read all the same, so that nobody waits for ever.
        if shared.enough.load(Ordering::Relaxed) {
            continue;
        }
        if !answered["refused"].is_null() {
            let text = format!("case {index} is not whole: {}\n{question}", answered["refused"]);
            return Err(io::Error::other(text));
        }
        shared.decisions.fetch_add((kind.decisions)(&answered), Ordering::Relaxed);
        let Some(text) = kind.compare(&answered) else { continue };
        let Ok(mut different) = shared.different.lock() else { break };
        different.push(Difference { index, question, text });
        if different.len() >= ENOUGH {
            shared.enough.store(true, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// Makes a difference smaller, prints it and writes it where `cargo test` finds it.
fn tell(task: &Task, kind: Kind, difference: &Difference) -> io::Result<()> {
    println!("\n{} {} differs:\n{}", kind.name, difference.index, difference.text);
    let mut upstream = RayUpstream::start(&task.python, kind.name)?;
    let panicked = difference.text == PANICKED;
    // Many questions that are not whole make our reading of them panic.
    std::panic::set_hook(Box::new(|_| {}));
    let smallest = shrink(difference.question.clone(), ROUNDS, |question| {
        let Ok(Some(answered)) = upstream.ask(question) else { return false };
        kind.compare(&answered).is_some_and(|text| (text == PANICKED) == panicked)
    });
    let answered = upstream.ask(&smallest)?.unwrap_or_default();
    let text = kind.compare(&answered).unwrap_or_default();
    let _ = std::panic::take_hook();
    upstream.close()?;
    let folder = folder().join("differed");
    let path = folder.join(format!("{}-{}-{}.json", kind.name, task.seed, difference.index));
    std::fs::create_dir_all(folder)?;
    let case = json!({"kind": kind.name, "upstream": task.version, "answered": answered});
    std::fs::write(&path, case.to_string() + "\n")?;
    println!("smaller, in {}:\n{answered}\n{text}", path.display());
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/ray")
}

/// Times both sides on the clusters that upstream finishes in minutes, and compares the answers.
fn bench(task: &Task) -> io::Result<bool> {
    let kind = Kind::named("scheduler-large").ok_or_else(|| io::Error::other("no such kind"))?;
    let mut upstream = RayUpstream::start(&task.python, kind.name)?;
    let mut all_same = true;
    for &size in SIZES.iter().filter(|size| size.0 <= 300) {
        for alike in [true, false] {
            let start = Instant::now();
            let answered = upstream.ask(&sized(size, alike))?.unwrap_or_default();
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
            if let Some(text) = kind.compare(&answered) {
                println!("they differ:\n{text}");
                all_same = false;
            }
        }
    }
    upstream.close()?;
    Ok(all_same)
}

/// Answers the questions that were written by hand, if there are any of this kind.
fn write_rows(kind: Kind, upstream: &mut RayUpstream) -> io::Result<()> {
    let name = format!("rows/{}.jsonl", kind.name);
    let questions = folder().join("../../oracle/ray").join(&name);
    let Ok(questions) = std::fs::read_to_string(questions) else { return Ok(()) };
    let mut text = String::new();
    for line in questions.lines() {
        let answered = upstream.ask(&serde_json::from_str(line)?)?;
        let answered = answered.ok_or_else(|| io::Error::other(format!("refused: {line}")))?;
        text += &format!("{answered}\n");
    }
    std::fs::create_dir_all(folder().join("rows"))?;
    std::fs::write(folder().join(name), text)
}

/// Writes the file of answered questions that `cargo test` reads.
fn write_cases(task: &Task, kind: Kind) -> io::Result<()> {
    let mut upstream = RayUpstream::start(&task.python, kind.name)?;
    let header = json!({
        "engine": kind.name,
        "upstream": format!("ray {}", task.version),
        "seed": task.seed,
        "cases": kind.written,
    });
    let mut text = format!("{header}\n");
    for index in 0..kind.written {
        let question = (kind.random)(&mut Choices::seeded(task.seed, index));
        let answered = upstream.ask(&question)?;
        let answered = answered.ok_or_else(|| io::Error::other(format!("refused: {question}")))?;
        text += &format!("{answered}\n");
    }
    write_rows(kind, &mut upstream)?;
    upstream.close()?;
    let path = folder().join(format!("{}.jsonl", kind.name));
    std::fs::write(&path, text)?;
    println!("{}: {} cases", path.display(), kind.written);
    Ok(())
}
