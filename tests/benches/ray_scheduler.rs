//! How long Ray's scheduler takes here: nodes times waiting tasks, in ten shapes.
//!
//! Upstream's time for the same clusters is measured with `cargo xtask oracle ray --bench`.

use tidetable_core::ray::Trace;
use tidetable_core::ray::scheduler::{PendingUnneeded, schedule};
use tidetable_core::time::Instant;
use tidetable_tests::ray_generate_large::{SIZES, sized};
use tidetable_tests::ray_scheduler::with_request;

fn main() {
    divan::main();
}

/// Nodes in nine states.
#[divan::bench(args = SIZES)]
fn alike(bencher: divan::Bencher, size: &(usize, usize)) {
    bench(bencher, *size, true);
}

/// Every node in a state of its own.
#[divan::bench(args = SIZES)]
fn different(bencher: divan::Bencher, size: &(usize, usize)) {
    bench(bencher, *size, false);
}

fn bench(bencher: divan::Bencher, size: (usize, usize), alike: bool) {
    let case = sized(size, alike);
    let case = tidetable_tests::ray_scheduler::with_pairs(&case);
    with_request(&case, |request| {
        bencher.bench_local(|| {
            let mut pending = PendingUnneeded::default();
            schedule(request, &mut pending, Instant::ZERO, &mut Trace::default())
        });
    });
}
