import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, readFile, readdir, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveHolder, takeLock } from '../../src/store/lock.ts';

describe('takeLock', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const place = (lock: object) => writeFile(join(folder, 'lock'), JSON.stringify(lock));

  it('lets one in, tells who, and lets the next in after the release', async () => {
    const lock = await takeLock(folder, () => undefined);
    assert.equal((await liveHolder(folder))?.pid, process.pid);
    await assert.rejects(
      takeLock(folder, () => undefined),
      /another window or command/,
    );
    await lock.release();
    assert.equal(await liveHolder(folder), undefined);
    await (await takeLock(folder, () => undefined)).release();
    assert.deepEqual(await readdir(folder), []);
  });

  it('takes over from a process that is gone', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    await place({ pid: gone.pid, host: hostname(), heartbeat: Date.now(), owner: 'x' });
    await (await takeLock(folder, () => undefined)).release();
  });

  it('takes over when the heartbeat of another machine stopped, not while it beats', async () => {
    await place({ pid: 1, host: 'elsewhere', heartbeat: Date.now(), owner: 'x' });
    await assert.rejects(
      takeLock(folder, () => undefined),
      /elsewhere/,
    );
    await place({ pid: 1, host: 'elsewhere', heartbeat: Date.now() - 60_000, owner: 'x' });
    await (await takeLock(folder, () => undefined)).release();
  });

  it('lets exactly one of many takers have a stale lock', async () => {
    await place({ pid: 1, host: 'elsewhere', heartbeat: 0, owner: 'x' });
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => takeLock(folder, () => undefined)));
    const taken = takers.filter((taker) => taker.status === 'fulfilled');
    assert.equal(taken.length, 1);
    assert.match(await readFile(join(folder, 'lock'), 'utf8'), new RegExp(`"pid":${process.pid}`));
    for (const { value } of taken) await value.release();
  });
});
