/** The editor's documents with unsaved changes, for file tools: see `tools/documents.ts` for what is done with them. */
import { realpath } from 'node:fs/promises';
import * as vscode from 'vscode';
import { formatBytes } from '../shared/quantities.ts';
import type { CellChange, Documents, OpenCell } from '../tools/documents.ts';
import { changedPart } from './changedPart.ts';

/** Looks at the open documents anew with every call. */
export function editorDocuments(): Documents {
  return {
    unsaved: async () => Promise.all([...texts(), ...notebooks()].map(pathOf)),
    text: async (path) => (await at(texts(), path))?.getText(),
    replace: async (path, before, after) => {
      const document = await at(texts(), path);
      if (document?.getText() !== before) return false;
      const { start, end, text } = changedPart(before, after);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
      return vscode.workspace.applyEdit(edit);
    },
    cells: async (path) => (await at(notebooks(), path))?.getCells().map(openCell),
    changeCell: async (path, before, change) => {
      const notebook = await at(notebooks(), path);
      if (!notebook || !sameCells(notebook.getCells().map(openCell), before)) return false;
      const edit = new vscode.WorkspaceEdit();
      edit.set(notebook.uri, [notebookEdit(notebook, change)]);
      return vscode.workspace.applyEdit(edit);
    },
  };
}

/** Documents of other schemes (untitled ones, a notebook's cells, diffs) are no files. */
function texts(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(({ uri, isDirty }) => isDirty && uri.scheme === 'file');
}

function notebooks(): readonly vscode.NotebookDocument[] {
  return vscode.workspace.notebookDocuments.filter(({ uri, isDirty }) => isDirty && uri.scheme === 'file');
}

/** Without links, as the tools name files. */
async function pathOf({ uri }: { readonly uri: vscode.Uri }): Promise<string> {
  return realpath(uri.fsPath).catch(() => uri.fsPath);
}

async function at<T extends { readonly uri: vscode.Uri }>(
  documents: readonly T[],
  path: string,
): Promise<T | undefined> {
  for (const document of documents) if ((await pathOf(document)) === path) return document;
  return undefined;
}

function openCell(cell: vscode.NotebookCell): OpenCell {
  const { kind, document } = cell;
  const coded = document.languageId === 'raw' ? 'raw' : 'code';
  return {
    type: kind === vscode.NotebookCellKind.Markup ? 'markdown' : coded,
    source: document.getText(),
    outputs: cell.outputs.map((output) => outputText(output.items)),
  };
}

function outputText(items: readonly vscode.NotebookCellOutputItem[]): string {
  const isText = ({ mime }: vscode.NotebookCellOutputItem) => /^text\/plain$|\.(?:stdout|stderr|error)$/.test(mime);
  const plain = items.filter(isText).map(({ data }) => new TextDecoder().decode(data));
  const others = items.filter((item) => !isText(item) && (plain.length === 0 || item.mime.startsWith('image/')));
  return [...plain, ...others.map(({ mime, data }) => `[${mime}, ${formatBytes(data.length)}]`)].join('\n');
}

function sameCells(now: readonly OpenCell[], before: readonly OpenCell[]): boolean {
  const same = (cell: OpenCell, index: number) =>
    cell.source === before[index]?.source && cell.type === before[index].type;
  return now.length === before.length && now.every(same);
}

function notebookEdit(notebook: vscode.NotebookDocument, change: CellChange): vscode.NotebookEdit {
  const range = new vscode.NotebookRange(change.index, change.index + 1);
  if (change.kind === 'delete') return vscode.NotebookEdit.deleteCells(range);
  const data = cellData(notebook, change);
  if (change.kind === 'insert') return vscode.NotebookEdit.insertCells(change.index, [data]);
  data.metadata = notebook.cellAt(change.index).metadata;
  return vscode.NotebookEdit.replaceCells(range, [data]);
}

function cellData(
  notebook: vscode.NotebookDocument,
  change: Exclude<CellChange, { kind: 'delete' }>,
): vscode.NotebookCellData {
  const { source, type } = change;
  if (type === 'markdown') return new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, source, 'markdown');
  const code = notebook.getCells().find((cell) => openCell(cell).type === 'code');
  const language = type === 'raw' ? 'raw' : (code?.document.languageId ?? 'python');
  return new vscode.NotebookCellData(vscode.NotebookCellKind.Code, source, language);
}
