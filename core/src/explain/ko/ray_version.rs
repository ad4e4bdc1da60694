//! Ray 버전.

use crate::explain::ray_version_phrase::RayVersionPhrase;
use crate::explain::template::{plain, say, strong};
use crate::ray::version::{Difference, NEWEST_MINOR};
use crate::report::Message;

pub(in crate::explain) fn ray_version(phrase: RayVersionPhrase) -> Message {
    let (here, before) = match phrase.difference {
        Difference::Priority => ("그룹의 priority를 따릅니다", "priority를 읽지 않습니다"),
        Difference::Recovery => (
            "생성에 실패한 그룹의 우선순위가 서서히 회복됩니다",
            "실패하지 않은 그룹보다 계속 뒤에 섭니다",
        ),
        Difference::Resizes => {
            ("클러스터가 요청하면 파드 크기를 그 자리에서 바꿉니다", "바꾸지 않습니다")
        }
        Difference::PendingGoes => (
            "RAY_AUTOSCALER_PENDING_NODE_IDLE_TIMEOUT_S를 정하면 필요 없는 대기 노드를 내립니다",
            "대기 노드를 계속 기다립니다",
        ),
        Difference::LongestIdleFirst => (
            "최솟값 때문에 일부만 내릴 때 가장 오래 유휴인 노드부터 내립니다",
            "오토스케일러의 목록 순서대로 내립니다",
        ),
        Difference::CountsFailures => (
            "일부만 실패한 시작 요청에서는 실패한 수만큼만 실패로 봅니다",
            "요청 전체를 실패로 봅니다",
        ),
        Difference::StopsMissing => ("Ray 노드가 사라진 인스턴스를 중지합니다", "그대로 둡니다"),
        Difference::TerminatesFirst => {
            ("내릴 노드를 뺀 뒤에 새 노드를 시작합니다", "내릴 노드도 maxReplicas에 포함됩니다")
        }
        Difference::LeavesOutUnknown => {
            ("Ray 노드를 알 수 없는 인스턴스는 판단에서 뺍니다", "판단할 때마다 오류로 멈춥니다")
        }
    };
    say!(
        "Ray {}{을} 골랐지만 {}의 규칙을 씁니다: {}. {}에서는 {}.",
        strong(format!("2.{}", phrase.minor)),
        plain(format!("2.{NEWEST_MINOR}")),
        plain(here),
        plain(format!("2.{}", phrase.minor)),
        plain(before),
    )
}
