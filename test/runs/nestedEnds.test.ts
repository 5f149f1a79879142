import assert from 'node:assert/strict';
import { readdir, readFile, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { resumeRun } from '../../src/runs/resumeRun.ts';
import { startRun } from '../../src/runs/startRun.ts';
import type { LiveRun } from '../../src/runs/liveRun.ts';
import type { RunSurroundings } from '../../src/runs/surroundings.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { deferred } from '../fakes/deferred.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { eventsOf, handsOn, isNested, nestedReply, question, subtask } from './nestedScript.ts';
import { runPlace, type Asked } from './runPlace.ts';

describe('a nested run under way', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  afterEach(async () => {
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });
  const start = () => startRun(question, { ...place.choice, subAgents: true }, place.around);
  const nestedId = async ({ runId }: LiveRun) => {
    const other = (await place.runIds()).find((id) => id !== runId);
    assert.ok(other !== undefined, 'there is a nested run');
    return other;
  };

  /** Starts a run whose nested run waits for its first reply, and does something to it then. */
  const whileNested = async (act: (run: LiveRun) => unknown) => {
    const waits = deferred<undefined>();
    place = await runPlace((asked) => {
      if (!isNested(asked)) return asked.last.includes('boxed') ? { content: '\\boxed{no idea}' } : handsOn(subtask);
      waits.resolve(undefined);
      return { hang: 'stream', content: 'I look' };
    });
    const run = await start();
    await waits.promise;
    await act(run);
    return run;
  };
  const assertStopped = async (run: LiveRun) => {
    const nested = await nestedId(run);
    const last = (await place.events(nested)).at(-1);
    assert.equal(last?.type === 'run.ended' && last.reason, 'cancelled');
    const left = await readdir(join(place.around.runsFolder, nested));
    assert.ok(!left.some((name) => name.startsWith('lock')), left.join());
  };

  it('is stopped with its caller, log closed and lock released', async () => {
    const run = await whileNested((started) => started.stop());
    const end = await run.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'cancelled');
    assert.equal(eventsOf(run.events(), 'tool.finished')[0]?.outcome, 'cancelled');
    await assertStopped(run);
  });

  it('is stopped when its caller is asked for the answer now', async () => {
    const run = await whileNested((started) => started.answerNow());
    const end = await run.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    await assertStopped(run);
  });

  it('leaves no process when it is stopped', async function () {
    place = await runPlace((asked) =>
      isNested(asked)
        ? { content: call('tool-python', 'run_command', { command: 'echo > started; sleep 31.41592' }) }
        : handsOn(subtask),
    );
    const started = made(place.workspace, 'started');
    const run = await start();
    if (run.hands.shell.confinement().kind !== 'works') {
      run.stop();
      await run.done;
      return this.skip();
    }
    await started;
    assert.ok((await commandLines()).some((line) => line.includes('sleep 31.41592')));
    run.stop();
    await run.done;
    assert.deepEqual(
      (await commandLines()).filter((line) => line.includes('sleep 31.41592')),
      [],
    );
    await assertStopped(run);
  });

  it('is resumed by itself after a crash, and the call is lost to its caller', async () => {
    const run = await whileNested(() => undefined);
    const left = await place.afterCrash();
    const nested = await nestedId(run);
    assert.equal(foldAll(await place.events(nested)).start?.caller?.runId, run.runId);
    run.stop();
    await run.done;
    const giveUp = ({ last }: Asked): Reply => ({ content: last.includes('boxed') ? '\\boxed{none}' : 'I give up.' });
    const caller = await goesOn(run.runId, left, giveUp);
    assert.deepEqual(
      eventsOf(caller, 'tool.finished').map(({ outcome }) => outcome),
      ['lost'],
    );
    const going = await goesOn(nested, left, nestedReply);
    assert.equal(eventsOf(going, 'answer.given')[0]?.boxed, '42 m');
    const [resumed] = eventsOf(going, 'run.resumed');
    assert.equal(resumed?.settings.subAgents, false, 'nor has it sub-agents when a person resumes it');
  });

  const goesOn = async (runId: string, around: RunSurroundings, reply: (asked: Asked) => Reply) => {
    const other = await runPlace(reply);
    try {
      const run = await resumeRun(runId, { ...other.choice, subAgents: true }, around);
      await run.done;
      return run.events();
    } finally {
      await other.dispose();
    }
  };
});

/** Settles when a file of that name has come. */
async function made(folder: string, name: string): Promise<void> {
  for await (const { filename } of watch(folder)) if (filename === name) return;
}

/** Of every process that there is. */
async function commandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return texts.map((text) => text.replaceAll('\0', ' '));
}
