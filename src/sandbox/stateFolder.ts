/** Folders of ours on which a shell's sandboxes live: their homes and temporary files. They end with the shell. */
import { lstat, mkdir, mkdtemp, readdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { collectEtc, type ShownAs } from './etc.ts';
import { removeTree } from './removeTree.ts';

/** One sandbox's own folders. */
export interface SandboxFolders {
  readonly home: string;
  readonly temporary: string;
  /** Files of ours for single launches; no process sees them. */
  readonly launches: string;
}

export interface StateFolder {
  /** What must not be seen by any process. */
  readonly base: string;
  /** Where guards write; shared by all shells. */
  readonly notes: string;
  /** A folder that stays empty. */
  readonly empty: string;
  /** The sandbox's /etc. */
  readonly etc: readonly ShownAs[];
  readonly newSandbox: () => Promise<SandboxFolders & { readonly remove: () => Promise<void> }>;
  readonly remove: () => Promise<void>;
}

/**
 * Makes the folders, one place for all shells of a person, and removes those of processes that are gone. Throws UserError
 * when the place is somebody else's.
 */
export async function makeStateFolder(temporary: string = tmpdir()): Promise<StateFolder> {
  const base = await stateBase(temporary);
  const notes = notesIn(base);
  await removeLeftovers(base);
  const folder = await mkdtemp(join(base, `${process.pid}-`));
  const empty = join(folder, 'empty');
  await mkdir(empty, { mode: 0o555 });
  const make = async () => {
    const own = await mkdtemp(join(folder, 'sandbox-'));
    const folders = { home: join(own, 'home'), temporary: join(own, 'tmp'), launches: join(own, 'launches') };
    await Promise.all(Object.values(folders).map((path) => mkdir(path)));
    return { ...folders, remove: () => removeFolder(own) };
  };
  // The next one is made while nobody waits for it.
  let spare: ReturnType<typeof make> | undefined;
  return {
    base,
    notes,
    empty,
    etc: await collectEtc(join(folder, 'etc')),
    newSandbox: async () => {
      const taken = spare;
      spare = undefined;
      const sandbox = await (taken ?? make());
      spare ??= make();
      spare.catch(() => undefined);
      return sandbox;
    },
    remove: async () => {
      await spare?.catch(() => undefined);
      await removeFolder(folder);
    },
  };
}

/** Where guards write, in the place that all shells of a person share. */
export function notesIn(base: string): string {
  return join(base, 'guards');
}

/** One place for all shells of a person. */
export async function stateBase(temporary: string = tmpdir()): Promise<string> {
  return ownFolder(join(await realpath(temporary), `mirothinker-${userId()}`));
}

/** A user may have a number and no name, as in a container; userInfo throws then. */
function userId(): number {
  return process.getuid?.() ?? 0;
}

/** The folder, made or found; others could have put a link or a folder of theirs there, since anybody may write here. */
async function ownFolder(path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const state = await lstat(path);
  if (state.isDirectory() && state.uid === userId() && (state.mode & 0o077) === 0) return path;
  throw new UserError(
    `${path} is needed for sandboxes but is not a private folder of yours. Remove it, or set TMPDIR.`,
  );
}

async function removeLeftovers(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) await removeFolder(join(base, name));
  }
}

/** What can't be removed now is left: the next shell tries again. */
async function removeFolder(folder: string): Promise<void> {
  await removeTree(folder).catch(() => undefined);
}

/** Whether a process exists, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
