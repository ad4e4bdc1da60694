// The pictures of README and book: page and book in every size, theme and language.

import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import oxipng from "@wasm-codecs/oxipng";

import { open, start } from "./site.mjs";

const FOLDER = fileURLToPath(new URL("../../book/pictures/", import.meta.url));
const SIZES = { 1440: 900, 1024: 800, 390: 844 };

mkdirSync(FOLDER, { recursive: true });
const site = await start();

async function picture(name, path, options, ready) {
  const { page, close } = await open(site, path, { reducedMotion: "reduce", ...options });
  await page.locator(ready).first().waitFor();
  const picture = await page.screenshot();
  writeFileSync(`${FOLDER}${name}.png`, await oxipng(picture, { level: 3 }));
  await close();
}

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en", "ko"]) {
    for (const [width, height] of Object.entries(SIZES)) {
      const viewport = { width: Number(width), height };
      const look = { colorScheme, locale, viewport };
      await picture(`page-${width}-${colorScheme}-${locale}`, "", look, "h1");
    }
    const look = { colorScheme, viewport: { width: 1024, height: 800 } };
    const chapter = `book/${locale}/hpa/tolerance.html`;
    await picture(`book-1024-${colorScheme}-${locale}`, chapter, look, "tidetable-widget .widget");
  }
}
await site.stop();
