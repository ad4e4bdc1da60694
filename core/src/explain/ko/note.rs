//! 제한, 기대, 판단의 제목과 시뮬레이션하지 못한 것.

use crate::explain::number::{grouped, number};
use crate::explain::phrase::{NotePhrase, When};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn note(phrase: &NotePhrase<'_>) -> Message {
    match *phrase {
        NotePhrase::Binds { from, to } => {
            say!("{}부터 {}까지 제한", strong(from), strong(to))
        }
        NotePhrase::TryValue { value } => say!("{}{으로} 해 보기", plain(value)),
        NotePhrase::Alternative { field, value, result } => {
            say!("{} {} → {}", plain(field), plain(value), strong(number(result)))
        }
        NotePhrase::Unschedulable { pod, resource, nodes, unmatched } => {
            unschedulable(pod, resource, nodes, unmatched)
        }
        NotePhrase::PodLimit { most } => {
            say!("파드는 동시에 {}개까지만 시뮬레이션합니다.", value(grouped(most as f64)))
        }
        NotePhrase::StepLimit => say!(
            "시뮬레이션할 수 있는 양을 넘어 여기서 끝납니다. 기간을 줄이거나 간격을 늘려 보세요."
        ),
        NotePhrase::WorkLimit { cluster, most } => say!(
            "{} 클러스터의 태스크, 액터, 배치 그룹이 {}개를 넘어, 그 뒤의 것은 제외했습니다.",
            code(cluster),
            value(grouped(most as f64)),
        ),
        NotePhrase::WorkLost { cluster, count } => say!(
            "{} 클러스터가 삭제되면서 태스크, 액터, 배치 그룹 {}개가 함께 사라집니다.",
            code(cluster),
            value(grouped(count as f64)),
        ),
        NotePhrase::WorkSuspended { cluster, count } => say!(
            "{} 클러스터가 중단(suspend)되어 헤드가 없으므로 태스크, 액터, 배치 그룹 {}개가 사라집니다.",
            code(cluster),
            value(grouped(count as f64)),
        ),
        NotePhrase::DecisionTitle { name, number, at } => {
            say!("{} · {}의 {}번째 판단", plain(name), plain(at), plain(number))
        }
        NotePhrase::Expected { what, bound, when, got, met } => say!(
            "{}{} {}: {}{}",
            plain(match when {
                Some(When::By(at)) => format!("{at}까지 "),
                Some(When::From(at)) => format!("{at}부터 "),
                None => String::new(),
            }),
            plain(what),
            plain(bound),
            strong(number(got)),
            plain(if met { "" } else { ", 충족하지 못함" }),
        ),
    }
}

/// Why `pod` waits for a node.
fn unschedulable(pod: &str, resource: &str, nodes: usize, unmatched: usize) -> Message {
    match (resource, unmatched) {
        ("", 0) => say!("{} 파드를 배치할 노드가 하나도 없습니다.", code(pod)),
        ("", _) => say!(
            "{} 파드를 배치할 노드가 없습니다. 노드 {}개가 파드의 {}와 맞지 않습니다.",
            code(pod),
            value(unmatched),
            code("nodeSelector"),
        ),
        (_, 0) => say!(
            "{} 파드를 배치할 노드가 없습니다. 노드 {}개에 {} 리소스가 부족합니다.",
            code(pod),
            value(nodes),
            code(resource),
        ),
        (_, _) => say!(
            "{} 파드를 배치할 노드가 없습니다. 노드 {}개에 {} 리소스가 부족하고, {}개는 파드의 {}와 맞지 않습니다.",
            code(pod),
            value(nodes),
            code(resource),
            value(unmatched),
            code("nodeSelector"),
        ),
    }
}
