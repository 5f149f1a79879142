import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunsWatcher } from '../../../src/host/runsWatcher.ts';

describe('RunsWatcher', () => {
  let scratch = '';
  let watcher: RunsWatcher | undefined;
  beforeEach(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'mirothinker-runs-'));
  });
  afterEach(async () => {
    watcher?.dispose();
    await rm(scratch, { recursive: true, force: true });
  });

  const told = () =>
    new Promise<void>((resolve) => {
      watcher = new RunsWatcher(() => resolve());
    });

  it('tells of a run that somebody else starts', async () => {
    const change = told();
    watcher?.watch(scratch);
    await mkdir(join(scratch, '20260101-000000-abcdef'));
    await change;
  });

  it('watches a folder that is not there yet as soon as it is asked again', async () => {
    const change = told();
    const folder = join(scratch, 'runs');
    watcher?.watch(folder);
    await mkdir(folder);
    watcher?.watch(folder);
    await mkdir(join(folder, '20260101-000000-abcdef'));
    await change;
  });

  it('tells nothing once it is disposed', async () => {
    let count = 0;
    const deaf = new RunsWatcher(() => count++);
    const change = told();
    deaf.watch(scratch);
    watcher?.watch(scratch);
    deaf.dispose();
    await mkdir(join(scratch, '20260101-000000-abcdef'));
    await change;
    assert.equal(count, 0);
  });
});
