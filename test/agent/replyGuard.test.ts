import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { NativeCall } from '../../src/agent/ports.ts';
import { isDegenerate, replyGuard } from '../../src/agent/replyGuard.ts';
import { readReply } from '../../src/agent/toolCalls.ts';
import { cutInto, writtenReply } from './writtenReplies.ts';

const root = join(import.meta.dirname, '../..');
const delta = (content: string, nativeCalls: readonly NativeCall[] = []) => ({ content, reasoning: '', nativeCalls });

function watch(pieces: readonly string[]) {
  const guard = replyGuard();
  let reason: ReturnType<typeof guard.add>;
  for (const piece of pieces) reason = guard.add(delta(piece));
  return { reason, kept: guard.kept(pieces.join('')) };
}

const call =
  '<use_mcp_tool>\n<server_name>s</server_name>\n<tool_name>t</tool_name>\n<arguments>\n{"a": "b"}\n</arguments>\n</use_mcp_tool>';

describe('replyGuard', () => {
  it('stops where something else follows a call, however the stream is cut, and keeps the calls', () => {
    fc.assert(
      fc.property(writtenReply, fc.array(fc.nat(), { minLength: 1 }), ({ content, calls, goesOn }, lengths) => {
        const { reason, kept } = watch(cutInto(content, lengths));
        assert.deepEqual([reason, kept], [watch([content]).reason, watch([content]).kept]);
        if (content.includes('</think>')) return;
        assert.equal(reason, goesOn && calls.length > 0 ? 'afterCall' : undefined, content);
        const read = readReply({ content: kept, nativeCalls: [], finishReason: null }, []);
        assert.deepEqual(
          read.calls.map((one) => one.arguments),
          calls,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('waits while the rest may be the beginning of another call, and stops once it is none', () => {
    const guard = replyGuard();
    assert.equal(guard.add(delta(call)), undefined);
    for (const piece of ['\n\n', '<', 'use_', 'mcp_tool>', call.slice('<use_mcp_tool>'.length), '<tool']) {
      assert.equal(guard.add(delta(piece)), undefined, piece);
    }
    assert.equal(guard.add(delta('s>')), 'afterCall');
    assert.equal(guard.add(delta('')), 'afterCall', 'the reason stays');
    assert.equal(guard.kept(`${call}\n\n${call}<tools>`), `${call}\n\n${call}`);
  });

  it('does not stop inside of a thought, nor at a call that a thought without opening tag held', () => {
    assert.equal(watch([`<think>I may write ${call} and then`]).reason, undefined);
    assert.equal(watch([`I may write ${call}\n`, '</thi', 'nk>\n\nIt is known.']).reason, undefined);
  });

  it('stops at text after native calls whose arguments are whole', () => {
    const guard = replyGuard();
    const calls = (text: string) => [{ name: 't', arguments: text }];
    assert.equal(guard.add(delta('I look.', calls('{"a"'))), undefined);
    assert.equal(guard.add(delta(' Still.', calls('{"a": 1'))), undefined);
    assert.equal(guard.add(delta('', calls('{"a": 1}'))), undefined);
    assert.equal(guard.add(delta('\n', calls('{"a": 1}'))), undefined);
    assert.equal(guard.add(delta('The result is', calls('{"a": 1}'))), 'afterCall');
    assert.equal(guard.kept('I look. Still.\nThe result is'), 'I look. Still.');
  });

  it('finds repetition in content and in reasoning, however the stream is cut', () => {
    const loops = [
      'I should search again. '.repeat(60),
      '!'.repeat(5_000),
      '0, '.repeat(2_000),
      'ха '.repeat(300),
      '我需要再搜索一次。'.repeat(80),
    ];
    const steps = Array.from(
      { length: 60 },
      (_, step) => `Step ${step}: I check whether the page has the number that I need. `,
    );
    fc.assert(
      fc.property(fc.constantFrom(...loops, steps.join('')), fc.array(fc.nat(), { minLength: 1 }), (loop, lengths) => {
        const text = `First some words about the task.\n${loop}`;
        assert.equal(watch(cutInto(text, lengths)).reason, 'repetition');
        const guard = replyGuard();
        const reasons = cutInto(text, lengths).map((reasoning) =>
          guard.add({ content: '', reasoning, nativeCalls: [] }),
        );
        assert.equal(reasons.at(-1), 'repetition');
        assert.ok(isDegenerate(text));
        assert.ok(
          !isDegenerate(
            `${text}\n\nEnough of this: now I know what the answer is, and I write it down here. It is forty-two, as the second page said, and the first one does not contradict it. ${'It took long enough, but the sources agree, which settles the matter. '.repeat(3)}`,
          ),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('says the same of a text as of its stream, where the stream was stopped', () => {
    const line = fc.constantFrom('again and again ', 'x'.repeat(40), '{"a": 0},\n', '| 0 | 0 |\n', 'The end is near. ');
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 400 }), fc.nat(), (one, times, length) => {
        const text = one.repeat(times).trimEnd();
        const { reason } = watch(cutInto(text, [length]));
        assert.equal(isDegenerate(text), reason === 'repetition');
      }),
      { numRuns: 40 },
    );
  });

  it('cuts no ordinary text: documents, code, tables, data, lines, dumps', () => {
    const folders = [
      '.',
      'src/agent',
      'src/model',
      'src/host',
      'src/tools',
      'webview',
      'test/agent',
      'test/sample-workspace',
    ];
    const files = folders.flatMap((folder) =>
      readdirSync(join(root, folder), { withFileTypes: true, recursive: folder.startsWith('test/') })
        .filter((entry) => entry.isFile() && /\.(?:md|ts|json|csv|css|html|txt)$/.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    );
    assert.ok(files.length > 50);
    const bytes = Array.from({ length: 3_000 }, (_, index) => (index * 7919 + (index >> 3)) % 256);
    const made = [
      '-'.repeat(300),
      'A'.repeat(1_500),
      Buffer.from(bytes).toString('base64'),
      bytes
        .map(
          (byte, index) =>
            `${index % 16 === 0 ? `\n${index.toString(16).padStart(8, '0')}: ` : ''}00${byte.toString(16)} `,
        )
        .join(''),
      Array.from({ length: 300 }, (_, row) => `| row ${row} | ${row * 7} | open |\n`).join(''),
      Array.from(
        { length: 300 },
        (_, id) => `${JSON.stringify({ id, status: 'active', owner: 'alice@example.com', tags: ['a', 'b'] })},\n`,
      ).join(''),
      '    pass\n'.repeat(60),
      `${'+----------------'.repeat(4)}+\n${'|                '.repeat(4)}|\n`.repeat(8),
    ];
    for (const text of [...files.map((file) => readFileSync(file, 'utf8')), ...made]) {
      assert.notEqual(watch(cutInto(text, [11])).reason, 'repetition', text.slice(0, 80));
      assert.equal(isDegenerate(text), false, text.slice(-80));
    }
  });
});
