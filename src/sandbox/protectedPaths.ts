/** Keeps commands from protected paths: what exists is read-only, what must not exist cannot, what came is moved away. */
import { spawn } from 'node:child_process';
import { lstat, readlink, realpath, rename, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { isProtected } from '../agent/protectedPaths.ts';
import { isWithin } from './environment.ts';

/** What stands at a protected path; the identity stays when a parent is renamed. */
interface Found {
  readonly identity: string;
  readonly root: string;
  readonly link?: string;
}

/** Protected paths of a workspace by their absolute path: the topmost ones, not what lies below them. */
export type ProtectedPaths = ReadonlyMap<string, Found>;

/** How bubblewrap keeps them: see `View`. */
export interface ProtectingMounts {
  readonly pinned: readonly string[];
  readonly kept: readonly string[];
  /** Paths that do not exist and must not. */
  readonly absent: readonly string[];
}

/** Stand-ins of these keep the name free at every root and nested repository; other names are looked for afterwards. */
const keptAbsent = ['.git', '.vscode', '.mirothinker.json', '.mcp.json', 'mcp.json'];
const maxPinned = 200;
/** A superset of the protected names, for `find`; `isProtected` decides. */
const candidates = [
  '*mcp*.json',
  '.mirothinker.json',
  '*devcontainer.json',
  '*.code-workspace',
  'settings*.json',
  'config.toml',
];

/** Looks through the workspace. Links are not followed; of node_modules only repositories count. */
export async function findProtected(
  roots: readonly string[],
  hidden: readonly string[],
  signal: AbortSignal,
): Promise<ProtectedPaths> {
  const found = new Map<string, Found>();
  for (const root of roots) {
    for (const path of await find(root, signal)) {
      const inside = relative(root, path);
      if (!isProtected(inside) || isProtected(dirname(inside)) || hidden.some((folder) => isWithin(path, folder)))
        continue;
      if (/(?:^|\/)node_modules\//.test(inside) && !path.endsWith('/.git')) continue;
      const state = await lstat(path).catch(() => undefined);
      if (!state) continue;
      const link = state.isSymbolicLink() ? await readlink(path) : undefined;
      const identity = link === undefined ? `${state.dev}:${state.ino}` : `-> ${link}`;
      found.set(path, { identity, root, ...(link !== undefined && { link }) });
    }
  }
  return found;
}

/** The mounts that keep what was found. */
export async function mountsFor(roots: readonly string[], found: ProtectedPaths): Promise<ProtectingMounts> {
  const pinned = new Set<string>();
  const kept: string[] = [];
  for (const [path, { root, link }] of found) {
    if (link === undefined) kept.push(path);
    else {
      // A link can't be mounted on; what it names can, and the link itself is looked at afterwards.
      const target = await realpath(path).catch(() => undefined);
      if (target !== undefined && roots.some((folder) => target !== folder && isWithin(target, folder)))
        kept.push(target);
    }
    // Every pinned folder is a mount; beyond the limit a rename is found out afterwards.
    if (!path.endsWith('/.git') && pinned.size >= maxPinned) continue;
    for (let folder = dirname(path); folder !== root && isWithin(folder, root); folder = dirname(folder))
      pinned.add(folder);
  }
  const repositories = [...found.keys()].filter((path) => path.endsWith('/.git')).map((path) => dirname(path));
  const guarded = new Set([...roots, ...repositories]);
  const absent = [...guarded].flatMap((folder) => keptAbsent.map((name) => join(folder, name)));
  return {
    pinned: [...pinned].sort((a, b) => a.length - b.length),
    kept,
    absent: absent.filter((path) => !found.has(path)),
  };
}

/**
 * Moves protected paths away that were not there before, next to where they stood, and puts links back. Gives back what
 * it did, in words for the model. Nothing is deleted.
 */
export async function moveAway(before: ProtectedPaths, after: ProtectedPaths): Promise<readonly string[]> {
  const known = new Set([...before.values()].map(({ identity }) => identity));
  const notes: string[] = [];
  for (const [path, { identity, root, link }] of after) {
    const old = before.get(path);
    const untouched = old?.link === undefined ? old !== undefined : old.identity === identity;
    const movedAlong = old === undefined && link === undefined && known.has(identity);
    if (untouched || movedAlong) continue;
    const shown = relative(root, path);
    const moved = await moveOne(path).catch(() => undefined);
    if (moved === undefined && !(await lstat(path).catch(() => undefined))) continue;
    if (moved === undefined) notes.push(`${shown} was created, which is not allowed, and could not be moved away.`);
    else
      notes.push(
        `${shown} is protected: commands may not create or change it. It was moved to ${relative(root, moved)}.`,
      );
  }
  for (const [path, { root, link }] of before) {
    if (link === undefined || after.get(path)?.link === link) continue;
    const restored = await symlink(link, path).then(
      () => true,
      () => false,
    );
    if (restored) notes.push(`${relative(root, path)} is protected: it was restored.`);
  }
  return notes;
}

/** Within its folder, never through a link. */
async function moveOne(path: string): Promise<string> {
  const folder = dirname(path);
  if ((await realpath(folder)) !== folder) throw new Error(`${folder} is a link now`);
  for (let count = 1; ; count++) {
    const to = `${path}.blocked${count === 1 ? '' : `-${count}`}`;
    if (await lstat(to).catch(() => undefined)) continue;
    await rename(path, to);
    return to;
  }
}

function find(root: string, signal: AbortSignal): Promise<readonly string[]> {
  const folders = ['(', '-iname', '.git', '-o', '-iname', '.vscode', ')', '-print0', '-prune'];
  const args = [root, '-mindepth', '1', ...folders, ...candidates.flatMap((name) => ['-o', '-iname', name, '-print0'])];
  return new Promise((resolve, reject) => {
    const child = spawn('find', args, {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
      signal,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (data: string) => (text += data));
    child.on('error', reject);
    child.on('close', () => resolve(text.split('\0').filter((path) => path !== '')));
  });
}
