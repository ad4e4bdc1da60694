//! 메트릭 앞뒤로 HPA가 하는 일.

use crate::explain::phrase::{Binding, HpaPhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{
    Direction, Limit, PolicyKind, PolicyLimit, ScalingPolicy, SelectPolicy, SelectorProblem,
};
use crate::report::Message;
use crate::time::{Duration, Instant};

pub(in crate::explain) fn hpa(phrase: &HpaPhrase<'_>) -> Message {
    match *phrase {
        HpaPhrase::ScaleUnavailable(error) => {
            say!("대상의 스케일을 읽을 수 없어 판단을 여기서 끝냅니다: {}", code(error))
        }
        HpaPhrase::ScalingDisabled { min } => say!(
            "레플리카가 0개이고 HPA가 0으로 줄인 것이 아니므로, 누군가 늘릴 때까지 아무것도 하지 \
             않습니다. minReplicas(지금 {})를 올려도 깨어나지 않습니다.",
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
        HpaPhrase::SelectorUnusable(problem) => unusable(problem),
        HpaPhrase::Stabilized { direction, window, held_by, recommendation, kept } => {
            let message = stabilized(direction, window, held_by, recommendation);
            match kept {
                Some(kept) => message.and(say!(" 그때까지 {}개를 유지합니다.", value(kept))),
                None => message,
            }
        }
        HpaPhrase::NotStabilized { direction, window } => not_stabilized(direction, window),
        HpaPhrase::Limited { limit, from, to } => limited(limit, from, to),
        HpaPhrase::Policy { direction, index, policy, policies, select } => {
            by_policy(direction, index, policy, policies, select)
        }
        HpaPhrase::OtherPolicy { direction, index, policy, added, removed, allowed } => {
            named(direction, index, policy).and(say!(
                ", 이 정책만 따르면 {}개까지 가능(기간 안에 {}개 증가, {}개 감소).",
                value(allowed),
                plain(added),
                plain(removed),
            ))
        }
        HpaPhrase::NotLimited { min, max } => say!(
            "minReplicas {}{과} maxReplicas {} 사이이며 허용된 속도를 넘지 않습니다.",
            value(min),
            value(max),
        ),
        HpaPhrase::RaisedToMin { to } => {
            say!("0에서 늘릴 때는 적어도 minReplicas {}개입니다.", value(to))
        }
        HpaPhrase::UpdateFailed => say!("새 레플리카 수를 기록하지 못했습니다."),
        HpaPhrase::Wants { wanted, binding: None } => say!("{}개 필요", value(wanted)),
        HpaPhrase::Wants { wanted, binding } => {
            held(say!("{}개가 필요하지만 ", value(wanted)), binding)
        }
        HpaPhrase::Remembers { wanted, asks, binding } => {
            let link = if binding.is_some() { "하며, " } else { "함" };
            let message = say!(
                "{}개가 필요하지만 안정화 윈도우가 아직 {}개를 요구{}",
                value(wanted),
                value(asks),
                plain(link),
            );
            held(message, binding)
        }
    }
}

fn held(message: Message, binding: Option<Binding<'_>>) -> Message {
    match binding {
        None => message,
        Some(Binding::Field(field)) => message.and(say!("{}에 막힘", code(field))),
        Some(Binding::Window) => message.text("안정화 윈도우에 막힘"),
        Some(Binding::FailedMetric) => message.text("메트릭 실패에 막힘"),
        Some(Binding::Factor) => message.text("한 번에 두 배까지만 늘어남"),
    }
}

fn unusable(problem: SelectorProblem) -> Message {
    match problem {
        SelectorProblem::Missing => {
            say!("스케일에 셀렉터가 없어 파드를 알 수 없으므로 메트릭을 읽지 않습니다.")
        }
        SelectorProblem::Unparsable => {
            say!("스케일의 셀렉터를 해석할 수 없어 메트릭을 읽지 않습니다.")
        }
        SelectorProblem::Ambiguous => {
            say!("다른 HPA도 같은 파드를 선택합니다. 두 HPA 모두 멈추고 메트릭을 읽지 않습니다.")
        }
    }
}

fn stabilized(
    direction: Direction,
    length: Duration,
    held_by: Instant,
    recommendation: i32,
) -> Message {
    let which = plain(match direction {
        Direction::Down => "가장 높은",
        Direction::Up => "가장 낮은",
    });
    let (window, was) = (value(length), value(recommendation));
    let (at, until) = (strong(held_by), strong(held_by + length));
    if held_by < Instant::ZERO {
        let ago = strong(Instant::ZERO.since(held_by));
        say!(
            "최근 {} 동안 {} 권장 사항은 {} 전의 {}개이며, {} 뒤에 안정화 윈도우를 벗어납니다.",
            window,
            which,
            ago,
            was,
            until,
        )
    } else {
        say!(
            "최근 {} 동안 {} 권장 사항은 {}의 {}개이며, {}에 안정화 윈도우를 벗어납니다.",
            window,
            which,
            at,
            was,
            until,
        )
    }
}

fn not_stabilized(direction: Option<Direction>, window: Duration) -> Message {
    let (way, safer) = match direction {
        None => return say!("레플리카 수가 그대로이므로 기다릴 것이 없습니다."),
        Some(Direction::Up) => ("스케일 업", "낮은"),
        Some(Direction::Down) => ("스케일 다운", "높은"),
    };
    if window == Duration::ZERO {
        return say!("{} 안정화 윈도우가 {}이므로 기다리지 않습니다.", plain(way), value(window),);
    }
    say!("최근 {} 동안 더 {} 권장 사항이 없습니다.", value(window), plain(safer))
}

fn limited(limit: &Limit, from: i32, to: i32) -> Message {
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
        Limit::ScaleUpPolicy(limit) => in_period(["scaleUp", "늘릴"], limit, from, to),
        Limit::ScaleDownPolicy(limit) => in_period(["scaleDown", "줄일"], limit, from, to),
    }
}

fn in_period([side, verb]: [&str; 2], limit: &PolicyLimit, from: i32, to: i32) -> Message {
    if limit.policy.is_none() {
        return say!(
            "{} 값이 Disabled이므로 {}개로 바꾸지 않습니다.",
            code(format!("{side}.selectPolicy")),
            value(from),
        );
    }
    say!(
        "정책에 따라 {}개가 아니라 {}개까지만 {} 수 있습니다. 정책 기간이 시작될 때 {}개였고, 그 뒤 \
         {}개가 늘고 {}개가 줄었습니다.",
        value(from),
        value(to),
        plain(verb),
        value(limit.period_start_replicas),
        plain(limit.added),
        plain(limit.removed),
    )
}

fn by_policy(
    direction: Direction,
    index: usize,
    policy: ScalingPolicy,
    policies: usize,
    select: SelectPolicy,
) -> Message {
    let message = named(direction, index, policy);
    let chosen = match select {
        SelectPolicy::Min => "가장 작은",
        SelectPolicy::Max | SelectPolicy::Disabled => "가장 큰",
    };
    match policies {
        1 => message.text("."),
        _ => message.and(say!(", 정책 {}개 중 {} 변화.", value(policies), plain(chosen))),
    }
}

fn named(direction: Direction, index: usize, policy: ScalingPolicy) -> Message {
    let side = match direction {
        Direction::Up => "scaleUp",
        Direction::Down => "scaleDown",
    };
    let amount = match policy.kind {
        PolicyKind::Pods => format!("파드 {}개", policy.value),
        PolicyKind::Percent => format!("{}%", policy.value),
    };
    say!(
        "{}: {} 동안 {}",
        code(format!("{side}.policies[{index}]")),
        value(policy.period),
        value(amount),
    )
}
