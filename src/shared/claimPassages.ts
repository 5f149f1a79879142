/**
 * Sentences and rows of an answer, each with the citations that may speak for it: later ones of its paragraph, those of the
 * sentence that introduces its list or table, of the table's header and caption, or of what it introduces itself.
 */
import { blocksOf, type Block, type Row } from './claimBlocks.ts';
import { sentencesOf } from './claimSentences.ts';
import { citedIn, type Cited } from './citedIn.ts';
import type { Span } from './evidence.ts';
import { isDrawn } from './reportWords.ts';

/** One sentence or row. */
export interface Passage {
  readonly span: Span;
  /** Its cells, and those of the header. */
  readonly row?: { readonly cells: readonly Span[]; readonly header: readonly Span[] };
  readonly item: boolean;
  /** It ends with a colon, and something follows. */
  readonly introduces: boolean;
  /** The heading above says that it sums up. */
  readonly sumsUp: boolean;
  readonly cited?: Cited;
  /** The nearest first. */
  readonly speaking: readonly Cited[];
}

/** Citing sentences that are looked at for one that does not. */
const mostSpeaking = 20;

/** In the text's own places, in its order. */
export function passagesOf(text: string): readonly Passage[] {
  const blocks = blocksOf(text).map((block) => ({ block, parts: partsOf(text, block) }));
  const passages: Passage[] = [];
  const notes = notesOf(text, blocks);
  const chain: Around[] = [];
  for (const [index, { block, parts }] of blocks.entries()) {
    if (block.kind === 'item') while ((chain.at(-1)?.indent ?? -1) >= block.indent) chain.pop();
    else if (block.kind === 'paragraph') chain.length = 0;
    const [next, before] = [blocks[index + 1], blocks[index - 1]];
    const above = block.kind === 'paragraph' ? [] : chain.flatMap(({ cited }) => cited).toReversed();
    const caption = block.kind === 'table' && before && isCaption(text, before) ? citedOf(blocks[index - 2], 1) : [];
    const header =
      block.kind === 'table' && block.header ? citedIn(text.slice(block.header.from, block.header.to)) : undefined;
    const shared = [...(header ? [header] : []), ...(notes[index] ?? []), ...above, ...caption];
    const below = introduces(text, block) ? belowOf(blocks, index) : [];
    const later: Cited[] = [];
    const own: Passage[] = [];
    for (const part of parts.toReversed()) {
      const last = own.length === 0;
      const speaking = [...later, ...(last ? below : []), ...shared];
      own.push({
        span: { from: part.from, to: part.to },
        ...(part.row && {
          row: { cells: part.row.cells, header: (block.kind === 'table' && block.header?.cells) || [] },
        }),
        item: block.kind === 'item',
        introduces: last && block.kind !== 'table' && introduces(text, block),
        sumsUp: block.under || (block.kind === 'item' && chain.some(({ sumsUp }) => sumsUp)),
        ...(part.cited && { cited: part.cited }),
        speaking: speaking.slice(0, mostSpeaking),
      });
      if (part.cited && block.kind !== 'table') {
        later.unshift(part.cited);
        later.length = Math.min(later.length, mostSpeaking);
      }
    }
    passages.push(...own.reverse());
    if (block.kind === 'item') chain.push({ indent: block.indent, cited: citedOf({ parts }, 1), sumsUp: false });
    else {
      const cited = block.kind === 'paragraph' ? citedOf({ parts }, 1) : [];
      const sumsUp = introduces(text, block) && isDrawn(text.slice(block.from, block.from + 40).replace(/[*_]/g, ''));
      chain.splice(0, chain.length, { indent: -1, cited, sumsUp });
    }
    if (next && next.block.section !== block.section) chain.length = 0;
  }
  return passages;
}

/** What introduces: a paragraph, or the items above. */
interface Around {
  readonly indent: number;
  readonly cited: readonly Cited[];
  /** "In short:" */
  readonly sumsUp: boolean;
}

interface Part extends Span {
  readonly cited?: Cited | undefined;
  readonly row?: Row;
}

function partsOf(text: string, block: Block): readonly Part[] {
  if (block.kind === 'table')
    return block.rows.map((row) => ({ from: row.from, to: row.to, row, cited: citedIn(text.slice(row.from, row.to)) }));
  return sentencesOf(text.slice(block.from, block.to)).map(({ from, to }) => {
    const span = { from: block.from + from, to: block.from + to };
    return { ...span, cited: citedIn(text.slice(span.from, span.to)) };
  });
}

/** The note behind each block; one behind a list is of all its items. */
function notesOf(text: string, blocks: readonly { readonly block: Block; readonly parts: readonly Part[] }[]) {
  const notes: (readonly Cited[])[] = [];
  for (let index = blocks.length - 2; index >= 0; index--) {
    const [of, next] = [blocks[index], blocks[index + 1]];
    if (!of || !next || of.block.section !== next.block.section) continue;
    if (isNote(text, next.block)) notes[index] = citedOf(next, 1);
    else if (of.block.kind === 'item' && next.block.kind === 'item') notes[index] = notes[index + 1] ?? [];
  }
  return notes;
}

/** What the last `count` sentences cite. */
function citedOf(of: { readonly parts: readonly Part[] } | undefined, count: number): readonly Cited[] {
  return (of?.parts.slice(-count) ?? []).flatMap(({ cited }) => cited ?? []);
}

function introduces(text: string, block: Block): boolean {
  return block.kind !== 'table' && /[:：][*_\s]*$/.test(text.slice(Math.max(block.from, block.to - 12), block.to));
}

/** The citations of the list or table that a block introduces. */
function belowOf(blocks: readonly { readonly block: Block; readonly parts: readonly Part[] }[], index: number) {
  const found: Cited[] = [];
  const start = blocks[index]?.block;
  for (let at = index + 1; at < blocks.length && at <= index + mostSpeaking; at++) {
    const next = blocks[at];
    if (!next || !start || next.block.kind === 'paragraph' || next.block.section !== start.section) break;
    if (next.block.kind === 'item' && start.kind === 'item' && next.block.indent <= start.indent) break;
    for (const { cited } of next.parts) {
      if (cited) found.push(cited);
      if (found.length >= mostSpeaking) return found;
    }
  }
  return found;
}

/** `Table 1: …` before a table: the sentence before it introduces both. */
function isCaption(text: string, { block }: { readonly block: Block }): boolean {
  return (
    block.kind === 'paragraph' &&
    /^[*_\s]*(?:table|tab\.|figure|表)\s*\d/i.test(text.slice(block.from, block.from + 40))
  );
}

/** A line behind a table, a list or a paragraph that says where all of it is from: `Source: [2]`, `Table 1: … [2]`. */
function isNote(text: string, block: Block): boolean {
  if (block.kind !== 'paragraph' || block.to - block.from > 600) return false;
  const line = text
    .slice(block.from, block.to)
    .replace(/[*_()]/g, '')
    .trim();
  if (/^(?:sources?|table\s*\d+|notes?|data|figures?|quellen?|来源|资料来源)\b[^:：]{0,80}[:：]/iu.test(line))
    return true;
  return line.replace(/\[[^\][\n]{1,200}\]|【[^】\n]{1,60}】|sources?|see|来源|[\s,;.:，；。：]/gi, '') === '';
}
