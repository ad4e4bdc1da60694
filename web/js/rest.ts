// The second half of the WebAssembly module: what the first picture does not run.
//
// `cargo xtask build` cuts the module in two (`xtask/src/split`); the halves share one memory. The
// second is to be put in as soon as the first picture shows. Until then the first half calls `load`
// when it needs it.

import { initSync, rest } from "tidetable-wasm/tidetable.js";
import address from "tidetable-rest.wasm";

const url = new URL(address, import.meta.url);
let isIn = false;

/** Fetches and compiles it. */
export function compileRest(): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(url));
}

/** Puts its functions where the first half looks for them. */
export function putIn(module: WebAssembly.Module): void {
  if (isIn) return;
  // Once the first half has started, this gives back what it exports.
  const first = { ...(initSync as () => unknown)() as WebAssembly.Exports };
  const functions = first.functions as WebAssembly.Table;
  for (const { name, kind } of WebAssembly.Module.imports(module)) {
    // It asks for functions by their place in the table.
    if (kind === "function") first[name] = functions.get(Number(name));
  }
  new WebAssembly.Instance(module, { first });
  isIn = true;
}

/**
 * The first half waits inside a call, so this must not return before the rest is in: the one place
 * for a request that blocks. It happens if a reader is quicker than the network.
 */
rest.load = () => {
  console.info("tidetable: loading the rest of the module at once");
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  // A request that blocks may only ask for text: one character a byte.
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  const bytes = Uint8Array.from(request.responseText, (it) => it.charCodeAt(0) & 0xff);
  putIn(new WebAssembly.Module(bytes));
};
