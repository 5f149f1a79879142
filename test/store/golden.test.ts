import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messagesFor } from '../../src/agent/messages.ts';
import { factSchema, type TrajectoryEvent } from '../../src/shared/events.ts';
import { foldAll, type Trajectory } from '../../src/shared/trajectory.ts';
import { readLog } from '../../src/store/readLog.ts';
import { forkId, parentId, runWithEveryFact } from './everyFact.ts';

const golden = join(import.meta.dirname, '../golden');
const kinds = new Set(factSchema.options.map((option) => option.shape.type.value));

async function open(...path: readonly string[]) {
  const { events, damage } = await readLog(join(golden, ...path));
  assert.equal(damage, undefined);
  return { events, trajectory: foldAll(events) };
}

const typesOf = (...logs: readonly (readonly TrajectoryEvent[])[]) =>
  new Set(logs.flatMap((events) => events.map(({ type }) => type)));
const kindsOf = ({ items }: Trajectory) => items.map(({ kind }) => kind).join(' ');
const roles = (trajectory: Trajectory) =>
  messagesFor(trajectory)
    .map(({ role }) => role[0])
    .join('');

describe('the golden logs', () => {
  it('of format 1 open whole and fold as they always did', async () => {
    const { trajectory } = await open('format-1');
    const rolledBack = 'rolledBack '.repeat(5);
    const answered = 'answerRequest turn answer end';
    assert.equal(
      kindsOf(trajectory),
      `question turn ${rolledBack}turn turn turn ${answered} changed question turn ${answered}`,
    );
    assert.deepEqual([trajectory.turns, trajectory.model, trajectory.state.kind], [7, 'other', 'ended']);
    assert.equal(roles(trajectory), 'suauauauauauaua');
    assert.deepEqual(trajectory.settings?.retention, { policy: 'recency', keep: 5, slack: 0 });
  });

  it('of format 2 hold every kind of fact, and fold and show as they always did', async () => {
    const { events, trajectory } = await open('format-2', parentId);
    const { events: forked } = await open('format-2', forkId);
    assert.deepEqual(typesOf(events, forked), kinds);
    const answered = 'answerRequest turn answer';
    const first = `question window turn turn note ${'rolledBack '.repeat(5)}turn turn turn narrowed turn turn`;
    const second = `reportRequest turn attemptEnd attempt turn ${answered}`;
    const later = `question turn ${answered} end changed question turn ${answered} end`;
    assert.equal(kindsOf(trajectory), `${first} ${second} ${later}`);
    assert.deepEqual([trajectory.turns, trajectory.model, trajectory.attempt], [14, 'other', 1]);
    assert.equal(roles(trajectory), 'suauauauauaua');
    const undone = trajectory.items.filter((item) => item.kind === 'turn' && item.undone);
    assert.equal(undone.length, 1);
  });

  it('of a fork begin with what it has of its parent', async () => {
    const { events: parent } = await open('format-2', parentId);
    const { events, trajectory } = await open('format-2', forkId);
    const at = events.findIndex(({ type }) => type === 'run.forked');
    assert.deepEqual(events.slice(0, at), parent.slice(0, at));
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index),
    );
    assert.equal(
      kindsOf(trajectory),
      'question window turn fork changed note turn format turn answerRequest turn answer end',
    );
    assert.deepEqual([trajectory.runId, trajectory.toolFormat, trajectory.turns], [forkId, 'mcp-xml', 4]);
    assert.equal(roles(trajectory), 'suauuauaua');
  });

  it('are such as a run writes today', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'golden-'));
    await runWithEveryFact(folder);
    const parent = await readLog(join(folder, parentId));
    const fork = await readLog(join(folder, forkId));
    await rm(folder, { recursive: true });
    assert.deepEqual([parent.damage, fork.damage], [undefined, undefined]);
    assert.deepEqual(typesOf(parent.events, fork.events), kinds);
  });
});
