/** From what a provider gave to what is shown: readable, without blocked places and without the same page twice. */
import { blockedBy } from '../web/blocked.ts';
import { readableAddress, sameAddress } from './address.ts';
import { withoutMarkup } from './markup.ts';
import type { RawHit, SearchHit } from './provider.ts';

const maxTitleChars = 300;
const maxSnippetChars = 2000;

/** At most `num` hits in the provider's order; of the same page twice, the first with the longer snippet. */
export function cleanHits(raw: readonly RawHit[], blocked: readonly string[], num: number): readonly SearchHit[] {
  const merged = new Map<string, RawHit>();
  for (const hit of raw) {
    const link = readableAddress(hit.link);
    if (link === undefined || blockedBy(new URL(link), blocked) !== undefined) continue;
    const snippet = plainText(hit.snippet, maxSnippetChars);
    const title = plainText(hit.title, maxTitleChars);
    const date = hit.date === undefined ? '' : plainText(hit.date, 40);
    const key = sameAddress(link);
    const known = merged.get(key);
    if (!known) merged.set(key, { title: title === '' ? link : title, link, snippet, ...(date !== '' && { date }) });
    else {
      const longer = snippet.length > known.snippet.length ? { snippet } : {};
      merged.set(key, { ...known, ...longer, ...(known.date === undefined && date !== '' && { date }) });
    }
  }
  return [...merged.values()].slice(0, num).map((hit, index) => ({ ...hit, position: index + 1 }));
}

/** How many of them lie on blocked places. */
export function blockedHits(raw: readonly RawHit[], blocked: readonly string[]): number {
  const links = new Set(raw.map((hit) => readableAddress(hit.link)));
  return [...links].filter((link) => link !== undefined && blockedBy(new URL(link), blocked) !== undefined).length;
}

/** Without markup, control characters and runs of white space. */
function plainText(text: string, maxChars: number): string {
  const clean = withoutMarkup(text)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, (mark: string) => (mark === '\u200d' || mark === '\u200c' ? mark : ''))
    .trim();
  return clean.length > maxChars ? `${clean.slice(0, maxChars - 1).toWellFormed()}…` : clean;
}
