import { start } from "./site.mjs";
const site = await start();
const [path, out, width, scheme, tab] = process.argv.slice(2);
const context = await site.browser.newContext({ viewport: { width: Number(width), height: 900 }, colorScheme: scheme, deviceScaleFactor: 2 });
const page = await context.newPage();
await page.goto(site.base + path, { waitUntil: "load" });
await page.waitForTimeout(6000);
if (tab) { await page.getByRole("tab", { name: tab }).first().click().catch((e)=>console.log(String(e).slice(0,200))); await page.waitForTimeout(2500); }
await page.screenshot({ path: out, fullPage: true });
await site.stop();
