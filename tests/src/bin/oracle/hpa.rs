//! The HPA's controller: single metrics, and histories of an HPA.

use std::io;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tidetable_tests::choices::Choices;
use tidetable_tests::compare::{Engine, Range, compare};
use tidetable_tests::hpa_bench::bench;
use tidetable_tests::hpa_case::{CalculatorCase, History};
use tidetable_tests::hpa_cases::{self, Answered, Differed, Header};
use tidetable_tests::hpa_compare::Question;
use tidetable_tests::process::Process;
use tidetable_tests::record::{record, today, with_commas};

use crate::{number, workers};

/// Questions of the type `Q`.
struct Hpa<'t, Q> {
    /// Upstream's program.
    program: &'t Path,
    /// Its version, such as `1.37.2`.
    version: &'t str,
    minor: u32,
    question: PhantomData<fn() -> Q>,
}

/// `compare|record|write|bench PROGRAM VERSION SEED CASES HISTORIES`, from xtask.
pub(crate) fn run(arguments: &[String]) -> io::Result<bool> {
    let [what, program, version, seed, cases, histories] = arguments else {
        return Err(io::Error::other("use `cargo xtask oracle hpa`, which knows the arguments"));
    };
    let program = Path::new(program);
    let (seed, cases, histories) = (number(seed)?, number(cases)?, number(histories)?);
    let calculator = Hpa::<CalculatorCase>::of(program, version);
    let history = Hpa::<History>::of(program, version);
    if what == "bench" {
        return bench(program, calculator.minor).map(|()| true);
    }
    if what == "write" {
        calculator.write_cases(seed, cases)?;
        history.write_cases(seed, histories)?;
        return Ok(true);
    }
    let range = |count| Range { seed, first: 0, count, workers: workers(0) };
    let decisions = [compare(&calculator, range(cases))?, compare(&history, range(histories))?];
    let [Some(_), Some(syncs)] = decisions else { return Ok(false) };
    if what == "record" {
        let [cases, histories, syncs] = [cases, histories, syncs].map(with_commas);
        record(&format!("{version} {cases} {histories} {syncs} {seed} {}", today()))?;
    }
    Ok(true)
}

impl<'t, Q: Question> Hpa<'t, Q> {
    fn of(program: &'t Path, version: &'t str) -> Self {
        Self { program, version, minor: hpa_cases::minor(version), question: PhantomData }
    }

    /// Writes a file of questions with upstream's answers.
    fn write_cases(&self, seed: u64, count: u64) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let mut upstream = self.start()?;
        let header = Header { kubernetes: self.version.to_owned(), seed, cases: count };
        let mut text = serde_json::to_string(&header)? + "\n";
        for index in 0..count {
            let case = self.random(seed, index);
            let answer: Q::Answer = upstream.ask(&case)?;
            text += &serde_json::to_string(&Answered { case, answer })?;
            text.push('\n');
        }
        upstream.close()?;
        let folder = hpa_cases::folder().join(Q::NAME);
        std::fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.jsonl", self.version));
        std::fs::write(&path, text)?;
        println!("{}: {count} cases", path.display());
        Ok(())
    }
}

impl<Q: Question> Engine for Hpa<'_, Q> {
    type Question = Q;
    type Answer = Q::Answer;

    fn name(&self) -> String {
        format!("{} {}", self.version, Q::NAME)
    }

    fn sources(&self) -> io::Result<Vec<PathBuf>> {
        Ok(vec![self.program.to_owned()])
    }

    fn start(&self) -> io::Result<Process> {
        Process::go(self.program, Q::UPSTREAM)
    }

    fn random(&self, seed: u64, index: u64) -> Q {
        Q::random(&mut Choices::seeded(seed, index), self.minor)
    }

    fn refused(&self, _: &Q::Answer) -> Option<String> {
        None
    }

    fn decisions(&self, question: &Q, _: &Q::Answer) -> u64 {
        question.decisions()
    }

    fn differs(&self, question: &Q, answer: &Q::Answer) -> Option<String> {
        question.compare(answer, self.minor).err()
    }

    fn smaller(&self, tree: &Value) -> Option<Q> {
        serde_json::from_value::<Q>(tree.clone()).ok().filter(Q::is_whole)
    }

    fn is_alike(&self, _: &str, _: &str) -> bool {
        true
    }

    fn save(&self, question: &Q, answer: &Q::Answer, name: &str) -> io::Result<PathBuf> {
        let folder = hpa_cases::folder().join("differed");
        let path = folder.join(format!("{}-{}-{name}.json", Q::NAME, self.version));
        std::fs::create_dir_all(folder)?;
        let case = Differed { kubernetes: self.version.to_owned(), case: question, answer };
        std::fs::write(&path, serde_json::to_string_pretty(&case)? + "\n")?;
        Ok(path)
    }
}
