//! 전체 구간에 걸친 오토스케일러의 동작.

use crate::explain::number::{grouped, number};
use crate::explain::phrase::{HeldBy, Lack, Move, VerdictPhrase, What};
use crate::explain::template::{code, plain, say, strong};
use crate::report::Message;

pub(in crate::explain) fn verdict(phrase: &VerdictPhrase<'_>) -> Message {
    match *phrase {
        VerdictPhrase::RayAutoscaler { cluster } => say!("Ray 오토스케일러 {}", plain(cluster)),
        VerdictPhrase::NoScale => {
            say!("동작하지 않습니다. 대상에 읽고 쓸 {}.", strong("스케일이 없습니다"))
        }
        VerdictPhrase::Refused { error, more, mended } => {
            let message = and_more(say!("API 서버가 이 HPA를 거부합니다: {}", code(error)), more);
            match mended {
                None => message.and(say!(". 아무것도 스케일링하지 않습니다.")),
                Some([]) => message.and(say!(". 받아들여진다면: ")),
                Some(fields) => {
                    let with = |(field, value): &(String, Option<i32>)| match value {
                        Some(value) => format!("{field} {value}"),
                        None => format!("{field} 제외"),
                    };
                    let fields: Vec<String> = fields.iter().map(with).collect();
                    message.and(say!(". 예측 조건은 {}: ", plain(fields.join(", "))))
                }
            }
        }
        VerdictPhrase::RefusedByKubeRay { error, more } => {
            let message = and_more(say!("KubeRay가 거부합니다: {}", code(error)), more);
            message.and(say!(". 파드를 만들지도 지우지도 않습니다. 받아들여진다면: "))
        }
        VerdictPhrase::LeftToHpa => say!("직접 바꾸지 않습니다. 모든 변경은 HPA가 합니다."),
        VerdictPhrase::Failed { reason, at_end } => {
            let begin = if at_end { "마지막에는 " } else { "" };
            say!("{}멈춰 있습니다. {}({}).", plain(begin), plain(why(reason)), strong(reason))
        }
        VerdictPhrase::Unconfigured { exception } => {
            say!("동작하지 않습니다. RayCluster를 읽지 못합니다({}).", strong(exception),)
        }
        VerdictPhrase::Stays { count, what, held } => {
            let message = say!("{} {}", plain(noun(what)), strong(format!("{}개", number(count))));
            match held {
                Some(by) => message.text("에서 ").and(held_by(&by)),
                None => message.text("를 유지합니다."),
            }
        }
        VerdictPhrase::NoHead { suspended } => no_head(suspended),
        VerdictPhrase::Left { from, to, what } => left(from, to, what),
        VerdictPhrase::Moves { moves, what, held, more } => {
            let message = moved(moves, what, held);
            match more {
                0 => message,
                _ => message.and(say!(" 그 뒤로 {}번 더 바뀝니다.", plain(more))),
            }
        }
        VerdictPhrase::Unserved { requests } => {
            say!("요청 {}건을 처리하지 못합니다.", strong(grouped(requests)))
        }
        VerdictPhrase::Queued { most } => {
            say!("요청이 한 번에 최대 {}건까지 대기합니다.", strong(grouped(most)))
        }
        VerdictPhrase::Unplaced { count, why } => {
            let message = say!("{}개는 끝까지 대기합니다.", strong(number(count)));
            match why {
                Some(Lack::Resource(resource)) => message
                    .and(say!(" {} 리소스가 충분한 워커 그룹이 없습니다.", strong(resource),)),
                Some(Lack::Room(group)) => {
                    message.and(say!(" {} 그룹이 maxReplicas에 도달했습니다.", strong(group)))
                }
                Some(Lack::Labels) => message.text(" 레이블이 맞는 워커 그룹이 없습니다."),
                None => message,
            }
        }
        VerdictPhrase::WorkStarts { at } => {
            say!("대기하던 작업이 {}에 처음 시작됩니다.", strong(at))
        }
    }
}

fn no_head(suspended: bool) -> Message {
    if suspended {
        say!("한 번도 살피지 않습니다. 클러스터가 일시 중지되어 헤드가 없습니다.")
    } else {
        say!("한 번도 살피지 않습니다. 헤드가 실행되지 않습니다.")
    }
}

fn left(from: f64, to: f64, what: What) -> Message {
    say!(
        "아무것도 바꾸지 않습니다. {} {}가 {}로 바뀐 것은 다른 주체가 한 일입니다.",
        plain(noun(what)),
        strong(format!("{}개", number(from))),
        strong(format!("{}개", number(to))),
    )
}

/// How many refusals there are beside the one that is told.
fn and_more(message: Message, more: usize) -> Message {
    if more > 0 { message.and(say!(" 외 {}건", plain(more))) } else { message }
}

fn noun(what: What) -> &'static str {
    match what {
        What::Replicas => "레플리카",
        What::Workers => "워커",
        What::Pods => "파드",
    }
}

fn held_by(held: &HeldBy<'_>) -> Message {
    let wanted = strong(number(held.wanted));
    let (held, lasted, or_more) = (strong(held.binding), plain(held.lasted), held.or_more);
    if or_more {
        return say!(
            "{} 동안 {}에 막힙니다. 한도가 없다면 {}개 이상이 됩니다.",
            lasted,
            held,
            wanted
        );
    }
    say!("{} 동안 {}에 막힙니다. 한도가 없다면 최대 {}개가 됩니다.", lasted, held, wanted)
}

/// 상태 조건의 이유로 본, HPA가 움직이지 못하는 까닭.
fn why(reason: &str) -> &'static str {
    match reason {
        "AmbiguousSelector" => "다른 HPA가 같은 파드를 선택합니다",
        "InvalidSelector" => "대상에 쓸 수 있는 셀렉터가 없습니다",
        "ScalingDisabled" => "다른 누군가가 대상을 0개로 줄였습니다",
        "TriggerError" => "트리거를 읽지 못합니다",
        _ => "메트릭을 읽지 못합니다",
    }
}

/// `레플리카가 3m 00s까지 1개에서 5개로 늘어난 뒤 maxReplicas에 막힙니다. … 이후 19m 30s에 4개로 …`
fn moved(moves: &[Move], what: What, held: Option<(usize, HeldBy<'_>)>) -> Message {
    let mut message = say!("{}가 ", plain(noun(what)));
    for (index, step) in moves.iter().enumerate() {
        let when = if step.began == step.at { "에" } else { "까지" };
        message = message.and(say!("{}{} ", strong(step.at), plain(when)));
        if step.starts_anew(index.checked_sub(1).and_then(|it| moves.get(it))) {
            message = message.and(say!("{}개에서 ", plain(number(step.from))));
        }
        message = message.and(say!("{}개로", plain(number(step.to))));
        let stem = if step.is_up() { "늘" } else { "줄" };
        let next = moves.get(index + 1);
        if let Some((_, by)) = held.filter(|(at, _)| *at == index) {
            let after = if step.is_up() { " 늘어난 뒤 " } else { " 줄어든 뒤 " };
            message = message.text(after).and(held_by(&by));
            message = message.text(if next.is_some() { " 이후 " } else { "" });
        } else {
            message = match next {
                Some(next) if next.is_up() == step.is_up() && !next.starts_anew(Some(step)) => {
                    message.text(", ")
                }
                Some(_) => message.and(say!(" {}고, ", plain(stem))),
                None if step.is_up() => message.text(" 늘어납니다."),
                None => message.text(" 줄어듭니다."),
            };
        }
    }
    message
}
