/** Which entries of a folder .gitignore and its like do not name: ripgrep knows. */
import { relative } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import { fromDisk, onDisk } from './pathNames.ts';
import { findRipgrep, ignoreArgs, runRipgrep } from './ripgrepProcess.ts';
import type { HeldFolder } from './safeFiles.ts';
import type { Root, Workspace } from './workspace.ts';

/** Whether files below it, or it itself, are not ignored; the path is relative to the folder that was asked about. */
export type NotIgnored = (path: string) => boolean;

/** Paths kept in memory; beyond these nothing counts as ignored. */
const maxPaths = 200_000;
const limitMs = 10_000;

/** Looks at the files below a folder, to a depth. Nothing counts as ignored where ripgrep is not there, or not done in time. */
export async function notIgnored(
  workspace: Workspace,
  root: Root,
  absolute: string,
  depth: number,
  signal: AbortSignal,
): Promise<NotIgnored> {
  const binary = await findRipgrep(workspace.ripgrepPaths, workspace.roots).catch(() => undefined);
  if (binary === undefined || typeof onDisk(absolute) !== 'string') return () => true;
  const inside = relative(root.path, absolute);
  const start = inside === '' ? './' : `./${inside}/`;
  const known = new Set<string>();
  const take = (line: Buffer) => {
    const segments = fromDisk(line).slice(start.length).split('/');
    for (let deep = 1; deep <= Math.min(depth, segments.length); deep++) known.add(segments.slice(0, deep).join('/'));
    return known.size < maxPaths;
  };
  const args = ['--files', '--null', ...(await ignoreArgs(root.path, absolute))];
  const place = { folder: root.path, paths: [start] };
  const finished = await runRipgrep(binary, args, place, { end: 0, limitMs, take }, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof ToolError) return undefined;
    throw error;
  });
  if (!finished || finished.cut) return () => true;
  return (path) => known.has(path) || /(?:^|\/)\.git(?:\/|$)/.test(`${inside}/${path}`);
}

/** Whether a folder holds a file at any depth: one that does not cannot be told from one that is ignored. */
export async function holdsFiles(folder: HeldFolder, name: string): Promise<boolean> {
  const found = await folder.below(name, async (held) => {
    const entries = await held.entries();
    if (entries.some(({ kind }) => kind === 'file')) return true;
    for (const { name: inner, kind } of entries) if (kind === 'folder' && (await holdsFiles(held, inner))) return true;
    return false;
  });
  return found ?? false;
}
