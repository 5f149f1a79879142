import assert from 'node:assert/strict';
import { questionTerms, stem, termsOf } from '../../../src/model/embedded/terms.ts';

const names = (question: string) => termsOf(question).map(({ name }) => name);

describe('termsOf', () => {
  it('keeps topical words and names, and leaves out the words of asking', () => {
    assert.deepEqual(names('How long does sqlite3 wait on a locked database?'), [
      'long',
      'sqlite3',
      'wait',
      'locked',
      'database',
    ]);
  });

  it('looks for a dotted name whole and in its parts, and for operators as they are', () => {
    assert.deepEqual(names('Is os.replace like :=?'), ['os.replace', 'os', 'replace', ':=']);
  });

  it('finds a word in its other forms, in a part of a name, and by its synonyms, but not inside another word', () => {
    const [locked] = termsOf('locked');
    assert.ok(locked);
    assert.deepEqual(
      ['a lock', 'LOCKING', 'thread_lock', 'block', 'clockwise'].map((text) => locked.test.test(text)),
      [true, true, true, false, false],
    );
    const [folder] = termsOf('folder');
    assert.ok(folder?.synonyms);
    assert.equal(folder.test.test('directories'), false);
    assert.equal(folder.synonyms.test.test('directories'), true);
  });

  it('finds a name only as it is written, in any case', () => {
    const [name] = termsOf('PyList_SetItem');
    assert.ok(name?.isName);
    assert.equal(name.test.test('int PyList_SetItem('), true);
    assert.equal(name.test.test('PyList_SetItems'), false);
  });
});

describe('questionTerms', () => {
  it('takes the terms of the question before when a follow-up has few of its own', () => {
    const terms = questionTerms('And on Windows?', ['How long may a path be on Linux?']);
    assert.deepEqual(
      terms.map(({ name }) => name),
      ['windows', 'long', 'path', 'linux'],
    );
  });
});

describe('stem', () => {
  it('takes off the usual endings', () => {
    assert.deepEqual(['directories', 'wrapped', 'sorting', 'bits'].map(stem), ['director', 'wrap', 'sort', 'bit']);
  });
});
