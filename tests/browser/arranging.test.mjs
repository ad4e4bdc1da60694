// Columns are made wider, a stretch of time is made larger, assumptions are changed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

async function opened(path = "") {
  const it = await open(site, path, { viewport: { width: 1440, height: 900 } });
  await it.page.locator(".cm-content").waitFor();
  return it;
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

const width = async (page, selector) => (await page.locator(selector).boundingBox()).width;

test("a divider is dragged and moved by arrow keys, and stops at its limits", async () => {
  const it = await opened();
  const { page } = it;
  for (const [side, column, toward] of [["left", ".left", 1], ["right", ".why", -1]]) {
    const divider = page.locator(`.divider[data-side="${side}"]`);
    const before = await width(page, column);
    const box = await divider.boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + 300];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + toward * 60, y, { steps: 4 });
    await page.mouse.up();
    const dragged = await width(page, column);
    assert.ok(Math.abs(dragged - before - 60) <= 5, `${side}: ${before} to ${dragged}`);
    await page.mouse.move(x - toward * 200, y);
    assert.equal(await width(page, column), dragged, "the hand has let go");
    await divider.focus();
    await page.keyboard.press(toward > 0 ? "ArrowRight" : "ArrowLeft");
    // 2 % of 1440
    assert.ok(Math.abs((await width(page, column)) - dragged - 28.8) <= 1);
    for (let count = 0; count < 30; count += 1) {
      await page.keyboard.press(toward > 0 ? "ArrowLeft" : "ArrowRight");
    }
    // 16 % of 1440
    assert.ok(Math.abs((await width(page, column)) - 230.4) <= 5);
    assert.equal(await divider.getAttribute("aria-valuenow"), "16");
  }
  await done(it);
});

test("the time is zoomed by keyboard, around the cursor, and back", async () => {
  const it = await opened();
  const { page } = it;
  const ticks = () => page.locator(".time-tick").allInnerTexts();
  const whole = await ticks();
  const cursor = page.locator(".time-cursor");
  await cursor.focus();
  const at = Number(await cursor.getAttribute("aria-valuenow"));
  await page.keyboard.press("+");
  await page.locator(".reset-zoom").waitFor();
  const nearer = await ticks();
  assert.notDeepEqual(nearer, whole);
  assert.equal(Number(await cursor.getAttribute("aria-valuenow")), at, "the cursor stays");
  await page.keyboard.press("+");
  await page.waitForFunction(
    (old) => [...document.querySelectorAll(".time-tick")].map((it) => it.innerText).join() !== old,
    nearer.join(),
  );
  await page.keyboard.press("Escape");
  await page.locator(".reset-zoom").waitFor({ state: "detached" });
  assert.deepEqual(await ticks(), whole);
  await page.keyboard.press("+");
  await page.keyboard.press("-");
  await page.locator(".reset-zoom").waitFor({ state: "detached" });
  await done(it);
});

test("an assumption is set, marked with its line, and reset", async () => {
  const it = await opened();
  const { page } = it;
  await page.locator("#tab-assumptions").click();
  const row = page.locator(".assumption", { hasText: "--horizontal-pod-autoscaler-tolerance" });
  const field = row.locator("input");
  const before = await field.inputValue();
  assert.equal(before, "0.1");
  await field.fill("0.5");
  await field.press("Enter");
  const place = row.getByRole("button", { name: /^set in line \d+$/ });
  await place.waitFor();
  assert.equal(await field.inputValue(), "0.5");
  await place.click();
  await page.locator(".cm-line", { hasText: "tolerance: 0.5" }).waitFor();
  await page.locator("#tab-assumptions").click();
  await row.getByRole("button", { name: "Reset" }).click();
  await place.waitFor({ state: "detached" });
  assert.equal(await field.inputValue(), before);
  await done(it);
});

test("an assumption out of its range is named, and the default holds", async () => {
  const it = await opened();
  const { page } = it;
  await page.locator("#tab-assumptions").click();
  const field = page.locator(".assumption", { hasText: "--horizontal-pod-autoscaler-tolerance" })
    .locator("input");
  await field.fill("much");
  await field.press("Enter");
  await page.locator('.problems[data-kind="error"]').waitFor();
  await page.locator(".problems").click();
  await page.locator(".problem", { hasText: "tolerance" }).click();
  await page.locator(".cm-line", { hasText: "tolerance: much" }).waitFor();
  await done(it);
});
