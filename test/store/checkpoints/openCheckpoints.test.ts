import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commitAll, fingerprint, keptWorkspace, lines, made, runId, type KeptWorkspace } from './fixture.ts';

const never = new AbortController().signal;

for (const kind of ['a folder without a repository', 'a git workspace'] as const) {
  describe(`checkpoints of ${kind}`, () => {
    let workspace: KeptWorkspace;
    beforeEach(async () => {
      workspace = await keptWorkspace({ 'a.txt': 'one\ntwo\n', 'src/b.ts': 'b\n', 'src/deep/c.ts': 'c\n' });
      if (kind === 'a git workspace') commitAll(workspace.path);
    });
    afterEach(() => workspace.remove());

    it('begin with a baseline and follow each call', async () => {
      const { open, call, write, facts } = workspace;
      const checkpoints = open();
      const first = await call(checkpoints, () => write({ 'a.txt': 'one\n2\nthree\n', 'new.txt': 'n\n' }), [
        'a.txt',
        'new.txt',
      ]);
      assert.deepEqual(lines(first), ['modified a.txt +2 -1', 'added new.txt +1 -0']);
      const second = await call(checkpoints, () => write({ 'src/b.ts': undefined, 'src/deep/d e.ts': 'x' }));
      assert.deepEqual(lines(second), ['deleted src/b.ts +0 -1', 'added src/deep/d e.ts +1 -0']);
      assert.deepEqual(
        facts.map((fact) => made(fact).kind),
        ['baseline', 'call', 'call'],
      );
      assert.deepEqual(
        facts.map((fact) => made(fact).checkpoint),
        [0, 1, 2].map((number) => ({ runId, number })),
      );
    });

    it('put everything back, and forward again', async () => {
      const { open, call, write, read, reader } = workspace;
      const checkpoints = open();
      await call(checkpoints, () => write({ 'a.txt': 'changed', 'made/new.txt': 'n', 'src/b.ts': undefined }));
      const back = made(await checkpoints.restore({ to: { runId, number: 0 }, turn: 1 }, never));
      assert.deepEqual(lines(back), ['modified a.txt +2 -1', 'deleted made/new.txt +0 -1', 'added src/b.ts +1 -0']);
      assert.equal(await read('a.txt'), 'one\ntwo\n');
      assert.equal(await read('src/b.ts'), 'b\n');
      assert.equal(await fingerprint(join(workspace.path, 'made')).catch(() => 'gone'), 'gone');
      assert.deepEqual(await reader.changes({ runId, number: 0 }, 'now'), []);
      const forward = made(await checkpoints.restore({ to: { runId, number: 1 }, turn: 1 }, never));
      assert.deepEqual(forward.restored, { runId, number: 1 });
      assert.deepEqual(await reader.changes({ runId, number: 1 }, 'now'), []);
      assert.equal(await read('made/new.txt'), 'n');
    });

    it('can be read', async () => {
      const { open, call, write, reader } = workspace;
      await call(open(), () => write({ 'a.txt': 'changed' }), ['a.txt']);
      const text = async (number: number, path: string) => {
        const bytes = await reader.contents({ runId, number }, path);
        return bytes && new TextDecoder().decode(bytes);
      };
      assert.equal(await text(0, 'a.txt'), 'one\ntwo\n');
      assert.equal(await text(1, 'a.txt'), 'changed');
      assert.equal(await text(1, 'src/deep/c.ts'), 'c\n');
      assert.equal(await text(1, 'absent'), undefined);
      await rm(join(workspace.path, 'src/b.ts'));
      assert.deepEqual(await reader.changes({ runId, number: 1 }, 'now'), [
        { path: 'src/b.ts', change: 'deleted', added: 0, removed: 1 },
      ]);
    });
  });
}
