//! Pods that are resized in place: what was asked for, what the kubelet said, what is done.

use super::Writer;
use crate::explain::number::{bytes, number};
use crate::explain::phrase::{RayResizePhrase, Title};
use crate::ray::Cause;
use crate::ray::resize::Sizes;
use crate::sim::RayLook;

/// Pods of which the same is to be said.
type Alike = Vec<(String, String, usize)>;

impl Writer<'_> {
    /// The resizes of `look`; those that are alike are one line.
    pub(super) fn resized(&mut self, look: &RayLook) {
        let (mut asked, mut done) = (Alike::new(), Alike::new());
        let mut failed = [0, 0];
        for cause in &look.trace.causes {
            match cause {
                Cause::ResizeAsked { from, to, .. } => count(&mut asked, text(*from), text(*to)),
                Cause::Resized { to, .. } => count(&mut done, String::new(), text(*to)),
                Cause::ResizeFailed { timeout_s, .. } => {
                    failed[usize::from(timeout_s.is_some())] += 1;
                }
                Cause::ResizeSuggested { cpu, memory, .. } => {
                    let cpu = cpu.map(|it| format!("{} CPU", number(it)));
                    let most = cpu.or_else(|| memory.map(memory_text)).unwrap_or_default();
                    let text = RayResizePhrase::Suggested { most: &most };
                    self.ledger.say("ray-resize-status", Title::Resize, &text).binds();
                }
                _ => {}
            }
        }
        for (pods, timed_out) in failed.into_iter().zip([false, true]) {
            if pods > 0 {
                let text = RayResizePhrase::Failed { pods, timed_out };
                self.ledger.say("ray-resize-status", Title::Resize, &text).gives(pods).binds();
            }
        }
        for (_, to, pods) in &done {
            let text = RayResizePhrase::Done { pods: *pods, to };
            self.ledger.say("ray-resize-done", Title::Resize, &text).gives(pods);
        }
        for (from, to, pods) in &asked {
            let text = RayResizePhrase::Asked { pods: *pods, from, to };
            self.ledger.say("ray-resize", Title::Resize, &text).gives(pods);
        }
    }
}

fn count(alike: &mut Alike, from: String, to: String) {
    match alike.iter_mut().find(|it| it.0 == from && it.1 == to) {
        Some((.., pods)) => *pods += 1,
        None => alike.push((from, to, 1)),
    }
}

fn text(sizes: Sizes) -> String {
    format!("{} CPU, {}", number(sizes.cpu), memory_text(sizes.memory))
}

fn memory_text(memory: i64) -> String {
    bytes(memory.saturating_mul(1000))
}
