//! Ray's scheduler alone as a WebAssembly module, for `tests/wasm/bench.mjs`: the clusters that
//! `tests/benches/ray_scheduler.rs` times natively, compiled as the page is.

use tidetable_core::ray::Trace;
use tidetable_core::ray::scheduler::{PendingUnneeded, schedule};
use tidetable_core::time::Instant;
use tidetable_tests::ray_generate_large::sized;
use tidetable_tests::ray_scheduler::{with_pairs, with_request};

#[link(wasm_import_module = "clock")]
unsafe extern "C" {
    /// Milliseconds.
    safe fn now() -> f64;
}

/// The median time in milliseconds of `runs` answers about `tasks` tasks on `nodes` nodes.
///
/// # Panics
/// If the scheduler gives up: what is timed would be nothing.
#[unsafe(no_mangle)]
pub extern "C" fn median(nodes: usize, tasks: usize, alike: bool, runs: usize) -> f64 {
    let case = with_pairs(&sized((nodes, tasks), alike));
    let mut times = Vec::new();
    with_request(&case, |request| {
        for _ in 0..runs.max(1) {
            let start = now();
            let mut pending = PendingUnneeded::default();
            let reply = schedule(request, &mut pending, Instant::ZERO, &mut Trace::default());
            times.push(now() - start);
            assert!(reply.is_ok());
        }
    });
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
