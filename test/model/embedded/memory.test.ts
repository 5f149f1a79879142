import assert from 'node:assert/strict';
import fc from 'fast-check';
import { recall, written, type Memory } from '../../../src/model/embedded/memory.ts';

const word = fc.stringMatching(/^[a-z0-9.]{1,12}$/);
const spot = fc.record({ path: word, line: fc.integer({ min: 1, max: 9999 }) }, { noNullPrototype: true });
const note = fc.record(
  {
    path: word,
    line: fc.integer({ min: 1, max: 9999 }),
    endLine: fc.integer({ min: 1, max: 9999 }),
    score: fc.integer({ min: 0, max: 1500 }).map((thousandths) => thousandths / 1000),
    text: fc.stringMatching(/^[ -~]{1,80}$/),
  },
  { noNullPrototype: true },
);
const memory: fc.Arbitrary<Memory> = fc.record(
  {
    files: fc.array(fc.tuple(word, fc.nat())).map((pairs) => new Map(pairs)),
    fileCount: fc.nat(),
    spots: fc.array(spot),
    opened: fc.array(spot),
    notes: fc.array(note),
    learned: fc.array(word),
    documents: fc.array(spot),
    pages: fc.array(
      fc.record(
        { uri: word.map((name) => `https://${name}.org/a`), title: fc.stringMatching(/^[ -~]{1,80}$/) },
        { noNullPrototype: true },
      ),
    ),
  },
  { noNullPrototype: true },
);

describe('recall', () => {
  it('reads back what was written into a thought', () => {
    fc.assert(fc.property(memory, (all) => assert.deepEqual(recall([written(all)]), all)));
  });

  it('puts the places of the newest search first', () => {
    const first = written({ spots: [{ path: 'a', line: 1 }] });
    const second = written({ spots: [{ path: 'b', line: 2 }] });
    assert.deepEqual(
      recall([first, second]).spots.map(({ path }) => path),
      ['b', 'a'],
    );
  });
});
