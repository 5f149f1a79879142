import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { forkRun } from '../../src/runs/startRun.ts';
import type { RunSurroundings } from '../../src/runs/surroundings.ts';
import type { Fact, TrajectoryEvent } from '../../src/shared/events.ts';
import { readBlob } from '../../src/store/blobs.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { logFile } from '../../src/store/logFile.ts';
import { followLog } from '../../src/store/followLog.ts';
import { takeLock } from '../../src/store/lock.ts';
import { readLog } from '../../src/store/readLog.ts';
import { deleteOldRuns, deleteRun, listRuns } from '../../src/store/runs.ts';
import { testSettings } from '../agent/world.ts';
import { scriptedServer } from '../fakes/scriptedServer.ts';
import { forkId, parentId } from './everyFact.ts';
import { plainSandbox } from '../fakes/plainSandbox.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';

/** A fork of the fork. */
const grandchildId = '20260103-000000-cccccc';
const golden = join(import.meta.dirname, '../golden/format-2');
const model = { model: 'm', baseUrl: 'http://127.0.0.1:1/v1', toolFormat: 'native', settings: testSettings } as const;

describe('forks', () => {
  let runs = '';
  const folderOf = (runId: string) => join(runs, runId);
  const logOf = (runId: string) => join(runs, runId, logFile);

  const addFork = async (runId: string, parent: { runId: string; seq: number }, ...more: readonly Fact[]) => {
    await mkdir(folderOf(runId));
    const log = await openLog(folderOf(runId), { count: parent.seq + 1, end: 0 }, () => 7);
    const forked = { type: 'run.forked', format: 4, runId, parent, ...model } as const;
    const written = await log.append(forked, ...more);
    await log.close();
    return written;
  };

  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'forks-'));
    await cp(golden, runs, { recursive: true });
  });
  afterEach(() => rm(runs, { recursive: true }));

  const assertWhole = (events: readonly TrajectoryEvent[], count: number) =>
    assert.deepEqual(
      events.map(({ seq }) => seq),
      Array.from({ length: count }, (_, index) => index),
    );

  it('are read with what they have of all their parents', async () => {
    await addFork(grandchildId, { runId: forkId, seq: 11 }, { type: 'run.ended', reason: 'cancelled' });
    const { events, damage } = await readLog(folderOf(grandchildId));
    assertWhole(events, 14);
    assert.equal(damage, undefined);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'run.forked' ? [event.runId] : [])),
      [forkId, grandchildId],
    );
  });

  it('may leave their parent at a fact that it itself inherited', async () => {
    await addFork(grandchildId, { runId: forkId, seq: 2 });
    const { events } = await readLog(folderOf(grandchildId));
    assertWhole(events, 4);
    assert.equal(events.filter(({ type }) => type === 'run.forked').length, 1);
    const further = '20260104-000000-dddddd';
    await addFork(further, { runId: grandchildId, seq: 3 });
    assertWhole((await readLog(folderOf(further))).events, 5);
  });

  it('go on where their own log ends, and count on behind their parents', async () => {
    const before = await readLog(folderOf(forkId));
    await appendFile(logOf(forkId), '{"seq":17,"torn');
    const torn = await readLog(folderOf(forkId));
    assert.match(torn.damage ?? '', /cut off/);
    const log = await openLog(folderOf(forkId), { count: torn.events.length, end: torn.end }, () => 9);
    const [event] = await log.append({ type: 'run.paused' });
    await log.close();
    assert.equal(event?.seq, before.events.length);
    assertWhole((await readLog(folderOf(forkId))).events, before.events.length + 1);
  });

  it('do not mind what happens to their parent behind the facts that they have of it', async () => {
    const whole = await readLog(folderOf(forkId));
    await appendFile(logOf(parentId), 'nonsense\n{"seq":99,"torn');
    assert.deepEqual(await readLog(folderOf(forkId)), whole);
    const lines = (await readFile(logOf(parentId), 'utf8')).split('\n');
    await writeFile(logOf(parentId), `${lines.slice(0, 7).join('\n')}\n`);
    assert.deepEqual(await readLog(folderOf(forkId)), whole);
  });

  it('say what is wrong when a parent is missing, damaged, or none', async () => {
    const lines = (await readFile(logOf(parentId), 'utf8')).split('\n');
    await writeFile(logOf(parentId), `${lines.slice(0, 6).join('\n')}\n`);
    await assert.rejects(readLog(folderOf(forkId)), /needs up to entry 6; .*damaged, sound up to entry 5/);
    await writeFile(logOf(parentId), 'nonsense\n');
    await assert.rejects(readLog(folderOf(forkId)), /damaged, unreadable from its beginning/);
    await rm(folderOf(parentId), { recursive: true });
    await assert.rejects(readLog(folderOf(forkId)), new RegExp(`fork of ${parentId} .*deleted or moved`));
    await addFork(grandchildId, { runId: grandchildId, seq: 3 });
    await assert.rejects(readLog(folderOf(grandchildId)), /cannot be its parent/);
    await writeFile(
      logOf(grandchildId),
      (await readFile(logOf(grandchildId), 'utf8')).replaceAll(
        `"runId":"${grandchildId}","seq"`,
        '"runId":"../elsewhere","seq"',
      ),
    );
    await assert.rejects(readLog(folderOf(grandchildId)), /cannot be its parent/);
  });

  it('are followed from the whole count on', async () => {
    const read = await readLog(folderOf(forkId));
    const seen: TrajectoryEvent[] = [];
    const three = Promise.withResolvers<undefined>();
    const follower = followLog(folderOf(forkId), { count: read.events.length, end: read.end }, (more) => {
      seen.push(...more);
      if (seen.length === 3) three.resolve(undefined);
    });
    const log = await openLog(folderOf(forkId), { count: read.events.length, end: read.end }, () => 8);
    for (let i = 0; i < 3; i++) await log.append({ type: 'run.waiting', reason: `${i}` });
    await three.promise;
    follower.dispose();
    await log.close();
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      [0, 1, 2].map((index) => read.events.length + index),
    );
  });

  it('have the blobs of their parents, and none of runs that they do not come from', async () => {
    const log = await openLog(
      folderOf(parentId),
      { count: 60, end: (await readFile(logOf(parentId))).length },
      () => 1,
    );
    const ref = await log.putBlob(Buffer.from('much output'));
    await log.close();
    await addFork(grandchildId, { runId: forkId, seq: 11 });
    assert.equal((await readBlob(folderOf(grandchildId), ref)).toString(), 'much output');
    const other = '20260105-000000-eeeeee';
    await addFork(other, { runId: other, seq: 1 });
    await assert.rejects(readBlob(folderOf(other), ref), /cannot be read/);
  });

  it('are listed with the question that they come from, their own model and their parent', async () => {
    await addFork(grandchildId, { runId: forkId, seq: 11 });
    const [grandchild, fork, parent] = await listRuns(runs);
    const of = (run: typeof fork) => [
      run?.runId,
      run?.question,
      run?.model,
      run?.state,
      run?.turns,
      run?.startedAt,
      run?.answer,
    ];
    assert.deepEqual(of(grandchild), [grandchildId, 'What is it?', 'm', 'interrupted', 2, 7, undefined]);
    const { events } = await readLog(folderOf(forkId));
    const startedAt = events.find(({ type }) => type === 'run.forked')?.at;
    assert.deepEqual(of(fork), [forkId, 'What is it?', 'forked', 'answered', 4, startedAt, 'four']);
    assert.deepEqual(
      [grandchild?.parent, fork?.parent, parent?.parent],
      [{ runId: forkId, seq: 11 }, { runId: parentId, seq: 6 }, undefined],
    );
    assert.deepEqual(
      [parent?.rollout, parent?.caller],
      [
        { group: forkId, index: 1, of: 3 },
        { runId: forkId, callId: '1-1' },
      ],
    );
  });

  it('are listed as unreadable when a parent is gone, and can still be deleted', async () => {
    await rm(folderOf(parentId), { recursive: true });
    const [fork] = await listRuns(runs);
    assert.deepEqual([fork?.state, fork?.model, fork?.parent?.runId], ['unreadable', 'forked', parentId]);
    await deleteRun(runs, forkId);
    assert.deepEqual(await readdir(runs), []);
  });

  it('keep their parents from being deleted', async () => {
    await addFork(grandchildId, { runId: forkId, seq: 11 });
    await assert.rejects(
      deleteRun(runs, parentId),
      new RegExp(`is the parent of the fork ${forkId}; delete that first`),
    );
    await assert.rejects(deleteRun(runs, forkId), /is the parent of the fork/);
    await deleteRun(runs, grandchildId);
    await deleteRun(runs, forkId);
    await deleteRun(runs, parentId);
    assert.deepEqual(await readdir(runs), []);
  });

  it('that are young keep all that they come from when old runs are deleted', async () => {
    await addFork(grandchildId, { runId: forkId, seq: 11 });
    const now = Date.UTC(2026, 5, 1);
    const days = (count: number) => (now - count * 86_400_000) / 1000;
    for (const runId of [parentId, forkId]) await utimes(logOf(runId), days(60), days(60));
    await utimes(logOf(grandchildId), days(1), days(1));
    assert.deepEqual(await deleteOldRuns(runs, 30, now), []);
    await utimes(logOf(grandchildId), days(40), days(40));
    const lock = await takeLock(folderOf(grandchildId), () => undefined);
    assert.deepEqual(await deleteOldRuns(runs, 30, now), [], 'it runs');
    await lock.release();
    assert.deepEqual(await deleteOldRuns(runs, 30, now), [grandchildId, forkId, parentId]);
  });

  it('may be made of a run that another process writes, which goes on as it was', async () => {
    const writer = spawn('sleep', ['60']);
    const server = await scriptedServer({ script: [{ content: 'Known.' }, { content: '\\boxed{five}' }] });
    const lock = { pid: writer.pid, host: hostname(), heartbeat: Date.now(), owner: 'x' };
    await writeFile(join(folderOf(parentId), 'lock'), JSON.stringify(lock));
    await appendFile(logOf(parentId), '{"seq":60,"at":1,"type":"tool.fin');
    const before = await readFile(logOf(parentId));
    const workspace = await mkdtemp(join(tmpdir(), 'fork-of-live-'));
    const around: RunSurroundings = {
      roots: [{ name: 'docs', path: workspace }],
      runsFolder: runs,
      apiKey: undefined,
      signal: new AbortController().signal,
      serverWaitMs: 0,
      ...plainSandbox,
      ripgrepPath: undefined,
      web: plainWeb,
      report: (error) => assert.fail(String(error)),
    };
    const fork = await forkRun(
      { runId: parentId, turn: 1 },
      { choice: { baseUrl: server.baseUrl }, note: 'So.' },
      around,
    );
    const end = await fork.done;
    writer.kill();
    await once(writer, 'exit');
    await server.close();
    await rm(workspace, { recursive: true });
    assert.equal(end.items.findLast((item) => item.kind === 'answer')?.boxed, 'five');
    assert.deepEqual(await readFile(logOf(parentId)), before);
    const { events } = await readLog(fork.folder);
    assert.deepEqual(events, fork.events());
    assertWhole(events, events.length);
    assert.deepEqual(events.find(({ type }) => type === 'note.added')?.seq, 8);
  });
});
