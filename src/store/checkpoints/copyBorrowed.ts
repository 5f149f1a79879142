/** Copies what a git folder borrowed, so that nothing that a person does to their repository can take it away. */
import { join } from 'node:path';
import { git } from './git.ts';
import type { GitFolder } from './gitFolder.ts';
import { keptNumbers, readKept } from './kept.ts';

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
  const objects = await git(reading, ['rev-list', '--objects', '--no-object-names', '--stdin'], {
    input: list,
    signal,
  });
  const pack = ['pack-objects', '-q', '--window=0', join(folder.path, 'objects', 'pack', 'pack')];
  if (objects.length > 0) await git(reading, pack, { input: objects, signal });
  await folder.borrow([]);
}
