/** Beyond the workspace's text: documents that are searched as a whole, and the web, where the run offers them. */
import type { ToolSchema } from '../../shared/events.ts';
import { isRecord } from '../../shared/json.ts';
import type { Conversation, Done } from './conversation.ts';
import type { Memory, Note, Page, Spot } from './memory.ts';
import { passagesOf } from './passages.ts';
import { bestApart, rank, type Query } from './ranking.ts';
import { readableBlocks, type SourceLine } from './readable.ts';

/** What the run has beside the tools for text. */
export interface Offered {
  readonly documents: boolean;
  readonly web: boolean;
}

/** The next call beyond text. */
export type FarMove =
  | { readonly kind: 'searchDocuments'; readonly query: string; readonly path: string }
  | { readonly kind: 'readDocument'; readonly spot: Spot; readonly find: string }
  | { readonly kind: 'searchWeb'; readonly query: string }
  | { readonly kind: 'readPage'; readonly page: Page; readonly info: string };

/** What `read_file` does not show. */
const documentGlob = '*.{pdf,docx,pptx,xlsx,odt,ods,odp,epub,rtf}';
const mostDocuments = 3;
const mostPages = 3;
const mostNotes = 6;
/** With a passage that fits as well as this nobody asks the web. */
const surely = 0.95;
const longestQuery = 300;

/** Both tools of a kind have to be there. */
export function offeredBy(tools: readonly ToolSchema[]): Offered {
  const names = new Set(tools.map(({ name }) => name));
  const all = (...wanted: readonly string[]) => wanted.every((name) => names.has(name));
  return {
    documents: all('search_workspace', 'read_document'),
    web: all('google_search', 'scrape_and_extract_info'),
  };
}

/** What is done when the text is read; undefined when nothing is left. */
export function farMove(
  memory: Memory,
  { terms }: Query,
  { question, done }: Conversation,
  offered: Offered,
): FarMove | undefined {
  if (terms.length === 0) return undefined;
  const times = (tool: string) => done.filter((one) => one.tool === tool).length;
  const short = question.replace(/\s+/g, ' ').trim().slice(0, longestQuery);
  if (offered.documents) {
    if (times('search_workspace') === 0) return { kind: 'searchDocuments', query: short, path: documentGlob };
    const known = new Set(done.filter(({ tool }) => tool === 'read_document').map((one) => one.arguments['path']));
    const spot = memory.documents.find(({ path }) => !known.has(path));
    if (spot && times('read_document') < mostDocuments) return { kind: 'readDocument', spot, find: short };
  }
  if (!offered.web || memory.notes.some(({ score }) => score >= surely)) return undefined;
  if (times('google_search') === 0) return { kind: 'searchWeb', query: short };
  const read = times('scrape_and_extract_info');
  const page = memory.pages[read];
  return page && read < mostPages ? { kind: 'readPage', page, info: short } : undefined;
}

/** What an observation beyond text brings; undefined for one of another tool. */
export function farObserved({ tool, arguments: args, observation }: Done, query: Query): Partial<Memory> | undefined {
  switch (tool) {
    case 'search_workspace':
      return { documents: documentsIn(observation) };
    case 'read_document':
      return typeof args['path'] === 'string' ? { notes: documentNotes(args['path'], observation, query) } : {};
    case 'google_search':
      return { pages: hitsIn(observation) };
    case 'scrape_and_extract_info':
      return typeof args['url'] === 'string' ? { notes: pageNotes(args['url'], observation, query) } : {};
    default:
      return undefined;
  }
}

/** Notes from a text that came with the question. */
export function attachedNotes({ attached }: Conversation, query: Query): readonly Note[] {
  return attached.flatMap(({ path, text }) => notesIn(path, [{ place: 1, text }], query));
}

/** The documents that a search names, the best first. */
function documentsIn(observation: string): readonly Spot[] {
  const found = Array.from(
    observation.matchAll(/^(\S.*?\.(?:pdf|docx|pptx|xlsx|od[tsp]|epub|rtf))(?:, page (\d+))?(?:, section ".*")?:$/gim),
  );
  const spots = found.map(([, path = '', page = '1']) => ({ path, line: Number(page) }));
  return spots.filter(({ path }, at) => spots.findIndex((spot) => spot.path === path) === at);
}

function documentNotes(path: string, observation: string, query: Query): readonly Note[] {
  const text = markedIn(observation);
  if (text === undefined) return [];
  const parts = text.split(/^\[(?:page|from) (\d+)\]$/m);
  const placed = parts.slice(1).flatMap((place, index) => {
    return index % 2 === 0 ? [{ place: /\.pdf$/i.test(path) ? Number(place) : 1, text: parts[index + 2] ?? '' }] : [];
  });
  return notesIn(path, placed.length > 0 ? placed : [{ place: 1, text }], query);
}

/** The text between the marks of text from outside; undefined where nothing was brought. */
function markedIn(observation: string): string | undefined {
  return /<foreign mark="(\w+)"[^>]*>\n([\s\S]*)\n<\/foreign mark="\1">/.exec(observation)?.[2];
}

function hitsIn(observation: string): readonly Page[] {
  const { organic } = objectIn(observation);
  if (!Array.isArray(organic)) return [];
  return organic.filter(isRecord).flatMap(({ title, link }) => {
    return typeof link === 'string' && /^https?:\/\/[^\s\]]+$/.test(link)
      ? [{ uri: link, title: titleOf(title, link) }]
      : [];
  });
}

function titleOf(title: unknown, link: string): string {
  const words = typeof title === 'string' ? title.replace(/[[\]\s]+/g, ' ').trim() : '';
  return words || (URL.parse(link)?.host ?? link);
}

function pageNotes(url: string, observation: string, query: Query): readonly Note[] {
  const { extracted_info: info } = objectIn(observation);
  if (typeof info !== 'string') return [];
  return notesIn(
    url,
    [{ place: 1, text: (markedIn(info) ?? info).replace(/\n\[Notes of the reader: .*\]$/s, '') }],
    query,
  );
}

/** The JSON object of an observation, whatever stands around it. */
function objectIn(observation: string): Readonly<Record<string, unknown>> {
  const text = observation.slice(observation.indexOf('{'), observation.lastIndexOf('}') + 1);
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

/** The passages that fit, each at its place; a text as Markdown, whatever it was. */
function notesIn(
  path: string,
  parts: readonly { readonly place: number; readonly text: string }[],
  query: Query,
): readonly Note[] {
  const places: number[] = [];
  // Part by part: no passage goes from one page into the next.
  const passages = parts.flatMap(({ place, text }) => {
    const lines = text.split('\n').map((line): SourceLine => ({ line: places.push(place), text: line }));
    return passagesOf(path, readableBlocks('document.md', lines));
  });
  return bestApart(rank(passages, query), mostNotes).map(({ passage, score }) => {
    const place = places[passage.line - 1] ?? 1;
    return { score, path, line: place, endLine: place, text: passage.text };
  });
}
