import assert from 'node:assert/strict';
import { call, nativeCall, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const read = (path: string): Step => ({
  content: `<think>I look.</think>\n\n${call('workspace', 'read_file', { path })}`,
});
const readNatively = (path: string): Step => ({
  reasoning: `I look into ${path} 𝒻 \ud83d.`,
  toolCalls: [nativeCall('workspace', 'read_file', { path })],
});
const report: Step = { content: 'Failure type: incomplete\nUseful findings: "8080" [notes.md:1]' };
const known: Step = { content: 'I know it.' };
const answer: Step = { content: 'It is 8080 [notes.md:1].\n\n\\boxed{8080}' };

describe('mirothinker show --turn', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  const run = async (script: readonly Step[], ...words: readonly string[]) => {
    server = await scriptedServer({ script });
    const { code, stdout, stderr } = await line.run([
      'ask',
      'Which “port”?\nÜber 𝒻.',
      '--json',
      '--base-url',
      server.baseUrl,
      ...words,
    ]);
    assert.equal(code, 0, stderr);
    return eventsOf(stdout);
  };
  const show = async (...words: readonly string[]) => (await line.run(['show', 'last', '--turn', ...words])).stdout;
  /** A turn's prompt is, byte for byte, in the body of the request that it answered. */
  const comparePrompt = async (turn: number, request: number) => {
    const shown = await show(String(turn), '--prompt');
    assert.equal(shown.at(-1), '\n');
    assert.ok(server.requests[request]?.text.includes(`"messages":${shown.trimEnd()},"`), `turn ${turn}: ${shown}`);
  };
  const comparePrompts = async (requestOfTurn: readonly number[]) => {
    for (const [index, request] of requestOfTurn.entries()) await comparePrompt(index + 1, request);
  };

  beforeEach(async () => {
    line = await commandLine({
      'notes.md': 'The port is 8080.\n',
      'long.md': Array.from({ length: 120 }, (_, index) => `Line ${index} says nothing of any port at all.`).join('\n'),
    });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  it('--prompt prints what was sent, in text format, behind a rollback and a masking', async () => {
    const script = [read('a'), { content: '<use_mcp_tool> broken' }, read('b'), read('c'), read('d'), known, answer];
    await run(script, '--keep', '1', '--slack', '1');
    await comparePrompts([0, 2, 3, 4, 5, 6]);
    assert.match(await show('4', '--prompt'), /Tool result is omitted to save tokens\./);
    assert.doesNotMatch(await show('4', '--prompt'), /broken/);
  });

  it('--prompt prints what was sent in native format, thoughts and half characters included', async () => {
    await run(
      [...['a', 'b', 'c'].map(readNatively), known, answer],
      '--tool-format',
      'native',
      '--keep',
      '1',
      '--slack',
      '0',
    );
    await comparePrompts([0, 1, 2, 3, 4]);
    assert.match(await show('3', '--prompt'), /"reasoning_content":"I look into a/);
  });

  it('--prompt prints what was sent before and behind a narrowing', async () => {
    const calls = Array.from({ length: 9 }, (_, index) => ({
      content: call('workspace', 'read_file', { path: 'long.md', start_line: index + 1 }),
    }));
    const small = ['--context', '16000', '--retention', 'watermark', '--keep', '1'];
    const events = await run([...calls, known, answer], ...small);
    const turns = events.filter(({ type }) => type === 'view.narrowed' || type === 'model.replied');
    const narrowed = turns.findIndex(({ type }) => type === 'view.narrowed');
    assert.ok(narrowed > 0, 'it narrows');
    for (const turn of [narrowed, narrowed + 1, narrowed + 2, 11]) await comparePrompt(turn, turn - 1);
  });

  it('--prompt prints what was sent in a second attempt and for the report before it', async () => {
    await run([read('a'), read('notes.md'), report, read('b'), known, answer], '--max-turns', '2', '--attempts', '2');
    await comparePrompts([0, 1, 2, 3, 4, 5]);
    assert.match(await show('4', '--prompt'), /Attempt 1 \(incomplete\)/);
  });

  it('shows a turn whole: what was undone before, thought, call, the whole observation, mends and usage', async () => {
    const python = {
      content: `<think>I print.</think>\n${call('tool-python', 'python', { code: 'print("x" * 30000)\nprint("end")' })}`,
    };
    await run([{ content: '<use_mcp_tool> broken' }, python, known, answer]);
    const shown = await show('1');
    for (const part of [/── Rolled back before it: .*\(malformed\)\n<use_mcp_tool> broken/, /── Thought\nI print\./]) {
      assert.match(shown, part);
    }
    assert.match(shown, /── Call 1-1: tool-python · run_python_code\n\{\n {2}"code_block"/);
    assert.match(shown, /── Observation \(ok, [\d.]+s, exit code 0\)\n/);
    assert.match(shown, /── The whole output\n/);
    assert.ok((shown.match(/x/g) ?? []).length >= 30_000, 'all of it');
    assert.match(shown, /── Mended\n- /);
    assert.match(shown, /stop · [\d,]+ prompt tokens, [\d,]+ completion tokens\n$/);
    const json: unknown = JSON.parse(await show('1', '--json'));
    assert.partialDeepStrictEqual(json, { turn: { turn: 1, kind: 'turn' }, rolledBack: [{ rollback: 'malformed' }] });
    const nowhere = await line.run(['show', 'last', '--turn', '9']);
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /has no turn 9; it has turns 1 to 3/);
  });
});
