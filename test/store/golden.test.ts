import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messagesFor } from '../../src/agent/messages.ts';
import { changesOfRun } from '../../src/shared/checkpoints.ts';
import { factSchema, type TrajectoryEvent } from '../../src/shared/events.ts';
import { foldAll, type Trajectory } from '../../src/shared/trajectory.ts';
import { readBlob } from '../../src/store/blobs.ts';
import { readLog } from '../../src/store/readLog.ts';
import { forkId, parentId, runWithEveryFact } from './everyFact.ts';

const golden = join(import.meta.dirname, '../golden');
const kinds = new Set(factSchema.options.map((option) => option.shape.type.value));
/** Kinds that came with format 3. */
const kindsSince3: ReadonlySet<string> = new Set(['checkpoint.made', 'checkpoint.failed']);
/** Kinds that came with format 4. */
const kindsSince4: ReadonlySet<string> = new Set([
  'clarification.asked',
  'clarification.answered',
  'plan.set',
  'plan.ticked',
  'citations.checked',
]);
const kindsOfFormat3 = new Set([...kinds].filter((kind) => !kindsSince4.has(kind)));
const kindsOfFormat2 = new Set([...kindsOfFormat3].filter((kind) => !kindsSince3.has(kind)));

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

async function beginsWithParent(format: string) {
  const { events: parent } = await open(format, parentId);
  const { events, trajectory } = await open(format, forkId);
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
}

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
    assert.deepEqual(typesOf(events, forked), kindsOfFormat2);
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

  it('of format 3 hold every kind of fact, what is kept of files and outputs too', async () => {
    const { events, trajectory } = await open('format-3', parentId);
    const { events: forked } = await open('format-3', forkId);
    assert.deepEqual(typesOf(events, forked), kindsOfFormat3);
    const answered = 'answerRequest turn answer';
    const first = `question window turn restore turn note ${'rolledBack '.repeat(5)}turn turn turn narrowed turn`;
    const second = `checkpointFailed turn reportRequest turn attemptEnd attempt turn ${answered}`;
    const later = `question turn ${answered} end changed question turn ${answered} end`;
    assert.equal(
      kindsOf(trajectory).replace('turn checkpointFailed', 'checkpointFailed turn'),
      `${first} ${second} ${later}`,
    );
    assert.deepEqual([trajectory.turns, trajectory.model, trajectory.attempt], [14, 'other', 1]);
    assert.equal(roles(trajectory), 'suauauauauaua');
    const made = trajectory.checkpoints.map(({ kind, turn, files }) => [kind, turn, ...files.map(({ path }) => path)]);
    assert.deepEqual(made, [
      ['baseline', 0],
      ['call', 1, 'a.md'],
      ['person', 1, 'mine.md'],
      ['restore', 1, 'a.md'],
      ['call', 2, 'a.md'],
      ['call', 5, 'a.md'],
    ]);
    assert.match(trajectory.checkpoints[0]?.skipped[0]?.reason ?? '', /larger than/);
    assert.deepEqual([...changesOfRun(trajectory).files], [['a.md', 'modified']]);
    const [call] = trajectory.items.flatMap((item) => (item.kind === 'turn' ? item.calls : []));
    assert.equal(call?.checkpoint?.checkpoint.number, 1);
    assert.deepEqual([call.output?.sizeBytes, call.omittedBytes, call.images?.[0]?.mimeType], [6_508, 12, 'image/png']);
    assert.ok(call.approval?.scope, 'what "for this run" would allow');
    const blob = call.output && (await readBlob(join(golden, 'format-3', parentId), call.output));
    assert.equal(blob?.length, 6_508);
  });

  it('of format 4 hold every kind of fact: what was asked back, planned, read and cited', async () => {
    const { events, trajectory } = await open('format-4', parentId);
    const { events: forked } = await open('format-4', forkId);
    assert.deepEqual(typesOf(events, forked), kinds);
    const asked = trajectory.items.filter((item) => item.kind === 'question');
    assert.deepEqual(asked[0]?.clarification, {
      questions: ['Which one?', 'Since when?'],
      answers: ['The first.', ''],
    });
    assert.deepEqual(
      asked[0].attachments?.map(({ path }) => path),
      ['table.csv'],
    );
    assert.deepEqual(asked[1]?.clarification, { questions: [] });
    const answeredAt = events.findIndex(({ type }) => type === 'answer.given');
    const { plan, items, ...first } = foldAll(events.slice(0, answeredAt + 2));
    assert.deepEqual(
      plan?.items.map(({ id, text, done, evidence }) => [id, text, done, evidence.length > 0]),
      [
        [1, 'What is in a.md?', true, true],
        [3, 'And in mine.md?', false, false],
      ],
    );
    const answer = items.find((item) => item.kind === 'answer');
    assert.deepEqual(
      answer?.checked?.citations.map(({ number, uri }) => [number, uri]),
      [[1, 'a.md']],
    );
    assert.ok(messagesFor({ ...first, items })[1]?.content.includes('# Earlier attempts'));
    const [call] = items.flatMap((item) => (item.kind === 'turn' ? item.calls : []));
    const [record] = call?.sources ?? [];
    const read = record?.text && (await readBlob(join(golden, 'format-4', parentId), record.text));
    assert.deepEqual([record?.uri, read?.toString()], ['a.md', 'echo: a']);
    const prompts = [0, 1].map((at) => messagesFor(foldAll(events.slice(0, at === 0 ? 4 : events.length)))[1]?.content);
    assert.match(prompts[0] ?? '', /Which one\?\n {2}The first\.[\s\S]*1\. What is in a\.md\?\n2\. Is it true\?$/);
    assert.match(prompts[1] ?? '', /The first\./);
  });

  for (const format of ['format-2', 'format-3', 'format-4']) {
    it(`of ${format}: a fork begins with what it has of its parent`, async () => {
      await beginsWithParent(format);
    });
  }

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
