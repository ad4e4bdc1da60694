//! What the widget says, in both languages.

/// The texts of one language.
#[derive(PartialEq)]
pub(super) struct Words {
    pub(super) title: &'static str,
    pub(super) usage: &'static str,
    pub(super) target: &'static str,
    pub(super) current: &'static str,
    pub(super) no_change: &'static str,
    pub(super) within: &'static str,
    pub(super) open: &'static str,
    /// Follows a number of per cent.
    pub(super) percent: &'static str,
    /// Follows a count: "6 replicas".
    pub(super) replicas: &'static str,
}

pub(super) const ENGLISH: Words = Words {
    title: "Replicas the HPA asks for, by measured utilization",
    usage: "Measured utilization",
    target: "Target",
    current: "Replicas now",
    no_change: "no change",
    within: "within 0.9 to 1.1",
    open: "Open in Tidetable",
    percent: " %",
    replicas: " replicas",
};

pub(super) const KOREAN: Words = Words {
    title: "측정한 사용률에 따라 HPA가 요구하는 레플리카 수",
    usage: "측정한 사용률",
    target: "목표",
    current: "현재 레플리카",
    no_change: "변화 없음",
    within: "0.9 이상 1.1 이하",
    open: "Tidetable에서 열기",
    percent: "%",
    replicas: "개",
};
