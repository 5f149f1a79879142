/** list_files: what is in a folder. */
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { readFolder } from './safeFiles.ts';
import type { Workspace } from './workspace.ts';

const maxEntries = 500;
/** Listed, but entered only when asked for by name. */
const notEntered: ReadonlySet<string> = new Set(['.git', 'node_modules', '__pycache__', '.venv']);

const description = `Lists a folder of the workspace, one path a line: folders end with a slash, files have their size. At most ${maxEntries} entries; what is left out is told.`;

const input = z.object({
  path: z.string().optional().describe('The folder, relative to the workspace; default: the workspace itself'),
  depth: z.number().int().min(1).max(20).optional().describe('Levels of folders to go down; default 1'),
});

/** The entries of a folder, nearer ones first. */
export function listFilesTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'list_files',
    description,
    input,
    effect: 'read',
    run: async ({ path, depth = 1 }, { signal }) => {
      const several = workspace.roots.length > 1 && (path === undefined || ['', '.', './'].includes(path));
      const starts = several
        ? workspace.roots.map((root) => ({ absolute: root.path, relative: root.name }))
        : [await workspace.resolve(path ?? '.', 'read')];
      const entries: string[] = several ? starts.map(({ relative }) => `${relative}/`) : [];
      const levels = several ? depth - 1 : depth;
      let omitted = 0;
      for (const { absolute, relative } of levels > 0 ? starts : []) {
        const found = await listed(absolute, relative, levels, maxEntries - entries.length, signal);
        entries.push(...found.entries);
        omitted += found.omitted;
      }
      if (entries.length === 0 && omitted === 0) return { content: `[${path ?? 'The workspace'} is empty.]` };
      const more = `[${countOf(omitted, 'more entry', 'more entries')} not shown. List a folder of these by its path.]`;
      return { content: [...entries, ...(omitted > 0 ? [more] : [])].join('\n'), truncated: omitted > 0 };
    },
  });
}

interface Listed {
  readonly entries: readonly string[];
  readonly omitted: number;
}

/** Level by level, so that what is near is listed before the limit is reached; then sorted by path. */
async function listed(
  absolute: string,
  relative: string,
  depth: number,
  limit: number,
  signal: AbortSignal,
): Promise<Listed> {
  const found: { readonly path: string; readonly text: string }[] = [];
  let omitted = 0;
  let level = [{ absolute, shown: relative === '.' ? '' : relative }];
  for (let deep = 0; deep < depth && level.length > 0 && omitted === 0; deep++) {
    const next: typeof level = [];
    for (const folder of level) {
      signal.throwIfAborted();
      const first = deep === 0;
      for (const entry of await entriesOf(folder.absolute, relative, first)) {
        const shown = folder.shown ? `${folder.shown}/${entry.name}` : entry.name;
        const path = join(folder.absolute, entry.name);
        if (found.length >= limit) omitted++;
        else found.push({ path: shown, text: await describe(entry, path, shown) });
        if (entry.isDirectory() && !notEntered.has(entry.name)) next.push({ absolute: path, shown });
      }
    }
    level = next;
  }
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: found.map(({ text }) => text), omitted };
}

/** A folder below that cannot be read counts as empty; the one asked for is told. */
async function entriesOf(absolute: string, shown: string, asked: boolean): Promise<readonly Dirent[]> {
  try {
    const entries = await readFolder(absolute, shown);
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (!asked) return [];
    const stats = await lstat(absolute).catch(() => undefined);
    if (stats?.isFile()) throw new ToolError(`${shown} is a file (${formatBytes(stats.size)}). Use read_file for it.`);
    throw fileProblem(error, shown);
  }
}

async function describe(entry: Dirent, absolute: string, shown: string): Promise<string> {
  if (entry.isDirectory()) return `${shown}/`;
  if (entry.isSymbolicLink()) return `${shown} -> ${await readlink(absolute).catch(() => '?')}`;
  const stats = await lstat(absolute).catch(() => undefined);
  return stats?.isFile() ? `${shown}  ${formatBytes(stats.size)}` : `${shown}  (no file)`;
}
