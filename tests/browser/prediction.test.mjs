// What a reader does with the page: types, applies fixes, steps through decisions, shares.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

const HPA = (max) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: ${max}
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
`;

/** The page with its editor loaded. */
async function opened(path = "", options = {}) {
  const it = await open(site, path, { viewport: { width: 1440, height: 900 }, ...options });
  await it.page.locator(".cm-content").waitFor();
  return it;
}

/** Replaces the whole text, as by pasting. */
async function paste(page, text) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

test("the page opens on a finished prediction", async () => {
  const it = await opened();
  assert.ok((await it.page.locator(".verdict").count()) >= 1);
  assert.ok((await it.page.locator(".mark").count()) >= 1);
  assert.ok((await it.page.locator(".chart canvas").count()) >= 2);
  assert.match(await it.page.locator(".decision strong").first().innerText(), /^\d+ → \d+$/);
  await done(it);
});

for (const [locale, count, one, heading] of [
  ["en", "2 defaults", "1 default", "filled in by the API server"],
  ["ko", "기본값 2개", "기본값 1개", "API 서버가 채우는 값"],
]) {
  test(`the foot lists what the API server fills in, until it is written, ${locale}`, async () => {
    const it = await opened("", { locale });
    // Kubernetes pkg/apis/autoscaling/v2/defaults.go: one pod at least, 80 % of the CPU requested.
    const bare = HPA(3).split("  minReplicas")[0] + "  maxReplicas: 3\n";
    await paste(it.page, bare);
    const menu = it.page.locator(".left-foot .menu:last-child");
    await menu.locator("summary", { hasText: count }).click();
    const listed = menu.locator("[data-fields=defaults]");
    const name = await listed.locator("span").innerText();
    assert.equal(name, `HorizontalPodAutoscaler web · ${heading}`);
    const [least, metrics, ...others] = await listed.locator("code").allInnerTexts();
    assert.equal(least, "spec.minReplicas: 1");
    assert.match(metrics, /^spec\.metrics: .*name: cpu.*averageUtilization: 80\D*$/);
    assert.deepEqual(others, []);
    await paste(it.page, bare.replace("maxReplicas", "minReplicas: 2\n  maxReplicas"));
    await menu.locator("summary", { hasText: one }).waitFor();
    await paste(it.page, HPA(3));
    await listed.waitFor({ state: "detached" });
    await done(it);
  });
}

test("a number that is typed changes the picture", async () => {
  const it = await opened();
  await paste(it.page, HPA(3));
  const marks = () => it.page.locator(".mark").evaluateAll((all) => all.map((m) => m.ariaLabel));
  await it.page.locator(".verdict h2", { hasText: "web" }).waitFor();
  const before = await marks();
  assert.ok(before.some((name) => name.includes("→3 ")), before.join("; "));
  await it.page.locator(".cm-line", { hasText: "maxReplicas: 3" }).click();
  await it.page.keyboard.press("End");
  await it.page.keyboard.press("Backspace");
  await it.page.keyboard.type("6");
  await it.page.waitForFunction(
    (old) => [...document.querySelectorAll(".mark")].map((m) => m.ariaLabel).join() !== old,
    before.join(),
  );
  assert.ok(!(await marks()).some((name) => name.includes("→3 ") && name.includes("3→")));
  await done(it);
});

test("a broken text keeps the last good picture, greyed, and says which line", async () => {
  const it = await opened();
  await paste(it.page, HPA(3));
  await it.page.locator(".verdict h2", { hasText: "web" }).waitFor();
  const verdict = await it.page.locator(".verdicts").innerText();
  await paste(it.page, `${HPA(3)}broken: [\n`);
  await it.page.locator('.timeline[data-stale="true"]').waitFor();
  assert.match(await it.page.locator(".stale").innerText(), /line 1\d/);
  assert.equal(await it.page.locator(".verdicts").innerText(), verdict);
  await paste(it.page, HPA(4));
  await it.page.locator('.timeline[data-stale="false"]').waitFor();
  assert.equal(await it.page.locator(".stale p").count(), 0);
  await done(it);
});

test("a fix beside the line is applied to the text, and undone", async () => {
  const it = await opened();
  await paste(it.page, HPA(2));
  const fix = it.page.locator(".cm-lens-binds button").first();
  await fix.waitFor();
  await fix.click();
  const text = () => it.page.locator(".cm-content").innerText();
  await it.page.waitForFunction(
    () => !document.querySelector(".cm-content").innerText.includes("maxReplicas: 2\n"),
  );
  assert.match(await text(), /maxReplicas: (?!2\b)\d+/);
  await it.page.locator(".cm-line").first().click();
  await it.page.keyboard.press("ControlOrMeta+z");
  assert.match(await text(), /maxReplicas: 2\b/);
  await done(it);
});

test("marks are stepped through by arrow keys, autoscalers by brackets", async () => {
  const it = await opened();
  const title = () => it.page.locator(".why-head h2").innerText();
  const first = it.page.locator('.track .mark[tabindex="0"]').first();
  await first.focus();
  await it.page.keyboard.press("Enter");
  const opening = await title();
  await it.page.keyboard.press("ArrowRight");
  await it.page.waitForFunction(
    (old) => document.querySelector(".why-head h2").innerText !== old,
    opening,
  );
  assert.equal(await it.page.evaluate(() => document.activeElement.ariaPressed), "true");
  await it.page.keyboard.press("ArrowLeft");
  await it.page.waitForFunction(
    (old) => document.querySelector(".why-head h2").innerText === old,
    opening,
  );
  if ((await it.page.locator(".track").count()) > 1) {
    const tone = () => it.page.locator(".why-head").getAttribute("data-tone");
    const old = await tone();
    await it.page.keyboard.press("]");
    await it.page.waitForFunction(
      (before) => document.querySelector(".why-head").dataset.tone !== before,
      old,
    );
  }
  await done(it);
});

test("any instant of a chart is explained, and a dragged stretch is shown larger", async () => {
  const it = await opened();
  const plot = it.page.locator(".chart[data-autoscaler] .plot").first();
  const box = await plot.boundingBox();
  const y = box.y + box.height / 2;
  const x = (share) => box.x + 60 + (box.width - 90) * share;
  await it.page.mouse.click(x(0.9), y);
  const time = it.page.locator(".time-cursor");
  await it.page.waitForFunction(() =>
    /^2[67]m/.test(document.querySelector(".time-cursor").innerText),
  );
  await it.page.locator(".why-head h2", { hasText: /2[67]m/ }).waitFor();
  await time.focus();
  const before = await time.getAttribute("aria-valuenow");
  await it.page.keyboard.press("ArrowLeft");
  await it.page.waitForFunction(
    (old) => Number(document.querySelector(".time-cursor").ariaValueNow) < Number(old),
    before,
  );
  await it.page.mouse.move(x(0.1), y);
  await it.page.mouse.down();
  await it.page.mouse.move(x(0.4), y, { steps: 4 });
  await it.page.mouse.up();
  await it.page.locator(".reset-zoom").click();
  await it.page.locator(".reset-zoom").waitFor({ state: "detached" });
  await done(it);
});

test("a share link carries the whole text", async () => {
  const it = await opened();
  const text = `# 한글, 🌊\n${HPA(7)}`;
  await paste(it.page, text);
  await it.page.locator(".verdict h2", { hasText: "web" }).waitFor();
  await it.page.locator(".primary").click();
  await it.page.locator(".notice p").waitFor();
  const { hash } = new URL(it.page.url());
  assert.match(hash, /^#v1=[\w-]+$/);
  const other = await opened(hash);
  const shown = await other.page.locator(".cm-content").innerText();
  assert.ok(shown.includes("# 한글, 🌊") && shown.includes("maxReplicas: 7"), shown);
  await done(other);
  await done(it);
});

