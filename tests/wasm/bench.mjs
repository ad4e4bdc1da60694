// How long a prediction takes in WebAssembly, and Ray's scheduler alone: the median of many.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { load, workloads } from "./module.mjs";

const RUNS = 101;

/** Ray's scheduler as a module of its own, compiled as the page is. */
function scheduler() {
  const target = "wasm32-unknown-unknown";
  const cargo = ["build", "--quiet", "--package", "tidetable-wasm-scheduler"];
  execFileSync("cargo", [...cargo, "--profile", "web", "--target", target]);
  const built = `../../target/${target}/web/tidetable_wasm_scheduler.wasm`;
  const module = new WebAssembly.Module(readFileSync(new URL(built, import.meta.url)));
  return new WebAssembly.Instance(module, { clock: { now: () => performance.now() } }).exports;
}

function report(name, time) {
  console.log(`  ${name.padEnd(40)} ${time.toFixed(3)} ms`);
}

const { median } = scheduler();
console.log("WebAssembly (Node), Ray's scheduler, ten shapes, median of", RUNS);
for (const [nodes, tasks] of [[100, 1_000], [300, 3_000], [1_000, 10_000]]) {
  const size = `${nodes} nodes × ${tasks} tasks`;
  report(`${size}, alike`, median(nodes, tasks, 1, RUNS));
  report(`${size}, all different`, median(nodes, tasks, 0, RUNS));
}

// `node tests/wasm/bench.mjs scheduler`: without the page.
if (process.argv[2] !== "scheduler") {
  const tidetable = await load();
  console.log("WebAssembly (Node), predictions, median of", RUNS);
  for (const { name, text } of workloads()) {
    const times = Array.from({ length: RUNS }, () => {
      const start = performance.now();
      tidetable.predict_bytes(text);
      return performance.now() - start;
    });
    times.sort((a, b) => a - b);
    report(name, times[(RUNS - 1) / 2]);
  }
}
