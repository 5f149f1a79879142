/** list_files: what is in a folder. */
import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { fromDisk, onDisk, shownName } from './pathNames.ts';
import { withFolder, type Entry, type HeldFolder } from './safeFiles.ts';
import { holdsFiles, notIgnored, type NotIgnored } from './ignoredFiles.ts';
import type { Workspace } from './workspace.ts';

const maxEntries = 500;
/** Listed, but entered only when asked for by name. */
const notEntered: ReadonlySet<string> = new Set(['.git', 'node_modules', '__pycache__', '.venv']);

const description = `Lists a folder of the workspace, one path a line: folders end with a slash, files have their size. What .gitignore names is marked and not entered; name it as path to list it. At most ${maxEntries} entries, near ones first; what is left out is told.`;

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
        ? workspace.roots.map((root) => ({ absolute: root.path, relative: root.name, root }))
        : [await workspace.resolve(path ?? '.', 'read')];
      const entries: string[] = several ? starts.map(({ relative }) => `${relative}/`) : [];
      const levels = several ? depth - 1 : depth;
      let omitted = 0;
      for (const { absolute, relative, root } of levels > 0 ? starts : []) {
        const kept = await notIgnored(workspace, root, absolute, levels, signal);
        const found = await listed(absolute, relative, levels, maxEntries - entries.length, kept, signal);
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

interface Found {
  readonly path: string;
  readonly text: string;
}

/** Level by level, so that what is near is listed before the limit is reached, ignored entries last; then sorted by path. */
async function listed(
  absolute: string,
  relative: string,
  depth: number,
  limit: number,
  kept: NotIgnored,
  signal: AbortSignal,
): Promise<Listed> {
  const found: Found[] = [];
  const ignored: Found[] = [];
  let count = 0;
  let level = [{ inside: '' }];
  for (let deep = 0; deep < depth && level.length > 0 && count <= limit; deep++) {
    const next: typeof level = [];
    for (const { inside } of level) {
      signal.throwIfAborted();
      await inFolder(join(absolute, inside), relative, inside === '', async (folder) => {
        for (const entry of (await folder.entries()).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
          const path = inside === '' ? entry.name : `${inside}/${entry.name}`;
          const isIgnored = !kept(path) && (await mayBeIgnored(folder, entry));
          const list = isIgnored ? ignored : found;
          count++;
          if (list.length < limit) list.push(await described(folder, entry, shownPath(relative, path), isIgnored));
          if (entry.kind === 'folder' && !isIgnored && !notEntered.has(entry.name)) next.push({ inside: path });
        }
      });
    }
    level = next;
  }
  const shown = [...found, ...ignored].slice(0, limit).sort((a, b) => (a.path < b.path ? -1 : 1));
  return { entries: shown.map(({ text }) => text), omitted: count - shown.length };
}

/** Links and empty folders are listed by no ignore-minding tool. */
async function mayBeIgnored(folder: HeldFolder, { name, kind }: Entry): Promise<boolean> {
  return kind === 'file' || (kind === 'folder' && (await holdsFiles(folder, name).catch(() => false)));
}

function shownPath(relative: string, inside: string): string {
  const path = inside.split('/').map(shownName).join('/');
  return relative === '.' ? path : `${relative}/${path}`;
}

/** A folder below that cannot be read counts as empty; the one asked for is told. */
async function inFolder(
  absolute: string,
  shown: string,
  asked: boolean,
  use: (folder: HeldFolder) => Promise<void>,
): Promise<void> {
  try {
    await withFolder(absolute, shown, use);
  } catch (error) {
    if (!asked) return;
    const stats = await lstat(onDisk(absolute)).catch(() => undefined);
    if (stats?.isFile()) throw new ToolError(`${shown} is a file (${formatBytes(stats.size)}). Use read_file for it.`);
    throw fileProblem(error, shown);
  }
}

async function described(folder: HeldFolder, { name, kind }: Entry, path: string, isIgnored: boolean): Promise<Found> {
  const mark = isIgnored ? '  (ignored)' : '';
  if (kind === 'folder') return { path, text: `${path}/${mark}` };
  if (kind === 'link') {
    const target = await readlink(folder.at(name), { encoding: 'buffer' }).then(fromDisk, () => '?');
    return { path, text: `${path} -> ${shownName(target)}${mark}` };
  }
  const stats = kind === 'file' ? await lstat(folder.at(name)).catch(() => undefined) : undefined;
  return { path, text: stats?.isFile() ? `${path}  ${formatBytes(stats.size)}${mark}` : `${path}  (no file)${mark}` };
}
