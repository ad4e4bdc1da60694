// What a widget is made live with: the WebAssembly module, once, and the style of a shadow root.

import init, { widget } from "tidetable-wasm/tidetable.js";
import wasm from "tidetable.wasm";
import tokens from "../style/tokens.css" with { type: "text" };
import tones from "../style/tones.css" with { type: "text" };
import style from "../style/widget.css" with { type: "text" };
import { compileRest, putIn } from "./rest";

const sheet = new CSSStyleSheet();
// The colours are the page's own where it has them (the book); elsewhere the shadow root brings them.
sheet.replaceSync(tokens.replaceAll(":root", ":host") + tones + style);

const rest = compileRest();
await init({ module_or_path: new URL(wasm, import.meta.url) });
putIn(await rest);

/** Draws `text` into a shadow root of `host`. */
export function mount(host: Element, text: string, page: string, language: string): void {
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [sheet];
  const root = document.createElement("div");
  // What stood in for the widget prints in its place.
  shadow.append(root, document.createElement("slot"));
  widget(root, text, page, language);
}
