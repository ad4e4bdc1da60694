//! Ray 오토스케일러가 인플레이스로 크기를 조정하는 파드.

use crate::explain::phrase::RayResizePhrase;
use crate::explain::template::{code, say, value};
use crate::report::Message;

pub(in crate::explain) fn ray_resize(phrase: &RayResizePhrase<'_>) -> Message {
    match *phrase {
        RayResizePhrase::Grows { group, placed, pods } => say!(
            "{}개는 {} 파드 {}개를 어노테이션이 허용하는 최대 크기까지 인플레이스로 늘리면 들어갑니다.",
            value(placed),
            code(group),
            value(pods),
        ),
        RayResizePhrase::Asked { pods, from, to } => say!(
            "파드 {}개의 크기를 {}에서 {}{으로} 바꾸도록 요청합니다.",
            value(pods),
            value(from),
            value(to),
        ),
        RayResizePhrase::Suggested { most } => say!(
            "노드에 남은 양이 요청보다 적어 파드 하나를 {}{으로} 다시 요청합니다.",
            value(most),
        ),
        RayResizePhrase::Failed { pods, timed_out: true } => say!(
            "파드 {}개의 크기 조정이 resize-timeout을 넘겨 되돌리며, 다시 시도하지 않습니다.",
            value(pods),
        ),
        RayResizePhrase::Failed { pods, timed_out: false } => {
            say!("파드 {}개의 크기 조정이 실패해 되돌리며, 다시 시도하지 않습니다.", value(pods),)
        }
        RayResizePhrase::Done { pods, to } => {
            say!("파드 {}개의 크기가 {}{이} 되어 Ray에 알립니다.", value(pods), value(to))
        }
    }
}
