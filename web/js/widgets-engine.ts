// What a widget is made live with: the WebAssembly module, compiled once, and the style of a shadow
// root. The same file is the worker in which all widgets of a page predict.

import init, { initSync, widget, worker_main } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable.wasm";
import tokens from "../style/tokens.css" with { type: "text" };
import tones from "../style/tones.css" with { type: "text" };
import style from "../style/widget.css" with { type: "text" };
import { compileRest, putIn } from "./rest";

type Halves = [WebAssembly.Module, WebAssembly.Module];

/** What the worker does with its first message; `worker_main` listens to all others. */
function beWorker(): void {
  self.onmessage = (event: MessageEvent<Halves>) => {
    self.onmessage = null;
    const [first, rest] = event.data;
    initSync({ module: first });
    putIn(rest);
    worker_main();
  };
}

/** A worker of this file. One of another origin's file may only be made around an import of it. */
function startWorker(halves: Halves): Worker | undefined {
  const here = import.meta.url;
  const isOwn = new URL(here).origin === location.origin;
  const blob = () => new Blob([`import ${JSON.stringify(here)};`], { type: "text/javascript" });
  try {
    const worker = new Worker(isOwn ? here : URL.createObjectURL(blob()), { type: "module" });
    worker.postMessage(halves);
    return worker;
  } catch {
    // Then the page's own thread does the work.
    return undefined;
  }
}

let worker: Worker | undefined;
let sheet: CSSStyleSheet;

if (typeof document === "undefined") {
  beWorker();
} else {
  sheet = new CSSStyleSheet();
  // The colours are the page's own where it has them (the book); elsewhere the shadow root brings them.
  sheet.replaceSync(tokens.replaceAll(":root", ":host") + tones + style);
  const first = WebAssembly.compileStreaming(fetch(new URL(wasm, import.meta.url)));
  const halves = await Promise.all([first, compileRest()]);
  worker = startWorker(halves);
  await init({ module_or_path: halves[0] });
  putIn(halves[1]);
}

/** Draws `text` into a shadow root of `host`; until the first picture is there, nothing changes. */
export function mount(host: Element, text: string, page: string, language: string): void {
  const root = document.createElement("div");
  const show = () => {
    if (host.shadowRoot) return;
    const shadow = host.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [sheet];
    // What stood in for the widget prints in its place.
    shadow.append(root, document.createElement("slot"));
  };
  widget(root, text, page, language, worker, show);
}
