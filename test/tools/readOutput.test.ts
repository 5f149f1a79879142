import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { runOutputs } from '../../src/runs/outputs.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { openOutputSink } from '../../src/store/outputSink.ts';
import { putBlob } from '../../src/store/putBlob.ts';
import { readOutputTool } from '../../src/tools/readOutput.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { noSignal } from '../sandbox/sandbox.ts';

const openOutput = async () => noOutput;
const context = { signal: noSignal, runId: 'r', callId: '9-1', unconfined: false, openOutput };

describe('read_output', () => {
  let folder: string;
  const events: TrajectoryEvent[] = [];
  const outputs = runOutputs();
  const tool = readOutputTool(outputs, { ripgrepPaths: [], roots: [] });
  const read = async (args: Readonly<Record<string, unknown>>) => (await tool.run(args, context)).content;

  const finished = (callId: string, content: string, more: object = {}) => {
    const started = { type: 'tool.started', callId, server: 's', tool: 'run_command', arguments: {} } as const;
    const end = { type: 'tool.finished', callId, outcome: 'ok', content, truncated: false, durationMs: 1 } as const;
    for (const fact of [started, { ...end, ...more }]) events.push({ seq: events.length, at: 0, ...fact });
  };
  const stored = async (text: string, keptBytes?: number) => {
    const sink = await openOutputSink(folder, keptBytes);
    await sink.push(text);
    const kept = await sink.end();
    assert.ok(kept);
    return { output: kept.blob, omittedBytes: kept.omittedBytes };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mirothinker-outputs-'));
    outputs.follow(folder, () => events);
    const lines = Array.from({ length: 100_000 }, (_, index) => `line ${index + 1}`);
    finished('1-1', 'Exit code: 0', await stored(`${lines.join('\n')}\n`));
    finished('2-1', 'short\nresult');
    const rest = await putBlob(folder, Buffer.from('of it\nlast line'));
    finished('3-1', 'the beginning\nmiddle \n... [Result truncated]', { blob: rest, truncated: true });
    finished('4-1', 'Exit code: 0', await stored(`${'x'.repeat(50_000)}needle${'y'.repeat(50_000)}`));
    finished('5-1', 'Exit code: 0', await stored('0123456789\n'.repeat(1_000), 1_000));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('shows the beginning with numbers, and says how to go on', async () => {
    const text = await read({ call: '1-1', lines: 3 });
    const head = 'Output of call 1-1 (run_command): 100,000 lines, 1.1 MB.\nLines 1 to 3 of 100000:\n';
    assert.equal(text, `${head}1\tline 1\n2\tline 2\n3\tline 3\nGo on with from: 4.`);
  });

  it('pages without a gap until the end, within what a result may hold', async () => {
    let from = 99_000;
    const seen: string[] = [];
    for (;;) {
      const text = await read({ call: '1-1', from, lines: 10_000 });
      assert.ok(text.length <= 20_000);
      seen.push(...[...text.matchAll(/^\d+\t(.*)$/gm)].map(([, line = '']) => line));
      const next = /Go on with from: (\d+)\.$/.exec(text)?.[1];
      if (next === undefined) break;
      from = Number(next);
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 1_001 }, (_, index) => `line ${99_000 + index}`),
    );
  });

  it('counts from the end', async () => {
    const text = await read({ call: ' 1-1 ', from: -2 });
    assert.match(text, /Lines 99999 to 100000 of 100000:\n99999\tline 99999\n100000\tline 100000\nThat is its end\.$/);
    assert.match(await read({ call: '2-1', from: -50 }), /Lines 1 to 2 of 2:/);
  });

  it('says that there is no such line', async () => {
    await assert.rejects(read({ call: '1-1', from: 100_001 }), /100,000 lines: there is no line 100001/);
  });

  it('searches with the lines around a match', async () => {
    const text = await read({ call: '1-1', pattern: '^line 5000$' });
    assert.match(text, /1 line matches \^line 5000\$:\n4998-\tline 4998\n4999-\tline 4999\n5000\tline 5000\n5001-\t/);
  });

  it('tells how many lines match, shows what fits and where to go on', async () => {
    const text = await read({ call: '1-1', pattern: '7$' });
    assert.ok(text.length <= 20_000);
    assert.match(text, /\n10000 lines match 7\$:\n/);
    const next = Number(/More: the same with from: (\d+)\.$/.exec(text)?.[1]);
    assert.ok(next > 100);
    const more = await read({ call: '1-1', pattern: '7$', from: next });
    assert.match(more, new RegExp(`match 7\\$ from line ${next} on:\\n${next}\\tline ${next}\\n`));
    assert.match(await read({ call: '1-1', pattern: 'line' }), /20000 lines or more match/);
  });

  it('says that nothing matches, and that a pattern is none', async () => {
    assert.match(await read({ call: '1-1', pattern: 'nowhere' }), /No line matches nowhere\.$/);
    await assert.rejects(read({ call: '1-1', pattern: '(' }), (error) => {
      return error instanceof ToolError && /cannot be used: [^]*unclosed group/.test(error.message);
    });
  });

  it('reads a short result, and one that was cut, as a whole', async () => {
    assert.match(await read({ call: '2-1' }), /1\tshort\n2\tresult\nThat is its end/);
    assert.match(await read({ call: '3-1' }), /1\tthe beginning\n2\tmiddle of it\n3\tlast line\nThat is its end/);
    assert.match(await read({ call: '3-1', pattern: 'middle' }), /2\tmiddle of it\n3-\tlast line/);
  });

  it('shows the beginning of an endless line, and what stands around a match in it', async () => {
    const text = await read({ call: '4-1' });
    assert.match(text, /1\tx{2000}… \[a line of 100006 bytes; a pattern finds/);
    assert.match(await read({ call: '4-1', pattern: 'needle' }), /1\tx{300}needley{300}$/);
  });

  it('says how much of the middle is missing', async () => {
    const text = await read({ call: '5-1' });
    assert.match(text, /; 10 KB of its middle were not stored, a line says where\.\n/);
    assert.match(text, /\n\d+\t\[10 KB of output were not kept here\]\n/);
  });

  it('names the calls that have long output where it knows no such call', async () => {
    await assert.rejects(read({ call: '7-7' }), (error) => {
      return (
        error instanceof ToolError &&
        /No call 7-7 .*: 1-1 \(run_command, 1\.1 MB\), 3-1 \(.*\), 4-1 \(.*\), 5-1 \(.*\)\.$/.test(error.message)
      );
    });
  });

  it('refuses what is not what the log says', async () => {
    const other = '0'.repeat(64);
    finished('6-1', '', { output: { sha256: other, sizeBytes: 3 } });
    await assert.rejects(read({ call: '6-1' }), ToolError);
  });
});
