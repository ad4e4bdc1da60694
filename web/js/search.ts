// Pagefind's search, for what people paste: whole error messages, with names and numbers of their own.
// Where no page has all the words, those come first that have the rarest of them.
//
// Pagefind's box imports this in the place of `pagefind.js`, whose other functions the build adds.

interface Found {
  id: string;
}

interface Answer {
  results: Found[];
}

interface Pagefind {
  search(term: string | null, options?: unknown): Promise<Answer>;
}

const address = new URL("../book/pagefind/pagefind.js", import.meta.url).href;
const pagefind = import(address) as Promise<Pagefind>;

/** Each word is one more question. */
const MOST_WORDS = 30;
const MOST_RESULTS = 10;

export async function search(term: string | null, options?: unknown): Promise<Answer> {
  const { search } = await pagefind;
  const all = await search(term, options);
  if (all.results.length > 0 || !term) return all;
  const words = new Set(term.split(/[^\p{L}\p{N}]+/u).filter((it) => it.length > 2));
  const asked = [...words].slice(0, MOST_WORDS).map((it) => search(it, options));
  const pages = new Map<string, { score: number; rarest: number; found: Found }>();
  for (const { results } of await Promise.all(asked)) {
    for (const found of results) {
      const rarity = 1 / results.length;
      const page = pages.get(found.id) ?? { score: 0, rarest: 0, found };
      // What is shown of a page is where its rarest word stands.
      if (rarity > page.rarest) Object.assign(page, { rarest: rarity, found });
      pages.set(found.id, { ...page, score: page.score + rarity });
    }
  }
  const best = [...pages.values()].sort((one, other) => other.score - one.score);
  return { ...all, results: best.slice(0, MOST_RESULTS).map((it) => it.found) };
}
