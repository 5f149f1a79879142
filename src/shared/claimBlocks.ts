/** An answer's text as paragraphs, list items and tables: what may claim something, line by line. */
import type { Span } from './evidence.ts';
import { tight } from './claimSentences.ts';

/** A stretch that stands by itself. `under`: the heading above it sums up. */
export type Block = Span & { readonly under: boolean; readonly section: number } & (
    | { readonly kind: 'paragraph' }
    /** Its first line is indented so far. */
    | { readonly kind: 'item'; readonly indent: number }
    | { readonly kind: 'table'; readonly header?: Row; readonly rows: readonly Row[] }
  );

/** A row of a table: from its first cell to the end of its last one that is not empty. */
export interface Row extends Span {
  readonly cells: readonly Span[];
}

const summing =
  /^(?:\d+[.)]?\s*)?(?:conclusions?|summary|(?:short |final |bottom[- ]line )?answer|tl;?dr|in short|key (?:points|takeaways|findings)|takeaways|overview|executive summary|结论|总结|摘要|答案|zusammenfassung|fazit)\b/iu;
const rule = /^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$/;

/** Headings, rules, quotations and bold lines that are headings are none of these; they part what stands around them. */
export function blocksOf(text: string): readonly Block[] {
  const lines = linesOf(text);
  const blocks: Block[] = [];
  let under = false;
  let section = 0;
  let open: { kind: 'paragraph' | 'item'; from: number; to: number; indent: number } | undefined;
  const close = () => {
    if (open) blocks.push({ ...open, under, section });
    open = undefined;
  };
  for (let index = 0; index < lines.length; index++) {
    const { from, to, line } = lines[index] ?? { from: 0, to: 0, line: '' };
    if (isRow(line)) {
      close();
      let last = index;
      while (isRow(lines[last + 1]?.line ?? '')) last++;
      blocks.push({ ...tableOf(lines.slice(index, last + 1)), under, section });
      index = last;
      continue;
    }
    const heading = headingOf(line, lines[index + 1]?.line ?? '');
    if (heading !== undefined) {
      close();
      under = summing.test(heading);
      section++;
      continue;
    }
    const item = /^(\s*)(?:[-*+•]|\d{1,3}[.)、])\s+/.exec(line);
    if (line.trim() === '' || /^\s{0,3}(?:>|[-*_=]{3,}\s*$)/.test(line)) close();
    else if (item) {
      close();
      open = { kind: 'item', from: from + item[0].length, to, indent: (item[1] ?? '').replace(/\t/g, '    ').length };
    } else if (open) open.to = to;
    else open = { kind: 'paragraph', from, to, indent: 0 };
  }
  close();
  return blocks;
}

interface Line extends Span {
  readonly line: string;
}

function linesOf(text: string): readonly Line[] {
  let at = 0;
  return text.split('\n').map((line) => {
    const from = at;
    at += line.length + 1;
    return { from, to: from + line.length, line };
  });
}

function isRow(line: string): boolean {
  return /^\s{0,8}\|/.test(line) && line.trim().length > 1;
}

/** A heading's words: of a line with marks, one above a rule, or a bold line that claims nothing. */
function headingOf(line: string, next: string): string | undefined {
  const marked = /^\s{0,3}#{1,6}\s+(.*)$/.exec(line)?.[1];
  if (marked !== undefined) return marked;
  if (/^\s{0,3}#{1,6}$/.test(line)) return '';
  if (/^\s{0,3}\S/.test(line) && /^\s{0,3}(?:=+|-{3,})\s*$/.test(next) && !/^\s*[-=*>]/.test(line)) return line.trim();
  const bold = /^\s*(?:\*\*|__)((?:(?!\*\*|__).)+)(?:\*\*|__)\s*[:：]?\s*$/.exec(line.slice(0, 400))?.[1]?.trim();
  if (bold === undefined || /[.!。！]["”’)]*$/.test(bold)) return undefined;
  // `**Height: 42 m**` says something; `**2. Results of 2019**` is a heading.
  const figures = bold.replace(
    /^\d+(?:\.\d+)*(?:[.)]\s|\s(?=\p{Lu}))|\b(?:1[5-9]|20)\d\d\b|\b(?:table|figure|step|part|phase)\s+\d+/giu,
    '',
  );
  return /\d/.test(figures) ? undefined : bold;
}

function tableOf(lines: readonly Line[]) {
  const [first, second] = lines;
  const from = first?.from ?? 0;
  const to = lines.at(-1)?.to ?? from;
  const headed = first !== undefined && second !== undefined && rule.test(second.line);
  const rows = lines.slice(headed ? 2 : 0).filter(({ line }) => !rule.test(line));
  return {
    kind: 'table' as const,
    from,
    to,
    ...(headed && { header: rowOf(first) }),
    rows: rows.map(rowOf).filter(({ cells }) => cells.some((cell) => cell.to > cell.from)),
  };
}

function rowOf({ from, line }: Line): Row {
  const cells: Span[] = [];
  let start = line.indexOf('|') + 1;
  const bars = [...line.matchAll(/(?<!\\)\|/g)].map(({ index }) => index).filter((index) => index >= start);
  for (const bar of [...bars, line.length]) {
    const cell = tight(line, start, bar);
    if (bar < line.length || cell.to > cell.from) cells.push({ from: from + cell.from, to: from + cell.to });
    start = bar + 1;
  }
  const full = cells.filter((cell) => cell.to > cell.from);
  return { cells, from: full[0]?.from ?? from, to: full.at(-1)?.to ?? from };
}
