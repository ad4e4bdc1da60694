//! 한국어.

use super::number::{grouped, milli, number};
use super::phrase::{KeptReason, Move, Phrase, StopReason, What};
use crate::hpa::{Direction, Limit, Pass};
use crate::report::Message;

fn message() -> Message {
    Message::new()
}

/// 문장.
#[allow(clippy::too_many_lines, reason = "one line for each thing to say")]
pub(super) fn say(phrase: &Phrase<'_>) -> Message {
    match phrase {
        Phrase::Scale => message().text("스케일"),
        Phrase::Bounds => message().text("범위"),
        Phrase::Metric(name) => message().text(format!("메트릭: {name}")),
        Phrase::Proposal => message().text("제안"),
        Phrase::FilledIn => message().text("쓸 만한 표본이 없는 파드"),
        Phrase::SeveralMetrics => message().text("여러 메트릭"),
        Phrase::Stabilization => message().text("안정화"),
        Phrase::Policies => message().text("스케일링 정책"),
        Phrase::Limits => message().text("한도"),
        Phrase::MetricsFailed => message().text("메트릭 실패"),
        Phrase::Written => message().text("기록"),

        Phrase::ScaleUnavailable(error) => message().text("대상의 스케일을 읽을 수 없어 더 보지 않습니다: ").code(error),
        Phrase::ScalingDisabled { min } => message()
            .text("레플리카가 없고 HPA가 스스로 0으로 줄인 것이 아니므로, 누군가 늘릴 때까지 관여하지 않습니다. minReplicas는 ")
            .value(min)
            .text("입니다."),
        Phrase::AboveMax { current, max } => message().text("레플리카 ").value(current).text("개는 maxReplicas ").value(max).text("보다 많습니다. 메트릭을 읽지 않고 바로 맞춥니다."),
        Phrase::BelowMin { current, min } => message().text("레플리카 ").value(current).text("개는 minReplicas ").value(min).text("보다 적습니다. 메트릭을 읽지 않고 바로 맞춥니다."),
        Phrase::SelectorUnusable => message().text("셀렉터만으로는 파드를 가려낼 수 없어 메트릭을 읽지 않습니다."),
        Phrase::PodsCounted { ready, unready, missing, ignored } => {
            let mut text = format!("파드 {ready}개를 셉니다");
            for (count, what) in [(*unready, "준비되지 않음"), (*missing, "표본 없음"), (*ignored, "실패했거나 삭제 중")] {
                if count > 0 {
                    text.push_str(&format!(", {what} {count}개"));
                }
            }
            message().text(text).text(". ")
        }
        Phrase::UsageOfRequests { usage, requests, pods, pass } => message()
            .text(match pass {
                Pass::Measured => format!("파드 {pods}개가 요청량 "),
                Pass::FilledIn => format!("이들을 더하면 파드 {pods}개가 요청량 "),
            })
            .value(milli(*requests))
            .text(" 가운데 ")
            .value(milli(*usage))
            .text("를 씁니다."),
        Phrase::AverageUsage { average, target, pods } => message().text(format!("파드 {pods}개의 평균은 ")).value(average).text(", 목표는 ").value(target).text("입니다."),
        Phrase::PodsFilledIn { missing, unready, up } => {
            let mut text = String::new();
            if *missing > 0 {
                let as_what = if *up { "0으로" } else { "전부 쓰는 것으로" };
                text.push_str(&format!("표본이 없는 파드 {missing}개는 {as_what} 셉니다. "));
            }
            if *unready > 0 {
                text.push_str(&format!("준비되지 않은 파드 {unready}개는 0으로 셉니다."));
            }
            if text.is_empty() {
                text.push_str("비율이 정확히 1이므로 채우지 않습니다.");
            }
            message().text(text)
        }
        Phrase::WithinTolerance { ratio, low, high } => message().text("비율 ").value(number(*ratio)).text(format!("은(는) 허용 오차 {} – {} 안입니다. 개수는 그대로입니다.", number(*low), number(*high))),
        Phrase::OutsideTolerance { ratio, low, high } => message().text("비율 ").value(number(*ratio)).text(format!("은(는) 허용 오차 {} – {} 밖입니다.", number(*low), number(*high))),
        Phrase::Flipped { ratio, filled } => message().text("이 파드들을 세면 비율이 ").value(number(*ratio)).text("에서 ").value(number(*filled)).text("(으)로 1을 넘나듭니다. 개수는 그대로입니다."),
        Phrase::WrongDirection { refused, current } => message().text("결과 ").value(refused).text("은(는) 현재 ").value(current).text("의 반대쪽입니다. 개수는 그대로입니다."),
        Phrase::FromZero => message().text("0에서는 허용 오차도, 셀 파드도 없습니다."),
        Phrase::PerReplica => message().text("값 안에 목표가 몇 번 들어가는지 셉니다."),
        Phrase::MetricFailed(error) => message().text("답이 없습니다: ").code(error),
        Phrase::AllFailed { failed, metrics, proposal, current } => {
            let message = message().text(format!("메트릭 {metrics}개 가운데 {failed}개가 실패했고"));
            match proposal {
                Some(proposal) => message.text(" 나머지는 현재 ").value(current).text("보다 적은 ").value(proposal).text("을(를) 원합니다. 아무것도 하지 않습니다."),
                None => message.text(" 아무것도 하지 않습니다."),
            }
        }
        Phrase::LargestWins { name } => message().text("가장 큰 제안이 이깁니다: ").code(name),
        Phrase::Stabilized { direction, window, held_by, recommendation } => message()
            .text(format!("지난 {window} 동안 "))
            .text(match direction {
                Direction::Down => "가장 높은 권고는 ",
                Direction::Up => "가장 낮은 권고는 ",
            })
            .strong(held_by)
            .text("의 ")
            .value(recommendation)
            .text("이며, ")
            .strong(*held_by + *window)
            .text("에 구간을 벗어납니다."),
        Phrase::NotStabilized => message().text("붙잡는 이전 권고가 없습니다."),
        Phrase::Limited { limit, to } => limited(limit, *to),
        Phrase::NotLimited { min, max } => message().text("minReplicas ").value(min).text("과(와) maxReplicas ").value(max).text(" 사이이고 허용 속도 안입니다."),
        Phrase::RaisedToMin { to } => message().text("0에서 깨어나면 적어도 minReplicas ").value(to).text("입니다."),
        Phrase::UpdateFailed => message().text("새 개수를 기록하지 못했습니다."),

        Phrase::Wants { wanted, binding } => match binding {
            Some(binding) => message().text(format!("{wanted}을(를) 원하지만 ")).code(binding).text("에 묶임"),
            None => message().text(format!("{wanted}을(를) 원함")),
        },

        Phrase::RayDemand => message().text("자원 수요"),
        Phrase::RayPlan => message().text("계획"),
        Phrase::RayLaunch => message().text("시작"),
        Phrase::RayIdle => message().text("유휴 노드"),
        Phrase::RayStop => message().text("종료"),
        Phrase::RayStuckTitle => message().text("중단"),
        Phrase::RayNothingWaits => message().text("자원을 기다리는 것이 없습니다."),
        Phrase::RayWaits { count, shape } => message().code(shape).text("을(를) 기다리는 것이 ").value(count).text("개입니다."),
        Phrase::RayGangsWait { count } => message().text(format!("배치 그룹 {count}개가 모든 번들의 자리를 한꺼번에 기다립니다.")),
        Phrase::RayConstraint => message().text("request_resources가 클러스터 크기를 붙잡고 있습니다."),
        Phrase::RayFitsExisting { placed, nodes } => message().text(format!("{placed}개는 이미 있거나 오는 중인 노드 {nodes}개에 들어갑니다.")),
        Phrase::RayNewNodes { nodes, group, placed, runner_up } => {
            let message = message().text(format!("그 가운데 {placed}개를 위해 ")).code(group).text(" 노드 ").value(nodes).text("개를 더합니다");
            match runner_up {
                Some(other) => message.text("; ").code(other).text("보다 더 잘 맞습니다."),
                None => message.text("."),
            }
        }
        Phrase::RayMinNodes { group, nodes, min } => message().code(group).text(" 노드는 ").value(nodes).text("개이고 최소 ").value(min).text("개여야 합니다."),
        Phrase::RayTooMany { nodes, max } => message().text("노드 ").value(nodes).text("개는 최대 ").value(max).text("개보다 많습니다."),
        Phrase::RayTypeFull { group, max } => message().text("더 필요하지만 ").code(group).text("은(는) 이미 최대 ").value(max).text("개입니다."),
        Phrase::RayClusterFull { max } => message().text("더 필요하지만 클러스터가 이미 최대 ").value(max).text("개입니다."),
        Phrase::RayInfeasible { count, shortage } => {
            let message = message().value(count).text("개는 어디에도 들어가지 않습니다");
            match shortage {
                Some((group, resource, needed, has)) if !resource.is_empty() => message.text(": 가장 가까운 그룹 ").code(group).text("의 ").code(resource).text("는 ").value(number(*has)).text(", 필요한 것은 ").value(number(*needed)).text("입니다."),
                Some((group, ..)) => message.text(": ").code(group).text("이(가) 가득 찼거나 레이블이 맞지 않습니다."),
                None => message.text("."),
            }
        }
        Phrase::RayDropped { unplaced } => message().text("전부 아니면 전무: 번들 ").value(unplaced).text("개의 자리가 없어 아무것도 시작하지 않습니다."),
        Phrase::RayLaunchRate { group, queued, launched, in_flight, limit } => message().text("대기 중인 ").code(group).text(" 노드 ").value(queued).text("개 가운데 ").value(launched).text(format!("개를 지금 요청합니다. 오는 중 {in_flight}개, 최대 {limit}개입니다.")),
        Phrase::RayPendingDeletes { group } => message().text("삭제하려던 ").code(group).text(" 파드가 아직 있어 어떤 그룹도 바꾸지 않습니다."),
        Phrase::RayCapped { group, wanted, max } => message().code(group).text("에는 레플리카 ").value(wanted).text("개가 필요하지만 maxReplicas ").value(max).text("에 묶입니다."),
        Phrase::RayPartOfReplica { group, hosts, num_of_hosts } => message().code(group).text(" 파드 ").value(hosts).text("개는 온전한 레플리카(").value(num_of_hosts).text("개)에 못 미쳐 내림합니다."),
        Phrase::RayPatched { group, replicas } => message().code(group).text("의 replicas를 ").value(replicas).text("(으)로 씁니다."),
        Phrase::RayNamed { group, pods } => message().code(group).text(format!(" 파드 {pods}개를 workersToDelete에 적습니다.")),
        Phrase::RayNotPatchable { group } => message().text("RayCluster에 ").code(group).text("의 replicas가 없어 바꿀 수 없습니다."),
        Phrase::RayIdleKept { pods, idle, timeout } => message().text(format!("노드 {pods}개가 ")).value(idle).text(" 동안 유휴 상태이며 ").value(number(*timeout)).text("초를 넘지 않았습니다."),
        Phrase::RayKept { pods, by } => message().text(format!("유휴 노드 {pods}개가 남습니다: ")).text(match by {
            KeptReason::Demands => "기다리는 작업이 그 위에 계획되어 있습니다.",
            KeptReason::Constraint => "request_resources가 그 노드를 셈에 넣습니다.",
            KeptReason::MinNodes => "그룹의 최솟값입니다.",
        }),
        Phrase::RayStopped { pods, group, why } => {
            let message = message().code(group).text(format!(" 노드 {pods}개를 비웁니다: "));
            match why {
                StopReason::Idle { idle, timeout_s } => message.value(idle).text(" 동안 유휴, ").value(number(*timeout_s)).text("초 초과."),
                StopReason::MaxOfType { max } => message.text("그룹 최대 ").value(max).text("개 초과."),
                StopReason::Max { max } => message.text("클러스터 최대 ").value(max).text("개 초과."),
            }
        }
        Phrase::RayAllocated { pods } => message().text(format!("파드 {pods}개가 생겼습니다.")),
        Phrase::RayLaunchFailed { group } => message().code(group).text(" 노드를 요청하지 못했고 다시 계획합니다."),
        Phrase::RayTimedOut { group, status, timeout_s } => message().code(group).text(" 노드가 ").value(timeout_s).text("초 넘게 ").code(status).text(" 상태였습니다."),
        Phrase::RayUnavailable { group } => message().code(group).text(" 노드를 최근에 얻지 못했으므로 똑같이 맞는 다른 그룹이 앞섭니다."),
        Phrase::RayDrainRefused => message().text("노드가 비우기를 거부했습니다. 다시 일하고 있습니다."),
        Phrase::RayHeadNotRunning => message().text("헤드의 Ray가 아직 실행되지 않아 계획을 버립니다."),
        Phrase::RayStuck(error) => message().text("판단이 여기서 끝나며, 이것이 계속되는 한 다음도 같습니다: ").code(error),
        Phrase::RayConfig(error) => message().text("오토스케일러가 RayCluster를 읽지 못해 모든 판단을 건너뜁니다: ").code(error),

        Phrase::VerdictStays { replicas, what } => message().strong(count(*replicas, *what)).text("에 머무릅니다."),
        Phrase::VerdictNoScale => message().text("전혀 움직이지 않습니다. 대상에 읽고 쓸 ").strong("스케일이 없습니다").text("."),
        Phrase::VerdictFailed { reason } => message().text("멈춰 있습니다: ").strong(reason).text("."),
        Phrase::VerdictMoves { moves, what } => verdict_moves(moves, *what),
        Phrase::VerdictHeld { binding, wanted, lasted } => message().text(" ").strong(binding).text(format!("에 묶입니다. {lasted} 동안 {}까지 쓸 것입니다.", number(*wanted))),
        Phrase::VerdictUnserved { requests } => message().text(" 요청 ").strong(grouped(*requests)).text("개가 처리되지 못합니다."),
        Phrase::VerdictUnplaced { count, resource } => {
            let message = message().text(" ").strong(number(*count)).text("개는 끝내 실행되지 않습니다");
            match resource {
                Some(resource) => message.text(": ").strong(resource).text(" 부족."),
                None => message.text("."),
            }
        }
        Phrase::VerdictWorkStarts { at } => message().text(format!(" 기다리던 작업은 {at}에 처음 시작됩니다.")),

        Phrase::ChartLoad(name) => message().text(format!("{name} 부하")),
        Phrase::ChartMetric(name) => message().text(format!("{name} 사용률")),
        Phrase::ChartReplicas(name) => message().text(format!("{name} 레플리카")),
        Phrase::ChartWorkers(name) => message().text(format!("{name} Ray 워커")),
        Phrase::ChartNodes => message().text("노드"),
        Phrase::SeriesLoad => message().text("요청/초"),
        Phrase::SeriesServed => message().text("처리됨"),
        Phrase::SeriesUnserved => message().text("처리 못함"),
        Phrase::SeriesMetric(name) => message().text(format!("HPA가 보는 {name}")),
        Phrase::SeriesTarget => message().text("목표"),
        Phrase::SeriesBand { upper } => message().text(if *upper { "허용 오차 위" } else { "허용 오차 아래" }),
        Phrase::SeriesDesired => message().text("원하는 수"),
        Phrase::SeriesReady => message().text("준비됨"),
        Phrase::SeriesMax { field, value } => message().text(format!("{field} {}", number(*value))),
        Phrase::SeriesWithoutCap => message().text("한도가 없다면"),
        Phrase::SeriesRequested(group) => message().text(format!("{group} 요청됨")),
        Phrase::SeriesRunning(group) => message().text(format!("{group} 실행 중")),
        Phrase::SeriesPending => message().text("기다리는 작업"),
        Phrase::SeriesNodesUsed => message().text("사용 중인 노드"),
        Phrase::SeriesUnschedulable => message().text("노드 없는 파드"),
        Phrase::NoteUnserved { requests } if *requests > 0.0 => message().text("처리됨 · ").strong(format!("처리 못함 {}", grouped(*requests))),
        Phrase::NoteUnserved { .. } => message().text("모두 처리됨"),
        Phrase::NoteTarget { target, tolerance } => message().text(format!("HPA가 보는 값, 목표 {target} % ± {} %", number(tolerance * 100.0))),
        Phrase::NoteReplicas => message().text("원하는 수 · 준비됨"),
        Phrase::NoteWorkers => message().text("요청됨 · 실행 중 · 기다리는 작업"),
        Phrase::NoteNodes { count } => message().text(format!("사용 중, 전체 {count}")),

        Phrase::Binds { from, to } => message().strong(from).text("부터 ").strong(to).text("까지 묶음"),
        Phrase::TryValue { value } => message().text(format!("{value}로 해 보기")),
        Phrase::Alternative { field, value, result } => message().text(format!("{field} {value} → ")).strong(number(*result)),
        Phrase::Unschedulable { pod, resource, nodes } => {
            let message = message().code(pod).text("이(가) 들어갈 노드가 없습니다");
            if resource.is_empty() {
                message.text(": 노드가 없습니다.")
            } else {
                message.text(format!(": 노드 {nodes}개에 ")).code(resource).text("가 부족합니다.")
            }
        }
        Phrase::PodLimit { most } => message().text(format!("동시에 {}개가 넘는 파드는 시뮬레이션하지 않습니다.", grouped(*most as f64))),
        Phrase::StepLimit => message().text("시뮬레이션할 수 있는 양을 넘어 여기서 끝납니다. 기간을 줄이거나 간격을 늘려 보세요."),
        Phrase::WorkLimit { cluster, most } => message().code(cluster).text(format!("에는 처음 {}개의 작업만 시뮬레이션합니다.", grouped(*most as f64))),
        Phrase::DecisionTitle { name, number, at } => message().text(format!("{name} · {at}의 {number}번째 판단")),
        Phrase::RayAutoscaler { cluster } => message().text(format!("Ray 오토스케일러 {cluster}")),
        Phrase::Expected { what, bound, got, met } => message().text(format!("{what} {bound}: ")).strong(number(*got)).text(if *met { "" } else { ", 맞지 않음" }),
    }
}

