/** The list of sources at an answer's end: `[1] address or path:line "quote"`, in the ways that models write it. */

/** One place that a citation names. Lines and pages count from 1. */
export interface Citation {
  readonly uri: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly page?: number;
  readonly endPage?: number;
}

/** One entry of the list, as the answer numbers it. */
export interface ListedSource extends Citation {
  readonly number: number;
  readonly title?: string;
  readonly quote?: string;
}

/** An answer's text without its list, and the list. */
export interface SplitAnswer {
  readonly body: string;
  readonly listed: readonly ListedSource[];
}

/** Characters of an entry and of a line without one that are looked at, and entries of a list: a longer one is no list. */
const longestEntry = 6_000;
const longestLine = 2_000;
const mostEntries = 1_000;

const names =
  'sources?(?: cited| used)?|references?|citations?|works cited|bibliography|footnotes?|notes|quellen(?:verzeichnis)?|literatur|fuentes|referencias|références|参考(?:文献|资料|来源|链接)?|參考(?:文獻|資料|來源)?|引用(?:来源|文献|來源)?|(?:资料|信息|資料)?来源|來源|注释|脚注|出典|参考資料';
const heading = new RegExp(
  `^\\s{0,3}(?:#{1,6}\\s*)?(?:\\*\\*|__)?(?:\\d+[.、]\\s*)?(?:${names})\\s*[:：]?\\s*(?:\\*\\*|__)?\\s*[:：]?\\s*$`,
  'iu',
);
const bracketed =
  /^\s*(?:[-*+•]\s+)?(?:\*\*)?(?:\[\^?(\d{1,4})\]|【(\d{1,4})】|［(\d{1,4})］|〔(\d{1,4})〕)(?:\*\*)?(?!\()\s*[:：.]?\s*(\S.*)$/u;
const listed = /^\s*(?:[-*+•]\s+)?(?:(\d{1,4})[.)、．:：]|[(（](\d{1,4})[)）]|\^(\d{1,4}))\s*(\S.*)$/u;

/** Takes the list off the answer's end. Footnotes (`[^1]: …`) need no heading, nor do bracketed numbers in the last lines. */
export function splitSources(text: string): SplitAnswer {
  const lines = text.split('\n');
  const at = startOfList(lines);
  if (at === undefined) return { body: text, listed: [] };
  const behindHeading = heading.test(lines[at] ?? '');
  const entries = entriesOf(lines.slice(behindHeading ? at + 1 : at), behindHeading);
  if (entries.entries.length === 0) return { body: text, listed: [] };
  const rest = lines.slice((behindHeading ? at + 1 : at) + entries.lines);
  const body = [...lines.slice(0, at), ...rest].join('\n').trimEnd();
  return { body, listed: entries.entries };
}

