// The book: its widget lives, its table stands in, both languages have the same chapters.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

for (const [language, answer] of [["en", "85% → 6"], ["ko", "85% → 6"]]) {
  const chapter = `book/${language}/hpa/tolerance.html`;

  test(`${chapter}: the widget follows its sliders`, async () => {
    const { page, complaints, close } = await open(site, chapter);
    const widget = page.locator("tidetable-widget .widget");
    // ceil(85 / 60 * 4) = ceil(5.67)
    await widget.getByText(answer).waitFor();
    // 66 / 60 is the upper edge of the band; one per cent later ceil(67 / 60 * 4) = 5.
    const usage = widget.locator("input").first();
    await usage.fill("66");
    await widget.locator(".decision", { hasText: /4 → 4/ }).waitFor();
    await usage.fill("67");
    await widget.locator(".formula", { hasText: /= ceil\(4.47\) = 5$/ }).waitFor();
    assert.equal(await page.locator("tidetable-widget table").isVisible(), false);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${chapter}: the widget is accessible, light and dark`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await open(site, chapter, { colorScheme });
      await page.locator("tidetable-widget svg").waitFor();
      const { violations } = await new AxeBuilder({ page }).include("tidetable-widget").analyze();
      assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
      await close();
    }
  });

  test(`${chapter}: a table stands in without JavaScript and in print`, async () => {
    const still = await open(site, chapter, { javaScriptEnabled: false });
    const table = still.page.locator("tidetable-widget table");
    assert.ok(await table.isVisible());
    assert.match(await table.innerText(), /≤ 66%\s+4\s+4\s+66% < … ≤ 75%\s+5\s+5\s/);
    await still.close();

    const printed = await open(site, chapter);
    await printed.page.locator("tidetable-widget svg").waitFor();
    await printed.page.emulateMedia({ media: "print" });
    assert.ok(await printed.page.locator("tidetable-widget table").isVisible());
    assert.equal(await printed.page.locator("tidetable-widget .widget").isVisible(), false);
    await printed.close();
  });
}

test("a chapter leads to the other language and to the page", async () => {
  const { page, complaints, close } = await open(site, "book/en/");
  await page.getByRole("link", { name: "한국어" }).click();
  await page.waitForURL("**/book/ko/index.html");
  await page.goto(`${site.base}book/ko/hpa/tolerance.html`);
  await page.getByRole("link", { name: "English" }).click();
  await page.waitForURL("**/book/en/hpa/tolerance.html");
  // The link carries what the sliders say: ceil(130 / 60 * 4) = ceil(8.67).
  await page.locator("tidetable-widget input").first().fill("130");
  await page.locator(".formula", { hasText: "= 9" }).waitFor();
  await page.locator(".foot a").click();
  await page.waitForURL(`${site.base}#v1=**`);
  // One look goes to twice the count at most.
  await page.locator(".now-verdict", { hasText: /4 → 8 replicas.*wants 9/ }).waitFor();
  assert.equal(await page.locator(".now-input input").first().inputValue(), "130%");
  assert.deepEqual(complaints, []);
  await close();
});

for (const [language, words, found] of [
  ["en", "tolerance band", /The tolerance band/],
  // A particle follows the word in the text: 허용 오차를, 구간은.
  ["ko", "허용 오차 구간", /허용 오차 구간/],
]) {
  test(`book/${language}: the search finds a chapter by its words`, async () => {
    const { page, complaints, close } = await open(site, `book/${language}/reference/diagnostics.html`);
    await page.locator("dialog.search").waitFor({ state: "attached" });
    await page.keyboard.press("/");
    const box = page.locator("dialog.search input");
    await box.fill(words);
    const first = page.locator("dialog.search .pagefind-ui__result-link").first();
    await first.filter({ hasText: found }).waitFor();
    await first.click();
    await page.waitForURL(`**/book/${language}/hpa/tolerance.html*`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const [pasted, page] of [
  // Names of its own, and words that no page has.
  ["Error: No available node types can fulfill resource request defaultdict(<class 'float'>, {'CPU': 4.0}). " +
    "Add suitable node types to this cluster to resolve this issue.", "Ray and KubeRay"],
  ["failed to get cpu utilization: missing request for cpu in container app of Pod shop-7d9c8b6f5-q2w3e", "No decision at all"],
  ["0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption " +
    "victims found for incoming pod.", "Serve, nodes, both"],
  ['Operation cannot be fulfilled on deployments.apps "shop": the object has been modified; please apply your changes ' +
    "to the latest version and try again", "Every condition, reason and event"],
  // Words of an address and of a selector stand on other pages by chance; its phrases don't.
  ["failed to get cpu utilization: unable to get metrics for resource cpu: failed to get pod resource metrics: an error on the " +
    "server (\"Error: 'dial tcp 172.17.59.2:8082: getsockopt: no route to host'", "Conditions and events, decoded"],
  ["the HPA was unable to compute the replica count: unable to get external metric dev/s0-cron-America-New_York-09xxx-017xxx/" +
    "&LabelSelector{MatchLabels:map[string]string{scaledobject.keda.sh/name: bilayer,}}: unable to fetch metrics from external " +
    "metrics API: the server is currently unable to handle the request", "No decision at all"],
]) {
  test(`the search finds a page for a pasted message: ${pasted.slice(0, 40)}`, async () => {
    const { page: tab, complaints, close } = await open(site, "book/en/index.html");
    await tab.locator("dialog.search").waitFor({ state: "attached" });
    await tab.keyboard.press("/");
    await tab.locator("dialog.search input").fill(pasted);
    await tab.locator("dialog.search .pagefind-ui__result-title").filter({ hasText: page }).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
