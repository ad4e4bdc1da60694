//! Asks upstream's own code and ours the same questions and tells where the answers differ.
//!
//! What an oracle asks, and how answers are compared, is an [`Engine`]. Questions are asked in
//! parts, by as many processes as there are workers; a part without a difference is remembered.

#![expect(clippy::disallowed_types, reason = "a developer command may read the clock")]

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ChildStdin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::process::{Answers, Process, ended, write};
use crate::progress::{Part, Progress};
use crate::shrink::shrink;

/// Questions that are on their way at a time, for each process.
const AHEAD: usize = 256;
/// Questions between two flushes.
const FLUSH: u64 = 16;
/// Differences after which the rest is not worth asking.
const ENOUGH: usize = 8;
/// How often upstream is asked while a difference is made smaller.
const ROUNDS: usize = 10_000;

/// One kind of question, and who answers it.
pub trait Engine: Sync {
    /// What is asked.
    type Question: Serialize + Send;
    /// What upstream answers.
    type Answer: DeserializeOwned;

    /// What is asked of whom, such as `ray 2.60.0 config`: names the progress.
    fn name(&self) -> String;

    /// The files that upstream's answers depend on.
    ///
    /// # Errors
    /// If they can't be listed.
    fn sources(&self) -> io::Result<Vec<PathBuf>>;

    /// Starts a process of upstream's.
    ///
    /// # Errors
    /// If it can't be started.
    fn start(&self) -> io::Result<Process>;

    /// The random question of this number.
    fn random(&self, seed: u64, index: u64) -> Self::Question;

    /// Why upstream's program could make nothing of a question, if that is what it answered.
    fn refused(&self, answer: &Self::Answer) -> Option<String>;

    /// Decisions that an answered question holds.
    fn decisions(&self, question: &Self::Question, answer: &Self::Answer) -> u64;

    /// How our answer differs, if it does.
    fn differs(&self, question: &Self::Question, answer: &Self::Answer) -> Option<String>;

    /// The question that was made smaller; none if it can't be asked.
    fn smaller(&self, tree: &Value) -> Option<Self::Question>;

    /// Whether a smaller question shows the same sort of difference.
    fn is_alike(&self, difference: &str, smaller: &str) -> bool;

    /// Writes a difference where `cargo test` finds it.
    ///
    /// # Errors
    /// If it can't be written.
    fn save(
        &self,
        question: &Self::Question,
        answer: &Self::Answer,
        name: &str,
    ) -> io::Result<PathBuf>;
}

/// Which questions.
#[derive(Clone, Copy)]
pub struct Range {
    /// Of the random questions.
    pub seed: u64,
    /// The number of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
    /// Processes.
    pub workers: u64,
}

struct Difference<Q> {
    index: u64,
    question: Q,
    text: String,
}

/// What the workers share.
struct Shared<Q> {
    parts: Vec<Part>,
    next: AtomicU64,
    asked: AtomicU64,
    enough: AtomicBool,
    progress: Mutex<Progress>,
    different: Mutex<Vec<Difference<Q>>>,
}

/// Asks the questions that were not asked yet. If all answers were the same, how many decisions
/// they all held.
///
/// # Errors
/// If upstream's program fails, or a file can't be written.
pub fn compare<E: Engine>(engine: &E, range: Range) -> io::Result<Option<u64>> {
    let start = Instant::now();
    let Range { seed, count, .. } = range;
    let name = engine.name();
    let mut progress = Progress::of(&format!("{name} {seed}"), &engine.sources()?)?;
    let parts = progress.left(range.first, count);
    let left: u64 = parts.iter().map(|it| it.count).sum();
    if left < count {
        println!("{name}: {} of {count} were asked before", count - left);
    }
    let workers = range.workers.min(parts.len() as u64);
    let shared = Shared::<E::Question> {
        parts,
        next: AtomicU64::new(0),
        asked: AtomicU64::new(0),
        enough: AtomicBool::new(false),
        progress: Mutex::new(progress),
        different: Mutex::new(Vec::new()),
    };
    let tell_progress = || {
        let asked = shared.asked.load(Ordering::Relaxed);
        let each_second = asked as f64 / start.elapsed().as_secs_f64();
        println!("{name}: {asked} of {left}, {each_second:.0} a second");
        let _ = io::stdout().flush();
    };
    let ended = thread::scope(|scope| {
        let workers: Vec<_> =
            (0..workers).map(|_| scope.spawn(|| work(engine, seed, &shared))).collect();
        let mut told = Instant::now();
        while !workers.iter().all(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(Duration::from_millis(50));
            if told.elapsed() >= Duration::from_secs(10) {
                told = Instant::now();
                tell_progress();
            }
        }
        workers.into_iter().map(thread::ScopedJoinHandle::join).collect::<Vec<_>>()
    });
    for worker in ended {
        worker.map_err(|_| io::Error::other("a worker panicked"))??;
    }
    tell_progress();
    let poisoned = || io::Error::other("a worker panicked");
    let different = shared.different.into_inner().map_err(|_| poisoned())?;
    for difference in &different {
        tell(engine, seed, difference)?;
    }
    if !different.is_empty() {
        return Ok(None);
    }
    let decisions = shared.progress.into_inner().map_err(|_| poisoned())?.decisions();
    println!("{name}: 0 differences in {count} ({decisions} decisions) with seed {seed}");
    Ok(Some(decisions))
}

