/** What of a long document matters for a question: its best passages in their order, each with the place where it stands. */
import type { Span } from '../../shared/evidence.ts';
import { chunksOf, type Chunk } from './chunks.ts';
import type { ReadDocument } from './document.ts';
import { scores } from './relevance.ts';

/** A document as a model is shown it. */
export interface Shown {
  readonly text: string;
  /** What of the document's text is in it, in order; empty: all of it. */
  readonly spans: readonly Span[];
}

type Text = Pick<ReadDocument, 'text' | 'sections' | 'pages'>;

const maxOutlineChars = 3_000;
/** The longest place of a passage, and what stands around place and passage. */
const placeChars = 120;
const aroundChars = 16;

/** The whole text where it is at most `maxChars` long; else what of it fits, chosen for `wanted`. */
export function shownFor(document: Text, wanted: string, maxChars: number): Shown {
  const { text } = document;
  if (text.length <= maxChars) return { text, spans: [] };
  return bestPassages(document, wanted, maxChars);
}

/** The passages for `wanted` that fit into `maxChars`, however short the document is. */
export function bestPassages(document: Text, wanted: string, maxChars: number): Shown {
  const chunks = chunksOf(document);
  const outline = outlineOf(document, Math.min(maxOutlineChars, maxChars / 8));
  const chosen = new Set<Chunk>();
  let room = maxChars - outline.length;
  for (const chunk of inOrderOfWorth(chunks, wanted, document)) {
    const size = chunk.to - chunk.from + placeChars + aroundChars;
    if (size > room) continue;
    chosen.add(chunk);
    room -= size;
  }
  const runs = joined(chunks.filter((chunk) => chosen.has(chunk)));
  const spans = runs.map(({ from, to }) => ({ from, to }));
  const [only] = spans;
  if (spans.length === 1 && only?.from === 0 && only.to === document.text.length) {
    return { text: document.text, spans: [] };
  }
  const parts = runs.map(({ from, to, place }) => `[${place}]\n${document.text.slice(from, to).trim()}`);
  return { text: [...(outline === '' ? [] : [outline]), ...parts].join('\n\n[…]\n\n'), spans };
}

/** The beginning, then the best, then what stands around them; without any match what each section begins with. */
function inOrderOfWorth(chunks: readonly Chunk[], wanted: string, { text }: Text): readonly Chunk[] {
  const scored = scores(
    chunks.map(({ from, to, headings }) => ({ text: text.slice(from, to), heading: headings.join(' ') })),
    wanted,
  );
  const best = chunks
    .map((chunk, index) => ({ chunk, index, score: scored[index] ?? 0 }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.index - b.index);
  const beginning = chunks.slice(0, 1);
  if (best.length === 0) return [...new Set([...beginning, ...chunks.filter(({ first }) => first), ...chunks])];
  const around = best.flatMap(({ index }) => [chunks[index + 1], chunks[index - 1]]).filter((one) => one !== undefined);
  return [...new Set([...beginning, ...best.map(({ chunk }) => chunk), ...around])];
}

/** Chunks that follow each other in one piece, with the place of the first. */
function joined(chunks: readonly Chunk[]): readonly (Span & { readonly place: string })[] {
  const runs: (Span & { place: string })[] = [];
  for (const { from, to, headings, page } of chunks) {
    const last = runs.at(-1);
    if (last?.to === from) {
      runs[runs.length - 1] = { ...last, to };
      continue;
    }
    const where = [...(headings.length > 0 ? [headings.join(' › ')] : []), ...(page ? [`page ${page}`] : [])].join(
      ', ',
    );
    runs.push({
      from,
      to,
      place: (where || (from === 0 ? 'beginning' : `from character ${from}`)).slice(0, placeChars),
    });
  }
  return runs;
}

/** The headings of a document, the deepest left out first where they are too many. */
function outlineOf({ sections }: Text, maxChars: number): string {
  for (let depth = 6; depth > 0; depth--) {
    const lines = sections
      .filter(({ level, title }) => level <= depth && title.trim() !== '')
      .map(({ title, level }) => `${'  '.repeat(level - 1)}- ${title.trim()}`);
    if (lines.length < 2) return '';
    const outline = `[Outline of the whole document]\n${lines.join('\n')}`;
    if (outline.length <= maxChars) return outline;
  }
  return '';
}
