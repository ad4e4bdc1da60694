// The module comes in two halves: the first picture needs one of them, and whoever is quicker than
// the network gets the other at once.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

/** A page whose second half is on its way until `release` is called. */
async function opened(options = {}) {
  const context = await site.browser.newContext(options);
  const page = await context.newPage();
  const asked = [];
  let release;
  const released = new Promise((done) => (release = done));
  await page.route(/tidetable_rest.*\.wasm$/, async (route) => {
    asked.push(route.request().resourceType());
    if (route.request().resourceType() === "fetch") await released;
    await route.continue();
  });
  await page.goto(site.base);
  return { page, asked, release, close: () => context.close() };
}

for (const locale of ["en-US", "ko-KR"]) {
  for (const width of [1440, 390]) {
    test(`the first picture needs the first half only: ${locale}, ${width} px`, async () => {
      const { page, asked, release, close } = await opened({
        locale,
        viewport: { width, height: 900 },
      });
      await page.locator(".why .ledger li").first().waitFor({ state: "attached" });
      await page.locator(".chart canvas").first().waitFor({ state: "attached" });
      await page.waitForTimeout(300);
      assert.deepEqual(asked, ["fetch"], "asked for beside the page, never waited for");
      release();
      await page.locator(".cm-content").waitFor({ state: "attached" });
      await close();
    });
  }
}

test("a reader who is quicker than the network waits for the rest, and gets it", async () => {
  const { page, asked, release, close } = await opened();
  await page.locator(".why .ledger li").first().waitFor();
  await page.getByRole("tab", { name: "Load" }).click();
  await page.locator(".form .entry").first().waitFor();
  assert.deepEqual(asked, ["fetch", "xhr"]);
  release();
  await page.getByRole("tab", { name: "Manifests" }).click();
  await page.locator(".cm-content").waitFor();
  assert.equal(asked.length, 2);
  await close();
});
