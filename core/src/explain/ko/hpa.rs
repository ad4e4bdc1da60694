//! 메트릭 앞뒤로 HPA가 하는 일.

use crate::explain::phrase::HpaPhrase;
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{Direction, Limit, PolicyKind, PolicyLimit, ScalingPolicy};
use crate::report::Message;

pub(in crate::explain) fn hpa(phrase: &HpaPhrase<'_>) -> Message {
    match *phrase {
        HpaPhrase::ScaleUnavailable(error) => {
            say!("대상의 스케일을 읽을 수 없어 판단을 여기서 끝냅니다: {}", code(error))
        }
        HpaPhrase::ScalingDisabled { min } => say!(
            "레플리카가 0개이고 HPA가 0으로 줄인 것이 아니므로, 누군가 늘릴 때까지 아무것도 하지 \
             않습니다. minReplicas는 {}입니다.",
            value(min),
        ),
        HpaPhrase::AboveMax { current, max } => say!(
            "메트릭을 읽지 않고 {}개에서 바로 maxReplicas {}{으로} 맞춥니다.",
            value(current),
            value(max),
        ),
        HpaPhrase::BelowMin { current, min } => say!(
            "메트릭을 읽지 않고 {}개에서 바로 minReplicas {}{으로} 맞춥니다.",
            value(current),
            value(min),
        ),
        HpaPhrase::SelectorUnusable => {
            say!("셀렉터로는 어느 파드인지 가려낼 수 없어 메트릭을 읽지 않습니다.")
        }
        HpaPhrase::Stabilized { direction, window, held_by, recommendation } => say!(
            "최근 {} 동안 {} 권고는 {}의 {}이며, {}까지 유효합니다.",
            value(window),
            plain(match direction {
                Direction::Down => "가장 높은",
                Direction::Up => "가장 낮은",
            }),
            strong(held_by),
            value(recommendation),
            strong(held_by + window),
        ),
        HpaPhrase::NotStabilized => {
            say!("안정화 기간 안에 이 제안을 제한하는 권고가 없습니다.")
        }
        HpaPhrase::Limited { limit, policy, from, to } => limited(limit, policy, from, to),
        HpaPhrase::NotLimited { min, max } => say!(
            "minReplicas {}{과} maxReplicas {} 사이이며 허용된 속도를 넘지 않습니다.",
            value(min),
            value(max),
        ),
        HpaPhrase::RaisedToMin { to } => {
            say!("0에서 늘릴 때는 적어도 minReplicas {}개입니다.", value(to))
        }
        HpaPhrase::UpdateFailed => say!("새 레플리카 수를 기록하지 못했습니다."),
        HpaPhrase::Wants { wanted, binding: Some(binding) } => {
            say!("{}개를 원하지만 {}에 의해 제한됨", value(wanted), code(binding))
        }
        HpaPhrase::Wants { wanted, binding: None } => say!("{}개를 원함", value(wanted)),
    }
}

fn limited(limit: &Limit, policy: Option<ScalingPolicy>, from: i32, to: i32) -> Message {
    match limit {
        Limit::MaxReplicas => {
            say!("{}개는 maxReplicas보다 많으므로 {}개로 제한됩니다.", value(from), value(to))
        }
        Limit::MinReplicas => {
            say!("{}개는 minReplicas보다 적으므로 {}개로 올립니다.", value(from), value(to))
        }
        Limit::ScaleUpFactor { current_replicas } => say!(
            "{}개는 behavior가 없을 때 한 번에 늘릴 수 있는 최대 max(2 × {}, 4)개보다 많습니다.",
            value(from),
            value(current_replicas),
        ),
        Limit::ScaleUpPolicy(limit) => by_policy("scaleUp", limit, policy, from),
        Limit::ScaleDownPolicy(limit) => by_policy("scaleDown", limit, policy, from),
    }
}

fn by_policy(side: &str, limit: &PolicyLimit, policy: Option<ScalingPolicy>, from: i32) -> Message {
    let (Some(index), Some(policy)) = (limit.policy, policy) else {
        return say!(
            "{} 값이 Disabled이므로 {}개로 바꾸지 않습니다.",
            code(format!("{side}.selectPolicy")),
            value(from),
        );
    };
    let amount = match policy.kind {
        PolicyKind::Pods => format!("파드 {}개", policy.value),
        PolicyKind::Percent => format!("{} %", policy.value),
    };
    say!(
        "{}({} 동안 {})에 따라 {}개가 아닌 {}개까지만 허용됩니다. 기간이 시작될 때 {}개였고, 그 뒤 \
         {}개가 추가되고 {}개가 제거되었습니다.",
        code(format!("{side}.policies[{index}]")),
        value(policy.period),
        value(amount),
        value(from),
        value(limit.allowed),
        value(limit.period_start_replicas),
        plain(limit.added),
        plain(limit.removed),
    )
}
