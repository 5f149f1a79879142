/** move_file: a file or a folder under another name or in another folder. */
import { randomBytes } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { basename, dirname, sep } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { countOf } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { shownName } from './pathNames.ts';
import { withFolder, type HeldFolder } from './safeFiles.ts';
import { moveTree } from './treeFiles.ts';
import { lookThrough, refuseUnsaved, touchedFiles, type Tree } from './wholeTree.ts';
import type { Located, Workspace } from './workspace.ts';

const description =
  'Moves or renames a file or a folder of the workspace; folders that are missing above the new place are made. What stands there already is kept, unless overwrite is set (files only). Links are moved themselves.';

const input = z.object({
  from: z.string().min(1).describe('The file or folder, relative to the workspace'),
  to: z.string().min(1).describe('Its new path, with its new name'),
  overwrite: z.boolean().optional().describe('Replace a file that stands there; default: false'),
});

/** Moves what stands at a path. */
export function moveFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'move_file',
    description,
    input,
    effect: 'write',
    run: async ({ from, to, overwrite = false }, { signal }) => {
      const old = await workspace.resolve(from, 'entry');
      const place = await workspace.resolve(to, 'write');
      refuseImpossible(old, place);
      try {
        return await withFolder(dirname(old.absolute), old.relative, async (source) => {
          const held = { folder: source, name: basename(old.absolute) };
          const tree = await lookThrough(workspace, old, held, place.absolute, signal);
          await refuseUnsaved(workspace, place);
          return withFolder(
            dirname(place.absolute),
            place.relative,
            async (target) => {
              const replaced = await refuseExisting(target, place, {
                name: held.name,
                isFolder: tree.isFolder,
                overwrite,
              });
              const temporary = `.${randomBytes(6).toString('hex')}.tmp`;
              await moveTree(held, { folder: target, name: basename(place.absolute), temporary }, signal);
              return moved(old, place, tree, replaced);
            },
            { make: true },
          );
        });
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, `${old.relative} → ${place.relative}`);
      }
    },
  });
}

function refuseImpossible(old: Located, place: Located): void {
  if (old.absolute === place.absolute) throw new ToolError(`${place.relative} is where it stands already.`);
  if (place.absolute.startsWith(old.absolute + sep)) {
    throw new ToolError(`${old.relative} cannot be moved into itself.`);
  }
}

/** Whether a file stands at the new place that may be replaced. */
async function refuseExisting(
  target: HeldFolder,
  { absolute, relative }: Located,
  moving: { readonly name: string; readonly isFolder: boolean; readonly overwrite: boolean },
): Promise<boolean> {
  const there = await lstat(target.at(basename(absolute))).catch(() => undefined);
  if (!there) return false;
  if (there.isDirectory()) {
    const inside = `${relative}/${shownName(moving.name)}`;
    throw new ToolError(`${relative} is a folder that exists. Name the new path in it: ${inside}.`);
  }
  if (!moving.isFolder && moving.overwrite) return true;
  const advice = moving.isFolder ? 'Choose another name.' : 'Choose another name, or set overwrite to replace it.';
  throw new ToolError(`${relative} exists already. ${advice}`);
}

function moved(old: Located, place: Located, tree: Tree, replaced: boolean): ToolOutput {
  const [gone, come] = [touchedFiles(old.absolute, tree), touchedFiles(place.absolute, tree)];
  const files = tree.isFolder ? ` (${countOf(tree.fileCount, 'file')})` : '';
  return {
    content: `Moved ${old.relative} to ${place.relative}${replaced ? ', which it replaced' : ''}${files}.`,
    ...(gone && come && { touched: [...gone, ...come] }),
  };
}
