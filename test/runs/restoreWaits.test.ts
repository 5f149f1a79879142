import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startRun } from '../../src/runs/startRun.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace } from './runPlace.ts';

const command = 'echo begun > begun.md; read line < gate; echo "$line" > ended.md';
const never = new AbortController().signal;

describe('restore while a command runs', function () {
  this.timeout(60_000);

  it('waits for its end, and takes back what it wrote last', async () => {
    const place = await runPlace(({ messages, last }) => {
      if (/boxed/.test(last)) return { content: 'So it is.\n\n\\boxed{done}' };
      if (messages > 2) return { content: 'I know it.' };
      return { content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }) };
    });
    const gate = join(place.workspace, 'gate');
    await promisify(execFile)('mkfifo', [gate]);
    const around = { ...place.around, checkpoints: { maxFileBytes: 1e6, maxBytes: 1e8 } };
    const run = await startRun({ text: 'Change it.', mentions: [] }, { ...place.choice, approval: 'auto' }, around);
    const acting = Promise.withResolvers<undefined>();
    run.subscribe({
      onEvent: (_event, { state, checkpoints }) => {
        if (state.kind === 'acting' && checkpoints.length > 0) acting.resolve(undefined);
      },
    });
    await acting.promise;
    const restoring = run.restore({ to: { runId: run.runId, number: 0 } }, never);
    await writeFile(gate, 'let go\n');
    const fact = await restoring;
    await run.done;
    assert.deepEqual(
      fact.files.map(({ path, change }) => `${change} ${path}`),
      ['deleted begun.md', 'deleted ended.md'],
    );
    for (const path of ['begun.md', 'ended.md']) await assert.rejects(readFile(join(place.workspace, path)));
    const kinds = run.events().flatMap((event) => (event.type === 'checkpoint.made' ? [event.kind] : []));
    assert.deepEqual(kinds, ['baseline', 'call', 'restore']);
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });
});
