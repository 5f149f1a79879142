import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { deleteRun } from '../../src/store/runs.ts';
import { deferred } from '../fakes/deferred.ts';
import { call, type Step } from '../fakes/scriptedServer.ts';
import { editorRuns, until } from './editorRuns.ts';

const write: Step = { content: call('workspace', 'write_file', { path: 'steered.md', content: 'noted\n' }) };
const known: Step = { content: 'Known.' };
const answer = (boxed: string): Step => ({ content: `So it is.\n\n\\boxed{${boxed}}` });
const run = (name: string, ...args: readonly unknown[]) =>
  vscode.commands.executeCommand(`mirothinker.${name}`, ...args);

/** A reply that comes once the test says so. */
function held(step: { readonly content: string }) {
  const gate = deferred<undefined>();
  return { step: () => gate.promise.then(() => step), release: () => gate.resolve(undefined) };
}

describe('steering by command', () => {
  const { runs, server, set, serve, start, ids, log, logged, ended } = editorRuns();

  it('pauses, takes a note and a question, and goes on: the note stands behind the observation', async () => {
    const first = held({ content: call('workspace', 'read_file', { path: 'README.md' }) });
    const runId = await start([first.step, known, answer('first'), known, answer('second')], 'sandbox');
    await server().request(0);
    await run('pause');
    await run('addNote', 'Mind the date.');
    await run('queueQuestion', 'And then?');
    first.release();
    await logged(runId, '"type":"run.paused"');
    assert.equal(server().requests.length, 1);
    await run('continue');
    const text = await ended(runId);
    const second = server().requests[1]?.text ?? '';
    assert.match(second, /Mind the date\./);
    assert.match(
      second,
      /"role":"user","content":"[^"]*Mind the date\.[^"]*"\}\]/,
      'it is the last that the model reads',
    );
    const order = [
      '"type":"tool.finished"',
      '"boxed":"first"',
      '"question.asked","question":"And then?"',
      '"boxed":"second"',
    ];
    assert.deepEqual(
      order.map((part) => text.indexOf(part)).toSorted((a, b) => a - b),
      order.map((part) => text.indexOf(part)),
    );
    assert.ok(order.every((part) => text.includes(part)));
  });

  it('answers now, from what there is', async () => {
    const runId = await start([write, { hang: 'prefill' }, answer('so far')], 'sandbox');
    await server().request(1);
    await run('answerNow');
    assert.match(await ended(runId), /"answer\.requested","reason":"asked"[^]*"boxed":"so far"/);
  });

  it('forks behind a turn with a note; the parent stays, and cannot be deleted before the fork', async () => {
    const parent = await start([write, known, answer('first'), known, answer('forked')], 'sandbox');
    const before = await ended(parent);
    await run('fork', parent, 1, 'Look elsewhere.');
    const fork = (await ids()).find((id) => id !== parent);
    assert.ok(fork);
    const text = await ended(fork);
    assert.match(text, new RegExp(`"type":"run\\.forked"[^]*"runId":"${parent}"`));
    assert.match(text, /"boxed":"forked"/);
    assert.match(server().requests[3]?.text ?? '', /Look elsewhere\./);
    assert.equal(await log(parent), before);
    await run('deleteRun', parent, { confirmed: true });
    assert.deepEqual((await ids()).length, 2);
    await assert.rejects(deleteRun(runs(), parent), new RegExp(`is the parent of the fork ${fork}; delete that first`));
  });

  it('asks several times at once, with seeds of their own', async () => {
    const script = Array.from({ length: 6 }, (): Step => ({ text }) => ({
      content: text.includes('Known.') ? 'So it is.\n\n\\boxed{blue}' : 'Known.',
    }));
    await serve(script, 'sandbox');
    await set('seed', 7);
    await run('askSeveral', 'Which colour?', 3);
    const group = await until('three runs', async () => {
      const found = await ids();
      return found.length === 3 ? found : undefined;
    });
    const logs = await Promise.all(group.map(ended));
    const indices = logs.map((text) => /"rollout":\{[^}]*"index":(\d)/.exec(text)?.[1]);
    assert.deepEqual(indices.toSorted(), ['1', '2', '3']);
    const seeds = new Set(server().requests.map(({ body }) => body['seed']));
    assert.equal(seeds.size, 3);
    assert.ok(seeds.has(7));
  });

  it('shows the exact messages that were sent for a turn', async () => {
    const runId = await start([write, known, answer('so')], 'sandbox');
    await ended(runId);
    await run('showPrompt', 2);
    const shown: unknown = JSON.parse(vscode.window.activeTextEditor?.document.getText() ?? '');
    assert.deepEqual(shown, server().requests[1]?.body['messages']);
  });

  it('hands settings to the run', async () => {
    for (const [name, value] of Object.entries({
      maxTurns: 11,
      maxCalls: 12,
      retention: 'watermark',
      keep: 7,
      attempts: 2,
      'budget.minutes': 5,
      'budget.tokens': 90_000,
      seed: 3,
      subAgents: true,
    }))
      await set(name, value);
    const runId = await start([known, answer('so')], 'ask');
    const [first = ''] = (await ended(runId)).split('\n');
    assert.match(first, /"maxTurns":11,"maxCalls":12,/);
    assert.match(first, /"retention":\{"policy":"watermark","keep":7,/);
    assert.match(first, /"attempts":2,"budget":\{"minutes":5,"tokens":90000\},/);
    assert.match(first, /"seed":3\b/);
    assert.match(first, /"subAgents":true/);
  });

  it('hands slack and the tool format of a single model to the run', async () => {
    await set('model', 'some-model');
    await set('slack', 4);
    const formats = { 'some-*': 'native', 'other-*': 'mcp-xml' };
    await set('modelToolFormats', formats);
    const runId = await start([known, answer('so')], 'ask');
    const [first = ''] = (await ended(runId)).split('\n');
    assert.match(first, /"retention":\{"policy":"recency","keep":5,"slack":4\}/);
    assert.match(first, /"toolFormat":"native"/);
  });
});
