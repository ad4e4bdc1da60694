// Drives the machine's own Firefox by Marionette, the protocol that every Firefox speaks.
// Playwright's Firefox is one of its own, which would have to be downloaded.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Firefox's path, or none. */
export const firefox = spawnSync("sh", ["-c", "command -v firefox || command -v firefox-esr"])
  .stdout.toString().trim();

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function connected(port) {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const socket = connect(port, "127.0.0.1");
    const is = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (is) return socket;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("Firefox does not answer");
}

/** Starts Firefox without a window. */
export async function start() {
  const profile = mkdtempSync(join(tmpdir(), "tidetable-firefox-"));
  const port = await freePort();
  const prefs = { "marionette.port": port, "browser.shell.checkDefaultBrowser": false };
  const lines = Object.entries(prefs).map(([name, it]) => `user_pref("${name}", ${it});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const flags = ["--headless", "--marionette", "--no-remote", "--profile", profile];
  const browser = spawn(firefox, flags, { stdio: "ignore" });
  const socket = await connected(port);
  const waiting = new Map();
  let received = Buffer.alloc(0);
  // A message is its length in bytes, a colon, and JSON: [1, id, error, result].
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(":");
      const length = Number(received.subarray(0, Math.max(colon, 0)).toString());
      if (colon < 0 || received.length < colon + 1 + length) return;
      const message = JSON.parse(received.subarray(colon + 1, colon + 1 + length).toString());
      received = received.subarray(colon + 1 + length);
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      const { resolve, reject } = waiting.get(id);
      waiting.delete(id);
      if (error) reject(new Error(`${error.error}: ${error.message}`));
      else resolve(result);
    }
  });
  let last = 0;
  const ask = (name, parameters = {}) => {
    const id = (last += 1);
    const text = JSON.stringify([0, id, name, parameters]);
    socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  };
  /** Asks something of the first element that `selector` finds. */
  const on = async (selector, name, more = {}) => {
    const found = await ask("WebDriver:FindElement", { using: "css selector", value: selector });
    await ask(name, { id: Object.values(found.value)[0], ...more });
  };
  await ask("WebDriver:NewSession", {});
  return {
    open: (url) => ask("WebDriver:Navigate", { url }),
    /** What the function `look` returns inside the page. */
    async ask(look, ...args) {
      const script = `return (${look})(...arguments)`;
      return (await ask("WebDriver:ExecuteScript", { script, args })).value;
    },
    /** The first answer of `look` that is one. */
    async wait(look, ...args) {
      for (let attempt = 0; attempt < 150; attempt += 1) {
        const answer = await this.ask(look, ...args);
        if (answer) return answer;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`never: ${look}`);
    },
    click: (selector) => on(selector, "WebDriver:ElementClick"),
    type: (selector, text) => on(selector, "WebDriver:ElementSendKeys", { text }),
    async stop() {
      const ended = new Promise((resolve) => browser.once("exit", resolve));
      await ask("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
      socket.destroy();
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
