/** Copies what a git folder borrowed, so that nothing that a person does to their repository can take it away. */
import { join } from 'node:path';
import { git } from './git.ts';
import type { GitFolder } from './gitFolder.ts';
import { keptNumbers, readKept } from './kept.ts';
import { parts } from './names.ts';

/** Comes back when the folder needs no other. What it reads stays readable meanwhile. Throws GitFailure. */
export async function copyBorrowed(folder: GitFolder, signal: AbortSignal): Promise<void> {
  const reading = await folder.readPlace();
  if (reading.alternates.length === 0) return;
  const trees = new Set<string>();
  for (const number of await keptNumbers(folder.path)) {
    const kept = await readKept(folder.path, number);
    if (kept) trees.add(kept.tree);
  }
  const list = Buffer.from([...trees].map((tree) => `${tree}\n`).join(''));
  const listing = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--stdin'];
  const listed = (await git(reading, listing, { input: list, signal })).toString('latin1').split('\n');
  const missing = new Set(listed.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
  const there = listed.filter((line) => line !== '' && !line.startsWith('?'));
  if (missing.size > 0) await readMissing(folder, missing, signal);
  const input = Buffer.from(there.map((id) => `${id}\n`).join(''));
  const pack = ['pack-objects', '-q', '--window=0', join(folder.path, 'objects', 'pack', 'pack')];
  if (there.length > 0) await git(reading, pack, { input, signal });
  await folder.borrow([]);
}

/** What a damaged repository lacks is read from the files, which are as its index says; one that is gone is lost. */
async function readMissing({ place }: GitFolder, missing: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
  const names = parts(await git(place, ['ls-files', '-s', '-z'], { signal })).flatMap((entry) => {
    const [head = '', name = ''] = entry.split(/\t(.*)/s);
    return missing.has(head.split(' ')[1] ?? '') && !name.includes('\n') ? [name] : [];
  });
  const input = Buffer.from(names.map((name) => `${name}\n`).join(''), 'latin1');
  const hash = ['hash-object', '-w', '--no-filters', '--stdin-paths'];
  if (names.length > 0) await git(place, hash, { input, signal, exitCodes: [0, 128] });
}
