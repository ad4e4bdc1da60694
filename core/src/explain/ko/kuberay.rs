//! KubeRay 오퍼레이터가 하는 일.

use crate::explain::kuberay_phrase::{PodsPhrase, UpgradePhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::{Message, Part};

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn pods(phrase: &PodsPhrase<'_>) -> Message {
    match *phrase {
        PodsPhrase::Suspending { pods } => {
            say!("RayCluster가 중단(suspend)되어 파드 {}개를 모두 삭제합니다.", value(pods))
        }
        PodsPhrase::Suspended => {
            say!("RayCluster가 중단(suspend) 상태라 아무것도 하지 않습니다.")
        }
        PodsPhrase::SpecChanged { pods } => say!(
            "스펙이 바뀌었고 {} 값이 {}{이}므로 파드 {}개를 모두 삭제합니다.",
            code("upgradeStrategy"),
            code("Recreate"),
            value(pods),
        ),
        PodsPhrase::HeadGoes => {
            say!("삭제한 헤드 파드가 아직 남아 있어 새 헤드를 만들지 않습니다.")
        }
        PodsPhrase::HeadEnded => {
            say!("헤드 파드가 종료되어 삭제하고, 워커 그룹은 다음 조정 때 처리합니다.")
        }
        PodsPhrase::HeadNotMadeAgain => {
            say!("헤드 파드가 없지만 다시 만들지 않는 클러스터이므로 워커 그룹도 그대로 둡니다.")
        }
        PodsPhrase::HeadMade => say!("헤드 파드가 없어 새로 만듭니다."),
        PodsPhrase::SeveralHeads { count } => {
            say!("헤드 파드가 {}개라서 워커 그룹을 그대로 둡니다.", value(count))
        }
        PodsPhrase::PodsGo { group } => {
            say!("{} 그룹에서 삭제한 파드가 아직 남아 있어 그룹을 그대로 둡니다.", code(group))
        }
        PodsPhrase::GroupSuspended { group, pods } => {
            say!("{} 그룹이 중단(suspend)되어 파드 {}개를 삭제합니다.", code(group), value(pods))
        }
        PodsPhrase::PodsEnded { group, pods } => {
            say!("{} 그룹에서 종료된 파드 {}개를 삭제합니다.", code(group), value(pods))
        }
        PodsPhrase::PodsNamed { group, pods } => say!(
            "{} 그룹의 파드 {}개가 {}에 있어, {}보다 적어지더라도 삭제합니다.",
            code(group),
            value(pods),
            code("workersToDelete"),
            code("minReplicas"),
        ),
        PodsPhrase::ReplicaIncomplete { group, pods, num_of_hosts } => say!(
            "{} 그룹의 레플리카 하나가 호스트 {}개 중 {}개만 있어 통째로 삭제합니다.",
            code(group),
            value(num_of_hosts),
            value(pods),
        ),
        PodsPhrase::PodsMade { group, desired, pods } => say!(
            "{} 그룹에 파드 {}개가 있어야 하므로 {}개를 한꺼번에 만듭니다.",
            code(group),
            value(desired),
            value(pods),
        ),
        PodsPhrase::Surplus { group, desired, pods, kept } => {
            let message = say!(
                "{} 그룹에 파드 {}개가 있어야 하는데 {}개 더 많습니다.",
                code(group),
                value(desired),
                value(pods),
            );
            if kept {
                message.and(say!(
                    " 오토스케일링이 켜져 있어 {}에 이름이 오를 때까지 남겨 둡니다.",
                    code("workersToDelete"),
                ))
            } else {
                message.and(say!(" 목록 앞에서부터 삭제합니다."))
            }
        }
    }
}

/// 만들어진 적이 있으면 RayCluster의 이름.
fn named(cluster: &str) -> Part {
    if cluster.is_empty() { plain("새 클러스터") } else { code(cluster) }
}

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn upgrade(phrase: &UpgradePhrase<'_>) -> Message {
    match *phrase {
        UpgradePhrase::DeletionScheduled { cluster, at } => say!(
            "더 이상 쓰지 않는 {}{을} {} 이후의 첫 조정 때 삭제합니다.",
            named(cluster),
            value(at),
        ),
        UpgradePhrase::DeletionDue { cluster } => {
            say!("삭제 유예가 끝나 {}{을} 모든 파드와 함께 삭제합니다.", named(cluster))
        }
        UpgradePhrase::SpecChanged { given_up } => {
            let message = say!("스펙이 다른 클러스터를 요구하므로 두 번째 클러스터를 준비합니다.");
            match given_up {
                Some(cluster) => {
                    message.and(say!(" 준비 중이던 {}{은} 포기합니다.", named(cluster)))
                }
                None => message,
            }
        }
        UpgradePhrase::FirstCluster => say!("클러스터가 없어 하나를 준비합니다."),
        UpgradePhrase::ClusterMade { cluster, without_replicas: false } => {
            say!("RayService에 적힌 레플리카 수로 {}{을} 만듭니다.", named(cluster))
        }
        UpgradePhrase::ClusterMade { cluster, without_replicas: true } => {
            say!("{} 없이 {}{을} 만듭니다. 값은 0이 됩니다.", code("replicas"), named(cluster))
        }
        UpgradePhrase::NoHead { cluster } => {
            say!("{}에 아직 헤드 파드가 없어 이번 조정은 여기서 끝납니다.", named(cluster))
        }
        UpgradePhrase::UpdatedInPlace { cluster, without_replicas } => {
            let counts = if without_replicas { "0이" } else { "RayService의 값이" };
            say!(
                "워커 그룹이 뒤에 추가되기만 했으므로 {}{을} 그 자리에서 갱신합니다. 레플리카 수는 {} \
                 됩니다.",
                named(cluster),
                plain(counts),
            )
        }
        UpgradePhrase::Submitted { cluster, first: true } => {
            say!("{}에 처음으로 Serve 설정을 제출합니다.", named(cluster))
        }
        UpgradePhrase::Submitted { cluster, first: false } => {
            say!("{}에 바뀐 Serve 설정을 제출합니다. 클러스터는 그대로입니다.", named(cluster))
        }
        UpgradePhrase::GatewayNotReady => {
            say!("게이트웨이와 라우트가 준비되지 않아 용량을 옮기지 않습니다.")
        }
        UpgradePhrase::TrafficBehind { target_capacity, traffic } => say!(
            "트래픽은 {}%인데 {}{은} {}%입니다. 트래픽을 먼저 옮깁니다.",
            value(traffic),
            code("target_capacity"),
            value(target_capacity),
        ),
        UpgradePhrase::CapacityMoved { cluster, from, to } => say!(
            "{}의 {}: {} → {}%.",
            named(cluster),
            code("target_capacity"),
            value(from),
            value(to),
        ),
        UpgradePhrase::TrafficMoved { from, to } => {
            say!("새 클러스터로 가는 트래픽: {} → {}%.", value(from), value(to))
        }
        UpgradePhrase::RollbackBegan => {
            say!("스펙이 더 이상 새 클러스터의 것이 아니므로 모두 이전 클러스터로 되돌립니다.")
        }
        UpgradePhrase::RollbackCancelled => {
            say!("스펙이 다시 새 클러스터의 것이 되어 업그레이드를 계속합니다.")
        }
        UpgradePhrase::RollbackDone { cluster } => {
            say!("모두 이전 클러스터로 돌아갔으므로 {}{은} 포기합니다.", named(cluster))
        }
        UpgradePhrase::Suspends => {
            say!("{} 값이 true이므로 RayService가 소유한 것을 모두 삭제합니다.", code("suspend"))
        }
        UpgradePhrase::SuspendDeletes { cluster } => {
            say!("{}{을} 모든 파드와 함께 삭제합니다.", named(cluster))
        }
        UpgradePhrase::Suspended => say!(
            "모두 삭제되었습니다. {}{을} 되돌릴 때까지 아무것도 하지 않습니다.",
            code("suspend"),
        ),
        UpgradePhrase::Resumes => say!("{}{이} 되돌려졌습니다.", code("suspend")),
        UpgradePhrase::Promoted { old: Some(old), new } => {
            say!("{}{이} 준비되어 이제부터 {} 대신 요청을 받습니다.", named(new), named(old),)
        }
        UpgradePhrase::Promoted { old: None, new } => {
            say!("{}{이} 준비되어 이제부터 요청을 받습니다.", named(new))
        }
        UpgradePhrase::TakesOver { cluster, at } => {
            say!("{}{이} {}에 넘겨받습니다.", strong(cluster), strong(at))
        }
        UpgradePhrase::Deleted { cluster, at } => {
            say!("{}{은} {}에 삭제됩니다.", code(cluster), strong(at))
        }
        UpgradePhrase::NotOver { cluster } => say!(
            "{}{으로} 가는 업그레이드가 끝까지 {}. 두 클러스터에 모두 파드가 있습니다.",
            code(cluster),
            strong("끝나지 않습니다"),
        ),
        UpgradePhrase::InPlace => say!("클러스터를 새로 만들지 않고 그 자리에서 바꿉니다."),
        UpgradePhrase::NeverMade => {
            say!("일시 중지되어 있어 KubeRay가 클러스터를 만들지 않습니다.")
        }
        UpgradePhrase::NothingChanges => say!("수정한 내용 중 반영할 것이 없습니다."),
    }
}
