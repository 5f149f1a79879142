/** The sources of a run's answer as BibTeX. */
import { isWebAddress } from '../shared/shownSources.ts';
import { sameSource } from '../shared/ledger.ts';
import { dayOf, oneLine, titleOf, type Report, type ReportSource } from './reportSource.ts';

/** One entry a source, however often it is cited, with all that is quoted of it; keys are unique. */
export function toBibtex({ sources, at }: Pick<Report, 'sources' | 'at'>): string {
  const keys = new Set<string>();
  const named = sources.filter(({ uri }) => uri !== '');
  const entries = [...Map.groupBy(named, ({ uri }) => sameSource(uri)).values()].flatMap((cited) => {
    const [source] = cited;
    if (!source) return [];
    const key = uniqueKey(source, keys);
    keys.add(key);
    return [entryOf(source, cited, key, at)];
  });
  return entries.length === 0 ? '' : `${entries.join('\n\n')}\n`;
}

function entryOf(source: ReportSource, cited: readonly ReportSource[], key: string, at: number): string {
  const { uri, record } = source;
  const evidence = record?.evidence;
  const web = /^https?:\/\//i.test(uri);
  const day = dayOf(evidence?.retrievedAt ?? at);
  const year = /\b(?:1[5-9]|20|21)\d\d\b/.exec(evidence?.published ?? '')?.[0];
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['title', `{${escaped(titleOf(source))}}`],
    ['author', evidence?.author === undefined ? undefined : `{${escaped(oneLine(evidence.author))}}`],
    ['year', year],
    ['date', isoDay(evidence?.published)],
    ['url', web ? urlOf(uri) : undefined],
    ['urldate', web ? day : undefined],
    ['howpublished', web ? undefined : `File \\texttt{${escaped(oneLine(pathOf(source, cited)))}}, read ${day}`],
    ['pages', listed(cited.map(pagesOf), ', ')],
    ['note', listed(cited.map(cited.length > 1 ? placedQuote : quoteOf), '; ')],
  ];
  const lines = fields
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `  ${name} = {${value ?? ''}},`);
  return [`@${web ? 'online' : 'misc'}{${key},`, ...lines, '}'].join('\n');
}

/** The file, with its line where only one is cited. */
function pathOf({ uri, ...source }: ReportSource, cited: readonly ReportSource[]): string {
  const line = cited.length === 1 ? (source.check?.line ?? source.line) : undefined;
  return line === undefined ? uri : `${uri}:${line}`;
}

function pagesOf({ page, endPage, check }: ReportSource): string {
  const on = check?.page ?? page;
  if (on === undefined) return '';
  return on === page && endPage !== undefined ? `${on}--${endPage}` : `${on}`;
}

function quoteOf({ quote }: ReportSource): string {
  return quote === undefined ? '' : `\`\`${escaped(oneLine(quote))}''`;
}

/** With its page or line, which tells it from the others. */
function placedQuote(source: ReportSource): string {
  const quote = quoteOf(source);
  const [line, page] = [source.check?.line ?? source.line, pagesOf(source)];
  const place = page !== '' ? ` (p. ${page})` : line !== undefined ? ` (line ${line})` : '';
  return quote && `${quote}${place}`;
}

/** What there is, each once. */
function listed(parts: readonly string[], between: string): string | undefined {
  return [...new Set(parts.filter(Boolean))].join(between) || undefined;
}

/** `example2024release`: who or where, when, and a word of the title. */
function uniqueKey(source: ReportSource, taken: ReadonlySet<string>): string {
  const { uri, record } = source;
  const host = isWebAddress(uri)
    ? (/^https?:\/\/(?:www\.)?([^/:?#]+)/i.exec(uri)?.[1]?.split('.').at(-2) ?? 'web')
    : 'file';
  const who = record?.evidence.author?.split(/[\s,]+/).find((word) => /^\p{L}{2,}/u.test(word)) ?? host;
  const year = /\b(?:1[5-9]|20|21)\d\d\b/.exec(record?.evidence.published ?? '')?.[0] ?? '';
  const word =
    titleOf(source)
      .match(/[A-Za-z]{4,}/g)
      ?.find((each) => each.toLowerCase() !== 'https') ?? '';
  const key =
    `${who}${year}${word}`
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9]/g, '')
      .toLowerCase() || `source${source.number}`;
  for (let index = 0; ; index++) {
    const tried = index === 0 ? key : `${key}${suffix(index)}`;
    if (!taken.has(tried)) return tried;
  }
}

/** b, c, … z, then numbers. */
function suffix(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : `-${index}`;
}

function isoDay(published: string | undefined): string | undefined {
  return /^\d{4}-\d{2}-\d{2}/.exec(published ?? '')?.[0];
}

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '"': "''",
};

/** Braces too, so that no text closes its field; an unbalanced one would end the entry for BibTeX, escaped or not. */
function escaped(text: string): string {
  const balanced = isBalanced(text) ? text : text.replace(/[{}]/g, '');
  return balanced.replace(/[\\{}~^"]/g, (char) => special[char] ?? '').replace(/[&%$#_]/g, '\\$&');
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth++;
    if (char === '}' && --depth < 0) return false;
  }
  return depth === 0;
}

/** As it is, but for what would end the field. */
function urlOf(uri: string): string {
  return oneLine(uri).replace(/[{}\\<>"\s]/g, encodeURIComponent);
}
