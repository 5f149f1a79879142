/**
 * The parser's speed over replies with long thoughts and calls whose arguments hold code: the scanner and the guard at
 * 12 characters a chunk, as a server streams tokens, and whole texts. Then how many broken arguments it reads rightly.
 */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { readArguments } from '../../src/agent/arguments.ts';
import { callBlock } from '../../src/agent/messages.ts';
import { replyGuard } from '../../src/agent/replyGuard.ts';
import { readReply } from '../../src/agent/toolCalls.ts';
import { ReplyScanner, scanReply } from '../../src/shared/replyScanner.ts';
import { brokenArguments } from '../agent/brokenArguments.ts';

const source = await readFile(new URL('../../src/agent/toolCalls.ts', import.meta.url), 'utf8');
const prose = await readFile(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');
const replies = [1, 2, 4, 8].flatMap((times) => {
  const thought = Array.from({ length: times }, (_, part) => `${part}. ${prose}`).join('\n');
  const code = Array.from({ length: times }, (_, part) => `// ${part}\n${source}`).join('\n');
  const call = {
    server: 'tool-python',
    tool: 'run_python_code',
    arguments: { code_block: code, sandbox_id: 'default' },
  };
  const json = JSON.stringify({ name: 'run_python_code', arguments: call.arguments });
  return [
    `<think>\n${thought}\n</think>\n\nI run it.\n\n${callBlock(call)}`,
    `<think>${thought}</think>\n<tool_call>\n${json}\n</tool_call>`,
    `${thought}</think>\n<tool_call>\n<function=run_python_code>\n<parameter=code_block>\n${code}\n</parameter>\n</function>\n</tool_call>`,
  ];
});
const chars = replies.reduce((sum, reply) => sum + reply.length, 0);
const chunks = replies.map((reply) => reply.match(/[\s\S]{1,12}/g) ?? []);

rate('parser.streamRate', () => {
  for (const pieces of chunks) {
    const scanner = new ReplyScanner();
    for (const piece of pieces) scanner.push(piece);
    scanner.end();
  }
});
rate('parser.guardRate', () => {
  for (const pieces of chunks) {
    const guard = replyGuard();
    for (const content of pieces) guard.add({ content, reasoning: '', nativeCalls: [] });
  }
});
rate('parser.wholeRate', () => {
  for (const reply of replies) scanReply(reply);
});
rate('parser.readReplyRate', () => {
  for (const content of replies) readReply({ content, nativeCalls: [], finishReason: 'stop' }, []);
});

for (const set of ['tuned', 'heldOut'] as const) {
  const cases = brokenArguments.filter((one) => one.set === set);
  const got = cases.map(({ text }) => readArguments(text)?.value ?? null);
  const right = cases.filter(({ want }, index) => isDeepStrictEqual(got[index], want)).length;
  const wrong = cases.filter(({ want }, index) => got[index] !== null && !isDeepStrictEqual(got[index], want)).length;
  print(`arguments.right.${set}`, right / cases.length, 'share', 'higher');
  print(`arguments.silentlyWrong.${set}`, wrong, 'cases', 'lower');
}

/** The best of five, in millions of characters a second of this process's own time: other work on the machine counts not. */
function rate(name: string, work: () => void): void {
  const times = Array.from({ length: 6 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  });
  print(name, chars / 1_000 / Math.min(...times.slice(1)), 'MB/s', 'higher');
}

function print(name: string, value: number, unit: string, better: 'higher' | 'lower'): void {
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(3)), unit, better })}\n`);
}
