// Pagefind's search, for what people paste: whole error messages, with names and numbers of their own.
// Where no page has all the words, those come first that have the rarest of them, and of its phrases.
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

/** Each word and each phrase is one more question. */
const MOST_WORDS = 40;
const MOST_RESULTS = 10;
/** Words of a phrase: as many as stand between the names in most messages. */
const PHRASE = 3;
/** A phrase says more than its words do apart: names of a reader's own stand on pages by chance. */
const PHRASE_COUNTS = 3;

export async function search(term: string | null, options?: unknown): Promise<Answer> {
  const { search } = await pagefind;
  const all = await search(term, options);
  if (all.results.length > 0 || !term) return all;
  const words = term.split(/[^\p{L}\p{N}]+/u).filter((it) => it).slice(0, MOST_WORDS);
  const phrases = words.slice(PHRASE - 1).map((_, first) => `"${words.slice(first, first + PHRASE).join(" ")}"`);
  const ask = (asked: string, counts: number) => search(asked, options).then(({ results }) => ({ results, counts }));
  const asked = [
    ...[...new Set(words.filter((it) => it.length > 2))].map((it) => ask(it, 1)),
    ...[...new Set(phrases)].map((it) => ask(it, PHRASE_COUNTS)),
  ];
  const pages = new Map<string, { score: number; rarest: number; found: Found }>();
  for (const { results, counts } of await Promise.all(asked)) {
    for (const found of results) {
      const rarity = counts / (1 + results.length);
      const page = pages.get(found.id) ?? { score: 0, rarest: 0, found };
      // What is shown of a page is where its rarest words stand.
      if (rarity > page.rarest) Object.assign(page, { rarest: rarity, found });
      pages.set(found.id, { ...page, score: page.score + rarity });
    }
  }
  const best = [...pages.values()].sort((one, other) => other.score - one.score);
  return { ...all, results: best.slice(0, MOST_RESULTS).map((it) => it.found) };
}
