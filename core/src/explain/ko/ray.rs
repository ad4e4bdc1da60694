//! Ray 오토스케일러가 원하는 것과 하는 일.

use crate::explain::number::number;
use crate::explain::phrase::{
    KeptReason, RayPatchPhrase, RayPhrase, RayPlanPhrase, Shortage, StopReason,
};
use crate::explain::template::{code, plain, say, value};
use crate::report::Message;

pub(in crate::explain) fn ray_plan(phrase: &RayPlanPhrase<'_>) -> Message {
    match *phrase {
        RayPlanPhrase::NothingWaits => say!("리소스를 기다리는 작업이 없습니다."),
        RayPlanPhrase::Waits { count, shape } => {
            say!("태스크 또는 액터 {}개가 {}{을} 기다립니다.", value(count), code(shape))
        }
        RayPlanPhrase::GangsWait { count } => {
            say!("배치 그룹 {}개가 모든 번들의 자리를 한꺼번에 기다립니다.", value(count))
        }
        RayPlanPhrase::Constraint => {
            say!("{}가 클러스터 크기를 요청합니다.", code("request_resources"))
        }
        RayPlanPhrase::FitsExisting { placed, nodes } => say!(
            "{}개는 이미 있거나 준비 중인 노드 {}개에 들어갑니다.",
            value(placed),
            value(nodes),
        ),
        RayPlanPhrase::Fallback { group, placed } => say!(
            "그중 {}개는 첫 셀렉터가 {}의 레이블과 맞지 않아 대안(fallback)으로 거기에 들어갑니다.",
            value(placed),
            code(group),
        ),
        RayPlanPhrase::NewNodes { nodes, group, placed, runner_up } => {
            let message = say!(
                "그중 {}개를 위해 {} 노드를 {}개 늘립니다.",
                value(placed),
                code(group),
                value(nodes),
            );
            match runner_up {
                Some(other) => message.and(say!(" {} 노드는 덜 적합합니다.", code(other))),
                None => message,
            }
        }
        RayPlanPhrase::MinNodes { group, nodes, min } => {
            say!("{} 노드는 {}개이고 최소 {}개여야 합니다.", code(group), value(nodes), value(min),)
        }
        RayPlanPhrase::TooManyOfType { group, nodes, max } => {
            say!("{} 노드는 {}개로 최대 {}개보다 많습니다.", code(group), value(nodes), value(max),)
        }
        RayPlanPhrase::TooMany { nodes, max } => {
            say!("클러스터의 노드는 {}개로 최대 {}개보다 많습니다.", value(nodes), value(max))
        }
        RayPlanPhrase::TypeFull { group, max } => {
            say!("더 필요하지만 {} 노드가 이미 최대 {}개입니다.", code(group), value(max))
        }
        RayPlanPhrase::ClusterFull { max } => {
            say!("더 필요하지만 클러스터의 노드가 이미 최대 {}개입니다.", value(max))
        }
        RayPlanPhrase::Infeasible { count, shortage } => infeasible(count, shortage),
        RayPlanPhrase::Dropped { unplaced } => say!(
            "전부 배치하지 못하면 하나도 배치하지 않습니다. 번들 {}개의 자리가 없어 나머지를 위한 \
             노드도 시작하지 않습니다.",
            value(unplaced),
        ),
        RayPlanPhrase::Unavailable { group } => say!(
            "{} 노드를 최근에 얻지 못했으므로 똑같이 적합한 다른 그룹을 먼저 고릅니다.",
            code(group),
        ),
        RayPlanPhrase::Reported { group, resource, believed, reported } => say!(
            "{} 노드의 {} 리소스는 RayCluster에서 읽은 {} 대신 Ray가 보고한 {}로 계획합니다.",
            code(group),
            code(resource),
            value(number(believed)),
            value(number(reported)),
        ),
        RayPlanPhrase::HeadNotRunning => {
            say!("헤드에서 Ray가 아직 실행되지 않아 계획을 버립니다.")
        }
    }
}

fn infeasible(count: u32, shortage: Option<Shortage<'_>>) -> Message {
    let message = say!("{}개는 어디에도 들어가지 않습니다.", value(count));
    message.and(match shortage {
        None => say!(""),
        Some(Shortage::Resource { group, resource, needed, has }) => say!(
            " 가장 가까운 {} 그룹의 {} 리소스는 {}, 필요한 양은 {}입니다.",
            code(group),
            code(resource),
            value(number(has)),
            value(number(needed)),
        ),
        Some(Shortage::Labels { group }) => {
            say!(" {} 그룹의 레이블이 맞지 않습니다.", code(group))
        }
        Some(Shortage::Full { group }) => say!(" {} 그룹이 가득 찼습니다.", code(group)),
    })
}

