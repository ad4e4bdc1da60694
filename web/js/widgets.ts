// The book's entry: turns the `tidetable-…` elements of a chapter into live widgets.

import init, { tolerance_widget } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable.wasm";
import { compileRest, putIn } from "./rest";

/** Registers a custom element that `mount` makes live, once. */
function define(name: string, mount: (host: HTMLElement) => void): void {
  const element = class extends HTMLElement {
    connectedCallback() {
      if (!this.querySelector(".widget")) mount(this);
    }
  };
  customElements.define(`tidetable-${name}`, element);
}

const rest = compileRest();
await init({ module_or_path: new URL(wasm, import.meta.url) });
putIn(await rest);
define("tolerance", tolerance_widget);
