//! 판단 과정의 소제목.

use crate::explain::phrase::Title;
use crate::explain::template::{plain, say};
use crate::hpa::Direction;
use crate::report::Message;

pub(in crate::explain) fn title(title: &Title<'_>) -> Message {
    match *title {
        Title::Scale => say!("스케일"),
        Title::Bounds => say!("범위"),
        Title::Metric(name) => say!("메트릭: {}", plain(name)),
        Title::FilledIn => say!("쓸 수 있는 샘플이 없는 파드"),
        Title::Proposal => say!("제안"),
        Title::SeveralMetrics => say!("여러 메트릭"),
        Title::MetricsFailed => say!("실패한 메트릭"),
        Title::Stabilization => say!("안정화"),
        Title::ScaleUpLimit => say!("스케일 업 한도"),
        Title::Policies(Direction::Up) => say!("스케일 업 정책"),
        Title::Policies(Direction::Down) => say!("스케일 다운 정책"),
        Title::Limits => say!("한도"),
        Title::Written => say!("기록"),
        Title::Triggers => say!("트리거"),
        Title::Activation => say!("활성화"),
        Title::Cooldown => say!("쿨다운"),
        Title::Demand => say!("리소스 수요"),
        Title::Plan => say!("계획"),
        Title::Launch => say!("시작"),
        Title::Resize => say!("인플레이스 크기 조정"),
        Title::IdleNodes => say!("유휴 노드"),
        Title::Stop => say!("종료"),
        Title::Requests => say!("요청"),
        Title::ColdStart => say!("콜드 스타트"),
        Title::Factor => say!("계수"),
        Title::Delay => say!("지연"),
        Title::Gangs => say!("갱"),
        Title::GaveUp => say!("중단"),
        Title::Pods => say!("파드"),
        Title::Status => say!("상태"),
        Title::Job => say!("RayJob"),
        Title::Clusters => say!("RayCluster"),
        Title::ServeConfig => say!("Serve 설정"),
        Title::Capacity => say!("용량"),
        Title::Traffic => say!("트래픽"),
    }
}
