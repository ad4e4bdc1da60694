// The editor tells what may be written, and what a field means: by keyboard and by pointer.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

const HPA = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 10
`;

/** The page with `text` in its editor and the caret behind it. */
async function opened(text, options = {}) {
  const it = await open(site, "", { viewport: { width: 1440, height: 900 }, ...options });
  await it.page.locator(".cm-content").click();
  await it.page.keyboard.press("ControlOrMeta+a");
  await it.page.keyboard.insertText(text);
  return it;
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

const words = (page) => page.locator(".cm-tooltip-autocomplete .cm-completionLabel").allInnerTexts();
const last = (page) => page.locator(".cm-line").last().innerText();

test("a field and its value are completed by keyboard", async () => {
  const it = await opened(HPA);
  await it.page.keyboard.type("  mi");
  await it.page.locator(".cm-tooltip-autocomplete").waitFor();
  assert.deepEqual(await words(it.page), ["minReplicas"]);
  const detail = it.page.locator(".cm-completionDetail").first();
  assert.equal(await detail.innerText(), "integer · default 1");
  await it.page.locator(".cm-completionInfo", { hasText: "Fewest replicas" }).waitFor();
  // CodeMirror takes no key for its first 75 ms, so that nothing is picked by mistake.
  await it.page.waitForTimeout(150);
  await it.page.keyboard.press("Enter");
  assert.equal(await last(it.page), "  minReplicas: ");
  await it.page.keyboard.type("2\n");
  await it.page.keyboard.press("Control+Space");
  await it.page.locator(".cm-tooltip-autocomplete").waitFor();
  assert.deepEqual((await words(it.page)).sort(), ["behavior", "metrics"]);
  await it.page.keyboard.press("Escape");
  await it.page.locator(".cm-tooltip-autocomplete").waitFor({ state: "detached" });
  // Enter has kept the indentation.
  await it.page.keyboard.type("metrics:\n- type: ");
  await it.page.keyboard.press("Control+Space");
  await it.page.locator(".cm-tooltip-autocomplete").waitFor();
  const types = ["ContainerResource", "External", "Object", "Pods", "Resource"];
  assert.deepEqual((await words(it.page)).sort(), types);
  await done(it);
});

test("what a field means is told at the caret, and at the pointer", async () => {
  const it = await opened(HPA, { locale: "ko" });
  const told = it.page.locator(".cm-about");
  await it.page.keyboard.press("ArrowUp");
  await it.page.keyboard.press("ArrowRight");
  await it.page.keyboard.press("ArrowRight");
  await it.page.keyboard.press("ArrowRight");
  await it.page.keyboard.press("F1");
  await told.waitFor();
  assert.match(await told.innerText(), /^maxReplicas 정수\s+요청하는 최대 레플리카 수$/);
  assert.equal(await told.getAttribute("role"), "status");
  const { violations } = await new AxeBuilder({ page: it.page }).include(".left").analyze();
  assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
  await it.page.keyboard.press("Escape");
  await told.waitFor({ state: "detached" });
  await it.page.locator(".cm-line", { hasText: "scaleTargetRef" }).locator("span").first().hover();
  await told.filter({ hasText: "scaleTargetRef" }).waitFor();
  await done(it);
});

test("nothing is suggested where nothing is known", async () => {
  const it = await opened("kind: Unheard\nspec:\n");
  await it.page.keyboard.type("  a");
  await it.page.keyboard.press("Control+Space");
  await it.page.waitForTimeout(300);
  assert.equal(await it.page.locator(".cm-tooltip-autocomplete").count(), 0);
  await done(it);
});