function startOfList(lines: readonly string[]): number | undefined {
  let fenced = false;
  const inFence = lines.map((line) => {
    if (/^\s*(?:```|~~~)/.test(line)) fenced = !fenced;
    return fenced;
  });
  let next = '';
  let titled = -1;
  for (let index = lines.length - 1; index >= 0 && titled < 0; index--) {
    const line = (lines[index] ?? '').slice(0, longestLine);
    if (inFence[index] !== true && heading.test(line) && isEntry(next, true)) titled = index;
    if (line.trim() !== '') next = line;
  }
  if (titled >= 0) return titled;
  const notes = lines.findIndex((line, index) => inFence[index] !== true && /^\s*\[\^\d+\]\s*[:：]/.test(line));
  if (notes >= 0) return notes;
  let start = lines.length;
  for (let index = lines.length - 1; index >= 0 && inFence[index] !== true; index--) {
    const line = (lines[index] ?? '').slice(0, longestLine);
    if (bracketed.test(line) && namesPlace(line)) start = index;
    else if (line.trim() !== '' && !/^\s+\S|^\s*[>"“「«]/.test(line)) break;
  }
  return start < lines.length ? start : undefined;
}

/** Whether an entry names an address or a file: without a heading only that makes it one. */
function namesPlace(line: string): boolean {
  return /https?:\/\/|\S[\w-]\.\w{1,8}(?:[:#\s),]|$)|\w\/\w/.test(line);
}

function isEntry(line: string, behindHeading: boolean): boolean {
  return bracketed.test(line) || (behindHeading && (listed.test(line) || /^\s*[-*+•]\s+\S/.test(line)));
}

/** The entries from the first line on; a line that is none goes on with the one before, a heading ends the list. */
function entriesOf(
  lines: readonly string[],
  behindHeading: boolean,
): { readonly entries: readonly ListedSource[]; readonly lines: number } {
  const found: { number: number; text: string }[] = [];
  let count = 0;
  for (const each of lines) {
    const line = each.slice(0, longestEntry);
    if (/^\s{0,3}#{1,6}\s|^\s*(?:---+|\*\*\*+)\s*$/.test(line)) break;
    const [, a, b, c, d, rest] = bracketed.exec(line) ?? [];
    const [, e, f, g, other] = (behindHeading && listed.exec(line)) || [];
    const bullet = behindHeading ? /^\s*[-*+•]\s+(\S.*)$/.exec(line)?.[1] : undefined;
    const number = a ?? b ?? c ?? d ?? e ?? f ?? g;
    const last = found.at(-1);
    if (found.length >= mostEntries && (number ?? bullet) !== undefined) break;
    if (number !== undefined) found.push({ number: Number(number), text: rest ?? other ?? '' });
    else if (bullet !== undefined && !/^["“「«]/.test(bullet)) found.push({ number: found.length + 1, text: bullet });
    else if (last && last.text.length < longestEntry && line.trim() !== '')
      last.text += `\n${line.trim().replace(/^(?:[-*+•>]\s*)+/, '')}`;
    count++;
  }
  return {
    entries: distinct(found.flatMap(({ number, text }) => entryOf(number, text.slice(0, longestEntry)))),
    lines: count,
  };
}

/** A number that was given twice stays with the first; the other gets one of its own. */
function distinct(entries: readonly ListedSource[]): readonly ListedSource[] {
  const taken = new Set<number>();
  let highest = Math.max(0, ...entries.map(({ number }) => number));
  return entries.map((entry) => {
    const number = taken.has(entry.number) || entry.number === 0 ? ++highest : entry.number;
    taken.add(number);
    return { ...entry, number };
  });
}

const closing: Readonly<Record<string, RegExp>> = {
  '“': /”/g,
  '«': /»/g,
  '「': /」/g,
  '『': /』/g,
  '„': /[“”]/g,
  '"': /(?<!\\)(?:\\\\)*"/g,
};

/** What stands between quotation marks of one kind, from left to right; a mark that is never closed opens nothing. */
function betweenMarks(text: string): readonly string[] {
  const found: string[] = [];
  const unclosed = new Set<string>();
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] ?? '';
    const close = unclosed.has(mark) ? undefined : closing[mark];
    if (!close) continue;
    close.lastIndex = at + 1;
    const match = close.exec(text);
    if (!match) unclosed.add(mark);
    else if (match.index + match[0].length - 1 > at + 1) {
      const end = match.index + match[0].length;
      found.push(text.slice(at + 1, end - 1));
      at = end - 1;
    }
  }
  return found;
}

/** One entry's words: title, address or path with its line, quote. Nothing where it names no place. */
function entryOf(number: number, text: string): readonly ListedSource[] {
  const place = placeIn(text);
  if (!place) return [];
  const { uri, line, endLine, from } = place;
  const { to, ...pages } = pageBehind(text, place);
  const behind = quotesIn(text.slice(to));
  const before = quotesIn(text.slice(0, from));
  const quote = behind ?? (before !== undefined && before.length > 0 && place.title !== undefined ? before : undefined);
  const title = place.title ?? titleIn(text.slice(0, from));
  return [
    {
      number,
      uri,
      ...(line !== undefined && { line }),
      ...(endLine !== undefined && { endLine }),
      ...pages,
      ...(title && { title }),
      ...(quote !== undefined && { quote }),
    },
  ];
}

/** All quotes of an entry; between two an ellipsis. A mark that is never closed, or a plain text behind a dash, is one too. */
function quotesIn(text: string): string | undefined {
  const found = betweenMarks(text);
  const whole = found
    .map((each) =>
      each
        .replace(/\\(["\\])/g, '$1')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter(Boolean);
  if (whole.length > 0) return outermost(text) ?? whole.join(' … ');
  const open = /^[\s:：,;—–-]*(?:["“「«>])\s*(\S[^]*)$/.exec(text)?.[1];
  const plainWords = /^\s*(?:[—–]|-{1,2}|[:：|])\s+(\S[^]{12,})$/.exec(text)?.[1];
  return (open ?? plainWords)
    ?.replace(/\s+/g, ' ')
    .replace(/["”」»]?\s*$/, '')
    .trim();
}

/** A quote with quotation marks of its own kind inside: from the first mark to the last. */
function outermost(text: string): string | undefined {
  const inner = /^[\s:：,;.—–|-]*"([^]*)"[\s.,;)]*$/.exec(text)?.[1];
  return inner !== undefined &&
    /\w"\w|\s"\w[^]*\w"[\s.,]/.test(inner) &&
    !/"\s*(?:…|\.\.\.|,|;|and|und|和)?\s*"/.test(inner)
    ? inner.replace(/\s+/g, ' ').trim()
    : undefined;
}

function titleIn(text: string): string | undefined {
  const title = text
    .replace(/^[\s*_"“「(<[]+|[\s*_"”」)>\],;:：.|—–-]+$/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
  return title === '' ? undefined : title;
}

interface Place extends Citation {
  readonly title?: string;
  readonly from: number;
  readonly to: number;
}

function placeIn(text: string): Place | undefined {
  const link = /\[([^\]\n]+)\]\((<[^>\n]+>|[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)/.exec(text);
  if (link) {
    const [all, title = '', target = ''] = link;
    return { ...withLine(target.replace(/^<|>$/g, '')), title, from: link.index, to: link.index + all.length };
  }
  const address = /<?(https?:\/\/[^\s<>"“”「」«»，。；、）]+)>?/i.exec(text);
  if (address) {
    const uri = trimmed(address[1] ?? '');
    const end = address.index + address[0].length - ((address[1] ?? '').length - uri.length);
    return { uri, from: address.index, to: end };
  }
  return pathIn(text);
}

/** An address without the closing marks of the sentence around it. */
function trimmed(url: string): string {
  const bare = url.replace(/[.,;:!?'*_`\]}]+$/, '');
  const unbalanced = bare.endsWith(')') && bare.split(')').length > bare.split('(').length;
  return unbalanced ? trimmed(bare.slice(0, -1)) : bare;
}

