// A widget in a plain HTML file of another origin.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";

import { start } from "./site.mjs";

const TEXT = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 20
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  now:
  - {hpa: web, currentReplicas: 4, metrics: [85%]}
---
apiVersion: tidetable.dev/v1alpha1
kind: Widget
spec:
  caption: Four replicas at 85 %
  show: [staircase]
  knobs:
  - {field: 'Scenario spec.now[0].metrics[0]', label: Utilization, from: 0, to: 200, suffix: '%'}
`;

let site;
let other;
before(async () => {
  site = await start();
  other = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><html lang="en"><title>Somebody's page</title>
      <style>p { color: red; font-size: 40px; }</style>
      <script type="module" src="${site.base}widgets.js"></script>
      <tidetable-widget><script type="application/yaml">${TEXT}</script></tidetable-widget>
      <div id="below" style="height: 3000px"></div>
      <tidetable-widget id="far"><script type="application/yaml">${TEXT}</script></tidetable-widget>`);
  });
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
});
after(() => {
  other.close();
  return site.stop();
});

test("a widget lives in another origin's page, in a style of its own", async () => {
  const page = await site.browser.newPage();
  const complaints = [];
  page.on("pageerror", (it) => complaints.push(String(it)));
  page.on("console", (it) => it.type() === "error" && complaints.push(it.text()));
  const address = `http://127.0.0.1:${other.address().port}/`;
  await page.route("**/favicon.ico", (it) => it.fulfill({ status: 204 }));
  await page.goto(address);
  const widget = page.locator("tidetable-widget").first();
  // ceil(85 / 60 * 4) = ceil(5.67) = 6; ceil(120 / 60 * 4) = 8.
  await widget.locator(".decision", { hasText: "4 → 6" }).waitFor();
  await widget.locator("input").first().fill("120");
  await widget.locator(".decision", { hasText: "4 → 8" }).waitFor();
  const size = await widget.locator(".caption").evaluate((it) => getComputedStyle(it).fontSize);
  assert.equal(size, "14px");
  // The second one costs nothing as long as nobody sees it.
  const isLive = () => page.locator("#far").evaluate((it) => it.shadowRoot !== null);
  assert.equal(await isLive(), false);
  await page.locator("#far").scrollIntoViewIfNeeded();
  await page.locator("#far .decision").waitFor();
  assert.equal(page.workers().length, 1, "one worker for both");
  // The address is made when someone is about to follow it.
  await widget.locator(".foot a").hover();
  const link = await widget.locator(".foot a").getAttribute("href");
  assert.ok(link.startsWith(`${site.base}#v1=`), link);
  assert.deepEqual(complaints, []);
  await page.close();
});

test("a page that allows no worker does the work itself", async () => {
  const page = await site.browser.newPage();
  await page.addInitScript(() => {
    globalThis.Worker = class {
      constructor() {
        throw new DOMException("refused", "SecurityError");
      }
    };
  });
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  const widget = page.locator("tidetable-widget").first();
  await widget.locator(".decision", { hasText: "4 → 6" }).waitFor();
  await widget.locator("input").first().fill("120");
  await widget.locator(".decision", { hasText: "4 → 8" }).waitFor();
  await page.close();
});

test("a text that a reader broke keeps its last picture and says what is wrong", async () => {
  const page = await site.browser.newPage();
  await page.goto(`http://127.0.0.1:${other.address().port}/`);
  const widget = page.locator("tidetable-widget").first();
  await widget.locator(".decision", { hasText: "4 → 6" }).waitFor();
  await widget.locator("summary").click();
  const text = widget.locator("textarea");
  const sound = await text.inputValue();
  await text.fill(sound.replace("maxReplicas: 20", "maxReplicas: many"));
  const problem = widget.locator(".problem", { hasText: "maxReplicas" });
  await problem.waitFor();
  const line = sound.split("\n").findIndex((it) => it.includes("maxReplicas: 20")) + 1;
  assert.ok((await problem.textContent()).includes(`line ${line}`));
  const why = new URL(await problem.locator("a").getAttribute("href"));
  assert.equal((await page.request.get(why.href)).status(), 200);
  assert.match(why.pathname, /\/book\/en\//);
  assert.ok(await widget.locator(".decision", { hasText: "4 → 6" }).isVisible());
  await text.fill(sound.replace("maxReplicas: 20", "maxReplicas: 5"));
  await widget.locator(".decision", { hasText: "4 → 5" }).waitFor();
  assert.equal(await widget.locator(".problem").count(), 0);
  await page.close();
});
