/** Citations of files that were put to the question: they count as read, and their text opens. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSources } from '../../src/agent/readSources.ts';
import { sourceText } from '../../src/cli/showSource.ts';
import { readAttachments } from '../../src/runs/attachments.ts';
import { readEvidence } from '../../src/runs/readEvidence.ts';
import { followUp } from '../../src/runs/resumeRun.ts';
import { startRun } from '../../src/runs/startRun.ts';
import { eventsOf } from './nestedScript.ts';
import { runPlace } from './runPlace.ts';

const answer = `It is 42 m high [1], and blue [2].

Sources:
[1] tower.txt "The tower [of Nordby] is 42 m high."
[2] tower.txt:3 "It is blue."

\\boxed{42}`;

describe('citations of attached files', () => {
  let outside = '';
  let place: Awaited<ReturnType<typeof runPlace>>;

  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'attached-'));
    place = await runPlace(({ last }) => ({
      content: last.includes('The question was:') ? answer : 'I know it.',
    }));
  });
  afterEach(async () => {
    await place.dispose();
    await rm(outside, { recursive: true });
    assert.deepEqual(place.bugs, []);
  });

  const attached = async () => {
    const path = join(outside, 'tower.txt');
    await writeFile(path, '[Notes]\nThe tower [of Nordby] is\n42 m high. It is red.\n');
    return readAttachments([{ path }], place.around);
  };

  it('are held against what was attached, and open there', async () => {
    const run = await startRun(
      { text: 'How high is it?', mentions: [], attachments: await attached() },
      place.choice,
      place.around,
    );
    const end = await run.done;
    const [checked] = eventsOf(run.events(), 'citations.checked');
    const [right, wrong] = checked?.citations ?? [];
    assert.equal(right?.state, 'verified', right?.why);
    assert.deepEqual(right.found, { callId: 'question-0', index: 0 });
    assert.equal(wrong?.state, 'missing');
    assert.match(wrong.why ?? '', /something else|nothing like the quote stands in what was read/);
    const folder = join(place.around.runsFolder, run.runId);
    const { record, text } = await readEvidence(end, right.found, folder);
    assert.deepEqual([record.evidence.kind, record.evidence.uri], ['file', 'tower.txt']);
    assert.match(text.slice(right.span?.from, right.span?.to), /^The tower \[of Nordby\] is\n42 m high\.?$/);
    const shown = await sourceText(end, 1, folder);
    assert.match(shown, /\nAttached to the question .* UTC: tower\.txt\n/);
    assert.match(shown, /«The tower \[of Nordby\] is\n42 m high/);
    assert.deepEqual(readSources(end), ['- tower.txt']);
  });

  it('are held against what an earlier question brought', async () => {
    const attachments = await attached();
    const first = await startRun({ text: 'How?', mentions: [], attachments }, place.choice, place.around);
    await first.done;
    const next = await followUp(first.runId, { text: 'And now?', mentions: [] }, place.choice, place.around);
    await next.done;
    const checks = eventsOf(next.events(), 'citations.checked');
    assert.deepEqual(
      checks.map(({ citations }) => citations[0]?.state),
      ['verified', 'verified'],
    );
  });
});
