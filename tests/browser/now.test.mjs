// Right now: numbers are read, typed and taken back, and the next decision follows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

const HPA = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 10
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}
`;
const STATUS = `status:
  currentReplicas: 4
  desiredReplicas: 4
  currentMetrics:
  - type: Resource
    resource: {name: cpu, current: {averageUtilization: 90, averageValue: 450m}}
  conditions:
  - {type: AbleToScale, status: "True", reason: ReadyForNewScale, message: it can}
  - {type: ScalingActive, status: "True", reason: ValidMetricFound, message: it is}
`;
const TABLE = (replicas, targets = "cpu: 100%/60%") =>
  `NAME   REFERENCE        TARGETS         MINPODS   MAXPODS   REPLICAS   AGE
web    Deployment/web   ${targets}   2         10        ${replicas}          5d3h
late   Deployment/late  45/50           1         9         3          2d
`;

/** The page on Right now, with `text` in its editor. */
async function opened(text, options = {}) {
  const look = { viewport: { width: 1440, height: 900 }, ...options };
  const it = await open(site, "", look);
  await it.page.locator(".cm-content").waitFor();
  if (text !== undefined) {
    await it.page.locator(".cm-content").click();
    await it.page.keyboard.press("ControlOrMeta+a");
    await it.page.keyboard.insertText(text);
  }
  await it.page.locator(".segments button").last().click();
  await it.page.locator(".now-hpa").first().waitFor();
  return it;
}

async function done({ complaints, close }) {
  assert.deepEqual(complaints, []);
  await close();
}

const verdict = (page, text) => page.locator(".now-verdict", { hasText: text }).first().waitFor();
const input = (page, label) => page.getByLabel(label, { exact: true });

/** The editor draws the lines in sight: the whole text is what a download holds. */
async function text(page) {
  await page.locator(".top-extras .menu summary").click();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.locator(".top-extras .menu-items button").last().click(),
  ]);
  const chunks = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("a status gives the next decision and its reasons", async () => {
  const it = await opened(HPA + STATUS);
  // ceil(90 / 60 * 4)
  await verdict(it.page, "4 → 6 replicas");
  assert.equal(await input(it.page, "cpu, share of the requests").inputValue(), "90%");
  assert.equal(await it.page.locator(".why .decision strong").innerText(), "4 → 6");
  assert.match(await it.page.locator(".why .ledger").innerText(), /ceil\(90 \/ 60 × 4\) = ceil\(6\) = 6/);
  await it.page.locator(".top-extras .menu summary").click();
  const [saved] = await Promise.all([
    it.page.waitForEvent("download"),
    it.page.locator(".top-extras .menu-items button").first().click(),
  ]);
  const chunks = [];
  for await (const chunk of await saved.createReadStream()) chunks.push(chunk);
  const report = JSON.parse(Buffer.concat(chunks));
  assert.equal(report.rightNow.hpas[0].explanation.to, 6);
  const present = await it.page.locator(".stairs tr[aria-current]").innerText();
  assert.match(present, /^75%\s+90%\s+6\s+6/);
  // Without the status, and in the timeline's place, the why column explains the run again.
  await it.page.locator(".segments button").first().click();
  await it.page.locator(".track").first().waitFor();
  assert.equal(await it.page.locator(".stepper").count(), 1);
  await done(it);
});

test("a number that is typed is written into the text, and taken back", async () => {
  const it = await opened(HPA + STATUS);
  const cpu = input(it.page, "cpu, share of the requests");
  await verdict(it.page, "4 → 6 replicas");
  await cpu.fill("120");
  await cpu.press("Enter");
  // ceil(120 / 60 * 4)
  await verdict(it.page, "4 → 8 replicas");
  await input(it.page, "Pods without a sample").fill("2");
  await input(it.page, "Pods without a sample").press("Tab");
  // On the way up a pod without a sample counts as 0: 2 × 120 / 4 = 60.
  await verdict(it.page, "Stays at 4 replicas");
  const written = await text(it.page);
  assert.match(written, /now: \[\{hpa: web, namespace: shop, metrics: \[120\], pods: \{missing: 2\}\}\]/);
  await it.page.getByRole("button", { name: "Reset: Pods without a sample" }).click();
  await verdict(it.page, "4 → 8 replicas");
  await cpu.fill("");
  await cpu.press("Enter");
  await verdict(it.page, "4 → 6 replicas");
  assert.equal(await cpu.inputValue(), "90%");
  await done(it);
});

test("what kubectl printed is pasted, and pasted again in its place", async () => {
  const it = await opened(HPA);
  const box = input(it.page, "Paste what kubectl or ray status prints");
  await box.focus();
  await it.page.keyboard.insertText(TABLE(4));
  // ceil(100 / 60 * 4) = ceil(6.67)
  await verdict(it.page, "4 → 7 replicas");
  assert.equal(await box.inputValue(), "");
  assert.deepEqual(await it.page.locator(".now-hpa h2").allInnerTexts(), ["HPA web", "HPA late"]);
  await box.focus();
  await it.page.keyboard.insertText(TABLE(3));
  // ceil(100 / 60 * 3)
  await verdict(it.page, "3 → 5 replicas");
  assert.equal(await text(it.page), `${HPA}---\n${TABLE(3)}`);
  // The other HPA has no manifest: what was printed is all that is known of it.
  await it.page.locator(".now-hpa h2 button").last().click();
  await it.page.locator(".why-head h2", { hasText: "HPA late" }).waitFor();
  // ceil(45 / 50 * 3) = 3, within the tolerance.
  assert.equal(await it.page.locator(".why .decision strong").innerText(), "3 → 3");
  await done(it);
});

test("rubbish is named where it stands", async () => {
  const it = await opened(`${HPA}---\n${TABLE(4, "cpu: much/60%")}`);
  const problem = it.page.locator(".now-problems button").first();
  assert.match(await problem.innerText(), /^line 13\s*a target is printed as/);
  await it.page.locator(".cm-lens", { hasText: "a target is printed as" }).first().waitFor();
  await problem.click();
  await it.page.locator(".cm-activeLine, .cm-line", { hasText: "much" }).first().waitFor();
  await done(it);
});

test("a link carries what was pasted and typed, and opens on it", async () => {
  const scenario = "apiVersion: tidetable.dev/v1alpha1\nkind: Scenario\nspec:\n  now:\n  - {hpa: web, pods: {notReady: 1}}\n";
  const it = await opened(`${HPA}---\n${TABLE(4)}---\n${scenario}`);
  // 3 × 100 and one that counts as 0: 75 %, ceil(75 / 60 * 4)
  await verdict(it.page, "4 → 5 replicas");
  await it.page.locator(".primary").click();
  await it.page.locator(".notice p").waitFor();
  const { hash } = new URL(it.page.url());
  const other = await open(site, hash, { viewport: { width: 1440, height: 900 } });
  await verdict(other.page, "4 → 5 replicas");
  await done(other);
  await done(it);
});

const CLUSTER = `apiVersion: ray.io/v1
kind: RayCluster
metadata: {name: ray}
spec:
  enableInTreeAutoscaling: true
  headGroupSpec:
    rayStartParams: {num-cpus: "0"}
    template: {spec: {containers: [{name: head}]}}
  workerGroupSpecs:
  - groupName: w
    minReplicas: 0
    maxReplicas: 40
    template: {spec: {containers: [{name: w, resources: {limits: {cpu: 4}}}]}}
