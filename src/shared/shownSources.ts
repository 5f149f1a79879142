/** An answer's sources as a person sees them: numbered, with what came of the check. */
import { numberSources, type NumberedSource } from './citations.ts';
import type { CitationCheck } from './evidence.ts';
import type { Answer } from './items.ts';
import { sameSource, type LedgerRecord } from './ledger.ts';
import { splitSources } from './sourceList.ts';
import { unsupportedSum } from './unsupportedWords.ts';

/** One source, and its check where there was one. */
export interface ShownSource extends NumberedSource {
  readonly check?: CitationCheck;
}

/** The sources by their numbers; numbers that the answer cites and does not list are among them, without an address. */
export function shownSources(answer: Pick<Answer, 'text' | 'sources' | 'checked'>): readonly ShownSource[] {
  const checks = new Map(answer.checked?.citations.map((check) => [check.number, check]));
  const sources: ShownSource[] = numberSources(answer.text, answer.sources).map((source) => {
    const check = checks.get(source.number);
    return check?.uri === source.uri ? { ...source, check } : source;
  });
  const listed = new Set(sources.map(({ number }) => number));
  const dangling = [...checks.values()].filter(({ number }) => !listed.has(number));
  return [...sources, ...dangling.map((check) => ({ number: check.number, uri: '', check }))].toSorted(
    (a, b) => a.number - b.number,
  );
}

/** Each source with the record that holds its quote, else with the newest one of the same address. */
export function withRecords<Source extends Pick<ShownSource, 'uri' | 'check'>>(
  sources: readonly Source[],
  records: readonly LedgerRecord[],
): readonly (Source & { readonly record?: LedgerRecord })[] {
  const known = Map.groupBy(records, ({ evidence }) => sameSource(evidence.uri));
  return sources.map((source) => {
    const own = known.get(sameSource(source.uri)) ?? [];
    const { found } = source.check ?? {};
    const record =
      own.find(({ ref }) => ref.callId === found?.callId && ref.index === found.index) ??
      own.findLast(({ evidence }) => evidence.kind !== 'hit') ??
      own.at(-1);
    return { ...source, ...(record && { record }) };
  });
}

/** The sources, where the answer gives a page no title with the one that was read. */
export function withTitles(sources: readonly ShownSource[], records: readonly LedgerRecord[]): readonly ShownSource[] {
  return withRecords(sources, records).map(({ record, ...source }) => {
    if (source.title !== undefined || !isWebAddress(source.uri)) return source;
    const title = record?.evidence.title?.replace(/\s+/g, ' ').trim();
    return title ? { ...source, title } : source;
  });
}

/** The answer's text without the list of sources at its end, which is shown apart. */
export function answerBody({ text }: Pick<Answer, 'text'>): string {
  return splitSources(text).body;
}

/** The states in words. */
export const stateWords: Readonly<Record<CitationCheck['state'], string>> = {
  verified: 'verified',
  partly: 'partly verified',
  missing: 'not found',
};

/** "47 verified, 2 partly verified, 1 not found", and what cites nothing; empty where nothing was checked. */
export function checkWords({ checked }: Pick<Answer, 'checked'>): string {
  if (!checked) return '';
  const counts = (['verified', 'partly', 'missing'] as const).map((state) => {
    const count = checked.citations.filter((check) => check.state === state).length;
    return count > 0 ? `${count} ${stateWords[state]}` : '';
  });
  return [counts.filter(Boolean).join(', '), unsupportedSum(checked.unsupported)].filter(Boolean).join('; ');
}

/** An address or a path with its line or page: where the quote was found, else as the answer says. */
export function placeOf(source: Omit<ShownSource, 'number'>): string {
  const { uri, line, check } = source;
  const at = check?.line ?? line;
  return [at === undefined ? uri : `${uri}:${at}`, pageOf(source)].filter(Boolean).join(', ');
}

/** "page 3", "pages 3–5", or nothing. */
export function pageOf({ page, endPage, check }: Omit<ShownSource, 'number'>): string {
  const on = check?.page ?? page;
  if (on === undefined) return '';
  return on === page && endPage !== undefined ? `pages ${on}–${endPage}` : `page ${on}`;
}

/** Whether an address leads to the web; nothing else becomes a link. */
export function isWebAddress(uri: string): boolean {
  return /^https?:\/\/[^\s"'<>\\]+$/i.test(uri);
}