fn count(value: f64, what: What) -> String {
    match what {
        What::Replicas => format!("레플리카 {}개", number(value)),
        What::Workers => format!("워커 {}개", number(value)),
    }
}

fn limited(limit: &Limit, to: i32) -> Message {
    match limit {
        Limit::MaxReplicas => message().text("maxReplicas: ").value(to),
        Limit::MinReplicas => message().text("minReplicas: ").value(to),
        Limit::ScaleUpFactor { current_replicas } => message()
            .text("behavior가 없으면 한 번에 최대 max(2 × ")
            .value(current_replicas)
            .text(", 4)입니다."),
        Limit::ScaleUpPolicy(policy) | Limit::ScaleDownPolicy(policy) => {
            let message = message().text(match limit {
                Limit::ScaleUpPolicy(_) => "behavior.scaleUp",
                _ => "behavior.scaleDown",
            });
            let Some(index) = policy.policy else {
                return message.text("이(가) Disabled이므로 이 방향으로는 바꾸지 않습니다.");
            };
            message
                .text(format!(" {}번째 정책은 구간 시작의 ", index + 1))
                .value(policy.period_start_replicas)
                .text(format!("개(그 뒤 추가 {}, 제거 {})에서 세어 ", policy.added, policy.removed))
                .value(policy.allowed)
                .text("개까지 허용합니다.")
        }
    }
}

fn verdict_moves(moves: &[Move], what: What) -> Message {
    let mut message = message();
    for (index, step) in moves.iter().enumerate() {
        message = match index {
            0 => message.strong(step.at).text(format!(
                "까지 {} → {}",
                number(step.from),
                count(step.to, what)
            )),
            _ => message.text(", ").strong(step.at).text(format!("에 {}", number(step.to))),
        };
    }
    message.text(".")
}
