// Every page of the book: its search, and its chooser where it has one. The search is Pagefind's index,
// made when the site is built, and Pagefind's own box; both are loaded when a reader first opens it. It
// searches in the page's language.

import { makeLive } from "./chooser";

document.querySelectorAll<HTMLElement>(".chooser").forEach(makeLive);

const base = new URL("../book/", import.meta.url);
const bundle = new URL("pagefind/", base).href;

interface PagefindUI {
  new (options: Record<string, unknown>): unknown;
}

const button = document.querySelector<HTMLButtonElement>("#search-open")!;
const dialog = document.createElement("dialog");
dialog.className = "search";
dialog.setAttribute("aria-label", button.textContent!.trim());
document.body.append(dialog);

let isLoaded = false;

/** Loads Pagefind's box once. */
async function load(): Promise<void> {
  if (isLoaded) return;
  isLoaded = true;
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: `${bundle}pagefind-ui.css` });
  document.head.append(style);
  await import(`${bundle}pagefind-ui.js`);
  const { PagefindUI } = globalThis as unknown as { PagefindUI: PagefindUI };
  new PagefindUI({
    element: dialog,
    // `search.ts`, in front of Pagefind's own.
    bundlePath: new URL("search/", base).href,
    baseUrl: base.pathname,
    showSubResults: true,
    showImages: false,
    resetStyles: false,
  });
}

async function open(): Promise<void> {
  dialog.showModal();
  await load();
  dialog.querySelector("input")?.focus();
}

button.addEventListener("click", () => void open());
// A click beside the box, or on a result of the same page.
dialog.addEventListener("click", (event) => {
  const target = event.target as Element;
  if (target === dialog || target.closest("a")) dialog.close();
});
document.addEventListener("keydown", (event) => {
  const inField = (event.target as Element).closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || inField || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  void open();
});
