// The book's entry: turns the `tidetable-…` elements of a chapter into live widgets.

import init, { widgets } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable-wasm/tidetable_bg.wasm";

await init({ module_or_path: new URL(wasm, import.meta.url) });
widgets();
