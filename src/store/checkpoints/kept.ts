/** What is noted of each checkpoint beside git's objects: its tree, and what of the workspace it does not hold. */
import { readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ByteName } from './names.ts';
import { byteName, shownName } from './names.ts';

const keptSchema = z.object({
  tree: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  /** Names as they are shown, with the reason. */
  unheld: z.array(z.tuple([z.string(), z.string()])).readonly(),
});

/** One root's files at one time. */
export interface Kept {
  readonly tree: string;
  /** Files that were there and are not in the tree, and why. */
  readonly unheld: ReadonlyMap<ByteName, string>;
}

/** Notes a checkpoint; it is there whole or not at all. */
export async function writeKept(folder: string, number: number, { tree, unheld }: Kept): Promise<void> {
  const path = join(folder, 'kept', `${number}.json`);
  const note = { tree, unheld: [...unheld].map(([name, reason]) => [shownName(name), reason]) };
  await writeFile(`${path}.next`, JSON.stringify(note), { mode: 0o600 });
  await rename(`${path}.next`, path);
}

/** The newest that is not newer than `number`; undefined where there is none, or it is damaged. */
export async function readKept(folder: string, number: number): Promise<Kept | undefined> {
  const newest = (await keptNumbers(folder)).findLast((kept) => kept <= number);
  if (newest === undefined) return undefined;
  try {
    const { tree, unheld } = keptSchema.parse(
      JSON.parse(await readFile(join(folder, 'kept', `${newest}.json`), 'utf8')),
    );
    return { tree, unheld: new Map(unheld.map(([name, reason]) => [byteName(name), reason])) };
  } catch {
    return undefined;
  }
}

/** The numbers of all checkpoints, in order. */
export async function keptNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(join(folder, 'kept')).catch(() => []);
  const numbers = names.flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.toSorted((a, b) => a - b);
}

/** The tree without files, by the length of its repository's names for objects in bytes. */
export const emptyTree = {
  20: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  32: '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321',
} as const;
