import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { forkRun, startRun } from '../../src/runs/startRun.ts';
import { followUp } from '../../src/runs/resumeRun.ts';
import type { EventOf, TrajectoryEvent } from '../../src/shared/events.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace, type Asked } from './runPlace.ts';

const question = { text: 'What do the numbers add up to?', mentions: [] };
const counting = call('tool-python', 'run_command', { command: 'seq 200000' });
const reading = (turn: string) => call('tool-python', 'read_output', { call: '1-1', from: 123_456, lines: 1, turn });

/** Counts, reads what the call put out, and answers. */
function reply({ last }: Asked) {
  if (last.includes('boxed')) return { content: 'It is so. [the numbers]\n\n\\boxed{1}' };
  if (last.includes('123456\t123456')) return { content: 'I know it now.' };
  return {
    content: last.includes('Exit code: 0') || last.includes('Once more') ? reading(last.slice(0, 20)) : counting,
  };
}

const resultOf = (events: readonly TrajectoryEvent[], callId: string) =>
  events.findLast(
    (event): event is EventOf<'tool.finished'> => event.type === 'tool.finished' && event.callId === callId,
  );

describe('the output of a run’s calls', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  before(async () => (place = await runPlace(reply)));
  after(async () => {
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });

  it('is stored whole beside the log, shown in part, and read again in the run, its fork and when it goes on', async () => {
    const run = await startRun(question, place.choice, place.around);
    await run.done;
    const first = resultOf(run.events(), '1-1');
    assert.ok(first?.output);
    const expected = Array.from({ length: 200_000 }, (_, index) => `${index + 1}\n`).join('');
    const bytes = await readFile(join(run.folder, 'blobs', first.output.sha256));
    assert.equal(bytes.toString(), expected);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), first.output.sha256);
    assert.equal(first.blob, undefined);
    assert.match(first.content, /whole output is stored: read_output with call "1-1"/);
    assert.ok(first.content.length < 20_100);
    assert.match(resultOf(run.events(), '2-1')?.content ?? '', /Lines 123456 to 123456 of 200000:\n123456\t123456\n/);

    const fork = await forkRun({ runId: run.runId, turn: 1 }, { note: 'Once more.', choice: {} }, place.around);
    await fork.done;
    assert.notEqual(fork.folder, run.folder);
    assert.match(resultOf(fork.events(), '2-1')?.content ?? '', /123456\t123456/);

    const further = await followUp(run.runId, { text: 'Once more?', mentions: [] }, {}, place.around);
    await further.done;
    const again = further.events().filter((event) => event.type === 'tool.finished');
    assert.deepEqual(
      again.map(({ content }) => content.includes('123456\t123456')),
      [false, true, true],
    );
  });
});
