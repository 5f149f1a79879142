import assert from 'node:assert/strict';
import fc from 'fast-check';
import { callOpenings } from '../../src/shared/callTags.ts';
import { ReplyScanner, scanReply } from '../../src/shared/replyScanner.ts';
import { cutInto, writtenReply } from '../agent/writtenReplies.ts';

const inPieces = (pieces: readonly string[]) => {
  const scanner = new ReplyScanner();
  for (const piece of pieces) scanner.push(piece);
  return scanner.end();
};

describe('ReplyScanner', () => {
  it('finds the same however the text is cut', () => {
    fc.assert(
      fc.property(writtenReply, fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), ({ content }, lengths) => {
        assert.deepEqual(inPieces(cutInto(content, lengths)), scanReply(content));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same however a text is cut that is tags and quotes at random', () => {
    const bits = [
      ...callOpenings,
      '<think>',
      '</think>',
      '</use_mcp_tool>',
      '</tool_call>',
      '</arguments>',
      '<arguments>',
    ];
    const more = [
      '</function>',
      '<parameter=a>',
      '</parameter>',
      '<tool_name>',
      '</tool_name>',
      'x>',
      '"',
      '\\',
      '{',
      ' ',
      'w',
      '<',
    ];
    const noise = fc.array(fc.constantFrom(...bits, ...more), { maxLength: 25 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(noise, fc.array(fc.nat(), { minLength: 1, maxLength: 8 }), (content, lengths) => {
        const scan = scanReply(content);
        assert.deepEqual(inPieces(cutInto(content, lengths)), scan);
        let at = 0;
        for (const { start, end } of scan.parts) {
          assert.ok(start >= at && end >= start && end <= content.length, JSON.stringify(scan));
          at = end;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('finds every call of a message, and none inside of a closed thought', () => {
    fc.assert(
      fc.property(writtenReply, ({ content, calls }) => {
        assert.equal(scanReply(content).calls.length, calls.length, content);
      }),
      { numRuns: 500 },
    );
  });

  it('reads on after a call whose quotes do not pair', () => {
    const broken = '<tool_call>{"name": "a", "arguments": {"b": "c"d"}}</tool_call>';
    const whole = '<tool_call>{"name": "a", "arguments": {}}</tool_call>';
    assert.deepEqual(
      scanReply(`${broken} and ${whole}`).calls.map(({ start, end, closed }) => [start, end, closed]),
      [
        [0, broken.length, true],
        [broken.length + 5, broken.length + 5 + whole.length, true],
      ],
    );
  });

  it('takes a tag in the words of a message for no call', () => {
    const scan = scanReply('I would write <use_mcp_tool> here, or <tool_call>.');
    assert.deepEqual([scan.calls.length, scan.strayTags, scan.parts.length], [0, true, 1]);
  });

  it('leaves out a call that the end of the message cut off in its head', () => {
    const { parts, calls } = scanReply('Now.\n<use_mcp_tool>\n<server_name>wor');
    assert.deepEqual([parts.map(({ kind }) => kind), calls], [['text', 'unfinished'], []]);
  });
});
