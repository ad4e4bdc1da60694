// Placement: who is where at the instant that a slider shows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

/** The page on Placement, with the burst of sixty tasks on workers of 4 CPUs. */
async function opened(options = {}) {
  const look = { viewport: { width: 1440, height: 900 }, ...options };
  const it = await open(site, "#example=ray-burst", look);
  await it.page.locator(".verdict").first().waitFor();
  const name = options.locale === "ko" ? "배치" : "Placement";
  const bar = look.viewport.width < 900 ? ".views" : ".segments";
  await it.page.locator(`${bar} button`, { hasText: name }).click();
  await it.page.locator(".ray-node").first().waitFor();
  return it;
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

test("the slider shows what sits where, by mouse and by keyboard", async () => {
  const it = await opened();
  const slider = it.page.locator(".placement-time input");
  await slider.fill("30");
  await it.page.locator(".ray-node .idle", { hasText: "Idle for 30s" }).waitFor();
  await slider.fill("59");
  await it.page.locator(".ray-node .idle", { hasText: "Idle for 59s" }).waitFor();
  // The tasks come at 60 s: four of them fit on the worker.
  await slider.press("ArrowRight");
  await it.page.locator(".ray-node .hold", { hasText: "4 tasks {CPU: 1}" }).waitFor();
  assert.equal(await it.page.locator(".waiting-work li").innerText(), "56 tasks {CPU: 1}");
  assert.equal(await it.page.locator(".placement-time output").innerText(), "1m 00s");
  await done(it);
});

test("the matrix and the instances are told in words, not by colour alone", async () => {
  const it = await opened();
  const row = it.page.locator(".matrix tbody tr").first();
  assert.match(await row.locator("td").nth(0).innerText(), /✕\s*CPU: needs 1, has 0/);
  assert.match(await row.locator("td").nth(1).innerText(), /✓\s*4 on an empty node/);
  // The autoscaler sees them at 65 s, and at 70 s the pods that it asked for.
  await it.page.locator(".placement-time input").fill("66");
  await it.page.locator(".instances td", { hasText: "REQUESTED" }).first().waitFor();
  await done(it);
});

test("a text without Ray shows its pods on their nodes", async () => {
  const it = await open(site, "#example=ray-serve-hpa", { viewport: { width: 1440, height: 900 } });
  await it.page.locator(".segments button", { hasText: "Placement" }).click();
  await it.page.locator(".kube-node .placed-pods li").first().waitFor();
  await done(it);
});

for (const [theme, width, locale] of [
  ["light", 1440, "en"], ["dark", 1024, "ko"], ["light", 390, "ko"], ["dark", 390, "en"],
]) {
  test(`placement, ${theme}, ${width} px, ${locale}: accessible, nothing sticks out`, async () => {
    const viewport = { width, height: 900 };
    const it = await opened({ colorScheme: theme, locale, viewport });
    const { violations } = await new AxeBuilder({ page: it.page }).analyze();
    assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
    const overflow = await it.page.evaluate(() => {
      const pane = document.querySelector(".placement");
      const page = document.documentElement;
      return [pane.scrollWidth - pane.clientWidth, page.scrollWidth - page.clientWidth];
    });
    assert.deepEqual(overflow, [0, 0]);
    await done(it);
  });
}
