import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openKept } from '../../src/runs/keptRun.ts';
import { planRestore, planUndo, restoreEnded } from '../../src/runs/restoreRun.ts';
import { startRun } from '../../src/runs/startRun.ts';
import { baselineOf, restoresOf } from '../../src/shared/checkpoints.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace } from './runPlace.ts';

const write = (path: string, content: string) => ({ content: call('workspace', 'write_file', { path, content }) });
const known = { content: 'I know it.' };
const script = [write('a.md', 'one\n'), write('notes.md', 'The tower is 43 m high.\n')];

describe('putting back', function () {
  this.timeout(60_000);

  it('says what a person wrote behind the run’s end, and undoing it brings that back', async () => {
    const place = await runPlace(({ messages, last }) =>
      /boxed/.test(last) ? { content: 'So it is.\n\n\\boxed{done}' } : (script[(messages - 2) / 2] ?? known),
    );
    const around = { ...place.around, checkpoints: { maxFileBytes: 1e6, maxBytes: 1e8 } };
    const kept = (runId: string) => openKept(runId, around);
    const run = await startRun({ text: 'Change it.', mentions: [] }, { ...place.choice, approval: 'auto' }, around);
    await run.done;
    await writeFile(join(place.workspace, 'a.md'), 'hours of work\n');
    const before = await kept(run.runId);
    const baseline = baselineOf(before.trajectory);
    assert.ok(baseline);
    const plan = await planRestore(before, baseline);
    assert.deepEqual([plan.files.map(({ path }) => path), plan.persons], [['a.md', 'notes.md'], ['a.md']]);
    await restoreEnded(run.runId, plan.wish, around);
    await writeFile(join(place.workspace, 'notes.md'), 'more work\n');
    const after = await kept(run.runId);
    const [restore] = restoresOf(after.trajectory);
    assert.ok(restore);
    const back = await planUndo(after, restore);
    assert.deepEqual([back.files.map(({ path }) => path), back.persons], [['a.md', 'notes.md'], ['notes.md']]);
    await restoreEnded(run.runId, back.wish, around);
    assert.equal(await readFile(join(place.workspace, 'a.md'), 'utf8'), 'hours of work\n');
    const { trajectory } = await kept(run.runId);
    const item = trajectory.items.findLast(({ kind }) => kind === 'restore');
    assert.equal(item?.kind === 'restore' && item.asOfTurn, undefined);
    await place.dispose();
  });
});
