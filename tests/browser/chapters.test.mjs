// Every chapter of the book: its widgets live and follow their knobs, its links lead somewhere.

import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";

import { parseHTML } from "linkedom";

import { DIST, open, pages, start } from "./site.mjs";

let site;
before(async () => (site = await start()));
after(() => site.stop());

test("no link of the book is dead", () => {
  const read = new Map();
  const document = (path) => {
    if (!read.has(path)) read.set(path, parseHTML(readFileSync(path, "utf8")).document);
    return read.get(path);
  };
  const dead = [];
  for (const page of pages()) {
    const path = join(DIST, page);
    for (const link of document(path).querySelectorAll("a[href], link[href], script[src], img[src]")) {
      const address = link.getAttribute("href") ?? link.getAttribute("src");
      if (/^(https?:|mailto:|data:|javascript:)/.test(address)) continue;
      const [name, anchor] = address.split("#");
      let target = name === "" ? path : resolve(dirname(path), decodeURIComponent(name));
      if (existsSync(target) && statSync(target).isDirectory()) target = join(target, "index.html");
      if (!existsSync(target)) dead.push(`${page}: ${address}`);
      else if (anchor && target.endsWith(".html") && target.includes("/book/")) {
        const id = decodeURIComponent(anchor);
        if (!document(target).getElementById(id)) dead.push(`${page}: ${address}`);
      }
    }
  }
  assert.deepEqual(dead, []);
});

test("every widget of the book lives and follows its knobs", async () => {
  for (const path of pages().filter((it) => it.startsWith("book/en/") && !it.endsWith("index.html"))) {
    const { page, complaints, close } = await open(site, path);
    for (const widget of await page.locator("tidetable-widget").all()) {
      await widget.scrollIntoViewIfNeeded();
      await widget.locator(".widget").waitFor();
      assert.equal(await widget.locator(".problem").count(), 0, path);
      for (const knob of await widget.locator("input[type=range]").all()) {
        const [from, to] = await knob.evaluate((it) => [it.min, it.max]);
        for (const value of [from, to]) {
          await knob.fill(value);
          // What is out of the API's bounds is said; nothing else may go wrong.
          assert.equal(await widget.locator(".widget").count(), 1, `${path}: ${value}`);
        }
      }
    }
    assert.deepEqual(complaints, [], path);
    await close();
  }
});
