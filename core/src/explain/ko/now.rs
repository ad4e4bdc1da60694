//! 지금의 HPA.

use crate::explain::now_phrase::{MetricKind, NowLabel, NowPhrase, Taken};
use crate::explain::number::milli;
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::Direction;
use crate::report::Message;

pub(in crate::explain) fn now(phrase: &NowPhrase) -> Message {
    match *phrase {
        NowPhrase::Title { ref name } => say!("{} · 지금", plain(name)),
        NowPhrase::Goes { from, to } => {
            say!("다음 판단에서 {}개 → {}.", plain(from), strong(format!("{to}개")))
        }
        NowPhrase::Stays { count } => {
            say!("다음 판단에서 {} 그대로입니다.", strong(format!("{count}개")))
        }
        NowPhrase::Stands { count, ref reason } => {
            say!("{}개에서 움직이지 않습니다: {}.", plain(count), strong(reason))
        }
        NowPhrase::FromStatus => {
            say!("숫자는 마지막 판단이 남긴 {}의 값입니다.", code("status"))
        }
        NowPhrase::FromDescribe => {
            say!("숫자는 {}의 출력입니다.", code("kubectl describe hpa"))
        }
        NowPhrase::FromTable => say!(
            "숫자는 {}의 출력입니다. REPLICAS는 마지막 판단이 바꾸기 전의 수입니다.",
            code("kubectl get hpa"),
        ),
        NowPhrase::FromNothing => {
            say!("현재 상태를 알 수 없습니다. 숫자를 입력하거나 붙여 넣으세요.")
        }
        NowPhrase::RulesFromText => say!(
            "매니페스트가 텍스트에 없습니다. kubectl 출력에는 {}와 메트릭 셀렉터가 없으므로 여기서도 \
             없는 것으로 봅니다.",
            code("tolerance"),
        ),
        NowPhrase::GuessedMetrics => say!(
            "표에는 메트릭 종류가 나오지 않습니다. 평균은 External, 숫자만 있으면 Pods, 이름 없는 \
             비율은 cpu로 봅니다."
        ),
        NowPhrase::MoreMetrics { count } => say!(
            "출력되지 않은 메트릭이 {}개 더 있고, 더 많은 레플리카를 요구할 수 있습니다.",
            value(count),
        ),
        NowPhrase::CountAfterRescale { from, to } => say!(
            "마지막 판단이 {}{을} 기록했으므로 지금은 {}개입니다. {}에는 아직 {}{이} 남아 있습니다.",
            value(to),
            value(to),
            code("currentReplicas"),
            value(from),
        ),
        NowPhrase::CountOfManifest { count } => {
            say!("대상의 매니페스트에 적힌 대로 레플리카 {}개로 봅니다.", value(count))
        }
        NowPhrase::CountIsMin { count } => {
            say!("허용되는 가장 적은 수인 {}개로 봅니다.", value(count))
        }
        NowPhrase::Taken(ref taken) => self::taken(taken),
    }
}

fn taken(taken: &Taken) -> Message {
    match *taken {
        Taken::PodsReady { count } => say!(
            "파드 {}개가 모두 준비되었고 샘플이 있는 것으로 봅니다. 상태만으로는 알 수 없습니다.",
            value(count),
        ),
        Taken::NewPodsNotReady { count } => {
            say!("방금 요청된 파드 {}개는 준비되지 않은 것으로 봅니다.", value(count))
        }
        Taken::AtTarget => say!("알려지지 않은 메트릭은 목표값에 있는 것으로 봅니다."),
        Taken::NoValue => {
            say!("값이 없는 메트릭은 마지막 판단 때처럼 실패합니다.")
        }
        Taken::RequestStandIn => say!(
            "파드의 요청량을 알 수 없어 각각 {}{으로} 둡니다. 비율만 의미가 있습니다.",
            value(100),
        ),
        Taken::RequestOfAverage { request } => {
            say!("비율과 평균으로 보아 파드 하나의 요청량은 {}입니다.", value(milli(request)),)
        }
        Taken::WholeOfAverage { average, replicas, whole } => say!(
            "마지막 판단 때 레플리카 {}개에 각각 {}였으므로 전체는 {}입니다(표시된 자릿수까지).",
            value(replicas),
            value(milli(average)),
            value(milli(whole)),
        ),
        Taken::RemembersLastLook { replicas, ago } => say!(
            "상태 조건에 따르면 마지막 판단의 권장 사항은 {}개입니다. 한 주기인 {} 전으로 봅니다.",
            value(replicas),
            value(ago),
        ),
        Taken::ChangedAtLastLook { change, ago } => say!(
            "마지막 판단이 레플리카 수를 {}만큼 바꾸었습니다. 한 주기인 {} 전으로 봅니다.",
            value(if change > 0 { format!("+{change}") } else { change.to_string() }),
            value(ago),
        ),
        Taken::NothingRemembered { direction, window, current } => say!(
            "이전 권장 사항을 알 수 없어 안정화 윈도우에 막힐 수도 있습니다. 최근 {} 안에 {}개 {} 권장 \
             사항이 있었다면 {} 그대로입니다.",
            value(window),
            value(current),
            plain(match direction {
                Direction::Down => "이상의",
                Direction::Up => "이하의",
            }),
            strong(format!("{current}개")),
        ),
        Taken::NoChangesRemembered => {
            say!("{} 기간 안에 있었던 변경을 알 수 없어 빼지 않습니다.", code("behavior"),)
        }
        Taken::ZeroByHand => say!(
            "누가 0으로 줄였는지 알 수 없어 HPA가 아닌 다른 쪽이 줄인 것으로 봅니다({} 조건 없음).",
            code("ScaledToZero"),
        ),
    }
}

pub(in crate::explain) fn now_label(label: &NowLabel<'_>) -> Message {
    match *label {
        NowLabel::Metric { name, kind } => say!(
            "{}, {}",
            plain(name),
            plain(match kind {
                MetricKind::Share => "요청량 대비 비율",
                MetricKind::Average => "파드 평균",
                MetricKind::Value => "값",
                MetricKind::PerReplica => "레플리카당 값",
            }),
        ),
        NowLabel::CurrentReplicas => say!("현재 레플리카"),
        NowLabel::Ready => say!("준비된 파드"),
        NowLabel::NotReady => say!("준비되지 않은 파드"),
        NowLabel::Missing => say!("샘플이 없는 파드"),
        NowLabel::Recommendations => say!("이전 권장 사항"),
        NowLabel::ScaleEvents => say!("이전 변경"),
        NowLabel::ScaledToZero => say!("HPA가 0으로 줄임"),
    }
}
