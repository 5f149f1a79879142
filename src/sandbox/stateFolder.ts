/** Folders of ours on which a shell's sandboxes live: their homes and temporary files. They end with the shell. */
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';

/** One sandbox's own folders. */
export interface SandboxFolders {
  readonly home: string;
  readonly temporary: string;
}

export interface StateFolder {
  /** What must not be seen by any process. */
  readonly base: string;
  /** Where guards write; shared by all shells. */
  readonly notes: string;
  /** A folder that stays empty. */
  readonly empty: string;
  /** Files of /etc that are made for the sandbox. */
  readonly etc: readonly { readonly from: string; readonly to: string }[];
  readonly newSandbox: () => Promise<SandboxFolders & { readonly remove: () => Promise<void> }>;
  readonly remove: () => Promise<void>;
}

const passwd = `root:x:0:0:root:/root:/bin/bash
user:x:1000:1000:user:/home/user:/bin/bash
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
`;
const group = `root:x:0:
user:x:1000:
nogroup:x:65534:
`;

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
  // Behind /etc/resolv.conf is often a link into /run, which is hidden.
  const resolver = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  const files = { passwd, group, 'resolv.conf': resolver };
  const etc = Object.keys(files).map((name) => ({ from: join(folder, name), to: `/etc/${name}` }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return {
    base,
    notes,
    empty,
    etc,
    newSandbox: async () => {
      const own = await mkdtemp(join(folder, 'sandbox-'));
      const folders = { home: join(own, 'home'), temporary: join(own, 'tmp') };
      await mkdir(folders.home);
      await mkdir(folders.temporary);
      return { ...folders, remove: () => removeFolder(own) };
    },
    remove: () => removeFolder(folder),
  };
}

/** Where guards write, in the place that all shells of a person share. */
export function notesIn(base: string): string {
  return join(base, 'guards');
}

/** One place for all shells of a person. */
export async function stateBase(temporary: string = tmpdir()): Promise<string> {
  return ownFolder(join(await realpath(temporary), `mirothinker-${userInfo().uid}`));
}

/** The folder, made or found; others could have put a link or a folder of theirs there, since anybody may write here. */
async function ownFolder(path: string): Promise<string> {
  await mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  const state = await lstat(path);
  if (state.isDirectory() && state.uid === userInfo().uid && (state.mode & 0o077) === 0) return path;
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

/** What can't be removed now (a read-only folder of a command's) is left: the next shell tries again. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 2 }).catch(() => undefined);
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
