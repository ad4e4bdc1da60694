// The page's entry: loads the WebAssembly module and starts the app.

import init, { start } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable.wasm";
import { ChartView } from "./chart";
import { watchColors } from "./colors";
import type { Editor, Events } from "./editor";
import { compileRest, putIn } from "./rest";

/** Compiled once; `startWorker` hands it to the worker, so that it is downloaded once too. */
const first = WebAssembly.compileStreaming(fetch(new URL(wasm, import.meta.url)));

/** The second half, once the first picture shows, or at once where that needs all of it. */
let ask = () => {};
const rest = new Promise<void>((asked) => {
  ask = asked;
}).then(() => {
  document.querySelector<HTMLLinkElement>("link#later")!.rel = "stylesheet";
  return compileRest();
});
if (location.hash) ask();

/**
 * What Rust calls by name (`#[wasm_bindgen(js_namespace = Tidetable)]`). A global and not an
 * import, since the worker and the book load the same WebAssembly module without these.
 */
const Tidetable = {
  /** A worker that runs `worker_main`. It says when it listens. */
  startWorker(): Worker {
    const entry = document.querySelector<HTMLLinkElement>("link#worker")!;
    const worker = new Worker(entry.href, { type: "module" });
    void Promise.all([first, rest]).then((halves) => worker.postMessage(halves));
    return worker;
  },

  /** An empty chart, as large as `place` at any time. */
  createChart(place: HTMLElement): ChartView {
    return new ChartView(place);
  },

  /** Loads the editor and puts one into `place`. */
  async createEditor(place: HTMLElement, events: Events): Promise<Editor> {
    const [{ Editor }] = await Promise.all([import("./editor"), rest]);
    return new Editor(place, events);
  },
};

watchColors();
Object.assign(globalThis, { Tidetable });
await init({ module_or_path: await first });
// Without the rest (a lost connection) the page starts all the same, and asks for it when it can't
// go on.
if (location.hash) await rest.then(putIn, console.error);
start();
requestAnimationFrame(() => setTimeout(ask));
await rest.then(putIn, console.error);
