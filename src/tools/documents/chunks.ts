/** A document in pieces of about a page's paragraph or two, none of them across a heading. */
import type { ReadDocument } from './document.ts';

/** A piece of a document's text, in UTF-16 code units. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  /** The headings that it stands under, the outermost first. */
  readonly headings: readonly string[];
  /** Whether its section begins with it. */
  readonly first: boolean;
  /** The page that it begins on, from 1, where the document has pages. */
  readonly page?: number;
}

const usualChars = 1_200;
const mostChars = 1_800;

/** All pieces, in order and without gaps. */
export function chunksOf({
  text,
  sections,
  pages = [],
}: Pick<ReadDocument, 'text' | 'sections' | 'pages'>): readonly Chunk[] {
  const chunks: Chunk[] = [];
  let path: { readonly title: string; readonly level: number }[] = [];
  let page = 0;
  const add = (from: number, to: number) => {
    const headings = path.map(({ title }) => title);
    for (let at = from; at < to;) {
      const end = endOf(text, at, to);
      while (page < pages.length && (pages[page] ?? Infinity) <= at) page++;
      chunks.push({ from: at, to: end, headings, first: at === from, ...(page > 0 && { page }) });
      at = end;
    }
  };
  const starts = sections.filter(({ from }) => from >= 0 && from < text.length).toSorted((a, b) => a.from - b.from);
  add(0, starts[0]?.from ?? text.length);
  for (const [index, { title, level, from }] of starts.entries()) {
    path = [...path.filter((outer) => outer.level < level), { title: title.trim(), level }];
    add(from, starts[index + 1]?.from ?? text.length);
  }
  return chunks;
}

/** Where a piece ends that begins at `at`: between paragraphs, lines, sentences or words. */
function endOf(text: string, at: number, to: number): number {
  if (to - at <= mostChars) return to;
  const window = text.slice(at, at + mostChars);
  for (const seam of ['\n\n', '\n', '. ', '。', ' ']) {
    const found = window.lastIndexOf(seam);
    if (found >= usualChars / 2) return at + found + seam.length;
  }
  // No half characters.
  return /[\uD800-\uDBFF]$/.test(window) ? at + mostChars - 1 : at + mostChars;
}
