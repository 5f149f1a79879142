import assert from 'node:assert/strict';
import { z } from 'zod';
import { run } from '../../src/agent/loop.ts';
import { callBlock } from '../../src/agent/messages.ts';
import type { ModelRequest } from '../../src/agent/ports.ts';
import { defineTool } from '../../src/agent/tool.ts';
import type { PlannedItem } from '../../src/shared/plan.ts';
import { forkPoint } from '../../src/shared/forkPoint.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { planning as planTools } from '../../src/runs/planning.ts';
import { noWeb } from '../../src/shared/webSettings.ts';
import { updatePlanTool } from '../../src/tools/updatePlan.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { callTool } from '../tools/workspaceFixture.ts';
import { world } from './world.ts';

const never = new AbortController().signal;
const planned = '{"plan": ["When was it built?", "How high is it?", "Who owns it?"]}';
const tickCall = (args: Readonly<Record<string, unknown>>) =>
  `<think>Settled.</think>\n\n${callBlock({ server: 'plan', tool: 'update_plan', arguments: args })}`;
const readCall = (path: string) => `I read.\n\n${callBlock({ server: 'notes', tool: 'read', arguments: { path } })}`;
const contents = (request: ModelRequest | undefined) => request?.messages.map(({ content }) => content) ?? [];
const marks = (items: readonly PlannedItem[] | undefined) =>
  items?.map(({ id, text, done }) => `${id}${done ? 'x' : ''} ${text}`);

/** A tool that brings evidence of what it reads. */
const reading = defineTool({
  server: 'notes',
  name: 'read',
  description: 'Reads.',
  input: z.object({ path: z.string() }),
  effect: 'read',
  run: async ({ path }) => ({
    content: `${path} says so.`,
    sources: [{ uri: path, kind: 'file', retrievedAt: 5, spans: [] }],
  }),
});

function planning(replies: readonly ScriptedReply[], settings: Partial<RunSettings> = {}) {
  const model = scriptedModel(replies);
  const plan = (): readonly PlannedItem[] => foldAll(made.events).plan?.items ?? [];
  const made = world(model, [reading, updatePlanTool(plan)], { plan: true, ...settings });
  return { ...made, model };
}

