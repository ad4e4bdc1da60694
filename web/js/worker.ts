// The worker's entry. The first message is the compiled module, both halves; `worker_main` listens
// to all others.

import { initSync, worker_main } from "tidetable-wasm/tidetable.js";
import { putIn } from "./rest";

self.onmessage = (event: MessageEvent<[WebAssembly.Module, WebAssembly.Module]>) => {
  self.onmessage = null;
  const [first, rest] = event.data;
  initSync({ module: first });
  putIn(rest);
  worker_main();
};
