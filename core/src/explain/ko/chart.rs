//! 차트와 계열의 이름.

use crate::explain::number::{either_side, grouped, number};
use crate::explain::phrase::ChartPhrase;
use crate::explain::template::{plain, say, strong};
use crate::report::{Language, Message};

pub(in crate::explain) fn chart(phrase: &ChartPhrase<'_>) -> Message {
    match *phrase {
        ChartPhrase::Load(name) => say!("{} 부하", plain(name)),
        ChartPhrase::Metric(name) => say!("{} 사용률", plain(name)),
        ChartPhrase::MetricValue(name) => say!("{}", plain(name)),
        ChartPhrase::Queue(name) => say!("{} 큐", plain(name)),
        ChartPhrase::SeriesWaiting | ChartPhrase::SeriesQueued => say!("대기 중"),
        ChartPhrase::NoteQueue => say!("대기 중인 요청"),
        ChartPhrase::Requests(name) => say!("{} 요청", plain(name)),
        ChartPhrase::SeriesOngoing => say!("레플리카당 처리 중"),
        ChartPhrase::NoteRequests => say!("레플리카당 처리 중 · 핸들에서 대기 중"),
        ChartPhrase::SeriesReplicasRun => say!("실행 중"),
        ChartPhrase::SeriesStarting => say!("시작 중"),
        ChartPhrase::NoteServeReplicas => say!("목표 · 실행 중 · 시작 중"),
        ChartPhrase::Replicas(name) => say!("{} 레플리카", plain(name)),
        ChartPhrase::Workers(name) => say!("{} Ray 워커", plain(name)),
        ChartPhrase::Nodes => say!("노드"),
        ChartPhrase::SeriesLoad => say!("요청/초"),
        ChartPhrase::SeriesServed => say!("처리됨"),
        ChartPhrase::SeriesUnserved => say!("처리되지 못함"),
        ChartPhrase::SeriesMetric(name) => say!("HPA가 보는 {}", plain(name)),
        ChartPhrase::SeriesTarget => say!("목표"),
        ChartPhrase::SeriesBand { upper: true } => say!("허용 오차 상한"),
        ChartPhrase::SeriesBand { upper: false } => say!("허용 오차 하한"),
        ChartPhrase::SeriesDesired => say!("원하는 수"),
        ChartPhrase::SeriesReady => say!("준비됨"),
        ChartPhrase::SeriesMax { field, value: Some(value) } => {
            say!("{} {}", plain(field), plain(number(value)))
        }
        ChartPhrase::SeriesMax { field, value: None } => say!("{}", plain(field)),
        ChartPhrase::SeriesWithoutCap => say!("한도가 없을 때"),
        ChartPhrase::SeriesRequested(group) => say!("{} 요청됨", plain(group)),
        ChartPhrase::SeriesRunning(group) => say!("{} 실행 중", plain(group)),
        ChartPhrase::SeriesPending => say!("대기 중인 작업"),
        ChartPhrase::SeriesNodesUsed => say!("사용 중인 노드"),
        ChartPhrase::SeriesUnschedulable => say!("노드가 없는 파드"),
        ChartPhrase::NoteUnserved { requests } if requests > 0.0 => {
            say!("요청/초 · 처리됨 · {}", strong(format!("처리되지 못함 {}", grouped(requests))),)
        }
        ChartPhrase::NoteUnserved { .. } => say!("요청/초 · 모두 처리됨"),
        ChartPhrase::NoteTarget { target, down, up } => {
            say!(
                "HPA가 보는 값, 목표 {} {}",
                plain(target),
                plain(either_side(down, up, Language::Ko))
            )
        }
        ChartPhrase::NoteReplicas => say!("원하는 수 · 준비됨"),
        ChartPhrase::NoteWorkers => say!("요청됨 · 실행 중 · 대기 중인 작업"),
        ChartPhrase::NoteNodes { count } => say!("전체 {}개 중 사용 중", plain(count)),
    }
}
