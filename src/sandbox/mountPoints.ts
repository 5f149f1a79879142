/**
 * Empty folders that stand, while a sandbox lives, where protected paths must not come to be: bubblewrap mounts over
 * them. They are on the real file system, so every holder writes down which ones it needs; the last one removes them,
 * and who comes after a crash removes what the dead left. A folder that holds anything is never removed.
 */
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from './stateFolder.ts';

/** Mount points that one sandbox holds. */
export interface HeldMountPoints {
  readonly paths: readonly string[];
  readonly release: () => Promise<void>;
}

/** The lock is held for milliseconds; one this old was left by a crash. */
const staleLockMs = 2000;
const noteSchema = z.object({ pid: z.number().int().positive(), paths: z.array(z.string()) });

/** Makes the folders that do not exist, and holds them. `folder` keeps the notes; it is shared by all runs there. */
export function holdMountPoints(folder: string, wanted: readonly string[]): Promise<HeldMountPoints> {
  const note = join(folder, `${process.pid}-${randomUUID()}.json`);
  const write = (paths: readonly string[]) =>
    writeFile(note, JSON.stringify({ pid: process.pid, paths }), { mode: 0o600 });
  return alone(folder, async () => {
    const others = await heldPaths(folder);
    // Noted before they are made: whatever happens, the next one knows what may be left.
    await write(wanted);
    const paths: string[] = [];
    for (const path of wanted) {
      const made = await mkdir(path).then(
        () => true,
        () => false,
      );
      if (made || others.has(path)) paths.push(path);
    }
    await write(paths);
    return { paths, release: () => alone(folder, () => release(folder, note, paths)) };
  });
}

/** Every path that some living sandbox holds. Removes what dead ones left. */
export async function heldPaths(folder: string, but?: string): Promise<Set<string>> {
  const held = new Set<string>();
  const left: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (path === but) continue;
    const text = await readFile(path, 'utf8').catch(() => undefined);
    const note = text === undefined ? undefined : noteSchema.safeParse(parseJson(text)).data;
    if (note && isAlive(note.pid)) note.paths.forEach((standIn) => held.add(standIn));
    else if (note) {
      left.push(...note.paths);
      await rm(path, { force: true });
    }
  }
  await removeEmpty(left.filter((path) => !held.has(path)));
  return held;
}

async function release(folder: string, note: string, paths: readonly string[]): Promise<void> {
  const others = await heldPaths(folder, note);
  await removeEmpty(paths.filter((path) => !others.has(path)));
  await rm(note, { force: true });
}

/** One holder at a time, in all processes, so that nobody removes what another has just begun to hold. */
async function alone<T>(folder: string, act: () => Promise<T>): Promise<T> {
  const lock = `${folder}.lock`;
  const startedAt = Date.now();
  while (!(await mkdir(lock).then(() => true, isTaken))) {
    if (Date.now() - startedAt > staleLockMs) await rmdir(lock).catch(() => undefined);
    await sleep(2);
  }
  try {
    return await act();
  } finally {
    await rmdir(lock).catch(() => undefined);
  }
}

function isTaken(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
  throw error;
}

/** rmdir refuses what is not an empty folder; then it is no longer ours, and stays. */
async function removeEmpty(paths: readonly string[]): Promise<void> {
  for (const path of paths) await rmdir(path).catch(() => undefined);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
