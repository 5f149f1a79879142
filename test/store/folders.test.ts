import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunId, makeFolder, newRunId } from '../../src/store/folders.ts';

describe('makeFolder', () => {
  let scratch = '';
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'mirothinker-folders-'));
  });
  afterEach(() => rm(scratch, { recursive: true, force: true }));

  it('makes a folder and those above it for the person alone, and leaves one that is there', async () => {
    const path = join(scratch, 'a', 'b', 'c');
    await makeFolder(path);
    await makeFolder(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal((await stat(join(scratch, 'a'))).mode & 0o777, 0o700);
  });

  it('makes one folder for all who want it at once', async () => {
    for (let time = 0; time < 20; time++) {
      const path = join(scratch, String(time), 'b', 'c');
      await Promise.all(Array.from({ length: 8 }, () => makeFolder(path)));
      assert.ok((await stat(path)).isDirectory());
    }
  });

  it('throws where a file stands in the way', async () => {
    const file = join(scratch, 'file');
    await writeFile(file, '');
    await assert.rejects(makeFolder(file), { code: 'EEXIST' });
    await assert.rejects(makeFolder(join(file, 'below')), { code: 'ENOTDIR' });
  });
});

describe('newRunId', () => {
  it('sorts by time, to the millisecond', () => {
    const ids = [0, 7, 99, 500, 999].map((ms) => newRunId(new Date(Date.UTC(2026, 0, 1, 0, 0, 0, ms))));
    assert.deepEqual(ids, ids.toSorted());
    assert.ok(ids.every(isRunId));
  });
});
