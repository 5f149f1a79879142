import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HeadTail } from '../../src/sandbox/headTail.ts';
import { PlainText } from '../../src/sandbox/plainText.ts';

function plain(...chunks: readonly string[]): string {
  const text = new PlainText();
  return chunks.map((chunk) => text.push(chunk)).join('') + text.end();
}

describe('PlainText', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['colours', '\x1b[1;31mred\x1b[0m', 'red'],
    ['256 colours with colons', '\x1b[38:5:196mred\x1b[m', 'red'],
    ['a window title', '\x1b]0;title\x07text', 'text'],
    ['a hyperlink', '\x1b]8;;https://a.b\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['a device string', '\x1bPq#0;1\x1b\\after', 'after'],
    ['a character set', '\x1b(Btext', 'text'],
    ['private modes', '\x1b[?25l\x1b[?2004htext\x1b[?25h', 'text'],
    ['line ends of a terminal', 'a\r\nb\r\n', 'a\nb\n'],
    ['progress', '10%\r 50%\r100%\n', '100%\n'],
    ['a shorter line over a longer one', 'abcdef\rXY\n', 'XYcdef\n'],
    ['an erased line', 'abcdef\r\x1b[Kxy\n', 'xy\n'],
    ['an erased line, all of it', 'abcdef\x1b[2K\rxy\n', 'xy\n'],
    ['backspaces', 'ab\b\bcd', 'cd'],
    ['moves in the line', 'abc\x1b[1GX\x1b[1CY\x1b[3DZ', 'ZbY'],
    ['tabs', 'a\tb\n', 'a\tb\n'],
    ['bells and zeros', 'a\x07\0b', 'ab'],
    ['a string that never ends', '\x1b]0;title\nnext', 'next'],
    ['letters of any script', 'é€😀漢', 'é€😀漢'],
  ];
  for (const [name, raw, expected] of cases) {
    it(`understands ${name}`, () => assert.equal(plain(raw), expected));
    it(`understands ${name}, however it is cut`, () => assert.equal(plain(...raw.split('')), expected));
  }

  it('gives text without control characters back as it is, however it is cut', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !/[\0-\x08\x0b-\x1f\x7f-\x9f]/.test(each));
    fc.assert(fc.property(fc.array(text), (chunks) => plain(...chunks) === chunks.join('')));
  });

  it('never leaves an escape in what it gives', () => {
    const piece = fc.constantFrom(
      '\x1b',
      '[',
      ']',
      '31m',
      'K',
      '\r',
      '\b',
      '\n',
      'P',
      '\\',
      'text',
      '\x9b',
      '\x07',
      '2',
      'G',
      '(',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => !/[\x1b\r\b\x07\x9b]/.test(plain(...pieces))));
  });

  it('reads 20 MB of an adversary in bounded time', function () {
    this.timeout(20_000);
    const text = new PlainText();
    for (const nasty of ['\x1b]', 'x\r', '\x1b[', '\x1bP\x1b', 'x']) {
      const chunk = nasty.repeat(100_000);
      for (let count = 0; count < 20; count++) text.push(chunk);
    }
    assert.ok(text.end().length <= 65_536);
  });
});

describe('HeadTail', () => {
  it('keeps all that fits', () => {
    const kept = new HeadTail(10);
    for (const piece of ['abcde', 'fghij', 'klmno', 'pqrst']) kept.push(piece);
    assert.deepEqual(kept.kept(), { text: 'abcdefghijklmnopqrst', omittedBytes: 0 });
  });

  it('keeps exactly both ends and counts the rest, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 7 }), { maxLength: 60 }), (pieces) => {
        const kept = new HeadTail(10);
        for (const piece of pieces) kept.push(piece);
        const all = pieces.join('');
        const { text, omittedBytes } = kept.kept();
        if (all.length <= 20) return text === all && omittedBytes === 0;
        const missing = Buffer.byteLength(all.slice(10, -10));
        return text.startsWith(all.slice(0, 10)) && text.endsWith(all.slice(-10)) && omittedBytes === missing;
      }),
    );
  });
});
