import assert from 'node:assert/strict';
import { checkpointPicks } from '../../../src/host/checkpointPicks.ts';
import { alreadyWords, restoreDetail } from '../../../src/host/restoreWords.ts';
import type { Fact } from '../../../src/shared/events.ts';
import { foldAll } from '../../../src/shared/trajectory.ts';
import { logOf, started } from '../../webview/logs.ts';

const ignored = [{ path: '.env', reason: 'git ignores it' }];

describe('the question before files are put back', () => {
  it('says what becomes of each file, what a person wrote too, and what stays as it is', () => {
    const files = [{ path: 'a\n\u{202e}.md', change: 'added' } as const, { path: 'b.md', change: 'modified' } as const];
    assert.equal(
      restoreDetail({ files, skipped: ignored, persons: ['b.md'] }, []),
      [
        'delete  a‹U+000A›‹U+202E›.md\nchange back  b.md',
        'Not kept, stays as it is: .env (git ignores it)',
        'You changed these as well: b.md',
        'What is there now is kept as well: this can be taken back.',
      ].join('\n\n'),
    );
    assert.equal(
      alreadyWords({ words: 'as they were before the first turn', skipped: ignored }),
      'The files are as they were before the first turn already. Not kept, stays as it is: .env (git ignores it)',
    );
  });

  it('counts the names that it leaves out', () => {
    const persons = Array.from({ length: 8 }, (_, index) => `${index}.md`);
    const files = Array.from({ length: 14 }, (_, index) => ({ path: `${index}.md`, change: 'added' }) as const);
    const detail = restoreDetail({ files, skipped: [], persons }, []);
    assert.match(detail, /and 2 files more\n\n.*: 0\.md, 1\.md, 2\.md, 3\.md, 4\.md and 3 more\n/);
  });
});

describe('the states to pick from', () => {
  const runId = foldAll(logOf([started()])).runId;
  const made = (number: number, kind: 'baseline' | 'call' | 'restore', turn: number, path?: string): Fact => ({
    type: 'checkpoint.made',
    checkpoint: { runId, number },
    kind,
    turn,
    files: path === undefined ? [] : [{ path, change: 'modified' }],
    moreFiles: 0,
    skipped: [],
  });

  it('begin with what was there before files were put back', () => {
    const facts = [made(0, 'baseline', 0), made(1, 'call', 1, 'a.md'), made(2, 'restore', 1, 'a.md')];
    const picks = checkpointPicks(foldAll(logOf([started(), ...facts])));
    const labels = picks.map(({ label }) => label);
    assert.match(labels[0] ?? '', /^Before you put files back \(.+\)$/);
    assert.deepEqual(labels.slice(1), ['After turn 1', 'Before the run']);
  });
});
