//! KubeRay의 RayJob 컨트롤러가 하는 일.

use crate::explain::job_phrase::JobPhrase;
use crate::explain::template::{code, say, strong, value};
use crate::report::Message;

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn job(phrase: &JobPhrase<'_>) -> Message {
    match *phrase {
        JobPhrase::Begins { attempt } => {
            say!("{}번째 시도를 시작하며 클러스터 이름을 정합니다.", value(attempt))
        }
        JobPhrase::Suspends => {
            say!("{}가 설정되어 RayJob에 속한 것을 모두 삭제합니다.", code("suspend"))
        }
        JobPhrase::Suspended => say!("모두 삭제되어 RayJob이 중단(suspend) 상태가 됩니다."),
        JobPhrase::ActiveDeadline { limit } => say!(
            "시도를 시작한 지 {} 값인 {}에 이르러 실패로 처리합니다.",
            code("activeDeadlineSeconds"),
            value(limit),
        ),
        JobPhrase::PreRunningDeadline { limit } => say!(
            "시도를 시작한 지 {} 값인 {}에 이르도록 실행되지 않아 실패로 처리합니다.",
            code("preRunningDeadlineSeconds"),
            value(limit),
        ),
        JobPhrase::ClusterMade { cluster } => {
            say!("클러스터가 없어 RayJob에 적힌 대로 {}{을} 만듭니다.", code(cluster))
        }
        JobPhrase::NoSuchCluster => {
            say!("{}에 적힌 클러스터가 없어 이번 조정은 오류로 끝납니다.", code("clusterSelector"),)
        }
        JobPhrase::WaitsForCluster { cluster, sidecar: true } => say!(
            "{}의 파드가 모두 준비되지는 않았지만, 헤드 옆의 제출기는 이를 기다리지 않습니다.",
            code(cluster),
        ),
        JobPhrase::WaitsForCluster { cluster, .. } => {
            say!("{}의 파드가 모두 준비되지 않아 아직 제출하지 않습니다.", code(cluster),)
        }
        JobPhrase::SubmitterMade => {
            say!("클러스터가 준비되어, 작업을 제출할 파드의 쿠버네티스 Job을 만듭니다.")
        }
        JobPhrase::SubmittedOverHttp => {
            say!("대시보드에 이 작업이 없어 오퍼레이터가 HTTP로 제출합니다.")
        }
        JobPhrase::WaitsForUser => {
            say!("클러스터가 준비되어, 누군가 작업을 제출하기를 기다립니다.")
        }
        JobPhrase::JobIs { status } => say!("Ray가 알린 작업 상태: {}.", code(status)),
        JobPhrase::StartTimeout { limit } => say!(
            "엔트리포인트가 {}({}) 안에 시작하지 못했습니다.",
            value(limit),
            code("RAY_JOB_START_TIMEOUT_SECONDS"),
        ),
        JobPhrase::SubmitterFailed => {
            say!("제출기가 정상적으로 끝나지 않아 이번 시도는 실패입니다.")
        }
        JobPhrase::HeadGone => {
            say!("제출기가 있던 헤드 파드가 없어져 이번 시도는 실패입니다.")
        }
        JobPhrase::SubmitterDoneTooLong { limit } => say!(
            "제출기가 끝난 지 {}이 지나도록 작업이 끝나지 않아 이번 시도는 실패입니다.",
            value(limit),
        ),
        JobPhrase::WaitsForSubmitter => {
            say!("작업은 끝났지만 제출기가 아직 끝나지 않았습니다. 둘 다 끝나야 합니다.")
        }
        JobPhrase::GracePeriod { limit } => say!(
            "작업이 끝난 지 {}이 지나도록 제출기가 끝나지 않아 더 기다리지 않습니다.",
            value(limit),
        ),
        JobPhrase::Completes { status } => {
            say!("작업이 {}로 끝나 RayJob은 {} 상태가 됩니다.", code(status), code("Complete"))
        }
        JobPhrase::Fails { reason, failed, limit } => {
            let message = reason.map(|reason| say!("이유는 {}입니다. ", code(reason)));
            let message = message.unwrap_or_default();
            if reason == Some("DeadlineExceeded") {
                return message.and(say!("기한을 넘긴 RayJob은 다시 시도하지 않습니다."));
            }
            message.and(say!(
                "시도가 {}번 실패했고 {} 값은 {}이므로 RayJob은 {} 상태가 됩니다.",
                value(failed),
                code("backoffLimit"),
                value(limit),
                code("Failed"),
            ))
        }
        JobPhrase::Retries { failed, limit } => say!(
            "시도가 {}번 실패했고 {} 값은 {}이므로 새 클러스터에서 다시 시도합니다.",
            value(failed),
            code("backoffLimit"),
            value(limit),
        ),
        JobPhrase::Clears => {
            say!("이번 시도의 클러스터와 제출용 Job을 삭제합니다.")
        }
        JobPhrase::WaitsForDeletion => say!("둘 다 없어질 때까지 다른 일은 하지 않습니다."),
        JobPhrase::SelectedStays => {
            say!("{}로 지정한 클러스터이므로 아무것도 삭제하지 않습니다.", code("clusterSelector"),)
        }
        JobPhrase::NothingGoes => {
            say!("RayJob은 끝났지만 무엇을 삭제하라는 필드가 없어 클러스터가 남습니다.")
        }
        JobPhrase::PolicyNone => {
            say!("정책이 {}이므로 클러스터가 남습니다.", code("DeleteNone"))
        }
        JobPhrase::DeletionDueAt { policy, field, at } => {
            say!("{}에 따라 {}에 {}{을} 실행합니다.", code(field), value(at), code(policy),)
        }
        JobPhrase::DeletionDue { policy, field } => match policy {
            "DeleteWorkers" => say!(
                "{}에 따라 모든 워커 그룹을 중단(suspend)합니다. 워커 파드는 없어지고 헤드는 \
                 남습니다.",
                code(field),
            ),
            "DeleteSelf" => {
                say!("{}에 따라 RayJob과 그 클러스터를 삭제합니다.", code(field))
            }
            _ => say!("{}에 따라 클러스터를 모든 파드와 함께 삭제합니다.", code(field)),
        },
        JobPhrase::CompletesAt { at } => say!("{}에 완료됩니다.", strong(at)),
        JobPhrase::FailsAt { at, reason: Some(reason) } => {
            say!("{}에 {}: {}.", strong(at), strong("실패합니다"), code(reason))
        }
        JobPhrase::FailsAt { at, reason: None } => {
            say!("{}에 {}.", strong(at), strong("실패합니다"))
        }
        JobPhrase::TriedAgainAt { at } => {
            say!("{}에 시도가 실패해 다시 시도합니다.", strong(at))
        }
        JobPhrase::GoesAt { policy: "DeleteWorkers", at } => {
            say!("{}에 워커가 삭제됩니다.", strong(at))
        }
        JobPhrase::GoesAt { at, .. } => say!("{}에 클러스터가 삭제됩니다.", strong(at)),
        JobPhrase::NotOver => say!("실행이 끝날 때까지 끝나지 않습니다."),
    }
}
