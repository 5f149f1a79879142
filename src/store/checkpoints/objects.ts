/** Reads kept bytes, many at a time but never more than a few in memory. */
import { type GitPlace, git } from './git.ts';

/** So many bytes are asked for at once; one file may be more. */
const portionBytes = 32 * 2 ** 20;

/** What one object has to do with what is asked for. */
export interface ObjectOf<Item> {
  readonly item: Item;
  /** Undefined when it is not there. */
  readonly bytes: Buffer | undefined;
}

/** The objects that belong to some items, in order. Throws GitFailure for what is damaged. */
export async function* readObjects<Item>(
  place: GitPlace,
  items: readonly Item[],
  idOf: (item: Item) => string,
): AsyncGenerator<ObjectOf<Item>> {
  if (items.length === 0) return;
  const ask = (some: readonly Item[]) => Buffer.from(some.map((item) => `${idOf(item)}\n`).join(''));
  const said = await git(place, ['cat-file', '--batch-check=%(objectsize)'], { input: ask(items) });
  const sizes = said.toString('latin1').split('\n').map(Number);
  for (let start = 0; start < items.length;) {
    let end = start;
    for (let bytes = 0; end < items.length && (end === start || bytes < portionBytes); end++) bytes += sizes[end] || 0;
    const portion = items.slice(start, end);
    const output = await git(place, ['cat-file', '--batch', '--buffer'], { input: ask(portion) });
    let at = 0;
    for (const item of portion) {
      const lineEnd = output.indexOf(10, at);
      const size = /^\S+ blob (\d+)$/.exec(output.toString('latin1', at, lineEnd))?.[1];
      const bytes = size === undefined ? undefined : output.subarray(lineEnd + 1, lineEnd + 1 + Number(size));
      at = lineEnd + 1 + (bytes ? bytes.length + 1 : 0);
      yield { item, bytes };
    }
    start = end;
  }
}
