import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { runCommandTool } from '../../src/tools/runCommand.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, type TestSandbox } from '../sandbox/sandbox.ts';

const openOutput = async () => noOutput;
const context = { signal: noSignal, runId: 'r', callId: 'c', unconfined: false, openOutput };

describe('run_command', () => {
  let test: TestSandbox;
  before(async () => (test = await makeSandbox()));
  after(() => test.dispose());
  const run = (args: Readonly<Record<string, unknown>>) => runCommandTool(test.shell).run(args, context);

  it('gives exit code, duration and output', async () => {
    const result = await run({ command: 'echo out; exit 3' });
    assert.match(result.content, /^Exit code: 3\nDuration: \d\.\ds\nOutput:\nout$/);
    assert.equal(result.exitCode, 3);
    assert.equal(result.outcome, 'ok');
    assert.equal(result.truncated, false);
  });

  it('says that there is no output', async () => {
    assert.match((await run({ command: 'true' })).content, /No output\.$/);
  });

  for (const id of ['default', 'sandbox1', 'none', '0', 'auto', '', 'sandbox_id', '<sandbox_id>', 'None', null]) {
    it(`takes ${JSON.stringify(id)} for no sandbox at all`, async () => {
      const result = await run({ command: 'ls -A ~; touch ~/left', sandbox_id: id });
      assert.match(result.content, /No output\.$/);
    });
  }

  it('refuses an id that it never gave', async () => {
    await assert.rejects(run({ command: 'true', sandbox_id: 'sandbox-12ab34cd' }), ToolError);
  });

  it('shows the end of a long output before its beginning, since the rest is cut', async () => {
    const { content } = await run({ command: 'echo first; seq 100000; echo last' });
    const shown = content.slice(0, 20_000);
    assert.match(shown, /^Exit code: 0/);
    assert.match(shown, /\n100000\nlast\n/);
    assert.match(shown, /from its beginning:\nfirst\n1\n2\n/);
  });

  it('tells a flood from what it kept of it', async () => {
    const result = await run({ command: 'yes 0123456789 | head -c 15000000' });
    assert.equal(result.truncated, true);
    assert.match(result.content, /MB from the middle of the output were not kept/);
  });

  it('tells a time-out, which is a failure', async () => {
    const id = await test.shell.create(300);
    const result = await run({ command: 'echo begun; sleep 60', sandbox_id: id });
    assert.equal(result.outcome, 'failed');
    assert.equal(result.exitCode, undefined);
    assert.match(result.content, /^Timed out: the command was ended after \d\.\ds\.\nOutput:\nbegun$/);
  });

  it('tells what was moved away', async () => {
    const { content } = await run({ command: 'echo {} > x.code-workspace' });
    assert.match(content, /x\.code-workspace is protected.*moved to x\.code-workspace\.blocked/);
    assert.equal(await readFile(join(test.workspace, 'x.code-workspace.blocked'), 'utf8'), '{}\n');
  });

  it('needs a command', async () => {
    await assert.rejects(run({}), ToolError);
    await assert.rejects(run({ command: 'echo \0' }), ToolError);
  });

  it('asks where it would run unconfined, and says why', async () => {
    assert.equal(runCommandTool(test.shell).unconfined?.(), undefined);
    const confinement = { kind: 'blocked', message: 'It is blocked.', remedy: 'Unblock it.' } as const;
    const tool = runCommandTool(await test.another({ confinement }));
    assert.match(tool.unconfined?.() ?? '', /without confinement\. It is blocked\./);
    await assert.rejects(tool.run({ command: 'true' }, context), /Unblock it/);
    assert.equal((await tool.run({ command: 'true' }, { ...context, unconfined: true })).exitCode, 0);
  });
});