pub(in crate::explain) fn ray(phrase: &RayPhrase<'_>) -> Message {
    match *phrase {
        RayPhrase::LaunchRate { group, queued, launched, in_flight, limit } => say!(
            "대기 중인 {} 노드 {}개 중 {}개를 지금 요청합니다. 준비 중인 노드는 {}개, 한도는 \
             {}개입니다.",
            code(group),
            value(queued),
            value(launched),
            value(in_flight),
            value(limit),
        ),
        RayPhrase::PendingLimit { group, queued, launched, pending, limit } => say!(
            "계획한 {} 노드 {}개 중 {}개를 지금 요청합니다. 준비 중인 노드는 {}개, 한도는 {}개입니다.",
            code(group),
            value(queued),
            value(launched),
            value(pending),
            value(limit),
        ),
        RayPhrase::Failures { failures, most } if failures > most => say!(
            "중단된 판단이 {}번을 넘어 오토스케일러가 종료되고, 아무것도 기억하지 못한 채 다시 \
             시작합니다.",
            value(most),
        ),
        RayPhrase::Failures { failures, most } => say!(
            "오토스케일러가 시작된 뒤 판단이 {}번 중단되었습니다. {}번을 넘으면 종료됩니다.",
            value(failures),
            value(most),
        ),
        RayPhrase::TooSoon { since } => {
            say!("지난 판단이 {} 전이었습니다. 5초 안에는 아무것도 하지 않습니다.", value(since))
        }
        RayPhrase::LaunchFailed { group } => {
            say!("{} 노드를 요청하지 못해 다시 계획합니다.", code(group))
        }
        RayPhrase::Allocated { pods } => say!("파드 {}개가 생성되었습니다.", value(pods)),
        RayPhrase::TimedOut { group, status, timeout_s } => say!(
            "{} 노드가 {}초 넘게 {} 상태였습니다.",
            code(group),
            value(timeout_s),
            code(status),
        ),
        RayPhrase::IdleKept { pods, idle, timeout } => say!(
            "노드 {}개가 최대 {} 동안 유휴 상태이며 유휴 타임아웃 {}초를 넘지 않았습니다.",
            value(pods),
            value(idle),
            value(number(timeout)),
        ),
        RayPhrase::Kept { pods, by } => say!(
            "유휴 노드 {}개를 유지합니다: {}.",
            value(pods),
            plain(match by {
                KeptReason::Demands => "대기 중인 작업을 배치할 노드입니다",
                KeptReason::Constraint => "request_resources에 필요한 노드입니다",
                KeptReason::MinNodes => "그룹의 minReplicas에 해당합니다",
            }),
        ),
        RayPhrase::Stopped { pods, group, why } => stopped(pods, group, why),
        RayPhrase::DrainRefused => say!("노드가 드레인을 거부하고 다시 작업을 실행합니다."),
        RayPhrase::Stuck(error) => say!(
            "판단이 여기서 중단되며, 상황이 바뀌지 않는 한 다음 판단도 마찬가지입니다: {}",
            code(error),
        ),
        RayPhrase::Config(error) => {
            say!("오토스케일러가 RayCluster를 읽지 못해 모든 판단을 건너뜁니다: {}", code(error),)
        }
    }
}

fn stopped(pods: usize, group: &str, why: StopReason) -> Message {
    let message = say!("{} 노드 {}개를 드레인합니다: ", code(group), value(pods));
    message.and(match why {
        StopReason::Idle { idle, timeout_s } => say!(
            "{} 동안 유휴 상태로, 유휴 타임아웃 {}초를 넘었습니다.",
            value(idle),
            value(number(timeout_s)),
        ),
        StopReason::GroupRemoved => say!("그룹이 RayCluster에서 없어졌습니다."),
        StopReason::MaxOfType { max } => {
            say!("그룹의 maxReplicas {}개를 넘었습니다.", value(max))
        }
        StopReason::Max { max } => say!("클러스터의 최대 {}개를 넘었습니다.", value(max)),
    })
}

pub(in crate::explain) fn ray_patch(phrase: &RayPatchPhrase<'_>) -> Message {
    match *phrase {
        RayPatchPhrase::PendingDeletes { group } => say!(
            "workersToDelete에 적은 {} 파드가 아직 남아 있어 어떤 그룹도 바꾸지 않습니다.",
            code(group),
        ),
        RayPatchPhrase::Capped { group, wanted, max } => say!(
            "{} 그룹은 레플리카 {}개를 원하지만 maxReplicas에 따라 {}개로 제한됩니다.",
            code(group),
            value(wanted),
            value(max),
        ),
        RayPatchPhrase::PartOfReplica { group, hosts, num_of_hosts } => say!(
            "{} 파드 {}개는 numOfHosts {}의 배수가 아니므로 내림합니다.",
            code(group),
            value(hosts),
            value(num_of_hosts),
        ),
        RayPatchPhrase::NotPatchable { group } => {
            say!("RayCluster의 {} 그룹에 바꿀 수 있는 replicas가 없습니다.", code(group))
        }
        RayPatchPhrase::Patched { group, replicas } => {
            say!("{} 그룹의 replicas를 {}{으로} 설정합니다.", code(group), value(replicas))
        }
        RayPatchPhrase::Named { group, pods: 0 } => {
            say!("{} 그룹의 workersToDelete를 비웁니다.", code(group))
        }
        RayPatchPhrase::Named { group, pods } => {
            say!("{} 파드 {}개를 workersToDelete에 적습니다.", code(group), value(pods))
        }
    }
}
