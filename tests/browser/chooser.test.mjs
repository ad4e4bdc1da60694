// The chooser of the book's second page: by keyboard, by its address, without JavaScript, in print.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

/** The chapter, once its chooser asks. */
async function live(path, options) {
  const opened = await open(site, path, options);
  await opened.page.locator(".chooser.live").waitFor();
  return opened;
}

/** The ids of the answers that can be seen. */
const answers = (page) => page.locator(".answer .title:visible").evaluateAll((all) => all.map((it) => it.id));

/** The questions that can be seen, by the names of their radios. */
const questions = (page) =>
  page.locator("fieldset:visible").evaluateAll((all) => all.map((it) => it.querySelector("input").name));

for (const [language, labels] of [
  ["en", { serve: "A Ray Serve application", zero: "None", open: "Open in Tidetable" }],
  ["ko", { serve: "Ray Serve 애플리케이션", zero: "남기지 않습니다", open: "Tidetable에서 열기" }],
]) {
  const chapter = `book/${language}/which.html`;

  test(`${chapter}: the keyboard leads to one answer`, async () => {
    const { page, complaints, close } = await live(chapter);
    assert.deepEqual(await answers(page), ["hpa-cpu"]);
    assert.deepEqual(await questions(page), ["runs", "load", "idle", "nodes"]);
    // One tab stop for each question, arrows within it.
    await page.locator("input[name=runs]:checked").focus();
    await page.keyboard.press("ArrowDown");
    assert.deepEqual(await answers(page), ["queue"]);
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.getByLabel(labels.serve, { exact: true }).isChecked());
    assert.deepEqual(await questions(page), ["runs", "idle", "nodes"]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.getByLabel(labels.zero, { exact: true }).isChecked());
    assert.deepEqual(await answers(page), ["serve-zero"]);
    const title = await page.locator("#serve-zero").innerText();
    assert.equal(await page.locator(".chosen").textContent(), title.trim());
    assert.match(page.url(), /#serve-zero$/);
    // Ray's machines, and nobody adds them.
    assert.equal(await page.locator(".note:visible").count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${chapter}: the address of an answer answers the questions`, async () => {
    const { page, complaints, close } = await live(`${chapter}#job-gang`);
    assert.deepEqual(await answers(page), ["job-gang"]);
    assert.ok(await page.locator("input[name=runs][value=job]").isChecked());
    assert.ok(await page.locator("input[name=work][value=gang]").isChecked());
    await page.evaluate(() => (location.hash = "#cluster"));
    await page.locator("#cluster").waitFor();
    assert.deepEqual(await answers(page), ["cluster"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${chapter}: all answers stand there without JavaScript and in print`, async () => {
    const still = await open(site, chapter, { javaScriptEnabled: false });
    assert.equal((await answers(still.page)).length, 12);
    assert.equal(await still.page.locator(".when:visible").count(), 18);
    assert.equal(await still.page.locator("fieldset").first().isVisible(), false);
    await still.close();

    const printed = await live(chapter);
    await printed.page.emulateMedia({ media: "print" });
    assert.equal((await answers(printed.page)).length, 12);
    assert.equal(await printed.page.locator(".when:visible").count(), 18);
    assert.equal(await printed.page.locator("fieldset").first().isVisible(), false);
    await printed.close();
  });

  test(`${chapter}: accessible, light and dark, and no wider than a phone`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      const options = { colorScheme, viewport: { width: 390, height: 844 } };
      const { page, close } = await live(chapter, options);
      const { violations } = await new AxeBuilder({ page }).include(".chooser").analyze();
      assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(width <= 390, `${width} px`);
      await close();
    }
  });

  test(`${chapter}: an answer opens its text in Tidetable`, async () => {
    const { page, complaints, close } = await live(`${chapter}#hpa-cpu`);
    await page.locator(".answer:visible").getByRole("link", { name: labels.open }).click();
    await page.waitForURL(`${site.base}#v1=**`);
    await page.locator(".verdict-card, .verdict", { hasText: "HPA web" }).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
