//! HPA가 메트릭을 어떻게 읽는지.

use crate::explain::number::{milli, number};
use crate::explain::phrase::MetricPhrase;
use crate::explain::template::{code, plain, say, value};
use crate::hpa::Pass;
use crate::report::{Message, Part};

pub(in crate::explain) fn metric(phrase: &MetricPhrase<'_>) -> Message {
    match *phrase {
        MetricPhrase::PodsCounted { ready, unready, missing, ignored } => {
            pods_counted(ready, [unready, missing, ignored])
        }
        MetricPhrase::UsageOfRequests { usage, requests, average, pods, pass } => {
            usage_of_requests(usage, requests, average, pods, pass)
        }
        MetricPhrase::AverageUsage { average, target, pods, pass } => say!(
            "{}평균 사용량은 {}, 목표는 {}입니다.",
            with_these(pods, pass),
            value(milli(average)),
            value(milli(target)),
        ),
        MetricPhrase::PodsFilledIn { missing, missing_milli, unready } => {
            pods_filled_in(missing, missing_milli, unready)
        }
        MetricPhrase::WithinTolerance { ratio, low, high } => say!(
            "비율 {}{은} 허용 오차 {} – {} 안에 있으므로 레플리카 수를 유지합니다.",
            value(number(ratio)),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::OutsideTolerance { ratio, low, high } => say!(
            "비율 {}{은} 허용 오차 {} – {} 밖에 있습니다.",
            value(number(ratio)),
            plain(number(low)),
            plain(number(high)),
        ),
        MetricPhrase::Flipped { ratio, filled } => say!(
            "이 파드를 포함하면 비율이 {}에서 {}{으로} 바뀌어 1의 반대편에 놓이므로 레플리카 수를 \
             유지합니다.",
            value(number(ratio)),
            value(number(filled)),
        ),
        MetricPhrase::WrongDirection { refused, current } => say!(
            "결과 {}{은} 현재 {}에서 반대 방향이므로 레플리카 수를 유지합니다.",
            value(refused),
            value(current),
        ),
        MetricPhrase::FromZero => {
            say!("0에서 시작할 때는 허용 오차를 적용하지 않고 파드 수도 세지 않습니다.")
        }
        MetricPhrase::PerReplica => say!("메트릭 값을 레플리카당 목표로 나눕니다."),
        MetricPhrase::Failed(error) => say!("값이 없습니다: {}", code(error)),
        MetricPhrase::SomeFailed { failed, metrics, proposal, current } => {
            some_failed(failed, metrics, proposal, current)
        }
        MetricPhrase::LargestWins { name } => {
            say!("가장 큰 제안을 따릅니다: {}", code(name))
        }
    }
}

fn pods_counted(ready: usize, [unready, missing, ignored]: [usize; 3]) -> Message {
    let others: Vec<String> = [
        (unready, "준비되지 않은 파드"),
        (missing, "표본이 없는 파드"),
        (ignored, "실패했거나 삭제 중인 파드"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{what} {count}개"))
    .collect();
    if others.is_empty() {
        say!("준비된 파드는 {}개이고, 표본이 없거나 준비되지 않은 파드는 없습니다.", value(ready))
    } else {
        say!("준비된 파드는 {}개입니다({}).", value(ready), plain(others.join(", ")))
    }
}

fn usage_of_requests(usage: i64, requests: i64, average: i64, pods: usize, pass: Pass) -> Message {
    let message = say!(
        "{}사용량은 {}, 요청량은 {}",
        with_these(pods, pass),
        value(milli(usage)),
        value(milli(requests)),
    );
    match pods {
        1 => message.text("입니다."),
        _ => message.and(say!("이며, 파드당 평균 {}{을} 사용합니다.", value(milli(average)))),
    }
}

fn with_these(pods: usize, pass: Pass) -> Part {
    match pass {
        Pass::Measured => plain(""),
        Pass::FilledIn => plain(format!("이들을 포함한 파드 {pods}개의 ")),
    }
}

fn pods_filled_in(missing: usize, missing_milli: i64, unready: usize) -> Message {
    let given = value(milli(missing_milli));
    let in_all = plain(if missing > 1 && missing_milli > 0 { "모두 합쳐 " } else { "" });
    match (missing, unready) {
        (0, 0) => say!("비율이 정확히 1이므로 채워 넣지 않습니다."),
        (_, 0) => {
            say!("표본이 없는 파드 {}개는 {}{}{으로} 계산합니다.", value(missing), in_all, given)
        }
        (0, _) => say!("준비되지 않은 파드 {}개는 0으로 계산합니다.", value(unready)),
        _ => say!(
            "표본이 없는 파드 {}개는 {}{}{으로}, 준비되지 않은 파드 {}개는 0으로 \
             계산합니다.",
            value(missing),
            in_all,
            given,
            value(unready),
        ),
    }
}

fn some_failed(failed: usize, metrics: usize, proposal: Option<i32>, current: i32) -> Message {
    let (metrics, failed) = (value(metrics), value(failed));
    match proposal {
        Some(proposal) => say!(
            "메트릭 {}개 중 {}개가 실패했고 나머지의 제안 {}{은} 현재 {}보다 작으므로 레플리카 \
             수를 유지합니다.",
            metrics,
            failed,
            value(proposal),
            value(current),
        ),
        None => {
            say!("메트릭 {}개 중 {}개가 실패했으므로 레플리카 수를 유지합니다.", metrics, failed,)
        }
    }
}
