/** kiwix-serve: whole Wikipedias and other libraries offline, each with a full-text index. */
import type { Answered, Asker } from './ask.ts';
import { refuseStatus } from './judge.ts';
import { threeLetters } from './locale.ts';
import { withoutMarkup } from './markup.ts';
import { ProviderFailure, type RawHit, type SearchProvider, type SearchQuery } from './provider.ts';

/** Results that it gives in one answer. */
const maxPageLength = 140;

/** Searches the books in the query's language, and all where that finds nothing. */
export function kiwix(asker: Asker, address: string): SearchProvider {
  const base = new URL(`${address.replace(/[?#].*$/, '').replace(/\/+$/, '')}/`);
  return {
    name: 'kiwix',
    label: `Kiwix at ${address}`,
    wholeWeb: false,
    search: async (query, signal) => {
      const find = (language?: string) =>
        asker.ask({ url: searchUrl(base, query, language) }, (answered) => judge(answered, base), signal);
      const language = threeLetters(query.hl);
      const own = language === undefined ? 'no such books' : await find(language);
      const found = own === 'no such books' || own.length === 0 ? await find() : own;
      if (found === 'no such books') throw new ProviderFailure('settings', 'it serves no book');
      return { hits: found, notes: notesOn(query) };
    },
  };
}

function searchUrl(base: URL, { q, num, page }: SearchQuery, language: string | undefined): URL {
  const url = new URL('search', base);
  const length = Math.min(num, maxPageLength);
  url.search = new URLSearchParams({
    pattern: q,
    format: 'xml',
    pageLength: String(length),
    ...(page > 1 && { start: String((page - 1) * length + 1) }),
    ...(language !== undefined && { 'books.filter.lang': language }),
  }).toString();
  return url;
}

/** RSS with OpenSearch's words. What it refuses it calls a bad request: books of that language, or of several, say. */
function judge(answered: Answered, base: URL): readonly RawHit[] | 'no such books' {
  const { status, text } = answered;
  if (status === 400) {
    const [, why = 'no reason given'] = [...text.matchAll(/<detail>([^<]*)<\/detail>/g)].at(-1) ?? [];
    if (/no book/i.test(why)) return 'no such books';
    throw new ProviderFailure('settings', `it refused the search: ${why}`);
  }
  if (status === 404 && /fulltext/i.test(text))
    throw new ProviderFailure('settings', 'its books have no full-text index: get the ZIM files that have one');
  refuseStatus(answered);
  if (!text.includes('<rss'))
    throw new ProviderFailure('settings', 'it does not answer as kiwix-serve 3.3 or newer does: is the address right?');
  const items = [...text.matchAll(/<item>([\s\S]*?)<\/item>/g)];
  const hits = items.flatMap(([, item = '']): readonly RawHit[] => {
    const link = withoutMarkup(inside(item, 'link')).trim();
    const address = link === '' ? null : URL.parse(link, base.href);
    if (address === null) return [];
    const snippet = inside(item, 'description').replace(/\.{6}\s*$/, '…');
    return [{ title: inside(item, 'title'), link: address.href, snippet }];
  });
  if (hits.length === 0 && items.length > 0) throw new ProviderFailure('passing', 'its results have no addresses');
  return hits;
}

/** What stands in the first element of a name, with its markup. */
function inside(item: string, name: string): string {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(item)?.[1] ?? '';
}

function notesOn({ tbs, location }: SearchQuery): readonly string[] {
  return [
    ...(tbs === undefined ? [] : ['Kiwix has no time filter: results of any date.']),
    ...(location === undefined ? [] : ['Kiwix knows no locations.']),
  ];
}
