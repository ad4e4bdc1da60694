//! 전체 구간에 걸친 오토스케일러의 동작.

use crate::explain::number::{grouped, number};
use crate::explain::phrase::{HeldBy, Move, VerdictPhrase, What};
use crate::explain::template::{code, plain, say, strong};
use crate::report::Message;

pub(in crate::explain) fn verdict(phrase: &VerdictPhrase<'_>) -> Message {
    match *phrase {
        VerdictPhrase::RayAutoscaler { cluster } => say!("Ray 오토스케일러 {}", plain(cluster)),
        VerdictPhrase::NoScale => {
            say!("동작하지 않습니다. 대상에 읽고 쓸 {}.", strong("스케일이 없습니다"))
        }
        VerdictPhrase::Refused { error, more, mended } => {
            let mut message = say!("API 서버가 이 HPA를 거부합니다: {}", code(error));
            if more > 0 {
                message = message.and(say!(" 외 {}건", plain(more)));
            }
            match mended {
                None => message.and(say!(". 아무것도 스케일하지 않습니다.")),
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
        VerdictPhrase::LeftToHpa => say!("직접 바꾸지 않습니다. 모든 변경은 HPA가 합니다."),
        VerdictPhrase::Failed { reason } => say!("멈춰 있습니다: {}.", strong(reason)),
        VerdictPhrase::Stays { count, what, held } => {
            let message = say!("{} {}", plain(noun(what)), strong(format!("{}개", number(count))));
            match held {
                Some(by) => message.and(say!("에서 ")).and(held_by(&by)),
                None => message.and(say!("를 유지합니다.")),
            }
        }
        VerdictPhrase::Moves { moves, what, held } => moved(moves, what, held),
        VerdictPhrase::Unserved { requests } => {
            say!("요청 {}개가 처리되지 못합니다.", strong(grouped(requests)))
        }
        VerdictPhrase::Unplaced { count, resource: Some(resource) } => {
            say!("끝까지 {}개가 대기합니다: {} 부족.", strong(number(count)), strong(resource),)
        }
        VerdictPhrase::Unplaced { count, resource: None } => {
            say!("끝까지 {}개가 대기합니다.", strong(number(count)))
        }
        VerdictPhrase::WorkStarts { at } => {
            say!("대기하던 작업은 {}에 처음 시작됩니다.", strong(at))
        }
    }
}

fn noun(what: What) -> &'static str {
    match what {
        What::Replicas => "레플리카",
        What::Workers => "워커",
    }
}

fn held_by(held: &HeldBy<'_>) -> Message {
    say!(
        "{}에 따라 제한됩니다. {} 동안 최대 {}개를 원합니다.",
        strong(held.binding),
        plain(held.lasted),
        strong(number(held.wanted)),
    )
}

/// `3m 00s까지 레플리카 1 → 5개, 그 뒤 maxReplicas에 따라 제한됩니다. … 이후 19m 30s에 4개입니다.`
fn moved(moves: &[Move], what: What, held: Option<(usize, HeldBy<'_>)>) -> Message {
    let mut message = Message::new();
    let mut begins = true;
    for (index, step) in moves.iter().enumerate() {
        let when = if step.began == step.at { "에" } else { "까지" };
        message = message.and(match (index, begins) {
            (0, _) => say!(""),
            (_, true) => say!(" 이후 "),
            (_, false) => say!(", "),
        });
        message = message.and(say!("{}{} ", strong(step.at), plain(when)));
        message = message.and(if index == 0 {
            let (from, to) = (plain(number(step.from)), plain(number(step.to)));
            say!("{} {} → {}개", plain(noun(what)), from, to)
        } else {
            say!("{}개", plain(number(step.to)))
        });
        begins = false;
        if let Some((at, by)) = held
            && at == index
        {
            message = message.and(say!("가 되고, 그 뒤 ")).and(held_by(&by));
            begins = true;
        }
    }
    if begins { message } else { message.and(say!("가 됩니다.")) }
}
