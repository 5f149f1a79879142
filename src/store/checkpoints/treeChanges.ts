/** What is different between two trees. */
import type { FileChange } from '../../shared/refs.ts';
import { type GitPlace, git } from './git.ts';
import { type ByteName, parts } from './names.ts';

/** One file of a difference. Modes are octal text; an id of zeros and mode 000000 stand for "not there". */
export interface TreeChange {
  readonly name: ByteName;
  readonly change: FileChange['change'];
  readonly from: TreeFile;
  readonly to: TreeFile;
  readonly added?: number;
  readonly removed?: number;
}

export interface TreeFile {
  readonly mode: string;
  readonly objectId: string;
}

/** Lines are counted for so many files; reading more takes too long. */
const mostCounted = 2_000;

/** The differences in the order of their names; `counted`: with lines. */
export async function treeChanges(
  place: GitPlace,
  from: string,
  to: string,
  counted: boolean,
): Promise<readonly TreeChange[]> {
  if (from === to) return [];
  const stop = new AbortController();
  const differences = compare(place, from, to, ['--raw', '--no-abbrev'], stop.signal).then(changesIn);
  if (!counted) return differences;
  // Beside each other; in vain where there are too many.
  const counts = compare(place, from, to, ['--numstat'], stop.signal).then((said) => new Map(said.map(countOf)));
  const ended = Promise.allSettled([differences, counts]);
  try {
    const changes = await differences;
    if (changes.length > mostCounted) return changes;
    const known = await counts;
    return changes.map((change) => ({ ...change, ...known.get(change.name) }));
  } finally {
    stop.abort();
    await ended;
  }
}

async function compare(
  place: GitPlace,
  from: string,
  to: string,
  format: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', ...format, from, to];
  return parts(await git(place, args, { signal }));
}

function changesIn(said: readonly string[]): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < said.length; at += 2) {
    const [fromMode = '', toMode = '', fromId = '', toId = '', kind = ''] = (said[at] ?? '').slice(1).split(' ');
    changes.push({
      name: said[at + 1] ?? '',
      change: kind === 'A' ? 'added' : kind === 'D' ? 'deleted' : 'modified',
      from: { mode: fromMode, objectId: fromId },
      to: { mode: toMode, objectId: toId },
    });
  }
  return changes;
}

/** One line of `--numstat`: '-' stands for what is not text. */
function countOf(line: string): [ByteName, Pick<TreeChange, 'added' | 'removed'>] {
  const [added = '', removed = '', ...name] = line.split('\t');
  return [name.join('\t'), added === '-' ? {} : { added: Number(added), removed: Number(removed) }];
}

/** As it is logged and shown; `prefix` names the root where there are several. */
export function fileChange(change: TreeChange, shown: string): FileChange {
  return {
    path: shown,
    change: change.change,
    ...(change.added !== undefined && { added: change.added }),
    ...(change.removed !== undefined && { removed: change.removed }),
  };
}
