// The page's own WebAssembly module in Node, and the workloads with their native reports.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const folder = new URL("../../target/site/wasm/", import.meta.url);

/** The module that `cargo xtask build` wrote, started. */
export async function load() {
  // Its glue is a JavaScript module, but carries the extension of a script.
  const glue = readFileSync(new URL("tidetable.js", folder));
  const tidetable = await import(`data:text/javascript;base64,${glue.toString("base64")}`);
  const half = (name) => new WebAssembly.Module(readFileSync(new URL(name, folder)));
  const first = { ...tidetable.initSync({ module: half("tidetable_bg.wasm") }) };
  const rest = half("tidetable_rest.wasm");
  for (const { name, kind } of WebAssembly.Module.imports(rest)) {
    if (kind === "function") first[name] = first.functions.get(Number(name));
  }
  new WebAssembly.Instance(rest, { first });
  return tidetable;
}

/** Each workload: `name`, `text`, and the bytes of the `report` that native code gives. */
export function workloads() {
  const cargo = ["run", "--quiet", "--package", "tidetable-tests", "--bin", "workloads"];
  return JSON.parse(execFileSync("cargo", cargo, { encoding: "utf8", maxBuffer: 1 << 30 }));
}
