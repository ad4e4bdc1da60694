//! What widgets call things, in both languages.

use crate::prediction::DelayPart;
use crate::report::{Language, PodCount};

/// Words of one language.
#[derive(Debug)]
pub struct Words {
    /// Decisions.
    pub time: &'static str,
    /// Who decides.
    pub who: &'static str,
    /// From how many to how many.
    pub change: &'static str,
    /// Why.
    pub why: &'static str,
    /// So many further rows.
    pub more: fn(usize) -> String,
    /// Values of a metric.
    pub value: &'static str,
    /// What the metric asks for.
    pub asks: &'static str,
    /// What the next look leaves.
    pub replicas: &'static str,
    /// Everything above a value.
    pub above: fn(&str) -> String,
    /// Every value.
    pub any: &'static str,
    /// The present value.
    pub present: &'static str,
    /// A metric.
    pub metric: &'static str,
    /// What it shows.
    pub current: &'static str,
    /// What it should show.
    pub target: &'static str,
    /// Their quotient.
    pub ratio: &'static str,
    /// A pod.
    pub pod: &'static str,
    /// From when to when it counted as what.
    pub counted: &'static str,
    /// A node.
    pub node: &'static str,
    /// What is on it.
    pub holds: &'static str,
    /// What waits for room.
    pub waiting: &'static str,
    /// A request.
    pub request: &'static str,
    /// Part of a delay.
    pub part: &'static str,
    /// How long it took.
    pub took: &'static str,
    /// Their sum.
    pub total: &'static str,
    /// The text that is shown.
    pub yaml: &'static str,
    /// Opens the text in the page.
    pub open: &'static str,
    /// The instant that is looked at.
    pub cursor: &'static str,
    /// The picture is not of the present text.
    pub stale: &'static str,
    /// Where something is wrong, with the line after it.
    pub line: fn(usize) -> String,
    /// Nothing was decided.
    pub nothing: &'static str,
    /// Neither more nor fewer.
    pub unchanged: &'static str,
}

/// English.
pub static ENGLISH: Words = Words {
    time: "Time",
    who: "Autoscaler",
    change: "Replicas",
    why: "Why",
    more: |count| format!("and {count} more"),
    value: "Value",
    asks: "Asks for",
    replicas: "Replicas",
    above: |value| format!("above {value}"),
    any: "any",
    present: "now",
    metric: "Metric",
    current: "Current",
    target: "Target",
    ratio: "Ratio",
    pod: "Pod",
    counted: "Counted as",
    node: "Node",
    holds: "Holds",
    waiting: "Waiting",
    request: "Request",
    part: "Part",
    took: "Took",
    total: "In all",
    yaml: "YAML",
    open: "Open in Tidetable",
    cursor: "Time",
    stale: "The picture shows the last text that could be read.",
    line: |line| format!("line {line}"),
    nothing: "Nothing is decided.",
    unchanged: "no change",
};

/// Korean.
pub static KOREAN: Words = Words {
    time: "시각",
    who: "오토스케일러",
    change: "레플리카",
    why: "이유",
    more: |count| format!("외 {count}건"),
    value: "값",
    asks: "요구",
    replicas: "레플리카",
    above: |value| format!("{value} 초과"),
    any: "모든 값",
    present: "현재",
    metric: "메트릭",
    current: "현재 값",
    target: "목표",
    ratio: "비율",
    pod: "파드",
    counted: "계산 방식",
    node: "노드",
    holds: "배치된 것",
    waiting: "대기 중",
    request: "요청",
    part: "구간",
    took: "걸린 시간",
    total: "합계",
    yaml: "YAML",
    open: "Tidetable에서 열기",
    cursor: "시각",
    stale: "그림은 마지막으로 읽을 수 있었던 텍스트의 결과입니다.",
    line: |line| format!("{line}번째 줄"),
    nothing: "아무 결정도 없습니다.",
    unchanged: "변화 없음",
};

/// The words of `language`.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Ko => &KOREAN,
    }
}

/// What a part of a delay is called.
pub fn delay_part(part: DelayPart, language: Language) -> &'static str {
    let [english, korean] = match part {
        DelayPart::Seen => ["until the metric shows it", "메트릭에 나타나기까지"],
        DelayPart::Decided => ["until the autoscaler asks for more", "오토스케일러가 늘리기까지"],
        DelayPart::RayDecided => {
            ["until Ray's autoscaler asks for a worker", "Ray 오토스케일러가 워커를 요구하기까지"]
        }
        DelayPart::Created => ["until the pod is created", "파드가 만들어지기까지"],
        DelayPart::Scheduled => ["until it has a node", "노드에 배치되기까지"],
        DelayPart::Started => ["image, init containers, start", "이미지, 초기화 컨테이너, 시작"],
        DelayPart::Ready => ["until it is ready", "준비되기까지"],
    };
    match language {
        Language::En => english,
        Language::Ko => korean,
    }
}

/// As what a pod counts, for a legend.
pub fn pod_count(count: PodCount, language: Language) -> &'static str {
    let [english, korean] = match count {
        PodCount::Counted => ["counted", "집계됨"],
        PodCount::Full => ["counted as full", "요청량 전부로 계산"],
        PodCount::Zero => ["counted as 0", "0으로 계산"],
        PodCount::Ignored => ["ignored", "계산에서 빠짐"],
    };
    match language {
        Language::En => english,
        Language::Ko => korean,
    }
}

/// An instant of a run, as `3m 05s`.
pub fn clock(at_ms: f64) -> String {
    let tenths = (at_ms / 100.0).round() as i64;
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let rest = if tenth == 0 { format!("{seconds:02}s") } else { format!("{seconds:02}.{tenth}s") };
    if hours > 0 { format!("{hours}h {minutes:02}m {rest}") } else { format!("{minutes}m {rest}") }
}
