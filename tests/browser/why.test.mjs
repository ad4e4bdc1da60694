// What the why column tells of one look: every metric, every pod, the steps next to the count.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { deflateRawSync } from "node:zlib";

import AxeBuilder from "@axe-core/playwright";

import { open, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

// CPU goes up at 2m; nobody answers for the other metric; new pods have no sample at first.
const TEXT = `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 12
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
  - type: Pods
    pods: {metric: {name: http_requests}, target: {type: AverageValue, averageValue: "50"}}
---
apiVersion: tidetable.dev/v1alpha1
kind: Scenario
spec:
  duration: 10m
  load:
  - target: {kind: Deployment, name: web}
    step: {from: 20, at: 2m, to: 200}
`;

for (const [width, colorScheme, locale, wins] of [
  [1440, "light", "en", "wins"],
  [390, "dark", "ko", "채택"],
]) {
  test(`a look is told pod by pod and metric by metric, ${width} px, ${locale}`, async () => {
    const link = `#v1=${deflateRawSync(Buffer.from(TEXT)).toString("base64url")}`;
    const viewport = { width, height: 900 };
    const { page, complaints, close } = await open(site, link, { viewport, colorScheme, locale });
    if (width < 900) await page.locator(".views button").last().click();
    // The worker follows with the pods.
    await page.locator(".why .pod-strip .pod").first().waitFor();
    const metrics = page.locator(".why .metrics");
    await metrics.locator("tr.wins", { hasText: wins }).waitFor();
    assert.match(await metrics.locator(".metric-error").innerText(), /http_requests/);
    const proposal = page.locator(".why .step", { hasText: "GetResourceReplicas" }).last();
    assert.match(await proposal.locator(".step-text").innerText(), /\d+ ?%/);
    const href = await proposal.locator(".step-source").getAttribute("href");
    assert.match(href, /^https:\/\/github\.com\/kubernetes\/kubernetes\/blob\/release-1\.\d+\//);
    // A condition is told with its message, as kubectl describe does.
    assert.match(await page.locator(".why .conditions").innerText(), /the HPA (was|controller)/);
    const wide = await page.locator(".why").evaluate((it) => it.scrollWidth - it.clientWidth);
    assert.equal(wide, 0, "nothing sticks out");
    const { violations } = await new AxeBuilder({ page }).include(".why").analyze();
    assert.deepEqual(violations.map((it) => it.id), []);
    assert.deepEqual(complaints, []);
    await close();
  });
}
