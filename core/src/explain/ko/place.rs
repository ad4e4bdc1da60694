//! Ray 노드, 그 위에 있는 것, 들어갈 수 있는 것.

use crate::explain::number::number;
use crate::explain::place_phrase::{PlacePhrase, PlacedKind};
use crate::explain::template::{code, plain, say, strong, value};
use crate::report::Message;

pub(in crate::explain) fn place(phrase: &PlacePhrase<'_>) -> Message {
    match *phrase {
        PlacePhrase::Work { count: Some(count), kind, shape } => {
            say!("{} {} {}개", plain(name(kind)), code(shape), value(count))
        }
        PlacePhrase::Work { count: None, kind, shape } => {
            say!("{} {}", plain(name(kind)), code(shape))
        }
        PlacePhrase::Taken { used, total } => say!("{} 중 {}", value(total), value(used)),
        PlacePhrase::HeadStays => say!("비어 있습니다. 헤드는 종료되지 않습니다."),
        PlacePhrase::NobodyStops { idle } => {
            say!("{} 동안 유휴 상태입니다. 종료시킬 오토스케일러가 없습니다.", value(idle))
        }
        PlacePhrase::Idle { idle, timeout_s } => say!(
            "{} 동안 유휴 상태입니다. {}초까지 허용됩니다.",
            value(idle),
            value(number(timeout_s)),
        ),
        PlacePhrase::Proxy { until } => {
            say!("Serve 프록시가 {}까지 드레인합니다. 그 뒤에야 유휴 상태가 됩니다.", value(until))
        }
        PlacePhrase::Stopped => say!("Ray가 멈췄고 파드는 종료되는 중입니다."),
        PlacePhrase::Fits { count, is_most } => {
            let more = if is_most { " 이상" } else { "" };
            say!("빈 노드에 {}{}", strong(format!("{count}개")), plain(more))
        }
        PlacePhrase::Short { resource, needs, has } => {
            say!("{}: {} 필요, {} 있음", code(resource), value(needs), value(has))
        }
        PlacePhrase::OtherLabels => say!("레이블이 맞지 않음"),
    }
}

fn name(kind: PlacedKind<'_>) -> String {
    match kind {
        PlacedKind::Task => "태스크".to_owned(),
        PlacedKind::Actor => "액터".to_owned(),
        PlacedKind::Bundle(strategy) => format!("{} 번들", PlacedKind::strategy(strategy)),
        PlacedKind::Replica(of) => format!("{of} 레플리카"),
        PlacedKind::Requested => "request_resources".to_owned(),
    }
}