test("a damaged link says so, and the page works all the same", async () => {
  for (const hash of ["#v1=AQIA_f9o", "#v1=%00", "#v9=abc", `#v1=${"A".repeat(5000)}`]) {
    const it = await opened(hash);
    await it.page.locator(".notice p").waitFor();
    assert.ok((await it.page.locator(".verdict").count()) >= 1, hash);
    await done(it);
  }
});

test("every example opens with a prediction", async () => {
  const it = await opened();
  const ids = await it.page.locator("select.examples option").evaluateAll((all) =>
    all.map((option) => option.value),
  );
  assert.ok(ids.length >= 5);
  for (const id of ids) {
    await it.page.locator("select.examples").selectOption(id);
    await it.page.waitForFunction((hash) => location.hash === hash, `#example=${id}`);
    await it.page.locator('.timeline[data-stale="false"] .verdict').first().waitFor();
  }
  await done(it);
});

test("the load form writes into the Scenario and keeps its comments", async () => {
  const it = await opened("#example=ray-serve-hpa");
  await it.page.locator("#tab-load").click();
  const field = it.page.locator('.entry input').nth(1);
  await field.fill("33");
  await field.press("Enter");
  await it.page.locator("#tab-manifests").click();
  await it.page.keyboard.press("Escape");
  await it.page.locator(".cm-scroller").evaluate((it) => (it.scrollTop = it.scrollHeight));
  await it.page.locator(".cm-line", { hasText: "rps: 33" }).waitFor();
  await it.page.locator(".cm-line", { hasText: "# requests per second" }).waitFor();
  await done(it);
});

test("the page speaks Korean, and remembers language and theme", async () => {
  const it = await opened();
  await it.page.locator("select.quiet").selectOption("ko");
  await it.page.locator(".primary", { hasText: "공유" }).waitFor();
  await it.page.locator(".theme").click();
  await it.page.reload();
  await it.page.locator(".primary", { hasText: "공유" }).waitFor();
  assert.equal(await it.page.evaluate(() => document.documentElement.lang), "ko");
  assert.equal(await it.page.evaluate(() => document.documentElement.dataset.theme), "light");
  await done(it);
});

test("a phone shows one column at a time", async () => {
  const it = await open(site, "", { viewport: { width: 390, height: 844 }, hasTouch: true });
  const seen = (selector) => it.page.locator(selector).isVisible();
  await it.page.locator(".verdict").first().waitFor();
  assert.deepEqual([await seen(".timeline"), await seen(".left"), await seen(".why")], [true, false, false]);
  await it.page.locator(".views button").first().click();
  await it.page.locator(".left").waitFor();
  assert.equal(await seen(".timeline"), false);
  await it.page.locator(".views button").last().click();
  await it.page.locator(".why").waitFor();
  await done(it);
});
