//! Every phrase about Serve says something in both languages, and a few as they read.

use crate::explain::phrase::{Phrase, ServePhrase};
use crate::time::{Duration, Instant};

fn phrases() -> Vec<ServePhrase<'static>> {
    let since = Instant::from_seconds(90);
    let delay = Duration::from_seconds(30);
    let field = "upscale_delay_s";
    vec![
        ServePhrase::Seen { function: "mean", series: 2, since, requests: 1.0 },
        ServePhrase::Seen { function: "max", series: 3, since, requests: 12.5 },
        ServePhrase::Forgotten { silent: delay },
        ServePhrase::ColdStart { requests: 5.0, wanted: 1 },
        ServePhrase::NothingRuns { target: 0 },
        ServePhrase::Ratio { running: 4, requests: 20.0, target_each: 2.0, desired: 10.0 },
        ServePhrase::Scaled { factor: 0.5, running: 4, desired: 10.0, wanted: 7 },
        ServePhrase::OneLess,
        ServePhrase::Steady { target: 4 },
        ServePhrase::NotBelowOne,
        ServePhrase::Waits { wanted: 10, target: 4, field, since, delay },
        ServePhrase::DelayOver { wanted: 10, field, since, delay },
        ServePhrase::Gangs { gang: 4, from: 5, to: 8 },
        ServePhrase::Limited { field: "max_replicas", from: 10, to: 8 },
    ]
}

#[test]
fn every_phrase_is_said_in_both_languages() {
    for phrase in phrases() {
        let (en, ko) = (phrase.en().to_string(), phrase.ko().to_string());
        assert!(!en.is_empty() && !ko.is_empty(), "{phrase:?}");
        let is_formula = matches!(phrase, ServePhrase::Ratio { .. } | ServePhrase::Scaled { .. });
        assert_eq!(en == ko, is_formula, "{en}");
    }
}

#[test]
fn a_wish_that_waits_is_told_with_its_delay() {
    let phrases = phrases();
    let reads = |index: usize| {
        let phrase = &phrases[index];
        (phrase.en().to_string(), phrase.ko().to_string())
    };
    let (en, ko) = reads(10);
    assert_eq!(
        en,
        "Wants 10; the target is 4. upscale_delay_s (30s) has been running since 1m 30s."
    );
    assert_eq!(
        ko,
        "목표는 4개인데 10개가 필요합니다. 1m 30s에 시작한 upscale_delay_s(30s)가 끝날 때까지 \
         기다립니다."
    );
    assert_eq!(reads(5).0, "4 × 20 / (2 × 4) = 10");
}
