import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { ToolError, UserError } from '../../src/agent/errors.ts';
import { openOutputSink } from '../../src/store/outputSink.ts';
import { runCommandTool } from '../../src/tools/runCommand.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, outputHolds, type TestSandbox } from '../sandbox/sandbox.ts';

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

  it('says of a command that timed out whether it may have waited for input', async () => {
    const asking = `printf 'Name? '; while ! read -t 0.5 name; do :; done`;
    const waited = await run({ command: asking, timeout: 2 });
    assert.match(
      waited.content,
      /^Timed out: .* It may have been waiting for input\. Its last line: Name\?\nRun it so that it asks nothing/,
    );
    assert.equal(waited.outcome, 'failed');
    const slept = await run({ command: 'echo Name?; sleep 60', timeout: 2 });
    assert.match(slept.content, /^Timed out: the command was ended after \d\.\ds\.\nOutput:/);
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

  it('stores a long output whole while it comes, and says how it is read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-output-'));
    const tool = runCommandTool(test.shell);
    const storing = { ...context, callId: '12-1', openOutput: () => openOutputSink(folder) };
    const result = await tool.run({ command: 'seq 1000000; printf "\\e[31mred\\e[0m\\n"' }, storing);
    const expected = `${Array.from({ length: 1_000_000 }, (_, index) => `${index + 1}\n`).join('')}red\n`;
    const { output } = result;
    assert.ok(output);
    assert.equal(output.blob.sha256, createHash('sha256').update(expected).digest('hex'));
    assert.equal(await readFile(join(folder, 'blobs', output.blob.sha256), 'utf8'), expected);
    assert.equal(output.omittedBytes, 0);
    assert.match(
      result.content,
      /^Exit code: 0\nDuration: .*\nThe whole output is stored: read_output with call "12-1"/,
    );
    assert.match(result.content, /\nOutput is long \(1,000,001 lines, 6\.9 MB\)\. Its end:\n/);
    assert.ok(result.content.length < 210_000);
    await rm(folder, { recursive: true });
  });

  it('stores nothing of an output that is shown whole, nor of one that was stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-output-'));
    const tool = runCommandTool(test.shell);
    const storing = { ...context, openOutput: () => openOutputSink(folder) };
    assert.equal((await tool.run({ command: 'seq 3000' }, storing)).output, undefined);
    await assert.rejects(readdir(join(folder, 'blobs')), { code: 'ENOENT' });
    const stop = new AbortController();
    const ready = outputHolds(test.shell, '99999');
    const running = tool.run({ command: 'seq 100000; sleep 60' }, { ...storing, signal: stop.signal });
    await ready;
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    while ((await readdir(join(folder, 'blobs'))).length > 0) await setImmediate();
    await rm(folder, { recursive: true });
  });

  it('has its result although its output could not be stored, and says so', async () => {
    const full = async () => {
      throw new UserError('The output cannot be stored (ENOSPC). Free some space in the runs folder.');
    };
    const result = await runCommandTool(test.shell).run({ command: 'seq 100000' }, { ...context, openOutput: full });
    assert.equal(result.exitCode, 0);
    assert.equal(result.output, undefined);
    assert.match(result.content, /\nOnly a part of the output is left\. The output cannot be stored \(ENOSPC\)/);
    assert.match(result.content, /\n100000\n\nOutput from its beginning:\n1\n2\n/);
  });

  it('tells a time-out, which is a failure', async () => {
    const id = await test.shell.create(300);
    const result = await run({ command: 'echo begun; sleep 60', sandbox_id: id });
    assert.equal(result.outcome, 'failed');
    assert.equal(result.exitCode, undefined);
    assert.match(result.content, /^Timed out: the command was ended after \d\.\ds\.\nOutput:\nbegun$/);
  });

  it('takes a time-out of its own, and says when that was lowered', async () => {
    const own = await run({ command: 'echo begun; sleep 60', timeout: 0.3 });
    assert.match(own.content, /^Timed out: the command was ended after \d\.\ds\.\nOutput:\nbegun$/);
    const id = await test.shell.create(60_000);
    const { content } = await run({ command: 'true', timeout: 5_000, sandbox_id: id });
    assert.match(content, /\nIts time limit was lowered to 1m 00s, the most that it may have\.\n/);
    assert.doesNotMatch((await run({ command: 'true', timeout: 10 })).content, /lowered/);
  });

  it('tells a command that waited for input in vain, which is a failure', async () => {
    const tool = runCommandTool(await test.another({ inputWaitMs: 10 }));
    const result = await tool.run({ command: 'echo asking; read -p "Go on? [y/N] " answer' }, context);
    assert.equal(result.outcome, 'failed');
    assert.match(result.content, /^Waited for input: nobody typed.* Its last line: Go on\? \[y\/N\]\nRun it so that/);
    assert.match(result.content, /\nOutput:\nasking\nGo on\?/);
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
