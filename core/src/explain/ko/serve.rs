//! Serve 컨트롤러가 보는 값과 원하는 수, 그리고 기다리는 시간.

use crate::explain::number::number;
use crate::explain::phrase::ServePhrase;
use crate::explain::template::{code, plain, say, value};
use crate::report::Message;

#[expect(clippy::too_many_lines, reason = "one sentence for each phrase")]
pub(in crate::explain) fn serve(phrase: &ServePhrase<'_>) -> Message {
    match *phrase {
        ServePhrase::Seen { function, series, since, requests } => say!(
            "시계열 {}개를 {}부터 {} 함수로 집계하면 처리 중이거나 대기 중인 요청은 {}건입니다.",
            value(series),
            plain(since),
            code(function),
            value(number(requests)),
        ),
        ServePhrase::Forgotten { silent } => {
            say!("핸들이 {} 동안 보고하지 않아 그 요청 수를 집계에서 뺍니다.", value(silent))
        }
        ServePhrase::ColdStart { requests, wanted } => say!(
            "실행 중인 레플리카가 없고 요청 {}건이 대기합니다. {}만큼 기다리지 않고 바로 {}개로 늘립니다.",
            value(number(requests)),
            code("upscale_delay_s"),
            value(wanted),
        ),
        ServePhrase::NothingRuns { target } => {
            say!(
                "실행 중인 레플리카도 대기 중인 요청도 없어 목표 {}개를 유지합니다.",
                value(target)
            )
        }
        ServePhrase::Ratio { running, requests, target_each, desired } => say!(
            "{} × {} / ({} × {}) = {}",
            value(running),
            value(number(requests)),
            value(number(target_each)),
            value(running),
            value(number(desired)),
        ),
        ServePhrase::Scaled { factor, running, desired, wanted } => say!(
            "ceil({} + {} × ({} − {})) = {}",
            value(running),
            value(number(factor)),
            value(number(desired)),
            value(running),
            value(wanted),
        ),
        ServePhrase::OneLess => {
            say!("계수만 적용하면 수가 줄지 않으므로 레플리카를 하나 줄입니다.")
        }
        ServePhrase::Steady { target } => {
            say!("목표가 이미 {}개이므로 기다릴 변경이 없습니다.", value(target))
        }
        ServePhrase::NotBelowOne => {
            say!("레플리카가 둘 이상이면 한 번에 0으로 줄이지 않으므로 1개로 합니다.")
        }
        ServePhrase::Waits { wanted, target, field, since, delay } => say!(
            "목표는 {}개인데 {}개가 필요합니다. {}에 시작한 {}({})가 끝날 때까지 기다립니다.",
            value(target),
            value(wanted),
            value(since),
            code(field),
            value(delay),
        ),
        ServePhrase::DelayOver { wanted, field, since, delay } => say!(
            "{}에 시작한 {}({})가 끝났습니다. 지금 필요한 {}개를 목표로 합니다.",
            value(since),
            code(field),
            value(delay),
            value(wanted),
        ),
        ServePhrase::Gangs { gang, from, to } => say!(
            "레플리카 {}개를 갱 크기 {}의 배수로 올림해 {}개로 합니다.",
            value(from),
            value(gang),
            value(to),
        ),
        ServePhrase::Limited { field, from, to } => {
            say!("{}개가 필요하지만 {} 때문에 {}개로 합니다.", value(from), code(field), value(to))
        }
    }
}
