/** Keeps commands from protected paths: what exists is read-only, what must not exist cannot, what came is moved away. */
import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isBareHead } from './bareRepository.ts';
import { isText, toSystem, toText } from './bytePath.ts';
import { isWithin } from './environment.ts';

/** What stands at a protected path; the identity stays when a parent is renamed. */
export interface Found {
  readonly identity: string;
  readonly root: string;
  readonly link?: string;
}

/**
 * Protected paths of a workspace by their absolute path: the topmost ones, not what lies below them. All paths in it are
 * bytes (see bytePath.ts).
 */
export type ProtectedPaths = ReadonlyMap<string, Found>;

/** How bubblewrap keeps them: see `View`. These paths are texts. */
export interface ProtectingMounts {
  readonly pinned: readonly string[];
  readonly kept: readonly string[];
  /** Paths that do not exist and must not. */
  readonly absent: readonly string[];
}

/** Stand-ins of these keep the name free at every root and in nested repositories; other names are looked for afterwards. */
const keptAbsent = ['.git', '.vscode', '.mcp.json', 'mcp.json'];
/** What git runs or reads as its configuration; in a root that is a bare repository they are kept one by one. */
const bareParts = ['HEAD', 'config', 'config.worktree', 'commondir', 'hooks', 'info'];
const maxPinned = 200;
/** Each has mounts of its own, which every start pays for. */
const maxRepositories = 20;

/** The mounts that keep what was found. */
export function mountsFor(roots: readonly string[], found: ProtectedPaths): ProtectingMounts {
  const pinned = new Set<string>();
  const kept = new Set<string>();
  for (const [path, { root, link }] of found) {
    const keep = isBareHead(path) && link === undefined ? dirname(path) : path;
    if (link !== undefined) {
      // A link can't be mounted on; what it names can, and the link itself is looked at afterwards.
      const target = realPath(path);
      if (target !== undefined && roots.some((folder) => target !== folder && isWithin(target, folder)))
        kept.add(target);
    } else if (keep === root) for (const part of bareParts) kept.add(join(root, part));
    else kept.add(keep);
    // Every pinned folder is a mount; beyond the limit a rename is found out afterwards.
    if (!path.endsWith('/.git') && pinned.size >= maxPinned) continue;
    for (let folder = dirname(keep); folder !== root && isWithin(folder, root); folder = dirname(folder))
      pinned.add(folder);
  }
  const repositories = [...found.keys()].filter((path) => path.endsWith('/.git')).map((path) => dirname(path));
  const nearest = repositories.sort((a, b) => a.length - b.length).slice(0, maxRepositories);
  const absent = [...new Set([...roots, ...nearest])].flatMap((folder) => keptAbsent.map((name) => join(folder, name)));
  return {
    pinned: [...pinned]
      .sort((a, b) => a.length - b.length)
      .filter(isText)
      .map(toText),
    kept: [...new Set([...kept].flatMap((path) => nameable(path, roots)))].map(toText),
    absent: absent.filter((path) => !found.has(path) && isText(path)).map(toText),
  };
}

/** bubblewrap is told texts: for a path that is none, the nearest folder above it that is one is kept, below a root. */
function nameable(path: string, roots: readonly string[]): readonly string[] {
  let folder = path;
  while (!isText(folder)) folder = dirname(folder);
  return roots.includes(folder) ? [] : [folder];
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(toSystem(path), 'buffer').toString('latin1');
  } catch {
    return undefined;
  }
}
