// A report is the same bytes natively and in WebAssembly, optimized as it is for readers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load, workloads } from "./module.mjs";

const tidetable = await load();

for (const { name, text, report } of workloads()) {
  test(`${name}: same bytes natively and in WebAssembly`, () => {
    assert.ok(report.length > 2, "the native report is not empty");
    assert.deepEqual(Buffer.from(tidetable.predict_bytes(text)), Buffer.from(report));
  });
}
