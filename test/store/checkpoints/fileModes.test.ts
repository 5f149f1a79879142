import assert from 'node:assert/strict';
import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { keptWorkspace, made, runId } from './fixture.ts';

describe('files that not everybody may read', () => {
  it('come back as private as they were, and never wider', async () => {
    const workspace = await keptWorkspace({
      'id.pem': 'key',
      'sub/run.sh': '#!/bin/sh\n',
      'plain.txt': 'a',
      '.git/x': '',
    });
    const { path } = workspace;
    await chmod(join(path, 'id.pem'), 0o600);
    await chmod(join(path, 'sub/run.sh'), 0o700);
    const checkpoints = workspace.open();
    await workspace.call(checkpoints, () =>
      workspace.write({ 'id.pem': undefined, sub: undefined, 'plain.txt': undefined }),
    );
    const never = new AbortController().signal;
    const fact = made(await checkpoints.restore({ to: { runId, number: 0 }, turn: 1 }, never));
    assert.deepEqual(fact.skipped, []);
    const modes = ['id.pem', 'sub/run.sh', 'plain.txt'].map(
      async (name) => (await stat(join(path, name))).mode & 0o777,
    );
    assert.deepEqual(await Promise.all(modes), [0o600, 0o700, 0o644]);
    await workspace.remove();
  });
});
