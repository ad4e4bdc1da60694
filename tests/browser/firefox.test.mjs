// The site in Firefox, if there is one: the page predicts, explains, answers right now and shares; the
// book's widgets live.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { firefox, start as startFirefox } from "./firefox.mjs";
import { pages, start } from "./site.mjs";

const skip = firefox ? false : "there is no Firefox on this machine";
/** As WebDriver writes keys. */
const [ENTER, SELECT_ALL] = ["\ue007", "\ue009a"];
let site, browser;
before(async () => {
  if (skip) return;
  site = await start();
  browser = await startFirefox();
});
after(async () => {
  if (skip) return;
  await browser.stop();
  await site.stop();
});

test("Firefox: the page predicts, and the editor loads", { skip }, async () => {
  await browser.open(site.base);
  await browser.wait(() => document.querySelectorAll(".verdict").length > 0);
  await browser.wait(() => document.querySelector(".cm-content") !== null);
  const decision = await browser.wait(() => document.querySelector(".why .decision strong")?.innerText);
  assert.match(decision, /^\d+ → \d+$/);
  const drawn = await browser.ask(() => {
    const canvas = document.querySelector(".chart canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value !== 0);
  });
  assert.ok(drawn, "a chart is drawn");
});

test("Firefox: a number that is typed gives the next decision", { skip }, async () => {
  await browser.click(".segments button:last-child");
  await browser.wait(() => document.querySelector(".now-hpa") !== null);
  const before = await browser.ask(() => document.querySelector(".now-verdict").innerText);
  await browser.type(".now-input input", SELECT_ALL);
  await browser.type(".now-input input", `900%${ENTER}`);
  await browser.wait(
    (before) => document.querySelector(".now-verdict").innerText !== before,
    before,
  );
});

test("Firefox: a link opens what it carries", { skip }, async () => {
  await browser.click(".primary");
  await browser.wait(() => location.hash.startsWith("#v1="));
  const hash = await browser.ask(() => location.hash);
  await browser.open("about:blank");
  await browser.open(`${site.base}${hash}`);
  await browser.wait(() => document.querySelectorAll(".verdict, .now-hpa").length > 0);
});

test("Firefox: every widget of the book lives and follows its knobs", { skip }, async () => {
  for (const path of pages().filter((it) => it.startsWith("book/en/"))) {
    await browser.open(new URL(path, site.base).href);
    const count = await browser.ask(() => document.querySelectorAll("tidetable-widget").length);
    for (let index = 0; index < count; index += 1) {
      // Only what is seen is drawn.
      await browser.wait((index) => {
        const widget = document.querySelectorAll("tidetable-widget")[index];
        widget.scrollIntoView();
        return Boolean(widget.shadowRoot?.querySelector(".widget"));
      }, index);
      const problems = await browser.ask((index) => {
        const root = document.querySelectorAll("tidetable-widget")[index].shadowRoot;
        for (const knob of root.querySelectorAll("input[type=range]")) {
          for (const value of [knob.min, knob.max]) {
            knob.value = value;
            knob.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
          }
        }
        return [root.querySelectorAll(".widget").length - 1, root.querySelectorAll(".problem").length];
      }, index);
      assert.deepEqual(problems, [0, 0], `${path}, widget ${index}`);
    }
  }
});
