// The worker's entry. The first message is the compiled module; `worker_main` listens to the rest.

import { initSync, worker_main } from "tidetable-wasm/tidetable.js";

self.onmessage = (event: MessageEvent<WebAssembly.Module>) => {
  self.onmessage = null;
  initSync({ module: event.data });
  worker_main();
};
