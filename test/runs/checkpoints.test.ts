import assert from 'node:assert/strict';
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promptOfTurn } from '../../src/agent/promptOfTurn.ts';
import { openKept } from '../../src/runs/keptRun.ts';
import type { LiveRun } from '../../src/runs/liveRun.ts';
import { planRestore, restoreEnded } from '../../src/runs/restoreRun.ts';
import { followUp } from '../../src/runs/resumeRun.ts';
import { forkRun, startRun } from '../../src/runs/startRun.ts';
import type { RunSurroundings } from '../../src/runs/surroundings.ts';
import { atTurn, baselineOf, changesOfRun } from '../../src/shared/checkpoints.ts';
import type { EventOf, TrajectoryEvent } from '../../src/shared/events.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace, type Asked } from './runPlace.ts';

const write = (path: string, content: string) => ({ content: call('workspace', 'write_file', { path, content }) });
const read = (path: string) => ({ content: call('workspace', 'read_file', { path }) });
const known = { content: 'I know it.' };
const answer = { content: 'So it is.\n\n\\boxed{done}' };
const question = { text: 'Change it.', mentions: [] };
const never = new AbortController().signal;

type Made = EventOf<'checkpoint.made'>;
const made = (events: readonly TrajectoryEvent[]): readonly Made[] =>
  events.filter((event): event is Made => event.type === 'checkpoint.made');
const shape = (events: readonly TrajectoryEvent[]) =>
  made(events).map(({ kind, turn, files }) => [kind, turn, ...files.map(({ path, change }) => `${change} ${path}`)]);

/** Two files in three turns. */
const script = [
  write('a.md', 'one\n'),
  write('notes.md', 'The tower is 43 m high.\nIt is red.\n'),
  write('a.md', 'two\n'),
];

/** Waits until the run has so many checkpoints. */
async function untilMade(run: LiveRun, count: number): Promise<void> {
  const reached = Promise.withResolvers<undefined>();
  const look = () => made(run.events()).length >= count && reached.resolve(undefined);
  const stop = run.subscribe({ onEvent: look });
  look();
  await reached.promise;
  stop();
}

