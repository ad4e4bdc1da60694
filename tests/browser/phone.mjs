// What the book costs on a slow phone: a page of it in Chromium with a processor four times as slow.
// `CHROMIUM=… node tests/browser/phone.mjs [PAGE]…`; `cargo xtask bench phone` says it all.
//
// Of each widget: how long from scrolling it in until it is drawn; and while its first slider is
// dragged to and fro, a step a frame, how long the page's own thread works for a step and for the
// picture that follows. A thread's time is its own: other programs do not count.

import { start } from "./site.mjs";

const PAGES = process.argv.slice(2);
const SLOWER = 4;
const STEPS = 60;

const site = await start();
for (const path of PAGES.length > 0 ? PAGES : ["book/en/wrong/number.html", "book/en/ray/serve.html"]) {
  const context = await site.browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await session.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await session.send("Performance.enable");
  /** Seconds that the page's own thread has worked: all, and for what. */
  const work = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    const of = (name) => metrics.find((it) => it.name === name).value;
    return ["TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration"].map(of);
  };
  await page.goto(site.base + path, { waitUntil: "load" });
  const paint = await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  });
  console.log(`${path}, processor ${SLOWER} times as slow, cold: text after ${paint.toFixed(0)} ms`);
  const count = await page.locator("tidetable-widget").count();
  for (let index = 0; index < count; index += 1) {
    const widget = page.locator("tidetable-widget").nth(index);
    const drawn = await widget.evaluate(async (it) => {
      const isDrawn = () => it.shadowRoot?.querySelector(".widget");
      it.scrollIntoView({ block: "center" });
      const began = performance.now();
      while (!isDrawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return performance.now() - began;
    });
    const before = await work();
    const frames = await widget.evaluate(async (it, steps) => {
      const knob = it.shadowRoot.querySelector("input[type=range]");
      if (!knob) return 0;
      const [from, to] = [Number(knob.min), Number(knob.max)];
      for (let step = 0; step < steps; step += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        // There and back.
        const way = Math.abs(((step / steps) * 4) % 2 - 1);
        knob.value = String(from + (to - from) * way);
        knob.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
      }
      // The last picture comes.
      await new Promise((resolve) => setTimeout(resolve, 500));
      return steps;
    }, STEPS);
    const after = await work();
    const [all, script, layout, style] = after.map((it, at) => ((it - before[at]) * 1000) / STEPS);
    console.log(
      frames === 0
        ? `  widget ${index + 1}: drawn after ${drawn.toFixed(0)} ms; no slider`
        : `  widget ${index + 1}: drawn after ${drawn.toFixed(0)} ms; a step takes ${all.toFixed(1)} ms ` +
            `(script ${script.toFixed(1)}, layout ${layout.toFixed(1)}, style ${style.toFixed(1)})`,
    );
  }
  await context.close();
}
await site.stop();
