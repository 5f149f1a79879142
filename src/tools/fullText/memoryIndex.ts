/** Passages in memory, where the host's Node has no SQLite: as good to search, made anew by every run. */
import MiniSearch from 'minisearch';
import type { FoundPassage, IndexedFile, PassageIndex, QueryPart } from './passageIndex.ts';
import { searchable, wordsIn } from './words.ts';

/** An empty index. */
export function memoryIndex(): PassageIndex {
  const files = new Map<string, { readonly stamp: string; readonly ids: readonly number[] }>();
  const passages = new Map<number, FoundPassage>();
  const ids = counter();
  const index = new MiniSearch<Entry>({
    fields: ['path', 'section', 'body'],
    tokenize: (text) => [...wordsIn(text)],
    processTerm: stemmed,
    searchOptions: { boost: { path: 1.5, section: 1.5 } },
  });
  const forget = (path: string) => {
    const known = files.get(path);
    if (!known) return;
    index.discardAll([...known.ids]);
    for (const id of known.ids) passages.delete(id);
    files.delete(path);
  };
  const take = ({ path, stamp, shown, passages: own }: IndexedFile) => {
    forget(path);
    const taken = own.map((passage) => {
      const id = ids();
      passages.set(id, { path, ...passage });
      index.add({
        id,
        path: searchable(shown),
        section: searchable(passage.section ?? ''),
        body: searchable(passage.text),
      });
      return id;
    });
    files.set(path, { stamp, ids: taken });
  };
  return {
    isKept: false,
    stamps: () => new Map(Array.from(files, ([path, { stamp }]) => [path, stamp])),
    put: (all) => {
      all.forEach(take);
      return true;
    },
    remove: (paths) => {
      paths.forEach(forget);
      return true;
    },
    search: (query) => ranked(index, passages, query),
    close: () => index.removeAll(),
  };
}

interface Entry {
  readonly id: number;
  readonly path: string;
  readonly section: string;
  readonly body: string;
}

function* ranked(
  index: MiniSearch<Entry>,
  passages: ReadonlyMap<number, FoundPassage>,
  query: readonly QueryPart[],
): Generator<FoundPassage> {
  const quoted = query.filter((part) => part.length > 1).map((part) => part.join(' '));
  for (const { id } of index.search(query.flat().join(' '))) {
    const passage = typeof id === 'number' ? passages.get(id) : undefined;
    if (!passage) continue;
    // A query of phrases alone wants one of them.
    if (quoted.length === query.length) {
      const words = wordsIn(searchable(passage.text)).join(' ');
      if (!quoted.some((phrase) => words.includes(phrase))) continue;
    }
    yield passage;
  }
}

/** The usual endings of English words, alike in text and query. */
function stemmed(word: string): string {
  return word.length < 5 ? word : word.replace(/(?:ations?|ings?|ed|ies|es|s|e|y)$/, '');
}

function counter(): () => number {
  const state = { next: 0 };
  return () => state.next++;
}
