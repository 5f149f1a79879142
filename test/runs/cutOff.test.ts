/** A run whose process is killed in the middle of a command: what the command made can be listed and undone. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { changesSince, doubtWords } from '../../src/runs/changes.ts';
import { openKept } from '../../src/runs/keptRun.ts';
import { planRestore, restoreEnded } from '../../src/runs/restoreRun.ts';
import { resumeRun } from '../../src/runs/resumeRun.ts';
import { baselineOf } from '../../src/shared/checkpoints.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace } from './runPlace.ts';

const source = join(import.meta.dirname, '../../src');
const command = 'echo made > made.md; echo changed > notes.md; echo reached > ready; read line';

describe('a run that was killed while a command ran', function () {
  this.timeout(60_000);

  /** The run's surroundings behind its death, and its id. */
  const killed = async () => {
    const place = await runPlace(({ messages, last }) => {
      if (/boxed/.test(last)) return { content: 'So it is.\n\n\\boxed{done}' };
      if (messages > 2) return { content: 'I know it.' };
      return { content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }) };
    });
    const ready = join(place.workspace, 'ready');
    await promisify(execFile)('mkfifo', [ready]);
    const around = { ...place.around, checkpoints: { maxFileBytes: 1e6, maxBytes: 1e8 } };
    const program = `
      import { startRun } from '${source}/runs/startRun.ts';
      const around = { ...${JSON.stringify(around)}, signal: new AbortController().signal, report: console.error };
      await startRun({ text: 'Change it.', mentions: [] }, ${JSON.stringify({ ...place.choice, approval: 'auto' })}, around);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise((resolve) => child.on('close', resolve));
    assert.equal(await Promise.race([readFile(ready, 'utf8'), ended]), 'reached\n', said);
    child.kill('SIGKILL');
    await ended;
    const [runId = ''] = await place.runIds();
    const file = async (name: string) => readFile(join(place.workspace, name), 'utf8').catch(() => undefined);
    return { place, around, runId, file };
  };

  it('lists what the command changed, and puts it back', async () => {
    const { place, around, runId, file } = await killed();
    const kept = await openKept(runId, around);
    const baseline = baselineOf(kept.trajectory);
    assert.ok(baseline);
    const files = await changesSince(kept.trajectory, baseline, kept.reader);
    assert.deepEqual(
      files.map(({ path, change }) => `${change} ${path}`),
      ['added made.md', 'modified notes.md'],
    );
    assert.match(doubtWords(kept.trajectory, baseline), /cut off/);
    await restoreEnded(runId, (await planRestore(kept, baseline)).wish, around);
    assert.deepEqual(
      [await file('made.md'), await file('notes.md')],
      [undefined, 'The tower is 42 m high.\nIt is red.\n'],
    );
    await place.dispose();
  });

  it('books it as the command’s when it is resumed, and what comes later as the person’s', async () => {
    const { place, around, runId } = await killed();
    const run = await resumeRun(runId, place.choice, around);
    const end = await run.done;
    assert.deepEqual(
      end.checkpoints.map(({ kind, callId, cutOff, files }) => [kind, callId, cutOff, files.length]),
      [
        ['baseline', undefined, undefined, 0],
        ['call', '1-1', true, 2],
      ],
    );
    await writeFile(join(place.workspace, 'mine.md'), 'mine\n');
    const { trajectory, reader } = await openKept(runId, around);
    const baseline = baselineOf(trajectory);
    assert.ok(baseline);
    assert.equal((await changesSince(trajectory, baseline, reader)).length, 2);
    await place.dispose();
  });
});