describe('checkpoints of a run', function () {
  this.timeout(60_000);
  let place: Awaited<ReturnType<typeof runPlace>>;
  let around: RunSurroundings;

  const placeWith = async (reply: Parameters<typeof runPlace>[0]) => {
    place = await runPlace(reply);
    around = { ...place.around, checkpoints: { maxFileBytes: 1e6, maxBytes: 1e8 } };
  };
  /** Replies by the number of turns in the prompt; behind the script it answers. */
  const scripted = async (steps: readonly { readonly content: string }[] = script) =>
    placeWith(({ messages, last }: Asked) => {
      if (/boxed/.test(last)) return answer;
      return steps[(messages - 2) / 2] ?? known;
    });
  const start = (): Promise<LiveRun> => startRun(question, { ...place.choice, approval: 'auto' }, around);
  const file = async (path: string) => readFile(join(place.workspace, path), 'utf8').catch(() => undefined);
  const kept = (runId: string) => openKept(runId, around);
  afterEach(async () => {
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });

  it('are facts of the log, one for each call that changed something, all before the end', async () => {
    await scripted();
    const run = await start();
    const end = await run.done;
    assert.deepEqual(shape(await place.events(run.runId)), [
      ['baseline', 0],
      ['call', 1, 'added a.md'],
      ['call', 2, 'modified notes.md'],
      ['call', 3, 'modified a.md'],
    ]);
    const types = run.events().map(({ type }) => type);
    assert.equal(types.lastIndexOf('checkpoint.made') < types.indexOf('run.ended'), true);
    assert.deepEqual(Object.fromEntries(changesOfRun(end).files), { 'a.md': 'added', 'notes.md': 'modified' });
    const turn = end.items.find((item) => item.kind === 'turn' && item.turn === 2);
    assert.deepEqual(turn?.kind === 'turn' && turn.calls[0]?.checkpoint?.files, [
      { path: 'notes.md', change: 'modified', added: 1, removed: 1 },
    ]);
  });

  it('are put back for a run that has ended, as a fact, and the model is told when it goes on', async () => {
    await scripted();
    const run = await start();
    await run.done;
    const before = await kept(run.runId);
    const target = atTurn(before.trajectory, 1);
    assert.ok(target);
    const plan = await planRestore(before, target);
    assert.deepEqual(plan.wish.only?.toSorted(), ['a.md', 'notes.md']);
    await restoreEnded(run.runId, plan.wish, around);
    assert.deepEqual([await file('a.md'), await file('notes.md')], ['one\n', 'The tower is 42 m high.\nIt is red.\n']);
    const events = await place.events(run.runId);
    assert.deepEqual(shape(events).at(-1), ['restore', 5, 'modified a.md', 'modified notes.md']);
    const [note] = events.slice(-1);
    assert.equal(note?.type, 'note.added');
    const trajectory = foldAll(events);
    assert.deepEqual([trajectory.state.kind, trajectory.items.at(-2)?.kind], ['ended', 'restore']);

    const again = await followUp(run.runId, { text: 'And now?', mentions: [] }, place.choice, around);
    const end = await again.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    const request = place.server.requests.find(({ text }) => text.includes('And now?'));
    assert.match(
      request?.text ?? '',
      /I put 2 files of the workspace back as they were after turn 1:\\n- a\.md \(changed back\)/,
    );
    const all = await place.events(run.runId);
    const sent = promptOfTurn(all, 5)?.messages;
    assert.ok(request?.text.includes(JSON.stringify(sent?.at(-1)?.content)), 'the prompt is that of the log');
    const [number] = made(all)
      .map(({ checkpoint }) => checkpoint.number)
      .toReversed();
    assert.deepEqual(number, made(all).length - 1, 'numbers go on');
  });

  it('undo the whole run, and that too', async () => {
    await scripted();
    const run = await start();
    await run.done;
    await writeFile(join(place.workspace, 'mine.md'), 'mine\n');
    const before = await kept(run.runId);
    const baseline = baselineOf(before.trajectory);
    assert.ok(baseline);
    const plan = await planRestore(before, baseline);
    await restoreEnded(run.runId, plan.wish, around);
    assert.deepEqual(
      [await file('a.md'), await file('notes.md'), await file('mine.md')],
      [undefined, 'The tower is 42 m high.\nIt is red.\n', 'mine\n'],
    );
    const undone = await kept(run.runId);
    assert.equal(changesOfRun(undone.trajectory).files.size, 0);
    const last = atTurn(undone.trajectory, 3);
    assert.ok(last);
    await restoreEnded(run.runId, (await planRestore(undone, last)).wish, around);
    assert.equal(await file('a.md'), 'two\n');
  });

  it('are put back while the run goes on, behind the call that writes, and the next prompt says so', async () => {
    const gate = Promise.withResolvers<undefined>();
    await placeWith(async ({ messages, last }) => {
      if (/boxed/.test(last)) return answer;
      if (messages === 6) await gate.promise;
      return [...script.slice(0, 2), read('a.md')][(messages - 2) / 2] ?? known;
    });
    const run = await start();
    await untilMade(run, 3);
    const [baseline] = made(run.events());
    assert.ok(baseline);
    const fact = await run.restore({ to: baseline.checkpoint, only: ['a.md'] }, never);
    assert.deepEqual(
      fact.files.map(({ path, change }) => `${change} ${path}`),
      ['deleted a.md'],
    );
    assert.equal(await file('a.md'), undefined);
    gate.resolve(undefined);
    const end = await run.done;
    const note = end.items.find((item) => item.kind === 'note');
    assert.match(
      note?.kind === 'note' ? note.text : '',
      /I put 1 file of the workspace back as they were before the first turn:\n- a\.md \(gone again\)/,
    );
    for (const turn of [3, 4]) {
      const sent = promptOfTurn(run.events(), turn)?.messages ?? [];
      const request = place.server.requests[turn - 1];
      for (const { content } of sent) assert.ok(request?.text.includes(JSON.stringify(content)), `turn ${turn}`);
    }
  });

  it('of what a person saves are apart from those of calls', async () => {
    const gate = Promise.withResolvers<undefined>();
    await placeWith(async ({ messages, last }) => {
      if (/boxed/.test(last)) return answer;
      if (messages === 4) await gate.promise;
      return script[(messages - 2) / 2] ?? known;
    });
    const run = await start();
    await untilMade(run, 2);
    await writeFile(join(place.workspace, 'mine.md'), 'mine\n');
    await writeFile(join(place.workspace, 'a.md'), 'one of mine\n');
    run.keepPersons([join(place.workspace, 'mine.md'), join(place.workspace, 'a.md')]);
    gate.resolve(undefined);
    const end = await run.done;
    assert.deepEqual(shape(run.events()).slice(1, 4), [
      ['call', 1, 'added a.md'],
      ['person', 1, 'modified a.md', 'added mine.md'],
      ['call', 2, 'modified notes.md'],
    ]);
    assert.deepEqual([...changesOfRun(end).files.keys()], ['a.md', 'notes.md']);
    const after = await kept(run.runId);
    const baseline = baselineOf(after.trajectory);
    assert.ok(baseline);
    const plan = await planRestore(after, baseline);
    assert.deepEqual([plan.files.map(({ path }) => path), plan.persons], [['a.md', 'notes.md'], ['a.md']]);
  });

  it('let a fork begin with the files of its turn; its parent’s log stays as it is', async () => {
    await scripted();
    const run = await start();
    await run.done;
    const log = await place.events(run.runId);
    const before = await kept(run.runId);
    const target = atTurn(before.trajectory, 1);
    assert.ok(target);
    const { wish } = await planRestore(before, target);
    const fork = await forkRun({ runId: run.runId, turn: 1 }, { choice: place.choice, files: wish }, around);
    const seen = fork.events().length;
    await fork.done;
    const own = fork.events().slice(seen);
    assert.deepEqual(shape(own).slice(0, 2), [
      ['baseline', 1],
      ['restore', 1, 'modified a.md', 'modified notes.md'],
    ]);
    const types = own.map(({ type }) => type);
    assert.equal(types.indexOf('note.added') < types.indexOf('model.replied'), true);
    assert.deepEqual(await place.events(run.runId), log);
    assert.deepEqual(baselineOf(fork.trajectory())?.checkpoint, { runId: fork.runId, number: 0 });
  });

  it('are none where nothing may be written, or nobody wants them', async () => {
    await scripted([known]);
    const readOnly = await startRun(question, { ...place.choice, workspace: 'read-only' }, around);
    await readOnly.done;
    const unwanted = await startRun(question, place.choice, place.around);
    await unwanted.done;
    assert.deepEqual([...made(readOnly.events()), ...made(unwanted.events())], []);
    await assert.rejects(kept(unwanted.runId), /kept no checkpoints/);
    const to = { runId: unwanted.runId, number: 0 };
    await assert.rejects(unwanted.restore({ to }, never), /keeps no checkpoints/);
  });

  it('of another workspace, or whose folder is gone, are refused', async () => {
    await scripted();
    const run = await start();
    await run.done;
    const elsewhere = { ...around, roots: [{ name: 'runs', path: around.runsFolder }] };
    await assert.rejects(openKept(run.runId, elsewhere), /worked in .*workspace, which is not this workspace/);
    const to = { runId: run.runId, number: 0 };
    await assert.rejects(restoreEnded(run.runId, { to }, elsewhere), /which is not this workspace/);
    const before = await place.events(run.runId);
    for (const ref of [
      { runId: '../../etc', number: 0 },
      { ...to, number: 77 },
    ])
      await assert.rejects(restoreEnded(run.runId, { to: ref }, around), /names no checkpoint/);
    const folder = join(around.runsFolder, run.runId);
    await rm(join(folder, 'checkpoints'), { recursive: true });
    const { reader } = await kept(run.runId);
    await assert.rejects(reader.changes(to, 'now'), /not kept any more/);
    await assert.rejects(restoreEnded(run.runId, { to }, around), /not kept any more/);
    assert.equal(await file('a.md'), 'two\n');
    assert.deepEqual(
      (await place.events(run.runId)).filter(({ type }) => type === 'run.ended').length,
      before.filter(({ type }) => type === 'run.ended').length,
    );
    assert.deepEqual((await readdir(folder)).includes('lock'), false);
  });

  it('of a call whose fact was lost in a crash are in the next one', async () => {
    const gate = Promise.withResolvers<undefined>();
    await placeWith(async ({ messages, last }) => {
      if (/boxed/.test(last)) return answer;
      if (messages === 6) await gate.promise;
      return script[(messages - 2) / 2] ?? known;
    });
    const run = await start();
    await place.server.request(2);
    gate.resolve(undefined);
    await run.done;
    const path = join(around.runsFolder, run.runId, 'events.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n').filter(Boolean);
    const at = lines.findIndex((line) => line.includes('"checkpoint.made"') && line.includes('"turn":3'));
    const whole = lines.slice(0, at).filter((line) => !line.includes('"run.ended"'));
    await writeFile(path, whole.map((line) => `${line}\n`).join(''));
    const again = await followUp(run.runId, { text: 'And now?', mentions: [] }, place.choice, around);
    await again.done;
    assert.deepEqual(shape(again.events()).at(-1), ['person', 2, 'modified a.md']);
  });
});
