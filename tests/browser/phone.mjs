// What the book costs on a slow phone: a page of it in Chromium with a processor four times as slow.
// `CHROMIUM=… node tests/browser/phone.mjs [PAGE]…`; `cargo xtask bench phone` says it all.
//
// Of each widget: how long from scrolling it in until it is drawn; and while a finger drags its first
// slider to and fro, how long the page's own thread works in the heaviest frame of a step, which is
// what the finger notices (the median of all steps). A thread's time is its own, but Chromium slows a
// processor down by the clock on the wall: with other programs all times grow.

import { start } from "./site.mjs";

const PAGES = process.argv.slice(2);
const SLOWER = 4;
const STEPS = 24;
/** A drag of a hand on a slow machine: the next step comes after the picture of this one. */
const PAUSE_MS = 250;

const site = await start();
for (const path of PAGES.length > 0 ? PAGES : ["book/en/wrong/number.html", "book/en/ray/serve.html"]) {
  const context = await site.browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
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
    await session.send("Tracing.start", {
      transferMode: "ReportEvents",
      traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline", "toplevel", "blink.user_timing"] },
    });
    const frames = await drag(page, session, widget);
    const heaviest = median(await heaviestTasks(session));
    console.log(
      frames === 0
        ? `  widget ${index + 1}: drawn after ${drawn.toFixed(0)} ms; no slider`
        : `  widget ${index + 1}: drawn after ${drawn.toFixed(0)} ms; heaviest frame ${heaviest.toFixed(1)} ms`,
    );
  }
  await context.close();
}
await site.stop();

/** Drags the first slider of `widget` there and back, if it has one; gives the number of steps. */
async function drag(page, session, widget) {
  const knob = widget.locator("input[type=range]").first();
  if ((await knob.count()) === 0) return 0;
  await knob.evaluate((it) => it.scrollIntoView({ block: "end" }));
  await knob.evaluate((it) => it.addEventListener("input", () => performance.mark("step"), { capture: true }));
  const { x, y, width, height } = await knob.boundingBox();
  const touch = (type, share) =>
    session.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: share === undefined ? [] : [{ x: x + width * (0.05 + 0.9 * share), y: y + height / 2 }],
    });
  await touch("touchStart", 0.5);
  for (let step = 0; step < STEPS; step += 1) {
    await page.waitForTimeout(PAUSE_MS);
    // There and back.
    await touch("touchMove", Math.abs((((step / STEPS) * 4) % 2) - 1));
  }
  await touch("touchEnd");
  // The last picture comes.
  await page.waitForTimeout(500);
  return STEPS;
}

/** The longest task of the page's thread between two steps, for each step, in its own milliseconds. */
async function heaviestTasks(session) {
  const events = [];
  session.on("Tracing.dataCollected", ({ value }) => events.push(...value));
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  session.removeAllListeners("Tracing.dataCollected");
  const marks = events.filter((it) => it.name === "step" && it.cat.includes("user_timing"));
  const thread = marks[0]?.tid;
  const tasks = events.filter((it) => it.name.endsWith("RunTask") && it.tid === thread && it.dur);
  return marks.map(({ ts, pid }, index) => {
    const end = marks[index + 1]?.ts ?? Number.POSITIVE_INFINITY;
    // The frame in which a step is made began before it.
    const own = tasks.filter((it) => it.pid === pid && it.ts + it.dur >= ts && it.ts + it.dur < end);
    return Math.max(0, ...own.map((it) => (it.tdur ?? it.dur) / 1000));
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
