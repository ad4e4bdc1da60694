// Opens the page in Node, in a document that nobody sees, and prints which of the module's functions
// ran until the first picture was drawn.
//
//   node first-picture.mjs PAGE GLUE MODULE LANGUAGE

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseHTML } from "linkedom";

const [page, glue, module, language] = process.argv.slice(2);
const { document, Element, HTMLElement, HTMLInputElement, HTMLSelectElement, HTMLTextAreaElement, Node, Event } =
  parseHTML(readFileSync(page, "utf8"));
const nothing = () => {};
Object.defineProperty(document, "activeElement", { value: document.body });

/** Of anything, as on a desk, a phone and a large screen. */
const WIDTHS = [600, 330, 900];
let width = WIDTHS[0];
Element.prototype.getBoundingClientRect = () => ({ x: 0, y: 0, width, height: 400 });

/** What the page finds in a browser, and its scripts give it (`web/js/main.ts`). */
Object.assign(globalThis, {
  window: globalThis,
  self: globalThis,
  Window: class {
    static [Symbol.hasInstance](it) {
      return it === globalThis;
    }
  },
  document,
  Element,
  HTMLElement,
  HTMLInputElement,
  HTMLSelectElement,
  HTMLTextAreaElement,
  Node,
  Event,
  ShadowRoot: class {},
  ResizeObserver: class {
    constructor(resized) {
      this.resized = resized;
    }
    observe() {
      WIDTHS.forEach((next, turn) => {
        setTimeout(() => {
          width = next;
          this.resized();
        }, turn * 20);
      });
    }
    disconnect() {}
  },
  addEventListener: nothing,
  removeEventListener: nothing,
  location: { hash: "", href: "http://localhost/" },
  history: { replaceState: nothing },
  localStorage: { getItem: () => null },
  Tidetable: {
    startWorker: () => ({ postMessage: nothing }),
    createChart: () => ({ draw: nothing, show: nothing, remove: nothing }),
    createEditor: () => new Promise(nothing),
  },
});
Object.defineProperty(globalThis, "navigator", { value: { language } });

const { initSync, rest, start } = await import(pathToFileURL(glue));
const ran = new Set();
rest.ran = (place) => ran.add(place);
initSync({ module: readFileSync(module) });
start();

// Yew draws in microtasks, effects included; what follows from them comes in turns of the loop.
for (let turn = 0; turn < 20; turn++) await new Promise((done) => setTimeout(done, 5));
if (!document.querySelector(".ledger")) throw new Error("no picture was drawn");
console.log([...ran].join(" "));
