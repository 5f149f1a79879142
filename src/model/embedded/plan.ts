/** What the reader does next: search, open the best places, search once more with what it learned, open, answer. */
import { attachedNotes, farMove, farObserved, type FarMove, type Offered } from './beyond.ts';
import type { Conversation, Done } from './conversation.ts';
import { learnedFrom } from './learning.ts';
import { recall, type Memory, type Note, type Spot } from './memory.ts';
import { foundIn, linesIn } from './observations.ts';
import { passagesOf } from './passages.ts';
import { bestApart, rank, wantsNumber, weightsOf, type Query } from './ranking.ts';
import { readableBlocks } from './readable.ts';
import { questionTerms, termOf, type Term } from './terms.ts';

/** The next call, or none. */
export type Move =
  | { readonly kind: 'search'; readonly pattern: string; readonly glob: string | undefined }
  | { readonly kind: 'open'; readonly spot: Spot; readonly startLine: number; readonly endLine: number }
  | FarMove
  | { readonly kind: 'finish' };

/** What the reader learns from the newest observation, all that it knows then, and what it does. */
export interface Plan {
  readonly learned: Partial<Memory>;
  readonly memory: Memory;
  readonly query: Query;
  readonly move: Move;
}

/** Places opened after the first search, and after both. */
const opens = [6, 10] as const;
/** Lines read before and after a place. */
const linesBefore = 100;
const linesAfter = 150;
const notesPerPlace = 8;

/** Plans the next move from the conversation alone. */
export function planFor(conversation: Conversation, offered: Offered): Plan {
  const { question, earlier, done } = conversation;
  const terms = questionTerms(question, earlier);
  const known = recall(done.map(({ thought }) => thought));
  const last = done.at(-1);
  const learned = last ? observed(last, queryOf(question, terms, known), known) : {};
  const seen = merged(known, learned);
  const query = queryOf(question, terms, seen);
  const memory = { ...seen, notes: [...attachedNotes(conversation, query), ...seen.notes] };
  const near = nextMove(seen, query, conversation);
  const move = near.kind === 'finish' ? (farMove(memory, query, conversation, offered) ?? near) : near;
  if (move.kind === 'search') return { learned: { ...learned, learned: newWords(seen, query) }, memory, query, move };
  if (move.kind === 'open' || move.kind === 'readDocument')
    return { learned: { ...learned, opened: [move.spot] }, memory, query, move };
  return { learned, memory, query, move };
}

function queryOf(question: string, terms: readonly Term[], { files, fileCount }: Memory): Query {
  return { terms, weights: weightsOf(terms, files, fileCount), wantsNumber: wantsNumber(question) };
}

function observed(last: Done, query: Query, known: Memory): Partial<Memory> {
  if (last.tool === 'search_files') return searched(last.observation, query, known);
  const far = farObserved(last, query);
  if (far) return far;
  const path = last.arguments['path'];
  return typeof path === 'string' ? { notes: notesOf(path, last.observation, query) } : {};
}

function searched(observation: string, { terms }: Query, known: Memory): Partial<Memory> {
  const { spots, counts, fileCount } = foundIn(observation);
  if (known.fileCount > 0) return { spots };
  const files = new Map(terms.map((term, index) => [term.name, counts[index] ?? (spots.length > 0 ? 1 : 0)]));
  return { spots, files, fileCount: Math.max(fileCount, 1) };
}

function notesOf(path: string, observation: string, query: Query): readonly Note[] {
  const passages = passagesOf(path, readableBlocks(path, linesIn(observation)));
  return bestApart(rank(passages, query), notesPerPlace).map(({ passage, score }) => ({
    score,
    path: passage.path,
    line: passage.line,
    endLine: passage.endLine,
    text: passage.text,
  }));
}

function merged(a: Memory, b: Partial<Memory>): Memory {
  return {
    files: b.files ?? a.files,
    fileCount: b.fileCount ?? a.fileCount,
    spots: [...(b.spots ?? []), ...a.spots],
    opened: a.opened,
    notes: [...a.notes, ...(b.notes ?? [])],
    learned: a.learned,
    documents: b.documents ?? a.documents,
    pages: b.pages ?? a.pages,
  };
}

function nextMove(memory: Memory, query: Query, { done, mentions }: Conversation): Move {
  const searches = done.filter(({ tool }) => tool === 'search_files').length;
  const opened = done.filter(({ tool }) => tool === 'read_file').length;
  const wanted = { ...memory, spots: [...mentions.map((path) => ({ path, line: 1 })), ...memory.spots] };
  if (query.terms.length === 0 && wanted.spots.length === 0) return { kind: 'finish' };
  if (searches === 0) return searchFor(query, [], documents);
  const spot = opened < opens[searches > 1 ? 1 : 0] ? nextSpot(wanted) : undefined;
  if (spot) {
    return { kind: 'open', spot, startLine: Math.max(1, spot.line - linesBefore), endLine: spot.line + linesAfter };
  }
  if (searches > 1) return { kind: 'finish' };
  const best = Math.max(0, ...memory.notes.map(({ score }) => score));
  return searchFor(query, newWords(memory, query), best < goodScore ? undefined : documents);
}

/** A follow-up stays with the documents when the best passage scores as much. */
const goodScore = 0.6;

/** Text that people write to be read; the first search looks there, where a word means itself. */
const documents = '*.{md,mdx,markdown,rst,rest,txt,text,adoc,asciidoc,org,tex}';

function searchFor({ terms }: Query, words: readonly string[], glob: string | undefined): Move {
  const synonyms = terms.flatMap((term) => term.synonyms ?? []);
  const more = words.flatMap((word) => termOf(word) ?? []);
  const pattern = [...terms, ...synonyms, ...more].map((part) => part.pattern).join('|');
  return { kind: 'search', pattern: `(?i)${pattern}`, glob };
}

function newWords(memory: Memory, query: Query): readonly string[] {
  return memory.notes.length > 0 ? learnedFrom(memory.notes, query.terms) : [];
}

/** The best place that was not in view yet; of a page and the text that it was made from only the text is opened. */
function nextSpot({ spots, opened }: Memory): Spot | undefined {
  const texts = new Set(spots.filter(({ path }) => !isHtml(path)).map(({ path }) => pageOf(path)));
  return spots.find(
    (spot) =>
      !(isHtml(spot.path) && texts.has(pageOf(spot.path))) &&
      opened.every(
        ({ path, line }) => path !== spot.path || spot.line < line - linesBefore || spot.line > line + linesAfter / 2,
      ),
  );
}

const isHtml = (path: string) => /\.x?html?$/i.test(path);
const pageOf = (path: string) =>
  path
    .replace(/(?:^|\/)_?sources?\//, '/')
    .replace(/^\//, '')
    .replace(/\.(?:x?html?|md|rst|txt)\b/g, '');