describe('a plan', () => {
  it('is made once before the first turn and stands behind the question in every prompt', async () => {
    const usage = { promptTokens: 50, completionTokens: 5 };
    const { ports, start, model, events } = planning([
      { content: planned, usage },
      readCall('a.md'),
      'Done.',
      '\\boxed{so}',
    ]);
    const end = await run(await start('What of the tower?'), ports, never);
    const [aside, first, second] = model.requests;
    assert.match(
      contents(aside)[1] ?? '',
      /^The question:\n\nWhat of the tower\?\n\nThe agent's tools: read, update_plan\.$/,
    );
    assert.equal(
      contents(first)[1],
      'What of the tower?\n\nThe plan, as sub-questions. Mark an item with update_plan once what you have read settles it:\n1. When was it built?\n2. How high is it?\n3. Who owns it?',
    );
    assert.equal(first?.messages[1], second?.messages[1]);
    assert.deepEqual(end.spent, usage);
    assert.match(
      contents(model.requests[3]).at(-1) ?? '',
      /These items of the plan were not marked[\s\S]*1\. When[\s\S]*3\. Who owns it\?$/,
    );
    assert.deepEqual(foldAll(events), end);
  });

  it('is none where the model makes none: the prompt is the bare question', async () => {
    for (const reply of ['no', '{"plan": ["one thing"]}', '{"plan": "x"}']) {
      const { ports, start, model, types } = planning([reply, 'Done.', '\\boxed{so}']);
      const end = await run(await start('What?'), ports, never);
      assert.equal(contents(model.requests[1])[1], 'What?');
      assert.deepEqual(end.plan, { by: 'model', items: [], lastId: 0 });
      assert.equal(types().filter((type) => type === 'plan.set').length, 1);
    }
  });

  it('has at most seven items of one line each', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `Part ${index}\nand more`);
    const { ports, start } = planning([JSON.stringify({ plan: lines }), 'Done.', '\\boxed{so}']);
    const end = await run(await start(), ports, never);
    assert.equal(end.plan?.items.length, 7);
    assert.deepEqual(end.plan.items[6], { id: 7, text: 'Part 6 and more', done: false, evidence: [] });
  });

  it('is ticked by the model, with what it read since the last tick, or what it names', async () => {
    const { ports, start, events } = planning([
      planned,
      ...[readCall('a.md'), tickCall({ item: 1 }), readCall('b.md'), readCall('c.md')],
      ...[tickCall({ item: 2, evidence: ['b.md:3'] }), tickCall({ item: 3, evidence: ['unseen.md'] })],
      ...[tickCall({ item: 3, done: false }), 'Done.', '\\boxed{so}'],
    ]);
    const end = await run(await start(), ports, never);
    const ticks = events.flatMap((event) =>
      event.type === 'plan.ticked' ? [[event.id, event.done, event.evidence.map(({ callId }) => callId).join()]] : [],
    );
    assert.deepEqual(ticks, [
      [1, true, '1-1'],
      [2, true, '3-1'],
      [3, true, '4-1'],
      [3, false, ''],
    ]);
    assert.deepEqual(marks(end.plan?.items), ['1x When was it built?', '2x How high is it?', '3 Who owns it?']);
    const at = forkPoint(events, 2) ?? 0;
    assert.equal(events[at]?.type, 'plan.ticked', 'a fork has the tick with its call');
    assert.equal(foldAll(events.slice(0, at + 1)).plan?.items[0]?.done, true);
  });

  it('tells the model which items there are when it names another', async () => {
    const { ports, start, model } = planning([planned, tickCall({ item: 9 }), 'Done.', '\\boxed{so}']);
    await run(await start(), ports, never);
    assert.match(contents(model.requests[2]).at(-1) ?? '', /The plan has no item 9; it has 1, 2, 3\./);
  });

  it('is edited while the model replies: the model is told behind that turn, and ticks and numbers stay', async () => {
    const { ports, start, model, wheel, events } = planning([
      planned,
      tickCall({ item: 2 }),
      async () => {
        wheel.say({
          kind: 'plan',
          items: [
            { id: 2, text: 'How high is it?' },
            { id: 0, text: 'What\nis it made of?' },
            { id: 1, text: 'When was it finished?' },
            { id: 0, text: '  ' },
          ],
        });
        wheel.say({ kind: 'tick', id: 2, done: false });
        return { content: readCall('a.md') };
      },
      ...['Done.', '\\boxed{so}'],
    ]);
    const end = await run(await start(), ports, never);
    assert.deepEqual(contents(model.requests[3]).slice(-3), [
      'a.md says so.',
      'A note from the person who asked: I changed the plan. From here on it is:\n2. How high is it? (settled)\n4. What is it made of?\n1. When was it finished?',
      'A note from the person who asked: Item 2 of the plan is open again: How high is it?',
    ]);
    assert.deepEqual(contents(model.requests[3]).slice(0, 3), contents(model.requests[2]).slice(0, 3));
    assert.deepEqual(marks(end.plan?.items), ['2 How high is it?', '4 What is it made of?', '1 When was it finished?']);
    assert.equal(end.plan?.by, 'person');
    assert.deepEqual(foldAll(events), end);
  });

  it('is not set again by an edit that changes nothing, nor ticked twice', async () => {
    const { ports, start, wheel, types } = planning([
      planned,
      async () => {
        wheel.say({
          kind: 'plan',
          items: [
            { id: 1, text: 'When was it built?' },
            { id: 2, text: 'How high is it?' },
            { id: 3, text: 'Who owns it?' },
          ],
        });
        wheel.say({ kind: 'tick', id: 1, done: false });
        wheel.say({ kind: 'tick', id: 8, done: true });
        return { content: 'Done.' };
      },
      '\\boxed{so}',
    ]);
    await run(await start(), ports, never);
    assert.deepEqual(
      types().filter((type) => /plan|note/.test(type)),
      ['plan.set'],
    );
  });

  it('stays over a fresh attempt, with its ticks', async () => {
    const { ports, start, model } = planning(
      [planned, tickCall({ item: 1 }), 'Failure type: blocked', 'Done.', '\\boxed{so}'],
      { maxTurns: 1, attempts: 2 },
    );
    await run(await start('What?'), ports, never);
    assert.match(
      contents(model.requests[3])[1] ?? '',
      /^What\?\n\nThe plan as it stands[^\n]*\n1\. When was it built\? \(settled\)\n2\. How/,
    );
  });

  it('gives the number of a removed item to no other, so that a new one is open', async () => {
    const kept = [
      { id: 1, text: 'When was it built?' },
      { id: 2, text: 'How high is it?' },
    ];
    const { ports, start, wheel } = planning([
      planned,
      tickCall({ item: 3 }),
      async () => {
        wheel.say({ kind: 'plan', items: kept });
        wheel.say({ kind: 'plan', items: [...kept, { id: 0, text: 'Who built it?' }] });
        return { content: readCall('a.md') };
      },
      ...['Done.', '\\boxed{so}'],
    ]);
    const end = await run(await start(), ports, never);
    assert.deepEqual(marks(end.plan?.items), ['1 When was it built?', '2 How high is it?', '4 Who built it?']);
  });

  it('is what the tool tells, also where an old log gave a number twice', async () => {
    const { ports, start, events } = planning([planned, tickCall({ item: 3 }), 'Done.', '\\boxed{so}']);
    await run(await start(), ports, never);
    const [one, two] = [
      { id: 1, text: 'When was it built?' },
      { id: 2, text: 'How high is it?' },
    ] as const;
    const settings = { web: noWeb, plan: true };
    const finding = await planTools({ settings, nested: false });
    const edits = [
      [one, two],
      [one, two, { id: 3, text: 'Who built it?' }],
    ].map((items, index) => ({ type: 'plan.set', by: 'person', items, seq: events.length + index, at: 0 }) as const);
    finding.follow('', () => [...events, ...edits]);
    const [tool] = finding.tools;
    assert.ok(tool);
    const { content } = await callTool(tool, { item: 1 });
    assert.match(content, /3\. Who built it\?$/);
  });

  it('is another one for the next question', async () => {
    const { ports, start, model, wheel } = planning([
      ...[planned, 'Done.', '\\boxed{so}'],
      ...['{"plan": ["x", "y"]}', 'Done.', '\\boxed{so}'],
    ]);
    wheel.say({ kind: 'question', question: 'And then?', mentions: [] });
    const end = await run(await start(), ports, never);
    assert.deepEqual(marks(end.plan?.items), ['1 x', '2 y']);
    assert.deepEqual(contents(model.requests[4]).slice(0, 2), contents(model.requests[1]).slice(0, 2));
  });
});
