import assert from 'node:assert/strict';
import fc from 'fast-check';
import { callBlock } from '../../src/agent/messages.ts';
import { readReply } from '../../src/agent/toolCalls.ts';
import type { ToolSchema } from '../../src/shared/events.ts';

const tool = (server: string, name: string): ToolSchema => ({ server, name, description: '', inputSchema: {} });
const tools = [
  tool('tool-python', 'run_python_code'),
  tool('tool-python', 'run_command'),
  tool('workspace', 'read_file'),
];
const read = (content: string) => readReply({ content, nativeCalls: [], finishReason: 'stop' }, tools);
const block = (args: string, name = 'run_command', server = 'tool-python') =>
  `<use_mcp_tool>\n<server_name>${server}</server_name>\n<tool_name>${name}</tool_name>\n<arguments>\n${args}\n</arguments>\n</use_mcp_tool>`;

describe('readReply', () => {
  it('gives back any call that was written as a block', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean()), {
          noNullPrototype: true,
        }),
        fc.string(),
        (args, said) => {
          fc.pre(
            !/<\/?(use_mcp|think|server_name|tool_name|arguments)/.test(said) && !Object.hasOwn(args, '__proto__'),
          );
          const call = { server: 'workspace', tool: 'read_file', arguments: args };
          assert.deepEqual(read(`${said}\n${callBlock(call)}`).calls, [call]);
        },
      ),
    );
  });

  it('reads a closing tag inside a JSON string as text', () => {
    const { calls } = read(block('{"command": "echo \\"</use_mcp_tool></arguments>\\""}'));
    assert.deepEqual(calls[0]?.arguments, { command: 'echo "</use_mcp_tool></arguments>"' });
  });

  it('reads several calls in order', () => {
    const { calls } = read(`${block('{"command": "a"}')}\n${block('{"path": "b"}', 'read_file', 'workspace')}`);
    assert.deepEqual(
      calls.map((call) => call.tool),
      ['run_command', 'read_file'],
    );
  });

  it('does not take a call inside a thought for one', () => {
    assert.deepEqual(read(`<think>I could ${block('{"command": "a"}')}</think> but I know it.`).calls, []);
  });

  it('mends a wrong server, the tool python and the argument code, and says so', () => {
    const wrong = read(block('{"code": "1+1", "sandbox_id": null}', 'python', 'python'));
    assert.deepEqual(wrong.calls, [
      { server: 'tool-python', tool: 'run_python_code', arguments: { code_block: '1+1' } },
    ]);
    assert.equal(wrong.mended.length, 3);
  });

  it('calls tags without a readable call a slip, and text without tags none', () => {
    assert.match(read('<use_mcp_tool>\n<server_name>x').slip ?? '', /no complete tool call/);
    assert.match(read(block('no json at all: [')).slip ?? '', /run_command/);
    assert.equal(read('Just words about a < b.').slip, undefined);
  });

  it('reads a call that the end of the message left open', () => {
    const { calls, mended } = read(
      '<use_mcp_tool>\n<server_name>workspace</server_name>\n<tool_name>read_file</tool_name>\n<arguments>\n{"path": "a"}',
    );
    assert.deepEqual(calls[0]?.arguments, { path: 'a' });
    assert.deepEqual(mended, ['closed an unclosed tool call']);
  });

  const broken: readonly [string, string, Record<string, unknown>][] = [
    ['lone backslashes', String.raw`{"pattern": "\d+\s"}`, { pattern: String.raw`\d+\s` }],
    ['raw newlines in strings', '{"code_block": "a = 1\nb = 2"}', { code_block: 'a = 1\nb = 2' }],
    ['trailing commas', '{"path": "a",}', { path: 'a' }],
    ['single quotes', "{'path': 'a'}", { path: 'a' }],
    ['Python literals', '{"recursive": True, "path": "a", "glob": None}', { recursive: true, path: 'a' }],
    ['missing closing braces', '{"path": "a"', { path: 'a' }],
    ['text around the object', 'Here: {"path": "a"} as asked', { path: 'a' }],
    ['a fence', '```json\n{"path": "a"}\n```', { path: 'a' }],
  ];
  for (const [what, text, args] of broken) {
    it(`mends ${what}`, () => {
      assert.deepEqual(read(block(text)).calls[0]?.arguments, args);
      assert.equal(read(block(text)).mended.length, 1);
    });
  }
});
