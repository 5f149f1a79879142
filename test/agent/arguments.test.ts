import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { readArguments } from '../../src/agent/arguments.ts';
import { brokenArguments } from './brokenArguments.ts';

const pieces = [
  ...['print("hello")', "it's", 'word', ' ', ', ', ': ', '{', '}', '[', ']', '"', '"b"', "'x'", '\n', 'import os\n'],
  ...[
    '\\d+',
    '//',
    '#',
    'x = {"a": 1, "b": "c"}',
    '"}',
    '</arguments>',
    '1',
    'true',
    'f("a", "b")',
    '`',
    '“q”',
    'é',
    '😀',
  ],
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join(''));
const value = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.constantFrom(1, 20, true),
  text.map((one) => ['a', one]),
  text.map((one) => ({ b: one })),
);
const names = ['path', 'code', 'content', 'limit', 'query'];
const args = fc
  .tuple(fc.subarray(names, { minLength: 1 }), fc.array(value, { minLength: 5, maxLength: 5 }))
  .map(([used, values]) => Object.fromEntries(used.map((name, index) => [name, values[index]])));
const json = fc.tuple(args, fc.constantFrom(0, 2)).map(([object, indent]) => ({
  object,
  text: JSON.stringify(object, null, indent),
}));

/** Where a written object has what is outside of its strings' insides. */
function structure(written: string): readonly number[] {
  const blank = written.replace(/\\[^]/g, '..').replace(/"[^"]*"/g, (found) => `"${'.'.repeat(found.length - 2)}"`);
  return [...blank.matchAll(/[^.\s]/g)].map(({ index }) => index);
}

/** Damages what stands outside of the strings and checks that what is read, if anything is, is what was meant. */
function neverWrong(damage: (written: string, places: readonly number[], at: number) => string | undefined): void {
  fc.assert(
    fc.property(json, fc.nat(), fc.constantFrom(undefined, names), (one, at, known) => {
      const damaged = damage(one.text, structure(one.text), at);
      fc.pre(damaged !== undefined && damaged.trim() !== '' && !isValid(damaged));
      const read = readArguments(damaged, { names: known });
      if (read) assert.deepEqual(read.value, one.object, `${damaged} (${String(read.mended)})`);
    }),
    { numRuns: 500 },
  );
}

function isValid(written: string): boolean {
  try {
    JSON.parse(written);
    return true;
  } catch {
    return false;
  }
}

const without = (written: string, at: number) => written.slice(0, at) + written.slice(at + 1);
const unescaped = (written: string, pattern: RegExp, plain: string) =>
  written.replace(/\\[^]/g, (found) => (pattern.test(found) ? plain : found));

describe('readArguments', () => {
  it('reads most of the broken arguments that models wrote, and none of them wrongly', () => {
    for (const set of ['tuned', 'heldOut'] as const) {
      const cases = brokenArguments.filter((one) => one.set === set);
      const got = cases.map((one) => readArguments(one.text)?.value ?? null);
      const wrong = cases.filter(({ want }, index) => got[index] !== null && !isDeepStrictEqual(got[index], want));
      assert.deepEqual(
        wrong.map(({ name }) => name),
        [],
      );
      const right = cases.filter(({ want }, index) => isDeepStrictEqual(got[index], want)).length;
      assert.ok(right / cases.length >= 0.85, `${set}: ${right} of ${cases.length}`);
    }
  });

  it('gives back any object that was written as JSON, without its null members', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 2 }), {
          maxKeys: 5,
          noNullPrototype: true,
        }),
        (object) => {
          const kept = Object.fromEntries(Object.entries(object).filter(([, member]) => member !== null));
          const read = readArguments(JSON.stringify(object));
          assert.deepEqual(read?.value, JSON.parse(JSON.stringify(kept)));
          assert.equal(read?.mended, undefined);
        },
      ),
    );
  });

  it('never reads a member wrongly where a quote, a brace, a comma or a colon is missing', () => {
    neverWrong((written, places, at) => {
      const place = places[at % places.length];
      return place === undefined || !/["{}[\],:]/.test(written.charAt(place)) ? undefined : without(written, place);
    });
  });

  it('never reads a member wrongly where quotes and newlines in strings are not escaped', () => {
    neverWrong((written) => unescaped(written, /^\\"$/, '"'));
    neverWrong((written) => unescaped(written, /^\\n$/, '\n'));
  });

  it('keeps lone backslashes', () => {
    neverWrong((written) => (/\\[nrt]/.test(written) ? undefined : unescaped(written, /^\\\\$/, '\\')));
  });

  it('reads arguments as Python writes them', () => {
    const python = (one: unknown): string => {
      if (one === true) return 'True';
      if (Array.isArray(one)) return `[${one.map(python).join(', ')}]`;
      if (typeof one === 'string') return `'${one.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;
      if (typeof one !== 'object' || one === null) return String(one);
      return `{${Object.entries(one)
        .map(([name, member]) => `${python(name)}: ${python(member)}`)
        .join(', ')}}`;
    };
    fc.assert(
      fc.property(
        args.filter((object) => !JSON.stringify(object).includes('\\\\')),
        (object) => {
          assert.deepEqual(readArguments(python(object))?.value, object);
        },
      ),
    );
  });

  it('never makes a shorter string out of one that was cut off', () => {
    fc.assert(
      fc.property(json, fc.nat(), (one, at) => {
        const read = readArguments(one.text.slice(0, at % one.text.length), { names });
        for (const [name, member] of Object.entries(read?.value ?? {})) {
          if (typeof member === 'string') assert.equal(member, one.object[name]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('adds no closing brace where the text may have been cut off', () => {
    assert.deepEqual(readArguments('{"path": "a"')?.value, { path: 'a' });
    assert.equal(readArguments('{"path": "a"', { maybeCut: true }), undefined);
  });

  it('lets no member slip into the object before it', () => {
    assert.equal(readArguments('{"headers": {"a": "1", "path": "b"}'), undefined);
    const read = readArguments('{"headers": {"a": "1", "b": "2"}', { names: ['headers', 'path'] });
    assert.deepEqual(read?.value, { headers: { a: '1', b: '2' } });
  });

  it('tells where a string with quotes in it ends by the names that the tool has', () => {
    const written = '{"code_block": "f("a", "b")", "sandbox_id": "default"}';
    assert.equal(readArguments(written), undefined);
    assert.deepEqual(readArguments(written, { names: ['code_block', 'sandbox_id'] })?.value, {
      code_block: 'f("a", "b")',
      sandbox_id: 'default',
    });
  });

  it('reads no arguments and null as none', () => {
    assert.deepEqual(readArguments(' \n')?.value, {});
    assert.deepEqual(readArguments('null')?.value, {});
  });

  it('repairs nothing beyond a megabyte', () => {
    const long = 'x'.repeat(1_000_000);
    assert.deepEqual(readArguments(`{"a": "${long}"}`)?.value, { a: long });
    assert.equal(readArguments(`{"a": "${long}",}`), undefined);
  });
});
