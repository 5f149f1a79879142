import assert from 'node:assert/strict';
import { watchRollouts, type ShownRollouts } from '../../../src/host/rolloutWatch.ts';
import type { RolloutResult } from '../../../src/runs/rollouts.ts';
import { openSession, runsOf, type OpenSession } from './sessions.ts';

const answers = ['blue', 'red', 'Blue.'];

/** Replies by the question's text and by how often each run has asked: runs of one question share one server. */
const script = Array.from({ length: 6 }, () => ({
  content: 'Known.',
}));

describe('watchRollouts', () => {
  const opened: { one?: OpenSession } = {};
  afterEach(async () => {
    await opened.one?.close();
    delete opened.one;
  });

  it('shows the rollouts of the shown run with their answers and the majority, live and from the list of runs', async () => {
    let given = 0;
    const one = await openSession(
      script.map(() => ({ text }) => {
        const final = /\\\\boxed/.test(text) && text.includes('Known.');
        return { content: final ? `So it is.\n\n\\boxed{${answers[given++] ?? ''}}` : 'Known.' };
      }),
    );
    opened.one = one;
    const watch = watchRollouts(one.session, runsOf(one));
    assert.deepEqual(watch.current(), { rollouts: [] });
    const done = new Promise<RolloutResult>((resolve) => {
      one.session.subscribe({ onRollouts: resolve });
    });
    await one.session.askSeveral({ text: 'Which colour?', mentions: [] }, 3, one.choice);
    assert.ok(one.session.live.length > 0);
    const result = await done;
    assert.equal(result.majority?.runIds.length, 2);
    const shown = watch.current();
    assert.deepEqual(
      shown.rollouts.map(({ index, state, turns }) => ({ index, state, turns })),
      [1, 2, 3].map((index) => ({ index, state: 'answered', turns: 2 })),
    );
    assert.equal(shown.majority?.count, 2);
    assert.equal(shown.majority.of, 3);

    const [first] = shown.rollouts;
    one.session.close();
    assert.deepEqual(watch.current(), { rollouts: [] });
    const loaded = new Promise<ShownRollouts>((resolve) => {
      watch.subscribe(() => {
        if (watch.current().rollouts.length === 3) resolve(watch.current());
      });
    });
    await one.session.open(first?.runId ?? '');
    assert.deepEqual(await loaded, shown);
    watch.dispose();
  });

  it('counts what was answered to the common question, whatever one was asked later', async () => {
    let given = 0;
    const one = await openSession(
      Array.from({ length: 10 }, () => ({ text }: { readonly text: string }) => {
        const final = /\\\\boxed/.test(text) && text.includes('Known.');
        if (text.includes('And then?')) return { content: final ? 'So it is.\n\n\\boxed{green}' : 'Known.' };
        return { content: final ? `So it is.\n\n\\boxed{${answers[given++] ?? ''}}` : 'Known.' };
      }),
    );
    opened.one = one;
    const watch = watchRollouts(one.session, runsOf(one));
    const done = new Promise<RolloutResult>((resolve) => {
      one.session.subscribe({ onRollouts: resolve });
    });
    await one.session.askSeveral({ text: 'Which colour?', mentions: [] }, 3, one.choice);
    const { majority } = await done;
    const before = votes(watch.current());
    assert.equal(before.majority?.count, 2);

    const runId = majority?.runIds[0] ?? '';
    const second = one.fact((event) => event.type === 'answer.given');
    const end = one.fact((event) => event.type === 'run.ended');
    await one.session.followUp(runId, { text: 'And then?', mentions: [] }, one.choice);
    assert.deepEqual(votes(watch.current()), before, 'while it is asked on');
    await second;
    await end;
    assert.match(await one.log(runId), /"boxed":"green"/);
    assert.deepEqual(votes(watch.current()), before, 'live');

    one.session.close();
    const loaded = new Promise<ShownRollouts>((resolve) => {
      watch.subscribe(() => {
        if (watch.current().rollouts.length === 3) resolve(watch.current());
      });
    });
    await one.session.open(runId);
    assert.deepEqual(votes(await loaded), before, 'from the logs');
    watch.dispose();
  });
});

/** What is shown without the turns, which a later question adds to. */
const votes = ({ rollouts, majority }: ShownRollouts) => ({
  majority,
  rollouts: rollouts.map(({ runId, state, boxed }) => ({ runId, state, boxed })),
});
