// The book's entry: turns the `tidetable-…` elements of a chapter into live widgets.

import init, { tolerance_widget } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable.wasm";

/** Registers a custom element that `mount` makes live, once. */
function define(name: string, mount: (host: HTMLElement) => void): void {
  const element = class extends HTMLElement {
    connectedCallback() {
      if (!this.querySelector(".widget")) mount(this);
    }
  };
  customElements.define(`tidetable-${name}`, element);
}

await init({ module_or_path: new URL(wasm, import.meta.url) });
define("tolerance", tolerance_widget);
