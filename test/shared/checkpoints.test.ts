import assert from 'node:assert/strict';
import {
  aroundCall,
  aroundTurn,
  atTurn,
  baselineOf,
  changesOfRun,
  lineWords,
  type RunChanges,
} from '../../src/shared/checkpoints.ts';
import type { FileChange } from '../../src/shared/refs.ts';
import type { Checkpoint } from '../../src/shared/trajectory.ts';

const runId = '20260101-000000-aaaaaa';
const parentId = '20251231-000000-bbbbbb';

interface Made extends Partial<Checkpoint> {
  readonly is: Checkpoint['kind'];
}

/** Checkpoints in a row, numbered by their place. */
function row(...made: readonly Made[]) {
  const checkpoints = made.map(({ is, ...given }, number): Checkpoint => {
    const place = { seq: number, at: number, checkpoint: { runId, number } };
    return { ...place, kind: is, turn: 0, files: [], moreFiles: 0, skipped: [], ...given };
  });
  return { runId, checkpoints };
}

const file = (path: string, change: FileChange['change'], added?: number, removed?: number): FileChange => {
  return { path, change, ...(added !== undefined && { added }), ...(removed !== undefined && { removed }) };
};
const call = (turn: number, ...files: readonly FileChange[]): Made => {
  return { is: 'call', callId: `${turn}-1`, turn, files };
};
const person = (turn: number, ...files: readonly FileChange[]): Made => ({ is: 'person', turn, files });
const restore = (turn: number, number: number, ...files: readonly FileChange[]): Made => {
  return { is: 'restore', turn, files, restored: { runId, number } };
};
const numbers = (span: ReturnType<typeof aroundCall>) =>
  span && [span.before.checkpoint.number, span.after.checkpoint.number];
const named = ({ files }: RunChanges) => Object.fromEntries(files);

describe('aroundCall', () => {
  const kept = row({ is: 'baseline' }, call(2), person(2), call(5));

  it('is the checkpoint of the call and the one right before it, a person’s too', () => {
    assert.deepEqual(numbers(aroundCall(kept, '2-1')), [0, 1]);
    assert.deepEqual(numbers(aroundCall(kept, '5-1')), [2, 3]);
  });

  it('is nothing for a call whose checkpoint is not there, or has nothing before it', () => {
    assert.equal(aroundCall(kept, '4-1'), undefined);
    assert.equal(aroundCall(row(call(1)), '1-1'), undefined);
  });
});

describe('aroundTurn', () => {
  it('goes from before the turn’s first call to the last that was kept in it', () => {
    const kept = row(
      { is: 'baseline' },
      person(1),
      { ...call(2), callId: '2-1' },
      { ...call(2), callId: '2-2' },
      person(2),
    );
    assert.deepEqual(numbers(aroundTurn(kept, 2)), [1, 4]);
    assert.equal(aroundTurn(kept, 1), undefined);
  });
});

describe('atTurn', () => {
  const kept = row({ is: 'baseline' }, call(2), person(3), call(5));

  it('is the newest at or before the turn', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 9].map((turn) => atTurn(kept, turn)?.checkpoint.number),
      [0, 0, 1, 1, 2, 3, 3],
    );
  });

  it('is what the turn’s calls left, not what was put back or changed behind it', () => {
    const undone = row({ is: 'baseline' }, call(1), call(2), restore(2, 0), person(2));
    assert.deepEqual(
      [0, 1, 2, 3].map((turn) => atTurn(undone, turn)?.checkpoint.number),
      [0, 1, 2, 4],
    );
  });

  it('is the first there is where the files were kept only later', () => {
    assert.equal(atTurn(row(person(4), call(5)), 1)?.checkpoint.number, 0);
    assert.equal(atTurn(row(), 1), undefined);
  });
});

describe('baselineOf', () => {
  it('is a fork’s own beginning, not its parent’s', () => {
    const inherited = [
      { ...call(1), checkpoint: { runId: parentId, number: 0 } },
      { ...call(1), checkpoint: { runId: parentId, number: 1 } },
    ];
    const kept = row(...inherited, { is: 'baseline', checkpoint: { runId, number: 0 } });
    assert.deepEqual(baselineOf(kept)?.checkpoint, { runId, number: 0 });
    assert.deepEqual(baselineOf(row(...inherited))?.checkpoint, { runId: parentId, number: 0 });
  });
});

describe('changesOfRun', () => {
  it('joins what calls did to a file, and forgets one that came and went', () => {
    const kept = row(
      { is: 'baseline' },
      call(
        1,
        file('new.md', 'added'),
        file('gone.md', 'deleted'),
        file('brief.md', 'added'),
        file('back.md', 'deleted'),
      ),
      call(2, file('new.md', 'modified'), file('brief.md', 'deleted'), file('back.md', 'added')),
    );
    assert.deepEqual(named(changesOfRun(kept)), { 'new.md': 'added', 'gone.md': 'deleted', 'back.md': 'modified' });
  });

  it('does not count what only a person changed', () => {
    const kept = row({ is: 'baseline' }, person(0, file('mine.md', 'modified')), call(1, file('its.md', 'modified')));
    assert.deepEqual(named(changesOfRun(kept)), { 'its.md': 'modified' });
  });

  it('counts a restored file as what it was then', () => {
    const calls = [
      call(1, file('a.md', 'added')),
      call(2, file('a.md', 'modified'), file('b.md', 'modified')),
      call(3, file('c.md', 'deleted')),
    ];
    const all = [{ is: 'baseline' } as const, ...calls];
    const toTurn1 = row(
      ...all,
      restore(3, 1, file('a.md', 'modified'), file('b.md', 'modified'), file('c.md', 'added')),
    );
    assert.deepEqual(named(changesOfRun(toTurn1)), { 'a.md': 'added' });
    const toStart = row(
      ...all,
      restore(3, 0, file('a.md', 'deleted'), file('b.md', 'modified'), file('c.md', 'added')),
    );
    assert.deepEqual(named(changesOfRun(toStart)), {});
    const one = row(...all, restore(3, 0, file('b.md', 'modified')));
    assert.deepEqual(named(changesOfRun(one)), { 'a.md': 'added', 'c.md': 'deleted' });
    const undone = row(...all, restore(3, 0, file('b.md', 'modified')), restore(3, 3, file('b.md', 'modified')));
    assert.deepEqual(named(changesOfRun(undone)), { 'a.md': 'added', 'b.md': 'modified', 'c.md': 'deleted' });
  });

  it('says how many more there may be', () => {
    const kept = row({ is: 'baseline' }, { ...call(1, file('a', 'added')), moreFiles: 700 });
    assert.deepEqual([changesOfRun(kept).files.size, changesOfRun(kept).more], [1, 700]);
  });
});

describe('lineWords', () => {
  it('adds up what is told, and is empty where nothing is', () => {
    assert.equal(lineWords([file('a', 'modified', 2, 1), file('b', 'added', 10, 0), file('c.png', 'added')]), '+12 −1');
    assert.equal(lineWords([file('c.png', 'added')]), '');
  });
});
