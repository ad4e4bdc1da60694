// How long a prediction takes in WebAssembly: the median of many, for each workload.

import { load, workloads } from "./module.mjs";

const tidetable = await load();
const RUNS = 101;

console.log("WebAssembly (Node), median of", RUNS);
for (const { name, text } of workloads()) {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    tidetable.predict_bytes(text);
    return performance.now() - start;
  });
  times.sort((a, b) => a - b);
  console.log(`  ${name.padEnd(24)} ${times[(RUNS - 1) / 2].toFixed(3)} ms`);
}
