import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { followLog } from '../../src/store/followLog.ts';
import { echoTool, world } from '../agent/world.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';

describe('followLog', () => {
  it('tells of every fact that another writer appends, once and in order', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'follow-'));
    const { start, events } = world(scriptedModel([]), [echoTool()]);
    await start();
    const [first] = events;
    assert.ok(first);
    const { seq: _seq, at: _at, ...fact } = first;
    const log = await openLog(folder, { count: 0, end: 0 }, Date.now);
    await log.append(fact);
    const seen: TrajectoryEvent[] = [];
    const all = Promise.withResolvers<undefined>();
    const follower = followLog(folder, { count: 0, end: 0 }, (more) => {
      seen.push(...more);
      if (seen.length === 41) all.resolve(undefined);
    });
    for (let i = 0; i < 40; i++) await log.append({ type: 'run.waiting', reason: `try ${i}` });
    await all.promise;
    follower.dispose();
    await log.close();
    await rm(folder, { recursive: true });
    assert.deepEqual(
      seen.map((event) => event.seq),
      Array.from({ length: 41 }, (_, index) => index),
    );
  });
});
