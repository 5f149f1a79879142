import assert from 'node:assert/strict';
import type { ReplyPreview } from '../../../src/host/replyPreview.ts';
import { deferred } from '../../fakes/deferred.ts';
import { call, type Step } from '../../fakes/scriptedServer.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { openSession, type OpenSession } from './sessions.ts';

const write: Step = { content: call('workspace', 'write_file', { path: 'report.md', content: 'noted\n' }) };
const known: Step = { content: 'Known.' };
const answer = (boxed: string): Step => ({ content: `So it is.\n\n\\boxed{${boxed}}` });
const question = (text: string) => ({ text, mentions: [] });
const ended = ({ type }: { readonly type: string }) => type === 'run.ended';

function contentOf(preview: ReplyPreview | undefined): string | undefined {
  return preview?.kind === 'generating' ? preview.content : undefined;
}

describe('Session', () => {
  const opened: OpenSession[] = [];
  const open = async (script: readonly Step[], runsFolder?: string) => {
    const one = await openSession(script, {}, runsFolder);
    opened.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
  });

  const asked = async (one: OpenSession, text: string) => {
    await one.session.ask(question(text), one.choice);
    const runId = one.session.shown?.runId;
    assert.ok(runId);
    return runId;
  };

  it('gives the model a note behind the observation of the turn under way', async () => {
    const gate = deferred<undefined>();
    const first: Step = async () => {
      await gate.promise;
      return write;
    };
    const one = await open([first, known, answer('so')]);
    const runId = await asked(one, 'What is it?');
    await one.server.request(0);
    const noted = one.fact(({ type }) => type === 'note.added');
    one.session.note(runId, ' Mind the date. ');
    await noted;
    gate.resolve(undefined);
    const { text } = await one.server.request(1);
    assert.ok(text.indexOf('Mind the date.') > text.indexOf('report.md'), 'the note stands behind the observation');
    assert.equal(one.server.requests[0]?.text.includes('Mind the date.'), false);
  });

  it('refuses a note to a run that has ended, and an empty one', async () => {
    const one = await open([known, answer('so')]);
    const end = one.fact(ended);
    const runId = await asked(one, 'What is it?');
    assert.throws(() => one.session.note(runId, '  '), /empty/);
    await end;
    assert.throws(() => one.session.note(runId, 'Too late'), /has ended/);
  });

  it('pauses before the next step, tells of it, and goes on', async () => {
    const gate = deferred<undefined>();
    const first: Step = async () => {
      await gate.promise;
      return write;
    };
    const one = await open([first, known, answer('so')]);
    const runId = await asked(one, 'What is it?');
    await one.server.request(0);
    const told: (boolean | undefined)[] = [];
    one.session.subscribe({ onRun: () => told.push(one.session.shownLive?.pausing()) });
    one.session.pause(runId);
    const paused = one.fact(({ type }) => type === 'run.paused');
    gate.resolve(undefined);
    await paused;
    assert.equal(one.server.requests.length, 1);
    const end = one.fact(ended);
    one.session.goOn(runId);
    await end;
    assert.deepEqual(told.slice(0, 2), [true, false]);
  });

  it('queues a follow-up while the run goes on, and asks it behind the answer', async () => {
    const gate = deferred<undefined>();
    const first: Step = async () => {
      await gate.promise;
      return known;
    };
    const one = await open([first, answer('first'), known, answer('second')]);
    const runId = await asked(one, 'What is it?');
    await one.server.request(0);
    await one.session.followUp(runId, question('And then?'), one.choice);
    const end = one.fact(ended);
    gate.resolve(undefined);
    await end;
    const types = (await one.log(runId)).match(/"type":"(?:question\.\w+|answer\.given|run\.ended)"/g);
    assert.deepEqual(
      types?.map((type) => type.slice(8, -1)),
      ['question.queued', 'answer.given', 'question.asked', 'answer.given', 'run.ended'],
    );
  });

  it('asks on in a run that ended while the question was typed', async () => {
    const one = await open([known, answer('first'), known, answer('second')]);
    const end = one.fact(ended);
    const runId = await asked(one, 'What is it?');
    await end;
    const second = one.fact(ended);
    await one.session.followUp(runId, question('And then?'), one.choice);
    assert.equal((await second).trajectory.items.findLast((item) => item.kind === 'answer')?.boxed, 'second');
    assert.equal(one.session.shown?.runId, runId);
    assert.deepEqual(one.broken, []);
  });

  it('asks no other question while the shown run goes on, and another beside it when none is shown', async () => {
    const one = await open([{ hang: 'prefill' }, { hang: 'prefill' }]);
    const first = await asked(one, 'What is it?');
    await assert.rejects(one.session.ask(question('And that?'), one.choice), /still going/);
    one.session.close();
    const second = await asked(one, 'And that?');
    assert.deepEqual(
      one.session.live.map((run) => run.runId),
      [first, second],
    );
    const end = one.fact(ended);
    one.session.stop(first);
    assert.equal((await end).trajectory.runId, first);
    assert.deepEqual(
      one.session.live.map((run) => run.runId),
      [second],
    );
    assert.equal(one.session.shown?.live, true);
  });

  it('forks while the parent goes on, shows the fork, and leaves the parent as it is', async () => {
    const one = await open([write, { hang: 'prefill' }, known, answer('forked')]);
    const turn = one.fact(({ type }) => type === 'tool.finished');
    const parent = await asked(one, 'What is it?');
    await turn;
    await one.server.request(1);
    const before = await one.log(parent);
    const end = one.fact(ended);
    await one.session.fork({ runId: parent, turn: 1 }, 'Look elsewhere.', one.choice);
    const { trajectory } = await end;
    assert.notEqual(trajectory.runId, parent);
    assert.equal(one.session.shown?.runId, trajectory.runId);
    assert.match(one.server.requests[2]?.text ?? '', /Look elsewhere\./);
    assert.equal(await one.log(parent), before);
    assert.ok(one.session.find(parent), 'the parent goes on');
  });

  it('asks a run that was stopped for its answer', async () => {
    const one = await open([write, { hang: 'prefill' }, answer('from what there is')]);
    const runId = await asked(one, 'What is it?');
    await one.server.request(1);
    const stopped = one.fact(ended);
    one.session.stop(runId);
    await stopped;
    const end = one.fact(ended);
    await one.session.answerNow(runId, one.choice);
    assert.equal((await end).trajectory.state.kind, 'ended');
    assert.match(await one.log(runId), /"boxed":"from what there is"/);
  });

  it('takes a second click for the first one, and lets something else wait', async () => {
    const one = await open([write, { hang: 'prefill' }, known, answer('so')]);
    const runId = await asked(one, 'What is it?');
    await one.server.request(1);
    const stopped = one.fact(ended);
    one.session.stop(runId);
    await stopped;
    const end = one.fact(ended);
    const first = one.session.resume(runId, one.choice);
    await one.session.resume(runId, one.choice);
    await assert.rejects(one.session.followUp(runId, question('And then?'), one.choice), /being started/);
    await first;
    await one.session.resume(runId, one.choice);
    await end;
    assert.equal((await one.log(runId)).split('"type":"run.resumed"').length, 2);
    assert.deepEqual(one.broken, []);
  });

  it('keeps what came of a reply for whoever shows its run later', async () => {
    const one = await open([{ content: 'A thought that goes on', hang: 'stream' }, { hang: 'prefill' }]);
    const first = await asked(one, 'What is it?');
    const came = new Promise<void>((resolve) => {
      one.session.subscribe({
        onPreview: () => {
          if (contentOf(one.session.preview)?.endsWith('goes on')) resolve();
        },
      });
    });
    await came;
    one.session.close();
    assert.equal(contentOf(one.session.preview), undefined);
    assert.equal(contentOf(one.session.previewOf(first)), 'A thought that goes on');
    await one.session.open(first);
    assert.equal(contentOf(one.session.preview), 'A thought that goes on');
  });

  it('interrupts every run when it is disposed: none has ended, and each can be resumed', async () => {
    const one = await open([write, { hang: 'prefill' }, { hang: 'prefill' }]);
    const first = await asked(one, 'What is it?');
    await one.server.request(1);
    one.session.close();
    const second = await asked(one, 'And that?');
    await one.server.request(2);
    await one.session.dispose();
    for (const runId of [first, second]) assert.doesNotMatch(await one.log(runId), /"type":"run\.ended"/);
    const listed = await listRuns(one.runsFolder);
    assert.deepEqual(
      listed.map(({ state }) => state),
      ['interrupted', 'interrupted'],
    );
    const again = await open([known, answer('so')], one.runsFolder);
    const end = again.fact(ended);
    await again.session.resume(first, again.choice);
    assert.match(JSON.stringify((await end).trajectory.state), /answered/);
  });
});
