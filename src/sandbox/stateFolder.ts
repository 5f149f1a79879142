/** Folders of ours on which a shell's sandboxes live: their homes and temporary files. They end with the shell. */
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One sandbox's own folders. */
export interface SandboxFolders {
  readonly home: string;
  readonly temporary: string;
}

export interface StateFolder {
  /** Where held mount points are noted; shared by all runs of the runs folder. */
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

/** Makes the folders below the runs folder, which no sandbox sees, and removes those of processes that are gone. */
export async function makeStateFolder(runsFolder: string): Promise<StateFolder> {
  const base = join(runsFolder, '.sandbox');
  const notes = join(base, 'mountPoints');
  const folder = await makeOwn(base, notes).catch(() => makeOwn(base, notes));
  const empty = join(folder, 'empty');
  await mkdir(empty, { mode: 0o555 });
  // Behind /etc/resolv.conf is often a link into /run, which is hidden.
  const resolver = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  const files = { passwd, group, 'resolv.conf': resolver };
  const etc = Object.keys(files).map((name) => ({ from: join(folder, name), to: `/etc/${name}` }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return {
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
    remove: async () => {
      await removeFolder(folder);
      for (const unused of [notes, base]) await rmdir(unused).catch(() => undefined);
    },
  };
}

/** Fails when another shell, the last one, removes the empty base meanwhile: then it is made again. */
async function makeOwn(base: string, notes: string): Promise<string> {
  await mkdir(notes, { recursive: true, mode: 0o700 });
  await removeLeftovers(base);
  return mkdtemp(join(base, `${process.pid}-`));
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