`;
const RAY_STATUS = `======== Autoscaler status: 2026-05-28 20:26:40 ========
Node status
---------------------------------------------------------------
Active:
 1 w
 1 headgroup
Idle:
 (no idle nodes)
Pending:
 (no pending nodes)
Recent failures:
 (no failures)

Resources
---------------------------------------------------------------
Total Usage:
 4.0/4.0 CPU

From request_resources:
 (none)
Pending Demands:
 {'CPU': 1.0}: 17+ pending tasks/actors
`;

test("a Ray cluster asks for its status, and what waits can be typed", async () => {
  const it = await opened(CLUSTER);
  await verdict(it.page, "Paste what ray status -v prints on its head");
  await it.page.locator(".why", { hasText: "no next decision to explain" }).waitFor();
  await input(it.page, "Paste what kubectl or ray status prints").focus();
  await it.page.keyboard.insertText(RAY_STATUS);
  // 17 tasks of one CPU on nodes of four: five nodes beside the full one.
  await verdict(it.page, "Asks for 6 worker pods at the next look, 1 now.");
  assert.equal(await it.page.locator(".why .decision strong").innerText(), "1 → 6");
  assert.equal(await it.page.locator(".why-head").getAttribute("data-tone"), "ray");
  const node = it.page.locator(".now-nodes tbody tr").first();
  assert.match(await node.innerText(), /^w\s+1\s+–\s+–\s+–$/);
  const waits = input(it.page, "Tasks or actors {CPU: 1}");
  assert.equal(await waits.inputValue(), "17");
  await waits.fill("5");
  await waits.press("Enter");
  // ceil(5 / 4) = 2 beside it
  await verdict(it.page, "Asks for 3 worker pods at the next look, 1 now.");
  assert.match(await text(it.page), /\{'CPU': 1\.0\}: 5\+ pending tasks/);
  const { violations } = await new AxeBuilder({ page: it.page }).analyze();
  assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
  await done(it);
});

test("the switch and every number are reached by keyboard", async () => {
  const it = await open(site, "", { viewport: { width: 1440, height: 900 } });
  await it.page.locator(".cm-content").waitFor();
  await it.page.locator(".segments button").last().focus();
  await it.page.keyboard.press("Enter");
  await it.page.locator(".now-hpa").first().waitFor();
  assert.equal(await it.page.evaluate(() => document.activeElement.innerText), "Right now");
  const seen = [];
  for (let count = 0; count < 6; count += 1) {
    await it.page.keyboard.press("Tab");
    seen.push(await it.page.evaluate(() => document.activeElement.tagName));
  }
  assert.deepEqual(seen.slice(0, 3), ["TEXTAREA", "BUTTON", "INPUT"], seen.join());
  await done(it);
});

for (const [theme, width, locale] of [
  ["light", 1440, "en"], ["dark", 1440, "ko"], ["light", 390, "ko"], ["dark", 390, "en"],
]) {
  test(`Right now, ${theme}, ${width} px, ${locale}: accessible, nothing sticks out`, async () => {
    const look = { colorScheme: theme, locale, viewport: { width, height: 900 } };
    const it = await open(site, "", look);
    await it.page.locator(".verdict").first().waitFor();
    const name = locale === "ko" ? "지금" : "Right now";
    const bar = width < 900 ? ".views" : ".segments";
    await it.page.locator(`${bar} button`, { hasText: name }).click();
    await it.page.locator(".now-hpa").first().waitFor();
    assert.equal(await it.page.locator(".timeline").count(), 0);
    const { violations } = await new AxeBuilder({ page: it.page }).analyze();
    assert.deepEqual(violations.map((it) => `${it.id}: ${it.nodes[0].html}`), []);
    const overflow = await it.page.evaluate(() => {
      const pane = document.querySelector(".right-now");
      const page = document.documentElement;
      return [pane.scrollWidth - pane.clientWidth, page.scrollWidth - page.clientWidth];
    });
    assert.deepEqual(overflow, [0, 0]);
    await done(it);
  });
}
