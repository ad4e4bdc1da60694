//! Asks upstream's own code and ours the same questions and tells where the answers differ.
//!
//! `cargo xtask oracle` builds upstream's program and calls this one.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::cmp::Reverse;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tidetable_tests::choices::Choices;
use tidetable_tests::hpa_bench::bench;
use tidetable_tests::hpa_case::{CalculatorCase, History};
use tidetable_tests::hpa_cases::{self, Answered, Differed, Header};
use tidetable_tests::hpa_compare::Question;
use tidetable_tests::hpa_shrink::shrink;
use tidetable_tests::hpa_upstream::{Answers, Upstream, write};

/// Questions that are on their way at a time, for each process.
const AHEAD: usize = 1024;
/// Questions between two flushes.
const FLUSH: u64 = 64;
/// Differences after which the rest is not worth asking.
const ENOUGH: usize = 8;
/// How often upstream is asked while a difference is made smaller.
const ROUNDS: usize = 20_000;

/// What is asked for.
struct Task {
    /// Upstream's program.
    program: PathBuf,
    /// Its version, such as `1.37.2`.
    version: String,
    minor: u32,
    seed: u64,
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

/// `compare|record|write|bench PROGRAM VERSION SEED CASES HISTORIES`, from xtask.
fn run(arguments: &[String]) -> io::Result<bool> {
    let [what, program, version, seed, cases, histories] = arguments else {
        return Err(io::Error::other("use `cargo xtask oracle hpa`, which knows the arguments"));
    };
    let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
    let task = Task {
        program: program.into(),
        version: version.clone(),
        minor: hpa_cases::minor(version),
        seed: number(seed)?,
        workers: thread::available_parallelism().map_or(1, |it| it.get() as u64),
    };
    let (cases, histories) = (number(cases)?, number(histories)?);
    if what == "bench" {
        return bench(&task.program, task.minor).map(|()| true);
    }
    if what == "write" {
        write_cases::<CalculatorCase>(&task, cases)?;
        write_cases::<History>(&task, histories)?;
        return Ok(true);
    }
    let calculator = compare::<CalculatorCase>(&task, cases)?;
    let history = compare::<History>(&task, histories)?;
    let same = calculator.is_some() && history.is_some();
    if let (true, Some(syncs)) = (same && what == "record", history) {
        let Task { version, seed, .. } = &task;
        record(&format!("{version} {cases} {histories} {syncs} {seed} {}", today()), version)?;
    }
    Ok(same)
}

/// A question whose answers differ, and how.
struct Difference<Q> {
    index: u64,
    question: Q,
    text: String,
}

/// What the workers share.
struct Shared<Q> {
    asked: AtomicU64,
    decisions: AtomicU64,
    enough: AtomicBool,
    different: Mutex<Vec<Difference<Q>>>,
}

/// Asks `count` questions. If all answers were the same, how many decisions they held.
fn compare<Q: Question>(task: &Task, count: u64) -> io::Result<Option<u64>> {
    if count == 0 {
        return Ok(Some(0));
    }
    let start = Instant::now();
    let shared = Shared::<Q> {
        asked: AtomicU64::new(0),
        decisions: AtomicU64::new(0),
        enough: AtomicBool::new(false),
        different: Mutex::new(Vec::new()),
    };
    let ended = thread::scope(|scope| {
        let workers: Vec<_> = (0..task.workers)
            .map(|worker| {
                let shared = &shared;
                scope.spawn(move || work::<Q>(task, count, worker, shared))
            })
            .collect();
        let mut told = Instant::now();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(50));
            if told.elapsed() >= Duration::from_secs(10) {
                told = Instant::now();
                progress::<Q>(task, &shared.asked, count, start);
            }
        }
        workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for worker in ended {
        worker.map_err(|_| io::Error::other("a worker panicked"))??;
    }
    progress::<Q>(task, &shared.asked, count, start);
    let different = shared.different.into_inner().map_err(|_| io::Error::other("poisoned"))?;
    for difference in &different {
        tell(task, difference)?;
    }
    if !different.is_empty() {
        return Ok(None);
    }
    let decisions = shared.decisions.into_inner();
    let (name, seed) = (Q::NAME, task.seed);
    println!("{name}: 0 differences in {count} ({decisions} decisions) with seed {seed}");
    Ok(Some(decisions))
}

fn progress<Q: Question>(task: &Task, asked: &AtomicU64, count: u64, start: Instant) {
    let asked = asked.load(Ordering::Relaxed);
    let each_second = asked as f64 / start.elapsed().as_secs_f64();
    println!("{} {}: {asked} of {count}, {each_second:.0} a second", task.version, Q::NAME);
    let _ = io::stdout().flush();
}

/// Asks every question whose number is `worker` modulo the number of workers.
fn work<Q: Question>(task: &Task, count: u64, worker: u64, shared: &Shared<Q>) -> io::Result<()> {
    let (mut child, mut questions, mut answers) =
        Upstream::start(&task.program, Q::UPSTREAM)?.split();
    let (send, receive) = sync_channel::<(u64, Q)>(AHEAD);
    let sent = thread::scope(|scope| {
        let sender =
            scope.spawn(move || send_all(task, count, worker, shared, &mut questions, &send));
        receive_all(task, receive, &mut answers, shared)?;
        sender.join().map_err(|_| io::Error::other("the sender panicked"))?
    });
    sent?;
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("upstream: {status}"))) }
}

