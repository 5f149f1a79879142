/** delete_file: a file, a link, or a folder with all that is in it. */
import { basename, dirname } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { withFolder } from './safeFiles.ts';
import { removeTree } from './treeFiles.ts';
import { lookThrough, touchedFiles } from './wholeTree.ts';
import type { Workspace } from './workspace.ts';

const description =
  'Deletes a file of the workspace, a link (not what it leads to) or an empty folder. A folder that holds something needs recursive.';

const input = z.object({
  path: z.string().min(1).describe('The file or folder, relative to the workspace'),
  recursive: z.boolean().optional().describe('Delete a folder with all that is in it; default: false'),
});

/** Deletes what stands at a path. */
export function deleteFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'delete_file',
    description,
    input,
    effect: 'write',
    asks: 'It deletes files of the workspace. Checkpoints bring them back, but not those that git ignores or very large ones.',
    run: async ({ path, recursive = false }, { signal }) => {
      const place = await workspace.resolve(path, 'entry');
      const { absolute, relative } = place;
      const name = basename(absolute);
      try {
        return await withFolder(dirname(absolute), relative, async (folder) => {
          const tree = await lookThrough(workspace, place, { folder, name }, undefined, signal);
          if (tree.entryCount > 0 && tree.isFolder && !recursive) {
            const holds = tree.fileCount === 0 ? 'folders' : countOf(tree.fileCount, 'file');
            throw new ToolError(`${relative} is a folder that holds ${holds}. Set recursive to delete it with them.`);
          }
          await removeTree(folder, name, signal);
          const touched = touchedFiles(absolute, tree);
          return { content: told(relative, tree, place.isLink), ...(touched && { touched }) };
        });
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, relative);
      }
    },
  });
}

function told(
  shown: string,
  { isFolder, fileCount }: { readonly isFolder: boolean; readonly fileCount: number },
  isLink: boolean,
): string {
  if (isLink) return `Deleted the link ${shown}; what it leads to is as it was.`;
  return isFolder ? `Deleted ${shown} with ${countOf(fileCount, 'file')}.` : `Deleted ${shown}.`;
}
