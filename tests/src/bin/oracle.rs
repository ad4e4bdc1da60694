//! Asks upstream's own code and ours the same questions and tells where the answers differ.
//!
//! `cargo xtask oracle` builds upstream's program and calls this one.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use tidetable_tests::choices::Choices;
use tidetable_tests::hpa_case::{CalculatorCase, History};
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
    /// Folder for the cases that differ.
    different: PathBuf,
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

/// `PROGRAM VERSION SEED WORKERS FOLDER CASES HISTORIES`, from xtask.
fn run(arguments: &[String]) -> io::Result<bool> {
    let [program, version, seed, workers, different, cases, histories] = arguments else {
        return Err(io::Error::other("use `cargo xtask oracle hpa`, which knows the arguments"));
    };
    let number = |text: &str| text.parse::<u64>().map_err(io::Error::other);
    let minor = version.split('.').nth(1).unwrap_or_default();
    let task = Task {
        program: program.into(),
        version: version.clone(),
        minor: number(minor)? as u32,
        seed: number(seed)?,
        workers: number(workers)?.max(1),
        different: different.into(),
    };
    let mut same = true;
    if number(cases)? > 0 {
        same &= compare::<CalculatorCase>(&task, number(cases)?)?;
    }
    if number(histories)? > 0 {
        same &= compare::<History>(&task, number(histories)?)?;
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
    enough: AtomicBool,
    different: Mutex<Vec<Difference<Q>>>,
}

/// Asks `count` questions; says whether all answers were the same.
fn compare<Q: Question>(task: &Task, count: u64) -> io::Result<bool> {
    let start = Instant::now();
    let shared = Shared::<Q> {
        asked: AtomicU64::new(0),
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
        workers.into_iter().map(|worker| worker.join()).collect::<Vec<_>>()
    });
    for worker in ended {
        worker.map_err(|_| io::Error::other("a worker panicked"))??;
    }
    progress::<Q>(task, &shared.asked, count, start);
    let different = shared.different.into_inner().map_err(|_| io::Error::other("poisoned"))?;
    for difference in &different {
        tell(task, difference)?;
    }
    if different.is_empty() {
        println!("{}: 0 differences in {count} with seed {}", Q::NAME, task.seed);
    }
    Ok(different.is_empty())
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
    // After enough differences the program is left with questions that nobody waits for.
    if shared.enough.load(Ordering::Relaxed) {
        let _ = child.kill();
        let _ = child.wait();
        return Ok(());
    }
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
        let answer: Q::Answer = answers.next()?;
        shared.asked.fetch_add(1, Ordering::Relaxed);
        let Err(text) = question.compare(&answer, task.minor) else { continue };
        let Ok(mut different) = shared.different.lock() else { break };
        different.push(Difference { index, question, text });
        if different.len() >= ENOUGH {
            shared.enough.store(true, Ordering::Relaxed);
            break;
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
        match upstream.ask::<Q::Answer>(&question) {
            Ok(answer) => question.compare(&answer, task.minor).is_err(),
            // Upstream gave up on it; the next one needs a new process.
            Err(_) => {
                if let Ok(fresh) = Upstream::start(&task.program, Q::UPSTREAM) {
                    upstream = fresh;
                }
                false
            }
        }
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
    let Task { version, seed, different, .. } = task;
    let path = Path::new(different).join(format!("{}-{version}-{seed}-{index}.json", Q::NAME));
    std::fs::create_dir_all(different)?;
    let case = serde_json::json!({"kubernetes": version, "case": question, "answer": answer});
    std::fs::write(&path, serde_json::to_string_pretty(&case)? + "\n")?;
    Ok(path)
}
