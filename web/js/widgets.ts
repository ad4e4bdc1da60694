// `<tidetable-widget>`, for the book and for other people's pages: nothing is loaded before one of
// them comes into view, and all of a page share one engine.
//
// The element holds its text in `<script type="application/yaml">`, and what shows until it is live,
// in print and without JavaScript. Its language is that of the page; `page` says where Tidetable is.

const engine = () => import("./widgets-engine");
const root = new URL("../", import.meta.url).href;

function makeLive(host: Element): void {
  const text = host.querySelector('script[type="application/yaml"]')?.textContent ?? "";
  const language = host.closest("[lang]")?.getAttribute("lang") ?? "en";
  const page = new URL(host.getAttribute("page") ?? root, document.baseURI).href;
  void engine().then(({ mount }) => mount(host, text.replaceAll("<\\/", "</").trimStart(), page, language));
}

// A little before it is seen.
const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      makeLive(target);
    }
  },
  { rootMargin: "200px" },
);

customElements.define(
  "tidetable-widget",
  class extends HTMLElement {
    connectedCallback() {
      if (!this.shadowRoot) inView.observe(this);
    }
    disconnectedCallback() {
      inView.unobserve(this);
    }
  },
);
