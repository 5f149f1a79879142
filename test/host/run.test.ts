import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';

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

/** Looks until it is so; fails after ten seconds. */
async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUpAt) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run in the editor', () => {
  let runs = '';
  let server: ScriptedServer | undefined;
  /** Stores a setting and waits until the host sees it, which may be a moment later. */
  const set = async (name: string, value: unknown) => {
    const stored = () => vscode.workspace.getConfiguration('mirothinker').inspect(name)?.globalValue;
    await vscode.workspace.getConfiguration('mirothinker').update(name, value, vscode.ConfigurationTarget.Global);
    await until(`${name} is ${String(value)}`, async () => (stored() === value ? true : undefined));
  };

  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'runs-'));
    await set('runsFolder', runs);
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('mirothinker.stop');
    await server?.close();
    server = undefined;
    for (const name of ['runsFolder', 'baseUrl', 'approval', 'maxTurns']) await set(name, undefined);
    await rm(runs, { recursive: true, force: true });
  });

  const start = async (script: readonly Step[], approval: string) => {
    server = await scriptedServer({ script });
    await set('baseUrl', server.baseUrl);
    await set('approval', approval);
    await vscode.commands.executeCommand('mirothinker.ask', 'What is noted?');
    const [runId] = (await readdir(runs)).filter((name) => !name.startsWith('.'));
    assert.ok(runId, 'a run was started');
    return runId;
  };
  const log = async (runId: string) => readFile(join(runs, runId, 'events.jsonl'), 'utf8');
  const ended = (runId: string) =>
    until('the run ends', async () => {
      const text = await log(runId);
      return text.includes('"type":"run.ended"') ? text : undefined;
    });
  const asks = (runId: string, callId: string) =>
    until('a call asks', async () =>
      (await log(runId)).includes(`"type":"approval.requested","callId":"${callId}"`) ? true : undefined,
    );

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
    await asks(runId, '1-1');
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
    assert.deepEqual(await readdir(runs), []);
  });

  it('resumes, exports and deletes a run', async () => {
    const runId = await start(
      [{ content: 'Nothing.' }, { content: 'x' }, { content: 'x' }, { content: 'x' }, { content: 'Known.' }, answer],
      'ask',
    );
    assert.match(await ended(runId), /"reason":"limit"/);
    await vscode.commands.executeCommand('mirothinker.resume', runId);
    await until('it has its answer', async () =>
      (await log(runId)).includes('"reason":"answered"') ? true : undefined,
    );
    await vscode.commands.executeCommand('mirothinker.exportMarkdown', runId);
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /\*\*noted\*\*/);
    await until('the run is let go', async () => {
      await vscode.commands.executeCommand('mirothinker.deleteRun', runId, { confirmed: true });
      return (await readdir(runs)).length === 0 ? true : undefined;
    });
  });
});
