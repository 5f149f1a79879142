import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { deferred } from '../fakes/deferred.ts';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { editorRuns, until } from './editorRuns.ts';

const write = (path: string, content: string): Step => ({
  content: call('workspace', 'write_file', { path, content }),
});
const known: Step = { content: 'Known.' };
const answer: Step = { content: 'So it is.\n\n\\boxed{so}' };
const confirmed = { confirmed: true };
const run = (name: string, ...args: readonly unknown[]) =>
  vscode.commands.executeCommand(`mirothinker.${name}`, ...args);

function place(path: string): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder);
  return join(folder, path);
}

const file = async (path: string) => readFile(place(path), 'utf8').catch(() => undefined);

describe('what a run changed, by command', () => {
  const { server, start, logged, ended, log } = editorRuns();
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const path of ['kept.md', 'mine.md']) await rm(place(path), { force: true });
  });

  it('is put back while the run goes on: what a person saved stays, and the next prompt says so', async () => {
    const gate = deferred<undefined>();
    const held = () => gate.promise.then(() => ({ content: 'Known.' }));
    const runId = await start([write('kept.md', 'one\n'), write('kept.md', 'two\n'), held, known, answer], 'auto');
    await server().request(2);
    await logged(runId, '"kind":"call","callId":"2-1"');
    const edit = new vscode.WorkspaceEdit();
    const mine = vscode.Uri.file(place('mine.md'));
    edit.createFile(mine, { contents: Buffer.from('mine\n') });
    assert.ok(await vscode.workspace.applyEdit(edit));
    const document = await vscode.workspace.openTextDocument(mine);
    const more = new vscode.WorkspaceEdit();
    more.insert(mine, new vscode.Position(0, 0), 'all ');
    assert.ok(await vscode.workspace.applyEdit(more));
    assert.ok(await document.save());
    await logged(runId, '"kind":"person"');
    await run('restoreFiles', runId, 1, confirmed);
    assert.equal(await file('kept.md'), 'one\n');
    assert.equal(await file('mine.md'), 'all mine\n');
    gate.resolve(undefined);
    const text = await ended(runId);
    assert.ok(text.indexOf('"kind":"restore"') < text.indexOf('"type":"run.ended"'));
    assert.match(server().requests[3]?.text ?? '', /I put 1 file of the workspace back as they were after turn 1/);
  });

  it('is undone for a run that has ended, and the editors show it', async () => {
    const runId = await start([write('kept.md', 'one\n'), known, answer], 'auto');
    await ended(runId);
    const document = await vscode.workspace.openTextDocument(place('kept.md'));
    await vscode.window.showTextDocument(document);
    await run('undoChanges', runId, confirmed);
    assert.equal(await file('kept.md'), undefined);
    await run('restoreFiles', runId, 1, confirmed);
    assert.equal(await file('kept.md'), 'one\n');
    const text = await log(runId);
    assert.equal(text.split('"kind":"restore"').length, 3);
    await until('the editor shows it', async () => (document.getText() === 'one\n' ? true : undefined));
  });

  it('opens as differences whose originals are what was kept, and which nobody can write', async () => {
    const runId = await start([write('kept.md', 'one\n'), write('kept.md', 'two\n'), known, answer], 'auto');
    await ended(runId);
    await run('showChanges', runId);
    const tabOf = (label: string) =>
      until(label, async () =>
        vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith(label) ? true : undefined,
      );
    await tabOf('Changed by: ');
    await run('showTurnChanges', runId, 2);
    await tabOf('Changed by turn 2');
    await run('showCallChanges', runId, '2-1', 'kept.md');
    const tab = await until('a difference', async () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputTextDiff ? input : undefined;
    });
    const text = async (uri: vscode.Uri) => Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    assert.deepEqual([await text(tab.original), await text(tab.modified)], ['one\n', 'two\n']);
    assert.equal(vscode.workspace.fs.isWritableFileSystem(tab.original.scheme), false);
    await assert.rejects(async () => vscode.workspace.fs.writeFile(tab.original, Buffer.from('x')));
    const elsewhere = tab.original.with({ query: '../../x 0 kept.md' });
    await assert.rejects(async () => vscode.workspace.fs.readFile(elsewhere));
  });
});
