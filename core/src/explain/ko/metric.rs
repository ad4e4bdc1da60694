//! HPA가 메트릭을 어떻게 읽는지.

use crate::explain::number::{number, ratio as beside};
use crate::explain::phrase::{Bound, Flight, MetricPhrase, PodPhrase};
use crate::explain::template::{code, plain, say, strong, value};
use crate::hpa::{Pass, Standing};
use crate::report::{Message, Part};

pub(in crate::explain) fn metric(phrase: &MetricPhrase<'_>) -> Message {
    match *phrase {
        MetricPhrase::PodsCounted { ready, unready, missing, ignored } => {
            pods_counted(ready, [unready, missing, ignored])
        }
        MetricPhrase::Unlisted { pods } => {
            say!("샘플 {}개는 셀렉터에 없는 파드의 것입니다.", value(pods))
        }
        MetricPhrase::UsageOfRequests { usage, requests, average, pods, pass } => {
            usage_of_requests(usage, requests, average, pods, pass)
        }
        MetricPhrase::RequestOfPod { whole, parts } => {
            say!("파드 하나의 요청량은 {}입니다({}).", value(whole), code(parts))
        }
        MetricPhrase::Spread { least, most } => say!(
            "가장 한가한 파드는 {}, 가장 바쁜 파드는 {}이지만 모두 합친 값만 봅니다.",
            value(least),
            value(most),
        ),
        MetricPhrase::AverageUsage { average, target, pods, pass } => say!(
            "{}평균은 {}, 목표는 {}입니다.",
            with_these(pods, pass),
            value(average),
            value(target),
        ),
        MetricPhrase::PodsFilledIn { missing, given, unready } => {
            pods_filled_in(missing, given, unready)
        }
        MetricPhrase::WithinTolerance { ratio, low, high } => say!(
            "비율 {}{은} 허용 오차 {} – {} 안이므로 레플리카 수를 유지합니다.",
            value(beside(ratio, [low, high])),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::OutsideTolerance { ratio, low, high } => say!(
            "비율 {}{은} 허용 오차 {} – {} 밖입니다.",
            value(beside(ratio, [low, high])),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::Flipped { ratio, filled } => say!(
            "이 파드들을 넣으면 비율이 {}에서 {}{으로} 바뀌어 1의 반대편이 되므로 레플리카 수를 \
             유지합니다.",
            value(number(ratio)),
            value(number(filled)),
        ),
        MetricPhrase::WrongDirection { refused, current } => say!(
            "그러면 {}개인데, 현재 {}개에서 반대 방향이므로 레플리카 수를 유지합니다.",
            value(refused),
            value(current),
        ),
        MetricPhrase::FromZero => {
            say!("0개에서 시작할 때는 허용 오차를 적용하지 않고 파드 수도 세지 않습니다.")
        }
        MetricPhrase::PerReplica => say!("메트릭 값을 레플리카 하나의 목표로 나눕니다."),
        MetricPhrase::Staircase { current, fewer, more } => staircase(current, fewer, more),
        MetricPhrase::Failed(error) => say!("값이 없습니다: {}.", code(error)),
        MetricPhrase::AskedAt(path) => {
            say!("직접 조회해 보려면: {}", code(format!("kubectl get --raw {path}")))
        }
        MetricPhrase::SomeFailed { failed, metrics, proposal, current } => {
            some_failed(failed, metrics, proposal, current)
        }
        MetricPhrase::LargestWins { name } => {
            say!("가장 큰 제안인 {} 메트릭을 따릅니다.", code(name))
        }
        MetricPhrase::FailedDoNotStop { failed } => say!(
            "메트릭 {}개가 실패했지만, 실패는 스케일 다운만 막고 이번 판단은 막지 않습니다.",
            value(failed),
        ),
    }
}

pub(in crate::explain) fn pod(phrase: &PodPhrase<'_>) -> Message {
    let (standing, settings) = match *phrase {
        PodPhrase::Counted => return say!("계산함"),
        PodPhrase::Ignored => return say!("계산에서 빠짐"),
        PodPhrase::Why(standing, settings) => (standing, settings),
    };
    match standing {
        Standing::Counts => say!("샘플 그대로"),
        Standing::Deleting => say!("삭제 중"),
        Standing::Failed => say!("실패"),
        Standing::Pending => say!("Pending 상태"),
        Standing::NoSample => say!("샘플 없음"),
        Standing::NoCondition => say!("Ready 컨디션이 아직 없음"),
        Standing::NotReady => say!(
            "CPU 초기화 기간({}) 안이며 아직 준비되지 않음",
            plain(settings.cpu_initialization_period),
        ),
        Standing::SampleOfStart => say!(
            "CPU 초기화 기간({}) 안이며 샘플에 준비되기 전의 사용량이 섞여 있음",
            plain(settings.cpu_initialization_period),
        ),
        Standing::NeverReady => say!("시작한 뒤 한 번도 준비되지 않음"),
        Standing::NotCounted => say!("실행 중이 아니거나 준비되지 않음"),
    }
}

fn pods_counted(ready: usize, [unready, missing, ignored]: [usize; 3]) -> Message {
    let others: Vec<String> = [
        (unready, "준비되지 않은 파드"),
        (missing, "샘플이 없는 파드"),
        (ignored, "실패했거나 삭제 중인 파드"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{what} {count}개"))
    .collect();
    if others.is_empty() {
        say!("준비된 파드는 {}개이고, 샘플이 없거나 준비되지 않은 파드는 없습니다.", value(ready))
    } else {
        say!("준비된 파드는 {}개입니다({}).", value(ready), plain(others.join(", ")))
    }
}

fn usage_of_requests(
    usage: &str,
    requests: &str,
    average: &str,
    pods: usize,
    pass: Pass,
) -> Message {
    let message =
        say!("{}사용량은 {}, 요청량은 {}", with_these(pods, pass), value(usage), value(requests),);
    match pods {
        1 => message.text("입니다."),
        _ => message.and(say!("이고, 파드당 평균 {}{을} 씁니다.", value(average))),
    }
}

fn with_these(pods: usize, pass: Pass) -> Part {
    match pass {
        Pass::Measured => plain(""),
        Pass::FilledIn => plain(format!("이들을 포함한 파드 {pods}개의 ")),
    }
}

fn pods_filled_in(missing: usize, given: &str, unready: usize) -> Message {
    let in_all = plain(if missing > 1 && given != "0" { "모두 합쳐 " } else { "" });
    let given = value(given);
    match (missing, unready) {
        (0, 0) => say!("비율이 정확히 1이므로 채워 넣지 않습니다."),
        (_, 0) => {
            say!("샘플이 없는 파드 {}개는 {}{}{으로} 계산합니다.", value(missing), in_all, given)
        }
        (0, _) => say!("준비되지 않은 파드 {}개는 0으로 계산합니다.", value(unready)),
        _ => say!(
            "샘플이 없는 파드 {}개는 {}{}{으로}, 준비되지 않은 파드 {}개는 0으로 계산합니다.",
            value(missing),
            in_all,
            given,
            value(unready),
        ),
    }
}

/// `4개에서 60 % 이하이면 3개로, 89 % 이상이면 5개로 바뀝니다.`, 또는 `450k 미만`, `550k 초과`.
fn staircase(current: i32, fewer: Flight<'_>, more: Flight<'_>) -> Message {
    let from = say!("{}개에서 ", value(current));
    let flight = |flight: Flight<'_>, side: &str, beyond: &str| {
        let ((bound, count), others) = flight.steps.split_first()?;
        let (level, side) = match bound {
            Bound::At(level) => (level, side),
            Bound::Beyond(level) => (level, beyond),
        };
        let message = say!("{} {}이면 {}개", strong(level), plain(side), value(count));
        Some(message.and(further(others, flight.is_folded, beyond)).text("로"))
    };
    let (fewer, more) = (flight(fewer, "이하", "미만"), flight(more, "이상", "초과"));
    let message = match (fewer, more) {
        (Some(fewer), Some(more)) => from.and(fewer).text(", ").and(more),
        (one, other) => from.and(one.or(other).unwrap_or_default()),
    };
    message.text(" 바뀝니다.")
}

/// `(40 %에서 2개, … 20 %에서 1개)`: the steps after the first one.
fn further(steps: &[(Bound<'_>, i32)], is_folded: bool, beyond: &str) -> Message {
    let mut message = Message::new();
    for (index, (bound, count)) in steps.iter().enumerate() {
        let is_last = index + 1 == steps.len();
        let between = match (index == 0, is_folded && is_last) {
            (true, false) => "(",
            (true, true) => "(… ",
            (false, false) => ", ",
            (false, true) => ", … ",
        };
        let level = match bound {
            Bound::At(level) => (*level).to_owned(),
            Bound::Beyond(level) => format!("{level} {beyond}"),
        };
        message = message.text(between).and(say!("{}에서 {}개", plain(level), value(count)));
    }
    if steps.is_empty() { message } else { message.text(")") }
}

fn some_failed(failed: usize, metrics: usize, proposal: Option<i32>, current: i32) -> Message {
    let (metrics, failed) = (value(metrics), value(failed));
    match proposal {
        Some(proposal) => say!(
            "메트릭 {}개 중 {}개가 실패했고 나머지의 제안 {}개는 현재 {}개보다 적으므로 레플리카 \
             수를 유지합니다.",
            metrics,
            failed,
            value(proposal),
            value(current),
        ),
        None => {
            say!("메트릭 {}개 중 {}개가 실패했으므로 레플리카 수를 유지합니다.", metrics, failed)
        }
    }
}
