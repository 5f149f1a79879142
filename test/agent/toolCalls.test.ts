import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { callBlock } from '../../src/agent/messages.ts';
import type { NativeCall } from '../../src/agent/ports.ts';
import { defineTool } from '../../src/agent/tool.ts';
import { readReply } from '../../src/agent/toolCalls.ts';
import type { ToolSchema } from '../../src/shared/events.ts';
import { writtenReply } from './writtenReplies.ts';

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

  const schema = z.object({
    command: z.string(),
    limit: z.int().nullish(),
    deep: z.boolean().optional(),
    paths: z.array(z.string()).optional(),
  });
  const checked = defineTool({
    server: 'tool-python',
    name: 'run_command',
    description: '',
    input: schema,
    effect: 'read',
    run: async () => ({ content: '' }),
  });
  const strict = [checked, ...tools.filter(({ name }) => name !== 'run_command')];
  const readStrict = (content: string, nativeCalls: readonly NativeCall[] = []) =>
    readReply({ content, nativeCalls, finishReason: 'stop' }, strict);
  const ls = { server: 'tool-python', tool: 'run_command', arguments: { command: 'ls' } };

  const forms: readonly [string, string][] = [
    ['Hermes JSON', '<tool_call>\n{"name": "run_command", "arguments": {"command": "ls"}}\n</tool_call>'],
    ['the key tool', '<tool_call>{"tool": "tool-python-run_command", "parameters": {"command": "ls"}}</tool_call>'],
    ['the key tool_name', '<tool_call>{"tool_name": "tool-python.run_command", "args": {"command": "ls"}}</tool_call>'],
    [
      'arguments as a string',
      '<tool_call>{"name": "run_command", "arguments": "{\\"command\\": \\"ls\\"}"}</tool_call>',
    ],
    [
      'an OpenAI call',
      '<tool_call>{"type": "function", "function": {"name": "run_command", "arguments": {"command": "ls"}}}</tool_call>',
    ],
    ['a function with JSON', '<function=tool-python/run_command>{"command": "ls"}</function>'],
    [
      'a function with parameters',
      '<tool_call>\n<function=run_command>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>',
    ],
    [
      'a function without the tag before it',
      'I look.\n\n<function=run_command>\n<parameter=command>\nls\n</parameter>\n</function>\n</tool_call>',
    ],
    ['a call after a thought that is not closed', `<think>I look.\n${block('{"command": "ls"}')}`],
    ['bare JSON', '{"name": "run_command", "arguments": {"command": "ls"}}'],
    [
      'fenced JSON after a thought',
      '<think>I look.</think>\n```json\n{"name": "run_command", "arguments": {"command": "ls"}}\n```',
    ],
    ['a server in the name of the tool', block('{"command": "ls"}', 'tool-python-run_command')],
  ];
  for (const [what, content] of forms) {
    it(`reads ${what}`, () => assert.deepEqual(readStrict(content).calls, [ls]));
  }

  it('reads native calls by every form of their names, before those of the text', () => {
    for (const name of ['tool-python-run_command', 'tool-python.run_command', 'run_command']) {
      assert.deepEqual(readStrict('', [{ name, arguments: '{"command": "ls"}' }]).calls, [ls]);
    }
    const both = readStrict(block('{"path": "a"}', 'read_file', 'workspace'), [
      { name: 'run_command', arguments: '{"command": "ls"}' },
    ]);
    assert.deepEqual(
      both.calls.map(({ tool }) => tool),
      ['run_command', 'read_file'],
    );
  });

  it('counts a call once that came natively and in the text', () => {
    const { calls, mended } = readStrict(block('{"command": "ls"}'), [
      { name: 'run_command', arguments: '{"command": "ls"}' },
    ]);
    assert.deepEqual([calls, mended.length], [[ls], 1]);
    assert.equal(readStrict(`${block('{"command": "ls"}')}\n${block('{"command": "ls"}')}`).calls.length, 2);
  });

  it('takes JSON for text where it is not all of the message, names no tool or does not fit', () => {
    const texts = [
      'The call would be {"name": "run_command", "arguments": {"command": "ls"}}',
      '{"name": "run", "arguments": {"command": "ls"}}',
      '{"name": "run_command", "arguments": {"commands": "ls"}}',
      '{"name": "run_command", "arguments": {"command": "ls"}, "result": 3}',
      '{"name": "read_file"}',
    ];
    for (const text of texts) assert.deepEqual(readStrict(text), { calls: [], mended: [] }, text);
  });

  it('gives parameters the types that the schema has, and leaves their text as it stands', () => {
    const written = (limit: string, paths: string) =>
      `<function=run_command><parameter=command>\n  echo "</b>"\n\n</parameter><parameter=limit>${limit}</parameter><parameter=deep>True</parameter><parameter=paths>${paths}</parameter></function>`;
    assert.deepEqual(readStrict(written('3', "['a', 'b']")).calls[0]?.arguments, {
      command: '  echo "</b>"\n',
      limit: 3,
      deep: true,
      paths: ['a', 'b'],
    });
    assert.deepEqual(readStrict(written('null', '["a"]')).calls[0]?.arguments['limit'], undefined);
  });

  it('does not tell parameters apart where a tag is missing', () => {
    const text = '<function=run_command><parameter=command>ls\n<parameter=limit>3</parameter></function>';
    assert.equal(readStrict(text).slipKind, 'malformed');
    assert.equal(readStrict('<function=run_command>\n<parameter=command>\nls -').slipKind, 'malformed');
  });

  it('mends values that came as strings, and records it', () => {
    const { calls, mended } = readStrict(
      block('{"command": "ls", "limit": "3", "deep": "false", "paths": "[\\"a\\"]"}'),
    );
    assert.deepEqual(calls[0]?.arguments, { command: 'ls', limit: 3, deep: false, paths: ['a'] });
    assert.equal(mended.length, 3);
  });

  it('names the tool, the argument and the schema when arguments do not fit', () => {
    const { calls, slip, slipKind } = readStrict(block('{"limit": "three", "deep": 1}'));
    assert.deepEqual([calls, slipKind], [[], 'invalidArguments']);
    for (const words of [
      /run_command/,
      /"command" is missing \(expected string\)/,
      /"limit": expected/,
      /"deep": expected boolean, received number/,
    ]) {
      assert.match(slip ?? '', words);
    }
    assert.ok(slip?.includes(JSON.stringify(checked.inputSchema)));
  });

  it('calls an unknown tool a slip, and says what there is', () => {
    const { calls, slip, slipKind } = readStrict(block('{}', 'fly', 'air'));
    assert.deepEqual([calls, slipKind], [[], 'unknownTool']);
    assert.match(slip ?? '', /^Unknown tool: fly on server air\. There are: run_command on server tool-python, /);
  });

  it('calls one of several calls that does not fit a slip of the whole', () => {
    const read = readStrict(`${block('{"command": "ls"}')}\n${block('{"command": 1}')}`);
    assert.deepEqual([read.calls, read.slipKind], [[], 'invalidArguments']);
  });

  it('calls a message that gives up a slip, unless it calls a tool', () => {
    for (const words of [
      'Due to the time constraint I stop.',
      'I’m sorry, but I can’t do that.',
      "I'm sorry, I cannot solve it.",
    ]) {
      assert.equal(readStrict(`<think>hm</think>${words}`).slipKind, 'refusal');
      assert.equal(readStrict(`${words}\n${block('{"command": "ls"}')}`).slip, undefined);
      assert.equal(readStrict(`<think>${words}</think>It is 3.`).slip, undefined);
    }
  });

  it('runs Python statelessly where the tool asks for a sandbox and the call names none', () => {
    const python = {
      ...tool('tool-python', 'run_python_code'),
      inputSchema: { type: 'object', required: ['code_block', 'sandbox_id'] },
    };
    const content = block('{"code": "1+1"}', 'python_code');
    const { calls, mended } = readReply({ content, nativeCalls: [], finishReason: 'stop' }, [python]);
    assert.deepEqual(calls[0]?.arguments, { code_block: '1+1', sandbox_id: 'default' });
    assert.equal(mended.length, 3);
  });

  it('mends the names of what is to be extracted from a page', () => {
    const scrape = tool('jina_scrape_llm_summary', 'scrape_and_extract_info');
    for (const name of ['description', 'introduction']) {
      const content = block(`{"url": "https://a.b", "${name}": "c"}`, 'scrape_and_extract_info', 'jina');
      const { calls, mended } = readReply({ content, nativeCalls: [], finishReason: 'stop' }, [scrape]);
      assert.deepEqual(calls[0]?.arguments, { url: 'https://a.b', info_to_extract: 'c' });
      assert.equal(mended.length, 2);
    }
  });

  it('adds no closing brace to a call that was cut off', () => {
    const cut = block('{"command": "ls"').replace(/\n<\/arguments>[^]*/, '');
    assert.equal(readStrict(cut).slipKind, 'malformed');
    const native = [{ name: 'run_command', arguments: '{"command": "ls"' }];
    assert.equal(readStrict('', native).calls.length, 1);
    assert.equal(readReply({ content: '', nativeCalls: native, finishReason: 'length' }, strict).calls.length, 0);
  });

  it('reads any message in any form as it was written', () => {
    fc.assert(
      fc.property(writtenReply, ({ content, calls }) => {
        const { calls: got, slip } = read(content);
        if (calls.length === 0) {
          assert.deepEqual(got, []);
          return;
        }
        assert.equal(slip, undefined, content);
        assert.deepEqual(
          got.map((call) => call.arguments),
          calls,
        );
        assert.ok(got.every(({ server, tool: name }) => server === 'workspace' && name === 'read_file'));
      }),
      { numRuns: 500 },
    );
  });
});
