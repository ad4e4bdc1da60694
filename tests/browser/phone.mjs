// What the book costs on a slow phone: a page of it in Chromium with a processor four times as slow.
// `CHROMIUM=… node tests/browser/phone.mjs [PAGE]`; `cargo xtask bench phone` says it all.
//
// Of each widget: how long from scrolling it in until it is drawn, and while its first slider is
// dragged to and fro, a step a frame, how long the page's own thread works for each step.

import { start } from "./site.mjs";

const PAGE = process.argv[2] ?? "book/en/wrong/number.html";
const SLOWER = 4;
const STEPS = 40;

const site = await start();
const context = await site.browser.newContext({ viewport: { width: 390, height: 844 } });
const page = await context.newPage();
const session = await context.newCDPSession(page);
await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
await page.goto(site.base + PAGE, { waitUntil: "load" });
const paint = await page.evaluate(async () => {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
});
console.log(`${PAGE}, processor ${SLOWER} times as slow, cold`);
console.log(`text is there after ${paint.toFixed(0)} ms`);

const count = await page.locator("tidetable-widget").count();
for (let index = 0; index < count; index += 1) {
  const widget = page.locator("tidetable-widget").nth(index);
  const drawn = await widget.evaluate(async (it) => {
    const isDrawn = () => it.shadowRoot?.querySelector(".widget");
    const was = Boolean(isDrawn());
    it.scrollIntoView({ block: "center" });
    const began = performance.now();
    while (!isDrawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
    return was ? 0 : performance.now() - began;
  });
  const dragged = await widget.evaluate(async (it, steps) => {
    const knob = it.shadowRoot.querySelector("input[type=range]");
    if (!knob) return [];
    const [from, to] = [Number(knob.min), Number(knob.max)];
    const works = [];
    for (let step = 0; step < steps; step += 1) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const began = performance.now();
      // There and back.
      const way = Math.abs(((step / steps) * 4) % 2 - 1);
      knob.value = String(from + (to - from) * way);
      knob.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
      // What the step leaves to do before the next picture is over when a message comes through.
      await new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        requestAnimationFrame(() => channel.port2.postMessage(0));
      });
      works.push(performance.now() - began);
    }
    return works.sort((one, other) => one - other);
  }, STEPS);
  const part = (share) => dragged[Math.floor((dragged.length - 1) * share)]?.toFixed(1) ?? "-";
  console.log(
    `widget ${index + 1}: drawn after ${drawn.toFixed(0)} ms; ` +
      `a step of its slider takes ${part(0.5)} ms (median), ${part(0.95)} ms (95 %)`,
  );
}
await site.stop();
