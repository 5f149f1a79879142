/**
 * The control group of one shell's processes, where this machine lets us make one: it bounds the memory and the number of
 * all of them together. What a killed process of ours left is removed by the next one.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isWithin } from './environment.ts';
import type { Limits } from './limits.ts';
import { isAlive } from './stateFolder.ts';

/** What a group bounds. */
export type Controller = 'memory' | 'pids';

export interface ControlGroup {
  /** What is bounded by it; nothing where no group can be had. */
  readonly controls: ReadonlySet<Controller>;
  /** Files to which a process of one thread writes 0 to become a member. */
  readonly members: readonly string[];
  /** Once its processes are gone. */
  readonly remove: () => Promise<void>;
}

/** One hierarchy of groups with the folder in which ours can stand. */
interface Hierarchy {
  readonly version: 1 | 2;
  readonly controllers: readonly Controller[];
  readonly parent: string;
}

/** What the kernel tells of this process: its groups and its mounts. */
interface Self {
  readonly groups: string;
  readonly mounts: string;
}

const names = /^mirothinker-(\d+)-[0-9a-f]+$/;
const reapMs = [0, 5, 20, 80, 200] as const;

/** Makes the group. Never throws: what cannot be had is not in `controls`. */
export async function makeControlGroup(limits: Limits): Promise<ControlGroup> {
  const wanted: readonly Controller[] = [
    ...(limits.memoryBytes === undefined ? [] : (['memory'] as const)),
    ...(limits.processes === undefined ? [] : (['pids'] as const)),
  ];
  const self = {
    groups: await readFile('/proc/self/cgroup', 'utf8').catch(() => ''),
    mounts: await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''),
  };
  const controls = new Set<Controller>();
  const folders: string[] = [];
  const members: string[] = [];
  for (const hierarchy of await findHierarchies(self, wanted)) {
    const missing = hierarchy.controllers.filter((controller) => !controls.has(controller));
    const folder = missing.length === 0 ? undefined : await makeIn(hierarchy, missing, limits);
    if (folder === undefined) continue;
    folders.push(folder);
    members.push(memberFile(folder, hierarchy.version));
    for (const controller of missing) controls.add(controller);
  }
  return {
    controls,
    members,
    remove: async () => {
      for (const folder of folders) await removeGroup(folder);
    },
  };
}

/**
 * Folders in which a group may be made, the best first. Version 2: the nearest one above our own that hands a wanted
 * controller on to its children; the kernel says whether we may. Version 1: below the group that we are in, whose own bounds
 * hold as well.
 */
export async function findHierarchies(
  { groups, mounts }: Self,
  wanted: readonly Controller[],
): Promise<readonly Hierarchy[]> {
  const found: Hierarchy[] = [];
  const mounted = mounts.split('\n').flatMap((line) => readMount(line) ?? []);
  for (const line of groups.split('\n')) {
    const [, list, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (list === undefined || path === undefined) continue;
    const named = wanted.filter((controller) => list.split(',').includes(controller));
    if (list !== '' && named.length === 0) continue;
    const mount = mounted.find(({ kind, options }) =>
      list === '' ? kind === 'cgroup2' : kind === 'cgroup' && named.every((name) => options.includes(name)),
    );
    if (!mount || !isWithin(path, mount.root)) continue;
    const own = join(mount.folder, relative(mount.root, path));
    if (list !== '') found.push({ version: 1, controllers: named, parent: own });
    else found.push(...(await handedOn(own, mount.folder, wanted)));
  }
  return found;
}

/** The folders from our own up to the mount that hand on what is wanted, most of it first. */
async function handedOn(own: string, top: string, wanted: readonly Controller[]): Promise<readonly Hierarchy[]> {
  const found: Hierarchy[] = [];
  for (let parent = own; isWithin(parent, top); parent = dirname(parent)) {
    const text = await readFile(join(parent, 'cgroup.subtree_control'), 'utf8').catch(() => '');
    const controllers = wanted.filter((controller) => text.trim().split(' ').includes(controller));
    if (controllers.length > 0) found.push({ version: 2, controllers, parent });
    if (parent === dirname(parent)) break;
  }
  return found.sort((a, b) => b.controllers.length - a.controllers.length);
}

/** The new group's folder; undefined where it cannot be made, bounded or joined. */
async function makeIn(
  { version, parent }: Hierarchy,
  controllers: readonly Controller[],
  limits: Limits,
): Promise<string | undefined> {
  await removeLeft(parent);
  const folder = join(parent, `mirothinker-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(folder);
  } catch {
    return undefined;
  }
  try {
    for (const controller of controllers) await bound(folder, version, controller, limits);
    await enterOnce(memberFile(folder, version));
    return folder;
  } catch {
    await removeGroup(folder);
    return undefined;
  }
}

async function bound(folder: string, version: 1 | 2, controller: Controller, limits: Limits): Promise<void> {
  const set = (file: string, value: number | undefined) => writeFile(join(folder, file), String(value ?? 'max'));
  if (controller === 'pids') return set('pids.max', limits.processes);
  await set(version === 2 ? 'memory.max' : 'memory.limit_in_bytes', limits.memoryBytes);
  // Neither file is there without swap.
  if (version === 2) await set('memory.swap.max', 0).catch(() => undefined);
  else await set('memory.memsw.limit_in_bytes', limits.memoryBytes).catch(() => undefined);
}

/** Entering as a thread is 50 times as fast, since the kernel then waits for no grace period; version 2 does not allow it. */
function memberFile(folder: string, version: 1 | 2): string {
  return join(folder, version === 1 ? 'tasks' : 'cgroup.procs');
}

/** Shows that a process may become a member; throws where it may not. */
async function enterOnce(file: string): Promise<void> {
  await promisify(execFile)('/bin/sh', ['-c', 'echo 0 >"$1"', 'sh', file], { env: {} });
}

async function removeLeft(parent: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    const pid = Number(names.exec(name)?.[1]);
    if (pid && !isAlive(pid)) await rmdir(join(parent, name)).catch(() => undefined);
  }
}

/** A group can't be removed before its last process is. */
async function removeGroup(folder: string): Promise<void> {
  for (const waitMs of reapMs) {
    await sleep(waitMs);
    const gone = await rmdir(folder).then(
      () => true,
      (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT',
    );
    if (gone) return;
  }
}

/** One line of mountinfo (proc(5)). */
function readMount(line: string) {
  const [before, after] = line.split(' - ');
  const [root, folder] = before?.split(' ').slice(3, 5) ?? [];
  const [kind, , options] = after?.split(' ') ?? [];
  if (root === undefined || folder === undefined || kind === undefined) return undefined;
  return { root, folder, kind, options: (options ?? '').split(',') };
}
