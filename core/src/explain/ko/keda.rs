//! 0과 1 사이에서 KEDA가 확인하고 하는 일.

use crate::explain::number::{milli, number};
use crate::explain::phrase::KedaPhrase;
use crate::explain::template::{code, say, value};
use crate::keda::{Direction, TriggerState};
use crate::report::Message;

pub(in crate::explain) fn keda(phrase: &KedaPhrase<'_>) -> Message {
    match *phrase {
        KedaPhrase::Trigger { metric, state, activation, is_cron } => {
            trigger(metric, state, activation, is_cron)
        }
        KedaPhrase::OnlyResources => {
            say!("트리거가 CPU와 메모리뿐이므로 항상 활성으로 봅니다.")
        }
        KedaPhrase::Forced => {
            say!("{} 어노테이션이 있어 활성으로 봅니다.", code("force-activation"))
        }
        KedaPhrase::Activated { from, to } => say!(
            "활성 트리거가 있어 레플리카를 {}개에서 {}개로 바꿉니다. 이후는 HPA가 결정합니다.",
            value(from),
            value(to),
        ),
        KedaPhrase::Paused(direction) => say!(
            "{} 어노테이션 때문에 아무것도 하지 않습니다.",
            code(match direction {
                Direction::Out => "paused-scale-out",
                Direction::In => "paused-scale-in",
            }),
        ),
        KedaPhrase::PartlyFailed => say!(
            "활성 트리거가 있지만 다른 트리거가 실패합니다. 워크로드는 그대로 두고 마지막 활성 \
             시각도 갱신하지 않습니다."
        ),
        KedaPhrase::StaysActive => {
            say!("활성 트리거가 있고 워크로드가 실행 중입니다. 쿨다운을 처음부터 다시 셉니다.")
        }
        KedaPhrase::Failed { fallback: true } => {
            say!("트리거가 실패합니다. fallback이 적용될 때까지 아무것도 하지 않습니다.")
        }
        KedaPhrase::Failed { fallback: false } => {
            say!("트리거가 실패하고 fallback이 없어 아무것도 하지 않습니다.")
        }
        KedaPhrase::CoolingDown { until, period, initial } => say!(
            "활성 트리거가 없습니다. {} {} 동안, {}까지는 줄이지 않습니다.",
            code(if initial { "initialCooldownPeriod" } else { "cooldownPeriod" }),
            value(period),
            value(until),
        ),
        KedaPhrase::Deactivated { from, to, idle, initial } => {
            let message = say!(
                "충분히 오래 활성 트리거가 없어 {}에 따라 레플리카를 {}개에서 {}개로 한 번에 줄입니다.",
                code(if idle { "idleReplicaCount" } else { "minReplicaCount" }),
                value(from),
                value(to),
            );
            if initial {
                message.and(say!(
                    " 한 번도 활성이었던 적이 없어 {}만 적용됩니다.",
                    code("initialCooldownPeriod"),
                ))
            } else {
                message
            }
        }
        KedaPhrase::RaisedToMin { to } => {
            say!("레플리카가 {} {}개보다 적어 늘립니다.", code("minReplicaCount"), value(to))
        }
        KedaPhrase::NothingToDo => {
            say!("활성 트리거가 없고 KEDA가 할 일도 없습니다. 나머지는 HPA가 결정합니다.")
        }
    }
}

fn trigger(metric: &str, state: TriggerState, activation: f64, is_cron: bool) -> Message {
    match state {
        TriggerState::Active { .. } if is_cron => {
            say!("{}{은} 지정한 시간대 안입니다.", code(metric))
        }
        TriggerState::Inactive { .. } if is_cron => {
            say!("{}{은} 지정한 시간대 밖입니다.", code(metric))
        }
        TriggerState::Active { value_milli } => say!(
            "{} 값이 {}{으로} 활성화 임곗값 {}보다 커서 활성입니다.",
            code(metric),
            value(milli(value_milli)),
            value(number(activation)),
        ),
        TriggerState::Inactive { value_milli } => say!(
            "{} 값이 {}{으로} 활성화 임곗값 {} 이하여서 활성이 아닙니다.",
            code(metric),
            value(milli(value_milli)),
            value(number(activation)),
        ),
        TriggerState::Read { value_milli } => say!(
            "{} 값은 {}이고, 활성 여부는 formula의 결과로 정합니다.",
            code(metric),
            value(milli(value_milli)),
        ),
        TriggerState::Withheld => {
            say!("트리거가 실패해 {}{을} 계산하지 않으며 활성이 아닙니다.", code(metric))
        }
        TriggerState::NoResult => {
            say!("이 값들로는 {}의 formula 계산이 실패하여 활성이 아닙니다.", code(metric))
        }
        TriggerState::Failed { failures: 0 } => {
            say!("{} 값을 읽을 수 없습니다.", code(metric))
        }
        TriggerState::Failed { failures } => {
            say!("{} 값을 연속 {}번째 읽지 못했습니다.", code(metric), value(failures))
        }
        TriggerState::Fallback { failures, value_milli } => say!(
            "{} 값을 연속 {}번 읽지 못해 fallback 값 {}{을} 대신 쓰고 활성으로 봅니다.",
            code(metric),
            value(failures),
            value(milli(value_milli)),
        ),
    }
}
