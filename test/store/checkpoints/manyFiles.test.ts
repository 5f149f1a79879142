/** A workspace with 100,000 files. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keptWorkspace, lines, made, runId, type KeptWorkspace } from './fixture.ts';

const files = 100_000;

describe('checkpoints of 100,000 files', function () {
  this.timeout(600_000);
  let workspace: KeptWorkspace;
  const nameOf = (index: number) => `d${index % 100}/f${index}.txt`;
  before(async () => {
    workspace = await keptWorkspace();
    for (let index = 0; index < 100; index++) mkdirSync(join(workspace.path, `d${index}`));
    for (let index = 0; index < files; index++) writeFileSync(join(workspace.path, nameOf(index)), `file ${index}\n`);
  });
  after(() => workspace.remove());

  it('hold them all, find what a command did, and put a removed folder back', async () => {
    const { path, open, call, write, facts, reader, read } = workspace;
    const checkpoints = open();
    const some = { [nameOf(0)]: 'changed\n', [nameOf(99_999)]: 'changed\n', 'd5/new.txt': 'n\n' };
    const fact = await call(checkpoints, () => write(some));
    assert.deepEqual(made(facts[0]).skipped, []);
    assert.deepEqual(lines(fact), [
      'modified d0/f0.txt +1 -1',
      'added d5/new.txt +1 -0',
      'modified d99/f99999.txt +1 -1',
    ]);
    const removed = made(await call(checkpoints, () => rm(join(path, 'd7'), { recursive: true })));
    assert.deepEqual([removed.files.length, removed.moreFiles], [200, 800]);
    const back = made(await checkpoints.restore({ to: { runId, number: 0 }, turn: 2 }, new AbortController().signal));
    assert.deepEqual([back.files.length + back.moreFiles, back.skipped], [1_003, []]);
    assert.equal(await read('d7/f7.txt'), 'file 7\n');
    assert.deepEqual(await reader.changes({ runId, number: 0 }, 'now'), []);
  });
});
