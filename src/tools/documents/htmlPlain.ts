/** A page that no tree can be made of → its text: tags taken out, a line for each block, links collected. */
import type { ReadDocument } from './document.ts';
import { tagsOf } from './htmlScan.ts';
import { absoluteLink, uniqueLinks } from './links.ts';
import { maxDocumentChars } from './rowsTable.ts';

const inline =
  /^(?:a|abbr|b|bdi|bdo|big|cite|code|dfn|em|font|i|img|ins|del|kbd|label|mark|q|s|samp|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)$/;
const silent = /^(?:script|style|iframe|noembed|noframes|title)$/;
const maxLinksSeen = 50_000;
const characters: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  shy: '',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};

/** Reads in one pass. `excess`: why, for the note. */
export function readPlainHtml(html: string, url: string | undefined, excess: string): ReadDocument {
  const parts: string[] = [];
  const links: string[] = [];
  let [at, chars, seen, title] = [0, 0, 0, ''];
  const add = (text: string) => {
    parts.push(text);
    chars += text.length;
  };
  for (const { name, isEnd, from, to, after } of tagsOf(html)) {
    if (chars > maxDocumentChars) break;
    if (from > at) add(html.slice(at, from).replace(/\s+/g, ' '));
    if (name === 'title' && title === '' && !isEnd) title = decoded(html.slice(to, Math.min(after, to + 500))).trim();
    if (name !== '' && !inline.test(name)) add('\n');
    else if (name === 'a' && !isEnd && seen < maxLinksSeen) {
      seen += 1;
      const link = hrefOf(html.slice(from, Math.min(to, from + 4000)), url);
      if (link !== undefined) links.push(link);
    }
    if (after > to && !silent.test(name)) add(html.slice(to, after));
    at = after;
  }
  if (chars <= maxDocumentChars) add(html.slice(at, at + maxDocumentChars).replace(/\s+/g, ' '));
  const whole = decoded(parts.join(''))
    .replace(/ *\n[ \n]*/g, '\n')
    .trim();
  const text = whole.slice(0, maxDocumentChars);
  const cut = text.length < whole.length || chars > maxDocumentChars;
  return {
    kind: 'html',
    ...(title === '' ? {} : { title }),
    text,
    sections: [],
    links: uniqueLinks(links),
    notes: [
      `The page is too large to be read by its structure (${excess}): this is its plain text, with what it may hide.`,
      ...(cut ? [`Only the first ${text.length} characters are here.`] : []),
    ],
  };
}

function hrefOf(tag: string, url: string | undefined): string | undefined {
  const found = /\shref\s{0,9}=\s{0,9}(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(tag);
  return found ? absoluteLink(decoded(found[1] ?? found[2] ?? found[3] ?? ''), url) : undefined;
}

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));?/gi, (all, decimal, hex, name) => {
    if (typeof name === 'string') return characters[name.toLowerCase()] ?? all;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}
