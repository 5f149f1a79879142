import assert from 'node:assert/strict';
import { alternativesOf, bestPlaces } from '../../src/tools/bestPlaces.ts';

const file = (path: string, ...texts: readonly string[]) => ({
  path,
  lines: texts.map((text, index) => ({ line: index + 1, text })),
});

describe('alternativesOf', () => {
  it('parts a pattern at its top level only', () => {
    assert.deepEqual(alternativesOf('(?i)a(?:b|c)|[|]|d\\|e|'), ['a(?:b|c)', '[|]', 'd\\|e']);
  });
});

describe('bestPlaces', () => {
  it('puts the place first where more of the alternatives meet', () => {
    const best = bestPlaces(
      'lock|timeout',
      [file('a.md', 'a lock', 'a lock'), file('b.md', 'a lock', 'timeout')],
      9,
      5,
    );
    assert.deepEqual(
      best?.places.map(({ path }) => path),
      ['b.md', 'a.md'],
    );
    assert.deepEqual(best.files, [
      { alternative: 'lock', count: 2 },
      { alternative: 'timeout', count: 1 },
    ]);
  });

  it('counts a rare alternative more than a common one, and those in the path', () => {
    const common = Array.from({ length: 6 }, (_, index) => file(`c${index}.md`, 'a lock here'));
    const best = bestPlaces('lock|walrus', [...common, file('d.md', 'a walrus'), file('lock.md', 'a lock')], 9, 3);
    assert.deepEqual(
      best?.places.map(({ path }) => path),
      ['d.md', 'lock.md', 'c0.md'],
    );
  });

  it('leaves minified lines out', () => {
    const best = bestPlaces('lock|timeout', [file('a.js', `lock timeout ${'x'.repeat(3000)}`)], 9, 5);
    assert.deepEqual(best?.places, []);
  });

  it('does not rank a pattern without alternatives, or one that JavaScript does not know', () => {
    assert.equal(bestPlaces('lock', [file('a.md', 'lock')], 1, 5), undefined);
    assert.equal(bestPlaces('lock|(?<a', [file('a.md', 'lock')], 1, 5), undefined);
  });
});
