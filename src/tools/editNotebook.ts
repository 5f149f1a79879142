/** edit_notebook: one cell of a Jupyter notebook replaced, inserted or deleted. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool, type ToolOutput } from '../agent/tool.ts';
import { countOf } from '../shared/quantities.ts';
import type { CellChange, OpenCell } from './documents.ts';
import { readText, unsavedWords, writeText } from './fileText.ts';
import { notebookCells, notebookHasIds } from './notebook.ts';
import { changeNotebook } from './notebookEdit.ts';
import type { Located, Workspace } from './workspace.ts';

const description =
  "Changes one cell of a Jupyter notebook (.ipynb) in the workspace: replaces its source, inserts a new cell, or deletes one. Cells count from 1, as read_file shows them. A changed code cell's outputs are cleared; all else in the notebook stays as it is. It does not run the cell.";

const input = z.object({
  path: z.string().min(1).describe('The notebook, relative to the workspace'),
  cell: z.number().int().positive().describe('The cell; to insert: the number that the new cell gets'),
  action: z.enum(['replace', 'insert', 'delete']).optional().describe('Default: replace'),
  source: z.string().optional().describe('The whole new source of the cell; needed but to delete'),
  cell_type: z
    .enum(['code', 'markdown', 'raw'])
    .optional()
    .describe('Default: code for a new cell, as it was for another'),
});

/** Changes a notebook by its cells. */
export function editNotebookTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'edit_notebook',
    description,
    input,
    effect: 'write',
    run: async (args, { signal }) => {
      await workspace.resolve(args.path, 'read');
      const place = await workspace.resolve(args.path, 'write');
      if (!/\.ipynb$/i.test(place.relative))
        throw new ToolError(`${place.relative} is no notebook. Use edit_file for it.`);
      const open = await workspace.documents.cells(place.absolute);
      if (!open) return editSaved(workspace, place, args, signal);
      const change = changeOf(args, open, place.relative);
      signal.throwIfAborted();
      if (await workspace.documents.changeCell(place.absolute, open, change)) {
        return { content: `${told(change, open, place.relative)} ${unsavedWords}`, touched: [] };
      }
      throw new ToolError(`${place.relative} was changed in the editor meanwhile. Read it again.`);
    },
  });
}

type Arguments = z.infer<typeof input>;

async function editSaved(
  workspace: Workspace,
  place: Located,
  args: Arguments,
  signal: AbortSignal,
): Promise<ToolOutput> {
  const old = await readText(workspace, place, signal);
  const cells = notebookCells(old.text);
  if (typeof cells === 'string') throw new ToolError(`${place.relative} cannot be edited by cells: ${cells}`);
  const change = changeOf(args, cells, place.relative);
  const id = notebookHasIds(old.text) === true ? randomBytes(4).toString('hex') : undefined;
  const text = changeNotebook(old.text, change, id);
  const { remark, touched } = await writeText(workspace, place, old, text, signal);
  return { content: [told(change, cells, place.relative), remark].filter(Boolean).join(' '), touched };
}

/** What is asked for, of cells that are there. Throws ToolError where it does not fit. */
function changeOf(args: Arguments, cells: readonly OpenCell[], shown: string): CellChange {
  const { cell, action = 'replace', source, cell_type: type } = args;
  const index = cell - 1;
  const old = cells[index];
  if (action === 'insert') {
    if (index > cells.length) {
      throw new ToolError(
        `${shown} has ${countOf(cells.length, 'cell')}: a new one can be cell ${cells.length + 1} at most.`,
      );
    }
    if (source === undefined) throw new ToolError('source is needed for a new cell.');
    return { kind: 'insert', index, source, type: type ?? 'code' };
  }
  if (!old) throw new ToolError(`${shown} has ${countOf(cells.length, 'cell')}: there is no cell ${cell}.`);
  if (action === 'delete') return { kind: 'delete', index };
  if (source === undefined) throw new ToolError('source is needed to replace a cell.');
  if (source === old.source && (type ?? old.type) === old.type) {
    throw new ToolError(`Cell ${cell} of ${shown} has this source already: nothing would change.`);
  }
  return { kind: 'replace', index, source, type: type ?? old.type };
}

function told(change: CellChange, cells: readonly OpenCell[], shown: string): string {
  const number = change.index + 1;
  switch (change.kind) {
    case 'replace': {
      const cleared = cells[change.index]?.outputs.length ? ' Its outputs are cleared.' : '';
      return `Replaced cell ${number} of ${shown} (${change.type}).${cleared}`;
    }
    case 'insert':
      return `Inserted cell ${number} into ${shown} (${change.type}). It has ${countOf(cells.length + 1, 'cell')} now.`;
    case 'delete':
      return `Deleted cell ${number} of ${shown}. It has ${countOf(cells.length - 1, 'cell')} now.`;
  }
}
