// The built site behind a plain file server in a sub-path, and a real browser to look at it.

import { createReadStream, existsSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const SUB_PATH = "/some/sub-path/";
const TYPES = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** The pages of the book, below `dist/`. */
export function pages(folder = join(DIST, "book")) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return pages(path);
    const isPage = name.endsWith(".html") && !["404.html", "toc.html", "print.html"].includes(name);
    return isPage ? [relative(DIST, path)] : [];
  });
}

function serve(request, response) {
  const { pathname } = new URL(request.url, "http://localhost");
  let file = join(DIST, normalize(decodeURIComponent(pathname.slice(SUB_PATH.length))));
  if (existsSync(file) && statSync(file).isDirectory()) file = join(file, "index.html");
  if (!pathname.startsWith(SUB_PATH) || !file.startsWith(DIST) || !existsSync(file)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    // Other people's pages take the widgets from here.
    "access-control-allow-origin": "*",
  });
  createReadStream(file).pipe(response);
}

/** Starts both; `CHROMIUM` is the browser's path, set by `cargo xtask`. */
export async function start() {
  const server = createServer(serve);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const flags = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
  ];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
  const base = `http://127.0.0.1:${server.address().port}${SUB_PATH}`;
  return {
    base,
    browser,
    async stop() {
      await browser.close();
      server.close();
    },
  };
}

/** A page that collects what must not happen: errors in its console, requests to elsewhere. */
export async function open(site, path, options = {}) {
  const context = await site.browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (it) => it.type() === "error" && complaints.push(it.text()));
  page.on("pageerror", (it) => complaints.push(String(it)));
  page.on("requestfailed", (it) => {
    // What a page was still loading when the reader went on is aborted.
    if (it.failure()?.errorText !== "net::ERR_ABORTED") complaints.push(`failed: ${it.url()}`);
  });
  page.on("response", (it) => it.status() >= 400 && complaints.push(`${it.status()}: ${it.url()}`));
  page.on("request", (it) => {
    if (!/^(data|blob):/.test(it.url()) && !it.url().startsWith(site.base)) {
      complaints.push(`leaves the site: ${it.url()}`);
    }
  });
  await page.goto(site.base + path, { waitUntil: "networkidle" });
  return { page, complaints, close: () => context.close() };
}
