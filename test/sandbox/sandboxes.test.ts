import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { ToolError } from '../../src/agent/errors.ts';
import { createSandboxTool } from '../../src/tools/createSandbox.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, outputHolds, processesWith, type TestSandbox } from './sandbox.ts';

const openOutput = async () => noOutput;
const context = { signal: noSignal, runId: 'r', callId: 'c', unconfined: false, openOutput };

describe('sandboxes of a shell', () => {
  let test: TestSandbox;
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  const gone = async (id: string) => {
    while (test.shell.living().some((sandbox) => sandbox.id === id)) await setImmediate();
  };
  const says = (pattern: RegExp) => (error: unknown) => error instanceof ToolError && pattern.test(error.message);

  it('end with their files and their Python when they were idle for their time, and say so', async () => {
    const id = await test.shell.create(700);
    await test.command('echo kept > ~/file', id);
    await test.python(`import os; os.system('sleep 4848.${process.pid} &')`, id);
    assert.equal((await test.command('cat ~/file', id)).output, 'kept\n');
    await gone(id);
    await assert.rejects(test.command('true', id), says(/ended after it had been idle for 0\.7s; its files and var/));
    await assert.rejects(test.python('1', id), says(/create_sandbox makes a new one/));
    const another = await test.shell.create(60_000);
    while ((await processesWith(`4848.${process.pid}`)).length > 0) await setImmediate();
    assert.deepEqual(
      test.shell.living().map((sandbox) => sandbox.id),
      [another],
    );
  });

  it('do not end while a call goes on, however long it takes', async () => {
    const id = await test.shell.create(400);
    const result = await test.command('sleep 0.3; echo one', id);
    assert.equal(result.output, 'one\n');
    const running = test.command('echo ready; sleep 0.35; touch ~/made; ls ~', id);
    await outputHolds(test.shell, 'ready');
    const [state] = test.shell.living();
    assert.deepEqual(state, { id, busy: true, idleMs: 0 });
    assert.match((await running).output, /made/);
  });

  it('are 8 at most: the one that was idle for longest ends', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 8; count++) ids.push(await test.shell.create(60_000));
    await test.command('true', ids[0]);
    const { content } = await createSandboxTool(test.shell).run({}, context);
    const [first, second] = ids;
    assert.match(content, new RegExp(`At most 8 sandboxes live at a time.*: ${second}, idle for \\d`));
    assert.match(content, new RegExp(`rather than make new ones: ${first} \\(idle for `));
    assert.equal(test.shell.living().length, 8);
    await assert.rejects(test.command('true', second), says(/was ended to make room for a new one/));
    assert.equal((await test.command('echo here', first)).output, 'here\n');
  });

  it('are not made when all are busy', async () => {
    const stop = new AbortController();
    const ids = await Promise.all(Array.from({ length: 8 }, () => test.shell.create(60_000)));
    const running = ids.map((sandboxId, index) =>
      test.shell.runCommand({ command: 'sleep 60', sandboxId, callId: `b${index}`, unconfined: false }, stop.signal),
    );
    await assert.rejects(test.shell.create(60_000), says(/8 sandboxes already.* all are busy/));
    stop.abort();
    await Promise.allSettled(running);
    await test.shell.create(60_000);
  });

  it('say that they were never made', async () => {
    await assert.rejects(test.command('true', 'sandbox-0badc0de'), says(/There is no sandbox sandbox-0badc0de/));
  });
});
