// Files come in by a button or by dropping them, and go out as downloads.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

const HPA = (name) => `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: ${name}}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 5
`;

async function opened() {
  const it = await open(site, "#example=ray-burst", { viewport: { width: 1440, height: 900 } });
  await it.page.locator(".cm-content").waitFor();
  return it;
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

const file = (name, content) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

/** Drops files on the element at `selector`, as a hand would. */
async function drop(page, selector, files) {
  const data = await page.evaluateHandle((files) => {
    const data = new DataTransfer();
    for (const [name, content] of files) data.items.add(new File([content], name));
    return data;
  }, files);
  await page.dispatchEvent(selector, "dragover", { dataTransfer: data });
  await page.dispatchEvent(selector, "drop", { dataTransfer: data });
}

async function download(page, name) {
  await page.locator(".top-extras .menu summary").click();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".top-extras .menu-items button", { hasText: name }).click(),
  ]);
  const chunks = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk);
  await page.locator(".top-extras .menu summary").click();
  return { name: saved.suggestedFilename(), content: Buffer.concat(chunks).toString() };
}

test("files are opened by the button, one after the other", async () => {
  const it = await opened();
  const field = it.page.getByLabel("Open file");
  await field.setInputFiles([file("a.yaml", HPA("first").trimEnd()), file("b.yaml", HPA("second"))]);
  await it.page.locator(".verdict h2", { hasText: "HPA second" }).waitFor();
  assert.equal(await it.page.locator(".verdict").count(), 2);
  const { name, content } = await download(it.page, "Manifests");
  assert.equal(name, "tidetable.yaml");
  assert.equal(content, `${HPA("first")}---\n${HPA("second")}`);
  assert.equal(new URL(it.page.url()).hash, "", "it is no example any more");
  await field.setInputFiles(file("a.yaml", HPA("third")));
  await it.page.locator(".verdict h2", { hasText: "HPA third" }).waitFor();
  await done(it);
});

test("files are opened wherever they are dropped, the editor included", async () => {
  const it = await opened();
  await drop(it.page, ".timeline", [["a.yaml", HPA("dropped")]]);
  await it.page.locator(".verdict h2", { hasText: "HPA dropped" }).waitFor();
  await drop(it.page, ".cm-content", [["b.yaml", HPA("again")]]);
  await it.page.locator(".verdict h2", { hasText: "HPA again" }).waitFor();
  const { content } = await download(it.page, "Manifests");
  assert.equal(content, HPA("again"), "and not put into the text that was there");
  await done(it);
});

test("a file that is too large says so and changes nothing", async () => {
  const it = await opened();
  const before = await download(it.page, "Manifests");
  const field = it.page.getByLabel("Open file");
  await field.setInputFiles(file("big.yaml", "a: b\n".repeat(500_000)));
  await it.page.locator(".notice p", { hasText: "2 MB" }).waitFor();
  assert.deepEqual(await download(it.page, "Manifests"), before);
  await done(it);
});

test("the report that is downloaded is what the page shows", async () => {
  const it = await opened();
  const { name, content } = await download(it.page, "Report");
  assert.equal(name, "tidetable-report.json");
  const report = JSON.parse(content);
  assert.equal(report.version, "tidetable.dev/report/v1");
  const shown = await it.page.locator(".verdict h2").allInnerTexts();
  assert.deepEqual(report.autoscalers.map((it) => it.name), shown.map((it) => it.trim()));
  assert.ok(report.autoscalers[0].looks.atMs.length > 10, "with its numbers");
  await done(it);
});
