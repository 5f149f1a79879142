import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { parseCommandOutput } from '../../src/shared/commandOutput.ts';
import { readBlob } from '../../src/store/blobs.ts';
import { openOutputSink } from '../../src/store/outputSink.ts';
import { runPythonCodeTool } from '../../src/tools/runPythonCode.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, type TestSandbox } from '../sandbox/sandbox.ts';

const openOutput = async () => noOutput;
const context = { signal: noSignal, runId: 'r', callId: 'c', unconfined: false, openOutput };

describe('run_python_code', () => {
  let test: TestSandbox;
  before(async () => (test = await makeSandbox()));
  after(() => test.dispose());
  const run = (args: Readonly<Record<string, unknown>>) => runPythonCodeTool(test.shell).run(args, context);

  it('gives exit code, stdout and stderr', async () => {
    const result = await run({ code_block: 'import sys\nprint("out")\nprint("err", file=sys.stderr)' });
    assert.match(result.content, /^Exit code: 0\nDuration: \d\.\ds\nstdout:\nout\nstderr:\nerr$/);
    assert.equal(result.exitCode, 0);
  });

  it('gives the error first, with exit code 1', async () => {
    const result = await run({ code_block: 'print("before")\n1 / 0' });
    assert.match(
      result.content,
      /^Exit code: 1\n.*\nError:\nTraceback[\s\S]*ZeroDivisionError: division by zero\nstdout:\nbefore$/,
    );
    assert.equal(result.exitCode, 1);
    assert.equal(result.outcome, 'ok');
  });

  it('says that there is no output', async () => {
    assert.match((await run({ code_block: 'x = 1' })).content, /No output\.$/);
  });

  it('runs alone under a placeholder, and together under an id', async () => {
    await run({ code_block: 'x = 1', sandbox_id: 'default' });
    assert.match((await run({ code_block: 'x', sandbox_id: 'default' })).content, /NameError/);
    const id = await test.shell.create(60_000);
    await run({ code_block: 'x = 1', sandbox_id: id });
    assert.match((await run({ code_block: 'x', sandbox_id: id })).content, /stdout:\n1$/);
  });

  it('brings pictures, and says where they are', async () => {
    const id = await test.shell.create(60_000);
    const plot = 'import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nprint("drawn")';
    const { content, images = [] } = await run({ code_block: plot, sandbox_id: id });
    assert.match(
      content,
      /\nPicture: \/home\/user\/figures\/figure-1\.png \(\d+ × \d+ pixels, \d+(?:\.\d)? KB\)\nstdout:\ndrawn$/,
    );
    assert.deepEqual(
      images.map(({ path, mimeType }) => [path, mimeType]),
      [['/home/user/figures/figure-1.png', 'image/png']],
    );
    const many = 'for n in range(25): plt.figure(figsize=(0.3, 0.3))\nNone';
    const told = await run({ code_block: many, sandbox_id: id });
    assert.equal(told.images?.length, 10);
    assert.match(told.content, /figure-12\.png .*\. It is too large, or one too many, to be shown to the person\.\n/);
    assert.match(told.content, /5 more pictures beside them\./);
  });

  it('tells what earlier calls put out since, apart', async () => {
    const id = await test.shell.create(60_000);
    await run({ code_block: 'import threading\nold = threading.Event()', sandbox_id: id });
    const thread =
      'def f():\n    old.wait()\n    print("from before")\nthread = threading.Thread(target=f)\nthread.start()\nthreading.Timer(0.05, old.set).start()';
    await run({ code_block: thread, sandbox_id: id });
    await test.command('sleep 0.5', id);
    const { content } = await run({ code_block: 'thread.join()\nprint("now")', sandbox_id: id });
    assert.match(
      content,
      /\nEarlier output was written by threads or processes of earlier calls, before this one began\.\n/,
    );
    assert.match(content, /\nstdout:\nnow\nEarlier output:\nfrom before$/);
    assert.deepEqual(
      parseCommandOutput(content).sections.map(({ name, text }) => [name, text]),
      [
        ['stdout', 'now'],
        ['earlier', 'from before'],
      ],
    );
  });

  it('stores the whole of a long output, its streams in the order in which they came', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-output-'));
    try {
      const storing = { ...context, openOutput: () => openOutputSink(folder) };
      const code_block =
        'import sys\nprint("first")\nfor n in range(200_000): print(n)\nsys.stdout.flush()\nprint("warned", file=sys.stderr)';
      const result = await runPythonCodeTool(test.shell).run({ code_block }, storing);
      assert.ok(result.output);
      const kept = (await readBlob(folder, result.output.blob)).toString();
      assert.equal(kept.split('\n').filter((line) => line !== 'warned').length, 200_002);
      assert.match(kept, /^first\n0\n1\n/);
      assert.match(kept, /warned/);
      assert.match(result.content, /\nThe whole output is stored: read_output with call "c" pages/);
      assert.match(result.content, /\nstdout is long \(200,001 lines, 1\.3 MB\)\. Its end:\n[\s\S]*\n199999\n/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('needs code', () => assert.rejects(run({ code: '1' }), ToolError));
});