function withLine(target: string): Citation {
  const [, uri = target, line, endLine] = /^(?!https?:)(.*?)(?::|#L)(\d+)(?:\s*[-–]L?(\d+))?$/i.exec(target) ?? [];
  return {
    uri,
    ...(line !== undefined && Number(line) > 0 && { line: Number(line) }),
    ...(endLine !== undefined && { endLine: Number(endLine) }),
  };
}

const pageWords =
  /^[*_]*[,;:，]?\s*[(（[]?\s*(?:(?:pages?|pgs?\.?|pp?\.?|Seiten?|S\.|p[áa]g(?:inas?|s?\.)?)\s*(\d{1,5})(?!\d)(?:\s*[-–~]\s*(\d{1,5}))?|第\s*(\d{1,5})(?:\s*[-–~到至]\s*(\d{1,5}))?\s*[页頁])[)）\]]?/i;

/** The page behind a place or in its address, and where the place ends with it. */
function pageBehind(text: string, { uri, to }: Place): Pick<Citation, 'page' | 'endPage'> & { readonly to: number } {
  const behind = pageWords.exec(text.slice(to));
  const page = Number(behind?.[1] ?? behind?.[3] ?? /^[^#]*#page=(\d{1,5})$/i.exec(uri)?.[1] ?? 0);
  const endPage = Number(behind?.[2] ?? behind?.[4] ?? 0);
  return {
    to: to + (behind?.[0].length ?? 0),
    ...(page > 0 && { page }),
    ...(endPage > page && page > 0 && { endPage }),
  };
}

/** A path, with or without code marks, a title before it and its line in one of several forms. */
function pathIn(text: string): Place | undefined {
  const code = /`([^`\n]+)`/.exec(text);
  const opening = /["“「«『„]/.exec(text);
  const head = text.slice(0, opening && opening.index > 0 ? opening.index : text.length).split('\n', 1)[0] ?? '';
  const shown = code && (!opening || code.index < opening.index) ? (code[1] ?? '') : undefined;
  const from = shown === undefined ? pathStart(head) : (code?.index ?? 0);
  const rest = text.slice(from);
  const [all = '', path = ''] =
    shown === undefined
      ? (/^[*_]*(.+?\.\w{1,10}(?=$|[\s:#,;()*_—–|]|\.\s|\.$)|[^\s"“]+)/.exec(head.slice(from)) ?? [])
      : [`\`${shown}\``, shown];
  if (path.trim() === '') return undefined;
  const inside = withLine(path.trim().replace(/[,;.]+$/, ''));
  const [lines = '', line, endLine] =
    /^[*_]*(?::|#L|,?\s*[(（[]?\s*(?:lines?|l\.|L|第)\s*)(\d+)(?!\d|\s*[页頁])(?:\s*[-–~到至]\s*L?(\d+))?(?!\d|\s*[页頁])\s*行?[)）\]]?:?/i.exec(
      rest.slice(all.length),
    ) ?? [];
  if (!/\p{L}/u.test(inside.uri)) return undefined;
  return {
    ...inside,
    ...(line !== undefined && Number(line) > 0 && { line: Number(line) }),
    ...(endLine !== undefined && { endLine: Number(endLine) }),
    from,
    to: from + all.length + lines.length,
  };
}

/** Where a path begins behind a title. */
function pathStart(head: string): number {
  const split = [...head.matchAll(/(?:\s[—–|-]|[:：,])\s+(?=[^\s]*(?:\/|\.\w))/g)].at(-1);
  return split && !/\.\w{1,10}(?::\d+)?$/.test(head.slice(0, split.index)) ? split.index + split[0].length : 0;
}
