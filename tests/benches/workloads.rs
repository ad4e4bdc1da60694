//! How long a prediction takes natively; `tests/wasm/bench.mjs` times the same in WebAssembly.

use tidetable_core::{predict, report::Language};
use tidetable_tests::workloads::workloads;

fn main() {
    divan::main();
}

#[divan::bench(args = workloads().into_iter().map(|it| it.name))]
fn workload(bencher: divan::Bencher, name: &str) {
    let workload =
        workloads().into_iter().find(|it| it.name == name).expect("divan names a workload");
    bencher.bench(|| predict(workload.text, Language::En));
}
