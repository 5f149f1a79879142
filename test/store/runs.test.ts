import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '../../src/store/eventLog.ts';
import { takeLock } from '../../src/store/lock.ts';
import { readLog } from '../../src/store/readLog.ts';
import { deleteOldRuns, deleteRun, findRun, listRuns } from '../../src/store/runs.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { world } from '../agent/world.ts';

const day = 86_400_000;
const old = '20260101-000000-aaaaaa';
const young = '20260201-000000-bbbbbb';
const now = Date.UTC(2026, 1, 2);

describe('the runs of a workspace', () => {
  let folder = '';
  const logOf = (runId: string) => join(folder, runId, 'events.jsonl');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'runs-'));
    const { start, events } = world(scriptedModel([]), []);
    await start('What is it?');
    const [first] = events;
    assert.ok(first);
    const { seq: _seq, at: _at, ...fact } = first;
    for (const [runId, changedAt] of [
      [old, now - 31 * day],
      [young, now - day],
    ] as const) {
      await mkdir(join(folder, runId));
      const log = await openLog(join(folder, runId), { count: 0, end: 0 }, () => changedAt);
      await log.append(fact, { type: 'run.ended', reason: 'limit' });
      await log.close();
      await utimes(join(folder, runId, 'events.jsonl'), changedAt / 1000, changedAt / 1000);
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are listed newest first, with their question and how they ended', async () => {
    const runs = await listRuns(folder);
    assert.deepEqual(
      runs.map(({ runId, question, state }) => [runId, question, state]),
      [
        [young, 'What is it?', 'limit'],
        [old, 'What is it?', 'limit'],
      ],
    );
  });

  it('are listed with the answer to their newest question', async () => {
    const log = await openLog(join(folder, young), { count: 2, end: (await readFile(logOf(young))).length }, () => now);
    const asked = { type: 'question.asked', question: 'And?', mentions: [] } as const;
    await log.append(asked, { type: 'answer.given', boxed: 'this', text: 'This.', sources: [] });
    assert.equal((await listRuns(folder))[0]?.answer, 'this');
    await log.append(asked);
    assert.equal((await listRuns(folder))[0]?.answer, undefined);
    await log.close();
  });

  it('are listed though their question is long', async () => {
    const [first] = (await readFile(logOf(old), 'utf8')).split('\n');
    const question = '問'.repeat(100_000);
    await writeFile(logOf(old), `${first?.replace('What is it?', question)}\n`);
    const listed = (await listRuns(folder)).find(({ runId }) => runId === old);
    assert.deepEqual([listed?.question, listed?.state], [question, 'interrupted']);
  });

  it('are deleted when they did not change for so many days; 0 keeps all', async () => {
    assert.deepEqual(await deleteOldRuns(folder, 0, now), []);
    assert.deepEqual(await deleteOldRuns(folder, 30, now), [old]);
    assert.deepEqual(await readdir(folder), [young]);
  });

  it('are found by id, by a prefix that only one has, and as last', async () => {
    assert.deepEqual([await findRun(folder, '202602'), await findRun(folder, 'last')], [young, young]);
    await assert.rejects(findRun(folder, '2026'), /2 runs begin with 2026/);
    await assert.rejects(findRun(folder, 'x'), /There is no run x/);
  });

  it('are not nested ones when the last is meant', async () => {
    const nested = '20260202-000000-cccccc';
    const read = await readLog(join(folder, young));
    const [first] = read.events;
    assert.ok(first?.type === 'run.started');
    const { seq: _seq, at: _at, ...fact } = first;
    await mkdir(join(folder, nested));
    const log = await openLog(join(folder, nested), { count: 0, end: 0 }, () => now);
    await log.append({ ...fact, runId: nested, caller: { runId: young, callId: '1-1' } });
    await log.close();
    assert.deepEqual([await findRun(folder, 'last'), await findRun(folder, nested)], [young, nested]);
  });

  it('are not deleted while someone writes them', async () => {
    const lock = await takeLock(join(folder, old), () => undefined);
    await assert.rejects(deleteRun(folder, old), /still running/);
    await lock.release();
    await deleteRun(folder, old);
    assert.deepEqual(await readdir(folder), [young]);
  });
});
