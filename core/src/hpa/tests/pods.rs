//! Pods as words.
//!
//! A word is a usage, `/`, a request in milli units (`1000` if left out), and marks: `50!` is not
//! ready and just started, `50h` ready but just started, `50f` failed, `50d` being deleted, `50x`
//! not listed, `50p` pending, `50r` without a request, `50o` beside another container; `-` has no
//! sample.

use super::super::{
    Container, ContainerKind, Observation, Pod, PodIndex, PodPhase, Reading, ReadyCondition,
    ReadyStatus, ResourceName, Sample, Scale, Selector, Writes,
};
use super::{NOW, ago};
use crate::time::{Duration, Instant};

/// What is read out of the words.
pub(super) struct Pods {
    pods: Vec<Word>,
    pub(super) samples: Vec<Sample>,
}

struct Word {
    phase: PodPhase,
    deleting: bool,
    start: Instant,
    ready: ReadyStatus,
    containers: Vec<Container>,
}

impl Pods {
    /// `unit` is what a usage of 1 is in milli units.
    pub(super) fn read(text: &str, unit: i64) -> Self {
        let mut pods = Self { pods: Vec::new(), samples: Vec::new() };
        for word in text.split_whitespace() {
            pods.add(word, unit);
        }
        pods
    }

    fn add(&mut self, word: &str, unit: i64) {
        let marks = word.trim_start_matches(|it: char| it.is_ascii_digit() || "-/.".contains(it));
        let numbers = &word[..word.len() - marks.len()];
        let (usage, request) = numbers.split_once('/').unwrap_or((numbers, "1000"));
        let is_listed = !marks.contains('x');
        if usage != "-" {
            let value_milli = super::milli(usage) * unit / 1000;
            let window = Duration::from_seconds(60);
            let pod = is_listed.then_some(PodIndex::of(self.pods.len()));
            self.samples.push(Sample { pod, value_milli, timestamp: NOW, window });
        }
        if !is_listed {
            return;
        }
        let phase = if marks.contains('f') {
            PodPhase::Failed
        } else if marks.contains('p') {
            PodPhase::Pending
        } else {
            PodPhase::Running
        };
        let is_fresh = marks.contains(['!', 'h']);
        let milli = request.parse().expect("a whole number");
        let requests = if marks.contains('r') {
            Vec::new()
        } else {
            vec![(ResourceName::Cpu, milli), (ResourceName::Memory, milli)]
        };
        let named = |name: &str, requests| Container {
            name: name.to_owned(),
            kind: ContainerKind::App,
            requests,
        };
        let mut containers = vec![named("c", requests)];
        if marks.contains('o') {
            containers.insert(0, named("other", vec![(ResourceName::Cpu, 9000)]));
        }
        self.pods.push(Word {
            phase,
            deleting: marks.contains('d'),
            start: if is_fresh { NOW } else { ago(180) },
            ready: if marks.contains('!') { ReadyStatus::False } else { ReadyStatus::True },
            containers,
        });
    }

    /// The pods, each Ready (or not) since its start.
    pub(super) fn observed(&self) -> Vec<Pod<'_>> {
        self.pods
            .iter()
            .map(|word| Pod {
                name: "pod",
                phase: word.phase,
                deleting: word.deleting,
                start_time: Some(word.start),
                ready: Some(ReadyCondition {
                    status: word.ready,
                    last_transition: Some(word.start),
                }),
                containers: &word.containers,
                requests: &[],
                overhead: &[],
            })
            .collect()
    }
}

/// Hands an observation of `pods` and one metric to `look`.
pub(super) fn observe<T>(
    replicas: (i32, i32),
    pods: &Pods,
    readings: &[Reading<'_>],
    look: impl FnOnce(&Observation<'_>) -> T,
) -> T {
    look(&Observation {
        scale: Ok(Scale { spec_replicas: replicas.0, status_replicas: replicas.1 }),
        selector: Selector::Valid,
        pods: &pods.observed(),
        metrics: readings,
        writes: Writes::default(),
    })
}
