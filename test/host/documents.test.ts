import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { editorDocuments } from '../../src/host/documents.ts';
import { deleteFileTool } from '../../src/tools/deleteFile.ts';
import { editFileTool } from '../../src/tools/editFile.ts';
import { editNotebookTool } from '../../src/tools/editNotebook.ts';
import { readFileTool } from '../../src/tools/readFile.ts';
import { searchFilesTool } from '../../src/tools/searchFiles.ts';
import { openWorkspace, type Workspace } from '../../src/tools/workspace.ts';
import { writeFileTool } from '../../src/tools/writeFile.ts';
import { callTool } from '../tools/workspaceFixture.ts';
import { until } from './editorRuns.ts';

/** The package's: bundled as a test this file does not know where it stands. */
const ripgrepPaths = [
  join(__dirname, `../../../node_modules/@vscode/ripgrep-${process.platform}-${process.arch}/bin/rg`),
];

function at(name: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder);
  return join(folder, name);
}

const notebook = JSON.stringify({
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['# One'] },
    { cell_type: 'code', execution_count: 1, metadata: {}, outputs: [], source: ['print(1)'] },
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 4,
});

describe('files that are open in the editor', () => {
  let workspace: Workspace;
  const read = async (path: string) => (await callTool(readFileTool(workspace), { path })).content;
  const saved = (name: string) => readFile(at(name), 'utf8');

  beforeEach(async () => {
    workspace = await openWorkspace([at('.')], { documents: editorDocuments(), ripgrepPaths });
    await writeFile(at('open.txt'), 'one\ntwo\nthree\n');
    await writeFile(at('open.ipynb'), notebook);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(at('open.txt'), { force: true });
    await rm(at('open.ipynb'), { force: true });
  });

  /** Opens it and types into it. */
  async function dirty(): Promise<vscode.TextEditor> {
    const editor = await vscode.window.showTextDocument(vscode.Uri.file(at('open.txt')));
    assert.ok(await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'typed\n')));
    assert.ok(editor.document.isDirty);
    return editor;
  }

  it('are read as the buffer that has unsaved changes, which is told', async () => {
    await dirty();
    assert.match(
      await read('open.txt'),
      /^1\ttyped\n2\tone\n3\ttwo\n4\tthree\n\[The file has unsaved changes in the editor/,
    );
    assert.equal(await saved('open.txt'), 'one\ntwo\nthree\n');
  });

  it('are edited in that buffer, not saved, and the edit can be undone alone', async () => {
    const { document } = await dirty();
    const edit = {
      path: 'open.txt',
      edits: [
        { old_text: 'typed\none', new_text: 'ONE' },
        { old_text: 'three', new_text: 'THREE' },
      ],
    };
    const { content, touched } = await callTool(editFileTool(workspace), edit);
    assert.match(content, /^Changed open\.txt in 2 places.*not saved, so commands and searches see the old text/);
    assert.deepEqual(touched, []);
    assert.equal(document.getText(), 'ONE\ntwo\nTHREE\n');
    assert.ok(document.isDirty);
    assert.equal(await saved('open.txt'), 'one\ntwo\nthree\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'typed\none\ntwo\nthree\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'one\ntwo\nthree\n');
  });

  it('are replaced as a whole in that buffer', async () => {
    const { document } = await dirty();
    await callTool(writeFileTool(workspace), { path: 'open.txt', content: 'new\n' });
    assert.equal(document.getText(), 'new\n');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'typed\none\ntwo\nthree\n');
  });

  it('are written on disk where nothing is unsaved; the editor takes it over and can undo it', async () => {
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(at('open.txt')));
    const edit = { path: 'open.txt', old_text: 'two', new_text: 'TWO' };
    assert.equal((await callTool(editFileTool(workspace), edit)).content, 'Changed open.txt at line 2.');
    assert.equal(await saved('open.txt'), 'one\nTWO\nthree\n');
    await until('the editor shows it', async () => (document.getText() === 'one\nTWO\nthree\n' ? true : undefined));
    assert.equal(document.isDirty, false);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), 'one\ntwo\nthree\n');
  });

  it('are not deleted while something is unsaved, and a search says what it did not see', async () => {
    await dirty();
    await assert.rejects(
      callTool(deleteFileTool(workspace), { path: 'open.txt' }),
      /open\.txt has unsaved changes in the editor/,
    );
    const { content } = await callTool(searchFilesTool(workspace), { pattern: '^three$', path: 'open.txt' });
    assert.match(content, /open\.txt:3: three\n\nUnsaved changes in the editor were not searched: open\.txt\./);
  });

  it('are notebooks whose cells are read and edited where they are unsaved, and the edit can be undone', async () => {
    const document = await vscode.workspace.openNotebookDocument(vscode.Uri.file(at('open.ipynb')));
    await vscode.window.showNotebookDocument(document);
    const insert = new vscode.WorkspaceEdit();
    const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'typed', 'python');
    insert.set(document.uri, [vscode.NotebookEdit.insertCells(0, [data])]);
    assert.ok(await vscode.workspace.applyEdit(insert));
    assert.match(
      await read('open.ipynb'),
      /^--- Cell 1 of 3: code ---\ntyped\n--- Cell 2 of 3: markdown ---\n# One\n--- Cell 3 of 3: code/,
    );
    const edit = { path: 'open.ipynb', cell: 3, source: 'print(2)' };
    const { content } = await callTool(editNotebookTool(workspace), edit);
    assert.match(content, /^Replaced cell 3 of open\.ipynb \(code\)\..*not saved/);
    const sources = () => document.getCells().map((cell) => cell.document.getText());
    assert.deepEqual(sources(), ['typed', '# One', 'print(2)']);
    assert.equal(await saved('open.ipynb'), notebook);
    await assert.rejects(
      callTool(writeFileTool(workspace), { path: 'open.ipynb', content: '' }),
      /Change it with edit_notebook/,
    );
    await vscode.commands.executeCommand('notebook.focusTop');
    await vscode.commands.executeCommand('undo');
    assert.deepEqual(sources(), ['typed', '# One', 'print(1)']);
  });
});
