import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { editorRuns, until } from './editorRuns.ts';

const answer: Step = { content: 'Noted [report.md:1].\n\n\\boxed{noted}' };
const write: Step = { content: call('workspace', 'write_file', { path: 'report.md', content: 'noted\n' }) };
const command: Step = {
  content: call('tool-python', 'run_command', { command: 'env | sort; echo ran > ran.txt', sandbox_id: 'none' }),
};

function workspace(): string {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  assert.ok(folder);
  return folder;
}

describe('a run in the editor', () => {
  const { runs, set, start, log, logged, ended } = editorRuns();

  it('writes files and runs commands in the workspace, and is on disk as it happened', async () => {
    const runId = await start([write, command, { content: 'Known.' }, answer], 'sandbox');
    const text = await ended(runId);
    assert.match(text, /"reason":"answered"/);
    assert.equal(await readFile(join(workspace(), 'report.md'), 'utf8'), 'noted\n');
    assert.equal(await readFile(join(workspace(), 'ran.txt'), 'utf8'), 'ran\n');
    assert.doesNotMatch(text, /VSCODE_IPC|VSCODE_/, 'no command sees the sockets and tokens of the editor');
  });

  it('stops within 2 s while a call waits for approval, without running it', async () => {
    const runId = await start([write], 'ask');
    await logged(runId, '"type":"approval.requested","callId":"1-1"');
    const at = Date.now();
    await vscode.commands.executeCommand('mirothinker.stop');
    assert.match(await ended(runId), /"reason":"cancelled"/);
    assert.ok(Date.now() - at < 2_000);
  });

  it('goes on with a broken setting in force as its default', async () => {
    await set('maxTurns', 'many');
    const runId = await start([{ content: 'Known.' }, answer], 'ask');
    assert.match(await ended(runId), /"maxTurns":600/);
  });

  it('starts nothing on an empty question, and opens no run that is not there', async () => {
    await vscode.commands.executeCommand('mirothinker.ask', '  ');
    await vscode.commands.executeCommand('mirothinker.openRun', '20200101-000000-abcdef');
    assert.deepEqual(await readdir(runs()), []);
  });

  it('resumes, exports and deletes a run', async () => {
    await set('attempts', 1);
    const runId = await start(
      [{ content: 'Nothing.' }, { content: 'x' }, { content: 'x' }, { content: 'x' }, { content: 'Known.' }, answer],
      'ask',
    );
    assert.match(await ended(runId), /"reason":"limit"/);
    // Its end is on disk a moment before the window knows of it, and what goes on is only shown.
    await until('it is resumed', async () => {
      await vscode.commands.executeCommand('mirothinker.resume', runId);
      return (await log(runId)).includes('"type":"run.resumed"') ? true : undefined;
    });
    await logged(runId, '"reason":"answered"');
    await vscode.commands.executeCommand('mirothinker.exportMarkdown', runId);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /\*\*noted\*\*/);
    await until('the run is let go', async () => {
      await vscode.commands.executeCommand('mirothinker.deleteRun', runId, { confirmed: true });
      return (await readdir(runs())).length === 0 ? true : undefined;
    });
    await assert.rejects(log(runId));
  });
});