/// A question on its way, and whether its part ends with it.
struct Sent<Q> {
    index: u64,
    question: Q,
    ends: Option<Part>,
}

/// Asks part after part.
fn work<E: Engine>(engine: &E, seed: u64, shared: &Shared<E::Question>) -> io::Result<()> {
    let (child, mut questions, mut answers) = engine.start()?.split();
    let (send, receive) = sync_channel::<Sent<E::Question>>(AHEAD);
    let sent = thread::scope(|scope| {
        let sender = scope.spawn(move || send_all(engine, seed, shared, &mut questions, &send));
        receive_all(engine, receive, &mut answers, shared)?;
        sender.join().map_err(|_| io::Error::other("the sender panicked"))?
    });
    sent?;
    ended(child)
}

fn send_all<E: Engine>(
    engine: &E,
    seed: u64,
    shared: &Shared<E::Question>,
    questions: &mut BufWriter<ChildStdin>,
    send: &SyncSender<Sent<E::Question>>,
) -> io::Result<()> {
    let mut sent = 0;
    while let Some(&part) = shared.parts.get(shared.next.fetch_add(1, Ordering::Relaxed) as usize) {
        for index in part.first..part.first + part.count {
            if shared.enough.load(Ordering::Relaxed) {
                return questions.flush();
            }
            let question = engine.random(seed, index);
            write(questions, &question)?;
            sent += 1;
            // Whoever waits for an answer must be able to get it.
            if sent % FLUSH == 0 {
                questions.flush()?;
            }
            let ends = (index + 1 == part.first + part.count).then_some(part);
            if send.send(Sent { index, question, ends }).is_err() {
                return questions.flush();
            }
        }
    }
    questions.flush()
}

fn receive_all<E: Engine>(
    engine: &E,
    receive: Receiver<Sent<E::Question>>,
    answers: &mut Answers,
    shared: &Shared<E::Question>,
) -> io::Result<()> {
    let (mut decisions, mut same) = (0, true);
    for Sent { index, question, ends } in receive {
        let answer: E::Answer = answers.receive()?;
        shared.asked.fetch_add(1, Ordering::Relaxed);
        // What was sent is read all the same, so that nobody waits for ever.
        if shared.enough.load(Ordering::Relaxed) {
            continue;
        }
        if let Some(why) = engine.refused(&answer) {
            let question = serde_json::to_string(&question)?;
            return Err(io::Error::other(format!("case {index} is not whole: {why}\n{question}")));
        }
        decisions += engine.decisions(&question, &answer);
        if let Some(text) = engine.differs(&question, &answer) {
            same = false;
            let Ok(mut different) = shared.different.lock() else { break };
            different.push(Difference { index, question, text });
            shared.enough.fetch_or(different.len() >= ENOUGH, Ordering::Relaxed);
        }
        let Some(part) = ends else { continue };
        if same {
            let Ok(mut progress) = shared.progress.lock() else { break };
            progress.add(part, decisions)?;
        }
        (decisions, same) = (0, true);
    }
    Ok(())
}

/// Makes a difference smaller, prints it and writes it where `cargo test` finds it.
fn tell<E: Engine>(engine: &E, seed: u64, found: &Difference<E::Question>) -> io::Result<()> {
    let Difference { index, question, text } = found;
    println!("\n{} {index} differs:\n{text}", engine.name());
    let mut upstream = engine.start()?;
    // Many questions that are not whole make our reading of them panic.
    std::panic::set_hook(Box::new(|_| {}));
    let smallest = shrink(serde_json::to_value(question)?, ROUNDS, |tree| {
        let Some(question) = engine.smaller(tree) else { return false };
        if let Ok(answer) = upstream.ask::<E::Answer>(&question) {
            return engine.refused(&answer).is_none()
                && engine.differs(&question, &answer).is_some_and(|it| engine.is_alike(text, &it));
        }
        // Upstream gave up on it; the next one needs a new process.
        if let Ok(fresh) = engine.start() {
            upstream = fresh;
        }
        false
    });
    let whole = || io::Error::other("the smallest question is not whole");
    let question = engine.smaller(&smallest).ok_or_else(whole)?;
    let answer: E::Answer = upstream.ask(&question)?;
    let text = engine.differs(&question, &answer).unwrap_or_default();
    let _ = std::panic::take_hook();
    upstream.close()?;
    let path = engine.save(&question, &answer, &format!("{seed}-{index}"))?;
    println!("smaller, in {}:\n{}\n{text}", path.display(), serde_json::to_string(&question)?);
    Ok(())
}
