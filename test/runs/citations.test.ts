import assert from 'node:assert/strict';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportReport, reportForms } from '../../src/export/index.ts';
import { startRun } from '../../src/runs/startRun.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { citedFiles, citedText, knownCitations, reportOf } from '../shared/citationReport.ts';
import { eventsOf } from './nestedScript.ts';
import { runPlace, type Asked } from './runPlace.ts';

describe('citations of a run', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  afterEach(async () => {
    await place.dispose();
    assert.deepEqual(place.bugs, []);
  });

  /** Reads all files, one call a turn, and answers. */
  function reader(reads: readonly Readonly<Record<string, unknown>>[], answer: string) {
    let done = 0;
    return ({ last }: Asked): Reply => {
      if (last.includes('The question was:')) return { content: answer };
      const args = reads[done++];
      return { content: args ? call('workspace', 'read_file', args) : 'That is all.' };
    };
  }

  it('judges all fifty of a report right', async () => {
    const citations = knownCitations();
    const reads = Object.keys(citedFiles).map((path) => ({ path }));
    place = await runPlace(reader([...reads, { path: 'docs/yauzl.md', start_line: 700 }], reportOf(citations)));
    await mkdir(join(place.workspace, 'docs'));
    for (const file of Object.keys(citedFiles)) await writeFile(join(place.workspace, file), citedText(file));
    const run = await startRun(
      { text: 'What do these packages say?', mentions: [] },
      { ...place.choice, keep: 0 },
      place.around,
    );
    const end = await run.done;
    assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
    const [checked] = eventsOf(run.events(), 'citations.checked');
    const judged = checked?.citations.map(({ number, state, why }) => {
      const known = citations[number - 1];
      const right = (known?.kind === 'invented' ? 'missing' : 'verified') === state;
      return right ? undefined : { number, state, why, ...known };
    });
    assert.equal(judged?.length, 50);
    assert.deepEqual(judged.filter(Boolean), []);
    assert.deepEqual(checked?.unsupported, []);
  });

  it('says where the quote stands in what the call was answered with', async () => {
    place = await runPlace(
      reader(
        [{ path: 'notes.md' }],
        'It is 42 m [1].\n\nSources:\n[1] notes.md:1 "The tower is 42 m high."\n\n\\boxed{42}',
      ),
    );
    const run = await startRun({ text: 'How high is it?', mentions: [] }, place.choice, place.around);
    await run.done;
    const [checked] = eventsOf(run.events(), 'citations.checked');
    const finished = eventsOf(run.events(), 'tool.finished')[0];
    const [citation] = checked?.citations ?? [];
    assert.equal(citation?.state, 'verified');
    assert.deepEqual(citation.found, { callId: '1-1', index: 0 });
    assert.equal(finished?.content.slice(citation.span?.from, citation.span?.to), 'The tower is 42 m high');
  });

  it('says the line and the page where a quote stands, where the answer names others', async () => {
    const list = [
      '[1] long.md:3 "The tower is blue."',
      '[2] two-columns.pdf, page 1 "Sentence 11 of the part on oceans"',
      '[3] two-columns.pdf "Sentence 0 of the part on rivers"',
    ];
    const read = [
      call('workspace', 'read_file', { path: 'long.md' }),
      call('workspace', 'read_document', { path: 'two-columns.pdf' }),
    ];
    let done = 0;
    place = await runPlace(({ last }) => {
      if (last.includes('The question was:'))
        return { content: `It is [1][2][3].\n\nSources:\n${list.join('\n')}\n\n\\boxed{blue}` };
      return { content: read[done++] ?? 'That is all.' };
    });
    const lines = Array.from({ length: 200 }, (_, index) => (index === 149 ? 'The tower is blue.' : `Line ${index}.`));
    await writeFile(join(place.workspace, 'long.md'), lines.join('\n'));
    const pdf = join(import.meta.dirname, '../tools/documents/files/two-columns.pdf');
    await copyFile(pdf, join(place.workspace, 'two-columns.pdf'));
    const run = await startRun({ text: 'What colour is it?', mentions: [] }, place.choice, place.around);
    const end = await run.done;
    const [checked] = eventsOf(run.events(), 'citations.checked');
    const judged = checked?.citations.map(({ state, line, page, why }) => [state, line, page, why]);
    assert.deepEqual(judged, [
      ['verified', 150, undefined, 'The answer names line 3; it stands on line 150.'],
      ['verified', undefined, 3, 'The answer names page 1; it stands on page 3.'],
      ['verified', undefined, 1, undefined],
    ]);
    const written = reportForms.map((form) => exportReport(end, form));
    for (const text of written.slice(0, 2)) assert.match(text, /long\.md:150[^]*two-columns\.pdf, page 3/);
    assert.match(written[2] ?? '', /pages = \{3, 1\},\n {2}note = .*oceans'' \(p\. 3\); .*rivers'' \(p\. 1\)/);
  });

  it('marks what the source cited beside it does not have, and takes no number of a line for one of the source', async () => {
    const text =
      'It has 3 lifts. It is 42 m high [1].\n\nSources:\n[1] tower.md:3 "The tower is 42 m high."\n\n\\boxed{42}';
    place = await runPlace(reader([{ path: 'tower.md' }], text));
    await writeFile(join(place.workspace, 'tower.md'), '# Notes\n\nThe tower is 42 m high.\n');
    const run = await startRun({ text: 'How high is it?', mentions: [] }, place.choice, place.around);
    await run.done;
    const [checked] = eventsOf(run.events(), 'citations.checked');
    assert.equal(checked?.citations[0]?.state, 'verified');
    assert.deepEqual(checked.unsupported, [{ from: 0, to: 15, missing: ['3'], sought: [1] }]);
  });
});
