/** The process that keeps checkpoints is killed while a call writes, or right behind it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { callUnderWay } from '../../../src/store/checkpoints/underWay.ts';
import { keptWorkspace, lines, made, runId, type KeptWorkspace } from './fixture.ts';

const source = join(import.meta.dirname, '../../../src/store/checkpoints');
const baseline = { runId, number: 0 };
const never = new AbortController().signal;

describe('checkpoints of a process that was killed', function () {
  this.timeout(60_000);
  let workspace: KeptWorkspace;
  beforeEach(async () => {
    workspace = await keptWorkspace({ 'a.txt': 'one\n', 'b.txt': 'b\n' });
  });
  afterEach(() => workspace.remove());

  /** Runs `act` as the turn of a call, in a process that is killed when it says so. */
  async function killed(act: string): Promise<void> {
    const { path, runsFolder } = workspace;
    const options = { runsFolder, runId, roots: [{ name: 'w', path }], limits: { maxFileBytes: 1e6, maxBytes: 1e8 } };
    const program = `
      import { writeFileSync } from 'node:fs';
      import { openCheckpoints } from '${source}/openCheckpoints.ts';
      const checkpoints = openCheckpoints({ ...${JSON.stringify(options)}, firstNumber: 0, report: console.error });
      checkpoints.listen(async () => undefined);
      const call = { callId: '7-1', turn: 7 };
      await checkpoints.before(new AbortController().signal, call);
      writeFileSync('${path}/a.txt', 'by the call');
      ${act}
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    const [code, signal] = await new Promise<readonly unknown[]>((resolve) =>
      child.on('close', (...ended) => resolve(ended)),
    );
    assert.deepEqual([code, signal], [null, 'SIGKILL']);
  }

  const reopened = async (callId?: string) => {
    const previous = { checkpoint: baseline, turn: 0, ...(callId !== undefined && { callId }) };
    const checkpoints = workspace.open({ firstNumber: 1, previous });
    await checkpoints.settled();
    return checkpoints;
  };

  for (const [when, act] of [
    ['while the call writes', ''],
    ['when the call has just ended', 'checkpoints.after(call);'],
  ] as const) {
    it(`book what is other as the call’s: ${when}`, async () => {
      await killed(act);
      const { facts, read, runsFolder } = workspace;
      const checkpoints = await reopened();
      const { kind, callId, turn, cutOff } = made(facts[0]);
      assert.deepEqual(
        [kind, callId, turn, cutOff, ...lines(facts[0])],
        ['call', '7-1', 7, true, 'modified a.txt +1 -1'],
      );
      assert.equal(await callUnderWay(runsFolder, runId), undefined);
      await checkpoints.restore({ to: baseline, turn: 7 }, never);
      assert.equal(await read('a.txt'), 'one\n');
    });
  }

  it('book it once: what a person changes behind it is theirs', async () => {
    await killed('');
    const { facts, write } = workspace;
    const first = await reopened();
    await first.dispose();
    await write({ 'b.txt': 'by the person\n' });
    const second = workspace.open({ firstNumber: 2, previous: { checkpoint: { runId, number: 1 }, turn: 7 } });
    await second.settled();
    assert.deepEqual([made(facts[1]).kind, ...lines(facts[1])], ['person', 'modified b.txt +1 -1']);
  });

  it('do not book a call twice whose checkpoint is in the log', async () => {
    await killed('');
    await reopened('7-1');
    assert.equal(made(workspace.facts[0]).kind, 'person');
  });

  it('note nothing of calls that ended', async () => {
    const { open, write, runsFolder } = workspace;
    const checkpoints = open();
    await checkpoints.before(never, { callId: '1-1', turn: 1 });
    assert.deepEqual(await callUnderWay(runsFolder, runId), { callId: '1-1', turn: 1 });
    await write({ 'a.txt': 'two\n' });
    checkpoints.after({ callId: '1-1', turn: 1 });
    await checkpoints.settled();
    assert.equal(await callUnderWay(runsFolder, runId), undefined);
  });
});
