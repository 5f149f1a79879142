import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hunksOf, withHunks } from '../../src/shared/hunks.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', '', 'd\r')).map((lines) => lines.join('\n'));

describe('hunksOf', () => {
  it('names each change by its line in the new text', () => {
    const before = 'one\ntwo\nthree\nfour\n';
    const after = 'zero\none\nthree\n4\n';
    assert.deepEqual(hunksOf(before, after), [
      { line: 1, removed: [], added: ['zero'] },
      { line: 3, removed: ['two'], added: [] },
      { line: 4, removed: ['four'], added: ['4'] },
    ]);
  });

  it('finds none where nothing changed', () => fc.assert(fc.property(text, (one) => hunksOf(one, one).length === 0)));
});

describe('withHunks', () => {
  it('is the new text with all of them and the old one with none', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(
          withHunks(before, after, () => true),
          after,
        );
        assert.equal(
          withHunks(before, after, () => false),
          before,
        );
      }),
    );
  });

  it('takes back only what is not kept', () => {
    const before = 'one\ntwo\nthree\nfour\n';
    const after = 'zero\none\nthree\n4\n';
    assert.equal(
      withHunks(before, after, (index) => index !== 1),
      'zero\none\ntwo\nthree\n4\n',
    );
    assert.equal(
      withHunks(before, after, (index) => index === 2),
      'one\ntwo\nthree\n4\n',
    );
  });
});
