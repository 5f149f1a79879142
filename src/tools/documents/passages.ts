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

/** The share of the best score from which on a piece counts as fitting: common words alone make none. */
const leastOfBest = 0.1;

type Text = Pick<ReadDocument, 'text' | 'sections' | 'pages'>;

const maxOutlineChars = 3_000;
/** The longest place of a passage, and what stands around place and passage. */
const placeChars = 120;
const aroundChars = 16;

/** The whole text where it is at most `maxChars` long; else what of it fits, chosen for `wanted`. */
export function shownFor(document: Text, wanted: string, maxChars: number): Shown {
  const { text } = document;
  if (text.length <= maxChars) return { text, spans: [] };
  return chosen(document, wanted, maxChars, true);
}

/** Only the passages that fit `wanted`, and what stands around them; at most `maxChars`. */
export function bestPassages(document: Text, wanted: string, maxChars: number): Shown {
  return chosen(document, wanted, maxChars, false);
}

/** `fill`: what fits less well follows as long as there is room. */
function chosen(document: Text, wanted: string, maxChars: number, fill: boolean): Shown {
  const chunks = chunksOf(document);
  const outline = outlineOf(document, Math.min(maxOutlineChars, maxChars / 8));
  const taken = new Set<Chunk>();
  let room = maxChars - outline.length;
  for (const chunk of inOrderOfWorth(chunks, wanted, document, fill)) {
    const size = chunk.to - chunk.from + placeChars + aroundChars;
    if (size > room) continue;
    taken.add(chunk);
    room -= size;
  }
  const passages = placed(chunks.filter((chunk) => taken.has(chunk)));
  const spans = joined(passages);
  const [only] = spans;
  if (spans.length === 1 && only?.from === 0 && only.to === document.text.length) {
    return { text: document.text, spans: [] };
  }
  const parts = passages.map(({ from, to, place }, index) => {
    const follows = (passages[index - 1]?.to ?? 0) === from;
    return `${follows ? '' : '[…]\n\n'}[${place}]\n${document.text.slice(from, to).trim()}`;
  });
  return { text: [...(outline === '' ? [] : [outline]), ...parts].join('\n\n'), spans };
}

/** The beginning, then the best, then what stands around them; without any match what each section begins with. */
function inOrderOfWorth(chunks: readonly Chunk[], wanted: string, { text }: Text, fill: boolean): readonly Chunk[] {
  const scored = scores(
    chunks.map(({ from, to, headings }) => ({ text: text.slice(from, to), heading: headings.join(' ') })),
    wanted,
  );
  const least = scored.reduce((most, score) => Math.max(most, score), 0) * leastOfBest;
  const fitting = chunks
    .map((chunk, index) => ({ chunk, index, score: scored[index] ?? 0 }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.index - b.index);
  const beginning = chunks.slice(0, 1);
  const best = fitting.filter(({ score }) => score >= least);
  if (best.length === 0) return [...new Set([...beginning, ...chunks.filter(({ first }) => first), ...chunks])];
  const around = best.flatMap(({ index }) => [chunks[index + 1], chunks[index - 1]]).filter((one) => one !== undefined);
  const rest = fill ? [...fitting.map(({ chunk }) => chunk), ...chunks] : [];
  return [...new Set([...beginning, ...best.map(({ chunk }) => chunk), ...around, ...rest])];
}

interface Placed extends Span {
  readonly place: string;
}

/** Chunks in one piece that follow each other in one section, with the place of the first. */
function placed(chunks: readonly Chunk[]): readonly Placed[] {
  const passages: (Placed & Pick<Chunk, 'headings'>)[] = [];
  for (const { from, to, headings, page } of chunks) {
    const last = passages.at(-1);
    if (last?.to === from && last.headings === headings) {
      passages[passages.length - 1] = { ...last, to };
      continue;
    }
    const where = [...(headings.length > 0 ? [headings.join(' › ')] : []), ...(page ? [`page ${page}`] : [])].join(
      ', ',
    );
    const place = where || (from === 0 ? 'beginning' : `from character ${from}`);
    passages.push({ from, to, headings, place: place.replace(/\s+/g, ' ').slice(0, placeChars) });
  }
  return passages;
}

function joined(passages: readonly Span[]): readonly Span[] {
  const spans: Span[] = [];
  for (const { from, to } of passages) {
    const last = spans.at(-1);
    if (last?.to === from) spans[spans.length - 1] = { from: last.from, to };
    else spans.push({ from, to });
  }
  return spans;
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
