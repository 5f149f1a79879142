import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { newRunFolder } from '../../src/runs/beginRun.ts';
import { seedStep, startRollouts, type RolloutOptions } from '../../src/runs/rollouts.ts';
import type { RunChoice } from '../../src/runs/choice.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { isRunId } from '../../src/store/folders.ts';
import { deferred } from '../fakes/deferred.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { eventsOf, question } from './nestedScript.ts';
import { runPlace, type Asked } from './runPlace.ts';

describe('startRollouts', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  afterEach(() => place.dispose());

  /** Rollout 1, 2, … as its seed says, when the first has seed 1. */
  const rolloutOf = ({ seed = 0 }: Asked) => Math.floor(seed / seedStep) + 1;
  /** Looks once, then answers as its rollout does. */
  const answering = (...boxed: readonly string[]) =>
    placeWith((asked) => {
      if (asked.last.includes('boxed')) return { content: `\\boxed{${boxed[rolloutOf(asked) - 1] ?? ''}}` };
      if (asked.messages > 2) return { content: 'I know it.' };
      return { content: call('workspace', 'read_file', { path: 'notes.md' }) };
    });
  const placeWith = async (reply: (asked: Asked) => Reply | Promise<Reply>) => {
    place = await runPlace(reply);
  };
  const start = (count: number, options?: RolloutOptions, choice: RunChoice = { seed: 1 }) =>
    startRollouts(question, { ...place.choice, ...choice }, count, place.around, options);

  it('asks n times at once and groups the answers, the majority first', async () => {
    await answering('42 m', '42', '42.0', '42');
    const { group, runs, done } = await start(4);
    const result = await done;
    assert.deepEqual(place.bugs, []);
    const [first, second, third, fourth] = runs.map(({ runId }) => runId);
    assert.deepEqual(result.majority, { answer: '42', runIds: [second, third, fourth], share: 0.75 });
    assert.deepEqual(
      result.groups.map(({ answer }) => answer),
      ['42', '42 m'],
    );
    assert.deepEqual(result.runs[0], { index: 1, runId: first, state: 'answered', boxed: '42 m' });
    assert.deepEqual((await place.runIds()).length, 4);
    for (const [at, run] of runs.entries()) {
      const trajectory = foldAll(await place.events(run.runId));
      assert.deepEqual(trajectory.start?.rollout, { group, index: at + 1, of: 4 });
      assert.equal(trajectory.settings?.seed, 1 + at * seedStep);
    }
  });

  it('sends each its own seed, a random one where none was chosen', async () => {
    await placeWith(({ last }) => ({ content: last.includes('boxed') ? '\\boxed{1}' : 'I know it.' }));
    for (const choice of [{ seed: 7 }, {}]) {
      const before = place.server.requests.length;
      const { done } = await start(3, {}, choice);
      await done;
      const sent = place.server.requests.slice(before).map(({ body }) => Number(body['seed']));
      const seeds = [...new Set(sent.map((seed) => Math.floor(seed / seedStep)))].toSorted((a, b) => a - b);
      assert.equal(seeds.length, 3);
      assert.deepEqual(
        seeds,
        [0, 1, 2].map((step) => (seeds[0] ?? NaN) + step),
      );
      if (choice.seed !== undefined) assert.equal(Math.min(...sent), choice.seed);
    }
  });

  it('goes on with the others when the server refuses one', async () => {
    await placeWith((asked) => {
      if (rolloutOf(asked) === 2) return { status: 400, body: { error: { message: 'not for you', type: 'bad' } } };
      return { content: asked.last.includes('boxed') ? '\\boxed{1}' : 'I know it.' };
    });
    const { done, runs } = await start(3);
    const result = await done;
    assert.deepEqual(
      result.runs.map(({ state }) => state),
      ['answered', 'failed', 'answered'],
    );
    assert.match(result.runs[1]?.message ?? '', /not for you/);
    assert.equal(result.runs[1]?.runId, runs[1]?.runId);
    assert.equal(result.majority?.share, 1, 'of those that answered');
  });

  it('goes on when one cannot be started, and says why', async () => {
    await answering('1', '2');
    const onStarted: RolloutOptions['onStarted'] = (run) =>
      void run.done.then(() => rmSync(place.workspace, { recursive: true }));
    const { done, runs } = await start(2, { parallel: 1, onStarted });
    const [first, second] = (await done).runs;
    assert.equal(first?.boxed, '1');
    assert.equal(second?.state, 'failed');
    assert.equal(second.runId, undefined);
    assert.ok(second.message?.includes(place.workspace), second.message);
    assert.equal(runs.length, 1);
  });

  it('throws when none can be started', async () => {
    await answering();
    await assert.rejects(
      startRollouts({ text: ' ', mentions: [] }, place.choice, 2, place.around),
      /question is empty/,
    );
    assert.equal(place.server.requests.length, 0);
  });

  it('runs no more at a time than it may, and tells of each before its first fact', async () => {
    let [now, most] = [0, 0];
    await placeWith(({ last }) => {
      most = Math.max(most, now);
      return { content: last.includes('boxed') ? '\\boxed{1}' : 'I know it.' };
    });
    const started: number[] = [];
    const firstFacts: (string | undefined)[] = [];
    const { runs, done } = await start(5, {
      parallel: 2,
      onStarted: (run, index) => {
        now++;
        started.push(index);
        const stop = run.subscribe({ onEvent: ({ type }) => (stop(), void firstFacts.push(type)) });
        void run.done.then(() => now--);
      },
    });
    assert.equal(runs.length, 2);
    const result = await done;
    assert.equal(most, 2);
    assert.deepEqual(started.toSorted(), [1, 2, 3, 4, 5]);
    assert.deepEqual(new Set(firstFacts), new Set(['run.started']));
    assert.equal(firstFacts.length, 5);
    assert.equal(runs.length, 5);
    assert.equal(result.majority?.runIds.length, 5);
  });

  it('stops all, and starts no more', async () => {
    const waits = deferred<undefined>();
    let asked = 0;
    await placeWith(() => {
      if (++asked === 2) waits.resolve(undefined);
      return { hang: 'stream', content: 'I look' };
    });
    const { stop, done, runs } = await start(3, { parallel: 2 });
    await waits.promise;
    stop();
    const result = await done;
    assert.deepEqual(
      result.runs.map(({ state }) => state),
      ['cancelled', 'cancelled', 'cancelled'],
    );
    assert.deepEqual(result.groups, []);
    assert.equal(runs.length, 2);
    assert.deepEqual(place.bugs, []);
  });

  it('lets one be stopped by itself', async () => {
    const waits = deferred<undefined>();
    await placeWith((asked) => {
      if (rolloutOf(asked) === 1) {
        waits.resolve(undefined);
        return { hang: 'stream', content: 'I look' };
      }
      return { content: asked.last.includes('boxed') ? '\\boxed{1}' : 'I know it.' };
    });
    const { runs, done } = await start(2);
    await waits.promise;
    runs[0]?.stop();
    assert.deepEqual(
      (await done).runs.map(({ state }) => state),
      ['cancelled', 'answered'],
    );
  });

  it('asks a person one thing at a time', async () => {
    await placeWith(({ last, messages }) => {
      if (last.includes('boxed')) return { content: '\\boxed{1}' };
      if (messages > 2) return { content: 'I know it.' };
      return { content: call('workspace', 'write_file', { path: 'new.md', content: 'x' }) };
    });
    let [open, most, asked] = [0, 0, 0];
    const ask = async () => {
      asked++;
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return { decision: 'deny', note: 'No.' } as const;
    };
    const around = { ...place.around, ask };
    const { runs, done } = await startRollouts(question, { ...place.choice, approval: 'ask' }, 3, around);
    await done;
    assert.deepEqual([asked, most], [3, 1]);
    assert.ok(runs.every((run) => eventsOf(run.events(), 'tool.finished')[0]?.outcome === 'denied'));
  });
});

describe('newRunFolder', () => {
  it('gives each of many that start at once a folder of its own', async () => {
    const place = await runPlace(() => ({}));
    try {
      const made = await Promise.all(Array.from({ length: 200 }, () => newRunFolder(place.around.runsFolder)));
      assert.equal(new Set(made.map(({ folder }) => folder)).size, 200);
      assert.ok(made.every(({ runId }) => isRunId(runId)));
    } finally {
      await place.dispose();
    }
  });
});
