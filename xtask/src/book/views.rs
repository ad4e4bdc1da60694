//! What a widget can show, from the core's list of its words.

use anyhow::{Result, bail};
use tidetable_core::widget::View;

use super::{
    Language,
    markdown::{code, running, table},
};

/// The answer to `{{#views all}}`.
pub(super) fn told(name: &str, language: Language) -> Result<String> {
    if name != "all" {
        bail!("write `#views all`");
    }
    let rows = View::ALL.map(|(word, view)| {
        let [en, ko] = about(view);
        [code(word), running(if language == Language::English { en } else { ko })]
    });
    let head = match language {
        Language::English => ["Word", "Shows"],
        Language::Korean => ["낱말", "보이는 것"],
    };
    Ok(table(head, &rows))
}

const fn about(view: View) -> [&'static str; 2] {
    match view {
        View::Chart => ["charts over time, with every decision", "시간에 따른 차트와 모든 판단"],
        View::Why => ["every step of the decision at the cursor", "커서에 있는 판단의 모든 단계"],
        View::Staircase => [
            "what the next look makes of each value of a metric; needs `spec.now`",
            "메트릭 값마다 다음 판단이 내릴 답. `spec.now`가 있어야 합니다",
        ],
        View::Metrics => [
            "all metrics of the decision at the cursor, and which one wins",
            "커서에 있는 판단의 모든 메트릭과 채택된 것",
        ],
        View::Pods => {
            ["what each pod counted as, over time", "시간에 따라 각 파드를 무엇으로 셌는지"]
        }
        View::Nodes => {
            ["who is on which node at the cursor", "커서 시각에 누가 어느 노드에 있는지"]
        }
        View::Fit => [
            "which request fits on which kind of Ray node at the cursor",
            "커서 시각에 어느 요청이 어느 Ray 노드에 들어가는지",
        ],
        View::Delays => [
            "where the seconds went between load and ready",
            "부하가 오른 뒤 준비될 때까지 시간이 어디에서 흘렀는지",
        ],
    }
}