fn send_all<Q: Question>(
    task: &Task,
    count: u64,
    worker: u64,
    shared: &Shared<Q>,
    questions: &mut io::BufWriter<std::process::ChildStdin>,
    send: &SyncSender<(u64, Q)>,
) -> io::Result<()> {
    for index in (worker..count).step_by(task.workers as usize) {
        if shared.enough.load(Ordering::Relaxed) {
            break;
        }
        let question = Q::random(&mut Choices::seeded(task.seed, index), task.minor);
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

fn receive_all<Q: Question>(
    task: &Task,
    receive: Receiver<(u64, Q)>,
    answers: &mut Answers,
    shared: &Shared<Q>,
) -> io::Result<()> {
    for (index, question) in receive {
        let answer: Q::Answer = answers.answer()?;
        shared.asked.fetch_add(1, Ordering::Relaxed);
        shared.decisions.fetch_add(question.decisions(), Ordering::Relaxed);
        // What was sent is read all the same, so that nobody waits for ever.
        if shared.enough.load(Ordering::Relaxed) {
            continue;
        }
        let Err(text) = question.compare(&answer, task.minor) else { continue };
        let Ok(mut different) = shared.different.lock() else { break };
        different.push(Difference { index, question, text });
        if different.len() >= ENOUGH {
            shared.enough.store(true, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// Makes a difference smaller, prints it and writes it where `cargo test` finds it.
fn tell<Q: Question>(task: &Task, difference: &Difference<Q>) -> io::Result<()> {
    println!("\n{} {} differs:\n{}", Q::NAME, difference.index, difference.text);
    let mut upstream = Upstream::start(&task.program, Q::UPSTREAM)?;
    let value = serde_json::to_value(&difference.question)?;
    let smallest = shrink(value, ROUNDS, |value| {
        let Ok(question) = serde_json::from_value::<Q>(value.clone()) else { return false };
        if !question.is_whole() {
            return false;
        }
        if let Ok(answer) = upstream.ask::<Q::Answer>(&question) {
            return question.compare(&answer, task.minor).is_err();
        }
        // Upstream gave up on it; the next one needs a new process.
        if let Ok(fresh) = Upstream::start(&task.program, Q::UPSTREAM) {
            upstream = fresh;
        }
        false
    });
    let question: Q = serde_json::from_value(smallest)?;
    let answer: Q::Answer = upstream.ask(&question)?;
    let text = question.compare(&answer, task.minor).err().unwrap_or_default();
    upstream.close()?;
    let path = save(task, &question, &answer, difference.index)?;
    println!("smaller, in {}:\n{}\n{text}", path.display(), serde_json::to_string(&question)?);
    Ok(())
}

fn save<Q: Question>(
    task: &Task,
    question: &Q,
    answer: &Q::Answer,
    index: u64,
) -> io::Result<PathBuf> {
    let Task { version, seed, .. } = task;
    let folder = hpa_cases::folder().join("differed");
    let path = folder.join(format!("{}-{version}-{seed}-{index}.json", Q::NAME));
    std::fs::create_dir_all(folder)?;
    let kubernetes = version.clone();
    let case = Differed { kubernetes, case: question, answer };
    std::fs::write(&path, serde_json::to_string_pretty(&case)? + "\n")?;
    Ok(path)
}

/// Writes a file of questions with upstream's answers.
fn write_cases<Q: Question>(task: &Task, count: u64) -> io::Result<()> {
    if count == 0 {
        return Ok(());
    }
    let Task { version, seed, minor, .. } = task;
    let mut upstream = Upstream::start(&task.program, Q::UPSTREAM)?;
    let header = Header { kubernetes: version.clone(), seed: *seed, cases: count };
    let mut text = serde_json::to_string(&header)? + "\n";
    for index in 0..count {
        let case = Q::random(&mut Choices::seeded(*seed, index), *minor);
        let answer: Q::Answer = upstream.ask(&case)?;
        text += &serde_json::to_string(&Answered { case, answer })?;
        text.push('\n');
    }
    upstream.close()?;
    let folder = hpa_cases::folder().join(Q::NAME);
    std::fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{version}.jsonl"));
    std::fs::write(&path, text)?;
    println!("{}: {count} cases", path.display());
    Ok(())
}

/// Puts `line` where the page reads what was compared, in the place of the release's line.
fn record(line: &str, version: &str) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/upstream/checked.txt");
    let text = std::fs::read_to_string(&path)?;
    let minor = hpa_cases::minor(version);
    let (comments, lines): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|it| it.starts_with('#'));
    let mut lines: Vec<&str> =
        lines.into_iter().filter(|it| hpa_cases::minor(it) != minor).chain([line]).collect();
    lines.sort_by_key(|it| Reverse(hpa_cases::minor(it)));
    let text: Vec<&str> = comments.into_iter().chain(lines).collect();
    std::fs::write(&path, text.join("\n") + "\n")?;
    println!("recorded in {}: {line}", path.display());
    Ok(())
}

/// The date, in UTC, as `2026-11-24`.
///
/// Upstream: Howard Hinnant, chrono-compatible low-level date algorithms, `civil_from_days`.
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) =
        (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{day:02}")
}
