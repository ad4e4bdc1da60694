//! 지금의 Ray 클러스터.

use crate::explain::ray_now_phrase::{RayNowPhrase, WaitingKind};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn ray_now(phrase: &RayNowPhrase) -> Message {
    match *phrase {
        RayNowPhrase::PodsGo { from, to } => say!(
            "다음 판단에서 워커 파드를 {}개에서 {} 요청합니다.",
            plain(from),
            strong(format!("{to}개로")),
        ),
        RayNowPhrase::PodsStay { count } => {
            say!("다음 판단에서 워커 파드 {} 그대로입니다.", strong(format!("{count}개")))
        }
        RayNowPhrase::NodesDrain { count } => say!(
            "다음 판단에서 노드 {}를 드레인하고, 그다음 판단에서 파드를 삭제합니다.",
            strong(format!("{count}개")),
        ),
        RayNowPhrase::Stuck { ref reason } => {
            say!("판단할 때마다 오류로 멈춥니다: {}.", strong(reason))
        }
        RayNowPhrase::NeedsCluster => say!(
            "이 RayCluster의 매니페스트({})도 붙여 넣으세요. 다음 판단은 그룹에 달려 있습니다.",
            code("enableInTreeAutoscaling: true"),
        ),
        RayNowPhrase::NeedsStatus => say!(
            "헤드 파드에서 실행한 {} 출력을 붙여 넣으세요. 실행 중인 노드와 기다리는 작업은 매니페스트에 없습니다.",
            code("ray status -v"),
        ),
        RayNowPhrase::Waits { ref kind, ref shape } => {
            let kind = match kind {
                WaitingKind::Tasks => "태스크·액터".to_owned(),
                WaitingKind::Groups { strategy } => format!("{strategy} 배치 그룹"),
                WaitingKind::Requested => "request_resources".to_owned(),
            };
            say!("{} {}", plain(kind), code(shape))
        }
        RayNowPhrase::FromRayStatus => {
            say!("{} 명령이 출력한 값입니다.", code("ray status"))
        }
        RayNowPhrase::ActiveIsFull => say!(
            "활성 노드가 얼마나 차 있는지 알 수 없습니다. 기다리는 작업이 들어가지 못했으므로 모두 찬 것으로 봅니다. {} 출력에는 \
             나옵니다.",
            code("ray status -v"),
        ),
        RayNowPhrase::JustIdle { timeout } => say!(
            "노드가 얼마나 오래 유휴 상태였는지 알 수 없어 방금 시작된 것으로 봅니다. {}초가 지나기 전에는 드레인되지 않습니다. {} \
             출력에는 나옵니다.",
            value(timeout),
            code("ray status -v"),
        ),
        RayNowPhrase::HeadRuns => {
            say!("헤드 노드가 나와 있지 않아 실행 중이고 가득 찬 것으로 봅니다.")
        }
        RayNowPhrase::PendingHasPods { count } => {
            say!(
                "시작 중이거나 대기 중인 노드 {}개는 아직 합류하지 않은 파드로 봅니다.",
                value(count)
            )
        }
        RayNowPhrase::RequestsOfMany => say!(
            "오토스케일러 v2의 {}은 요청의 수이며 요청 하나가 여러 노드일 수 있습니다. 여기서는 하나씩으로 봅니다.",
            code("launching"),
        ),
        RayNowPhrase::GroupsAlike => say!(
            "오토스케일러 v2는 전략이 같은 배치 그룹을 모두 마지막 그룹의 번들로 출력합니다. 서로 같은 것으로 봅니다."
        ),
        RayNowPhrase::PlannedByV2 => {
            say!(
                "이 클러스터는 오토스케일러 v1을 쓰지만 여기서는 v2라면 어떻게 할지를 보여 줍니다."
            )
        }
        _ => operator(phrase),
    }
}

/// RayCluster의 상태와 KubeRay가 할 일.
fn operator(phrase: &RayNowPhrase) -> Message {
    match phrase {
        RayNowPhrase::StatusCounts { desired, available, ready } => say!(
            "오퍼레이터가 마지막으로 기록할 때 필요한 워커 파드는 {}개였고, {}개가 실행 중, 그중 {}개가 준비 \
             상태였습니다.",
            value(*desired),
            value(*available),
            value(*ready),
        ),
        RayNowPhrase::ClusterState { state, reason } if reason.is_empty() => {
            say!("클러스터 상태는 {}였습니다.", code(state))
        }
        RayNowPhrase::ClusterState { state, reason } => {
            say!("클러스터 상태는 {}였습니다: {}.", code(state), plain(reason))
        }
        RayNowPhrase::OldGeneration { observed, own } => {
            say!("상태는 {}세대, 스펙은 {}세대를 기준으로 합니다.", value(*observed), value(*own),)
        }
        RayNowPhrase::AmountDiffers { field, told, own } => say!(
            "{} 값은 {}인데 스펙의 파드가 요청하는 양은 {}입니다.",
            code(*field),
            value(told),
            value(own),
        ),
        RayNowPhrase::SpecAsks { wanted, groups } if groups.is_empty() => {
            say!("스펙이 요청하는 워커 파드는 {}개입니다.", value(*wanted))
        }
        RayNowPhrase::SpecAsks { wanted, groups } => {
            say!("스펙이 요청하는 워커 파드는 {}개입니다: {}.", value(*wanted), plain(groups),)
        }
        RayNowPhrase::OperatorMakes { pods, group: Some(group) } => {
            say!("다음 조정에서 {} 파드 {}를 만듭니다.", code(group), strong(format!("{pods}개")),)
        }
        RayNowPhrase::OperatorMakes { pods, group: None } => say!(
            "다음 조정에서 파드 {}를 만듭니다. 어느 그룹인지는 상태에 나오지 않습니다.",
            strong(format!("{pods}개")),
        ),
        RayNowPhrase::OperatorDeletes { pods } => {
            say!("다음 조정에서 목록 앞쪽의 파드 {}를 삭제합니다.", strong(format!("{pods}개")),)
        }
        RayNowPhrase::OperatorKeeps { pods } => say!(
            "스펙보다 많은 파드 {}를 그대로 둡니다. 오토스케일링이 켜져 있으면 {}에 이름이 오를 때까지 남습니다.",
            strong(format!("{pods}개")),
            code("workersToDelete"),
        ),
        RayNowPhrase::OperatorWaits { pods, desired } => say!(
            "워커 파드 {}개 중 {}가 아직 실행되지 않습니다. 대기 중이거나 만들지 못한 파드입니다.",
            value(*desired),
            strong(format!("{pods}개")),
        ),
        RayNowPhrase::OperatorDone { desired } => {
            say!("요청된 워커 파드 {}가 모두 실행 중입니다.", strong(format!("{desired}개")),)
        }
        _ => Message::new(),
    }
}
