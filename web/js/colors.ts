// The colours of tokens.css as a canvas takes them, and when they change.

const TONES = ["hpa", "ray", "serve", "node", "load", "bad"] as const;
const NAMES = ["ink", "muted", "line", ...TONES] as const;

type Tone = (typeof TONES)[number];
export type Colors = Record<(typeof NAMES)[number] | `${Tone}Soft` | "unserved", string>;

let known: Colors | null = null;
const listeners = new Set<() => void>();

/** The value that a token has now. Only the style engine resolves `light-dark()`. */
function read(): Colors {
  const probe = document.createElement("i");
  probe.hidden = true;
  document.body.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const entries: [string, string][] = NAMES.map((name) => [name, resolve(name)]);
  entries.push(...TONES.map((tone): [string, string] => [`${tone}Soft`, resolve(`${tone}-soft`)]));
  entries.push(["unserved", resolve("unserved")]);
  probe.remove();
  return Object.fromEntries(entries) as Colors;
}

export function colors(): Colors {
  known ??= read();
  return known;
}

/** Calls `listener` after every change of the theme; the result ends that. */
export function onNewColors(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function changed(): void {
  known = null;
  for (const listener of listeners) listener();
}

/** Watches the reader's system and the page's own theme. */
export function watchColors(): void {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
  const attributes = new MutationObserver(changed);
  attributes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
