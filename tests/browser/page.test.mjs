// The page, as a reader's browser sees it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

for (const theme of ["light", "dark"]) {
  for (const width of [1440, 1024, 390]) {
    test(`page opens, ${theme}, ${width} px: no error, no way out, accessible`, async () => {
      const look = { colorScheme: theme, viewport: { width, height: 900 } };
      const { page, complaints, close } = await open(site, "", look);
      await page.locator("h1").first().waitFor();
      const { violations } = await new AxeBuilder({ page }).analyze();
      assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(overflow, 0, "nothing sticks out to the right");
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

test("an inline script does not run", async () => {
  const { page, close } = await open(site, "");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "globalThis.ran = true";
    document.body.append(script);
  });
  assert.equal(await page.evaluate(() => globalThis.ran), undefined);
  await close();
});

test("a finding is told in the reader's language", async () => {
  for (const [locale, told] of [["en", "KubeRay makes no Deployment"], ["ko", "KubeRay는 Serve 레플리카를 위한 Deployment를"]]) {
    const { page, complaints, close } = await open(site, "", { locale });
    await page.locator(".cm-lens", { hasText: told }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  }
});
