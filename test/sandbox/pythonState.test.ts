import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSandbox, processesWith, type TestSandbox } from './sandbox.ts';

describe('the state of a Python session', () => {
  let test: TestSandbox;
  let id: string;
  before(async () => (test = await makeSandbox()));
  beforeEach(async () => (id = await test.shell.create(60_000)));
  after(() => test.dispose());

  it('keeps the working directory, and says where it is when that is deleted', async () => {
    await test.python('import os\nos.makedirs("/tmp/there")\nos.chdir("/tmp/there")', id);
    assert.equal((await test.python('os.getcwd()', id)).stdout, "'/tmp/there'\n");
    await test.command('rm -r /tmp/there', id);
    const result = await test.python('os.getcwd()', id);
    assert.equal(result.stdout, `'${test.workspace}'\n`);
    assert.deepEqual(result.notes, [`The working directory is gone; it is ${test.workspace} again.`]);
  });

  it('imports modules of the workspace first, but none of them into the driver', async () => {
    const names = ['json', 'base64', 'mine'];
    for (const name of names)
      await writeFile(join(test.workspace, `${name}.py`), `print("${name} of the workspace")\n`);
    try {
      const result = await test.python('import sys\nimport mine\nsys.path[0]', id);
      assert.equal(result.stdout, `mine of the workspace\n'${test.workspace}'\n`);
      assert.equal(result.stderr, '');
    } finally {
      for (const name of names) await rm(join(test.workspace, `${name}.py`));
    }
  });

  it('awaits at the top, in one event loop over the calls', async () => {
    const later = 'import asyncio\nasync def later():\n    await asyncio.sleep(0.01)\n    return "late"';
    const first = await test.python(`${later}\nawait later()`, id);
    assert.equal(first.stdout, "'late'\n");
    const started = await test.python('task = asyncio.create_task(later())\nawait asyncio.sleep(0)', id);
    assert.equal(started.error, undefined);
    assert.equal((await test.python('await task', id)).stdout, "'late'\n");
    assert.equal((await test.python('asyncio.run(later())', id)).stdout, "'late'\n");
    assert.equal((await test.python('await later()', id)).stdout, "'late'\n");
  });

  it('is interrupted while it awaits, and cancels what it awaited', async () => {
    const short = await test.shell.create(600);
    await test.python('import asyncio', short);
    const code =
      'async def wait():\n    try:\n        await asyncio.sleep(60)\n    finally:\n        print("cleaned up")\nawait wait()';
    const result = await test.python(code, short);
    assert.equal(result.timedOut, true);
    assert.equal(result.stdout, 'cleaned up\n');
    assert.equal((await test.python('await asyncio.sleep(0, "on")', short)).stdout, "'on'\n");
  });

  it('keeps future statements', async () => {
    await test.python('from __future__ import annotations', id);
    assert.equal((await test.python('def f(x: Unknown): pass\nf.__annotations__', id)).stdout, "{'x': 'Unknown'}\n");
  });

  it('shows the source of what earlier calls defined', async () => {
    await test.python('def f():\n    return 41 + 1\n', id);
    assert.match((await test.python('import inspect\nprint(inspect.getsource(f))', id)).stdout, /return 41 \+ 1/);
  });

  it('tells output of earlier threads and processes apart from that of the call', async () => {
    await test.python(
      'import threading\ngo, done = threading.Event(), threading.Event()\ndef late():\n    go.wait()\n    print("from the thread")\n    done.set()\nthreading.Thread(target=late).start()',
      id,
    );
    await test.python(
      'def leave():\n    import time; time.sleep(0.05); go.set()\nthreading.Thread(target=leave).start()',
      id,
    );
    await test.command('for i in $(seq 50); do sleep 0.01; done', id);
    const result = await test.python('print("mine")', id);
    assert.equal(result.stdout, 'mine\n');
    assert.equal(result.earlier, 'from the thread\n');
    assert.equal((await test.python('print("alone")', id)).earlier, undefined);
  });

  it('bounds what a thread floods between two calls, and goes on', async () => {
    const flood =
      'import os, threading\ndef flood():\n    while not stop: os.write(1, b"flood " * 10_000)\nstop = False\nthread = threading.Thread(target=flood, daemon=True)\nthread.start()';
    await test.python(flood, id);
    await test.command('sleep 0.5', id);
    const result = await test.python('stop = True\nthread.join()\nprint("calm")', id);
    assert.match(result.stdout, /calm\n$/);
    assert.ok((result.earlier ?? '').length <= 700_000, String(result.earlier?.length));
    assert.equal((await test.python('print("mine")', id)).stdout, 'mine\n');
  });

  it('passes on what C code prints', async () => {
    const code = String.raw`import ctypes
ctypes.CDLL(None).printf(b"from C\n")
None`;
    assert.equal((await test.python(code, id)).stdout, 'from C\n');
    assert.equal((await test.python('print("next")', id)).stdout, 'next\n');
  });

  it('lets forked children go without an answer, and tells their errors', async () => {
    const code = 'import os\npid = os.fork()\nif pid == 0:\n    1 / 0\nos.waitpid(pid, 0)[1] >> 8';
    const result = await test.python(code, id);
    assert.equal(result.stdout, '1\n');
    assert.match(result.stderr, /ZeroDivisionError: division by zero/);
    assert.equal(result.exitCode, 0);
    assert.equal((await test.python('"parent"', id)).stdout, "'parent'\n");
    const pool = 'import multiprocessing\nmultiprocessing.get_context("fork").Pool(2).map(abs, [-1, -2])';
    assert.equal((await test.python(pool, id)).stdout, '[1, 2]\n');
  });

  it('survives closed and replaced streams', async () => {
    await test.python('import sys\nsys.stdout.close()\nsys.stderr.close()\nsys.stdin.close()', id);
    await test.python('import io, sys\nsys.stdout = sys.stderr = None', id);
    const result = await test.python('print("still here")\nprint("errors too", file=sys.stderr)', id);
    assert.deepEqual([result.stdout, result.stderr], ['still here\n', 'errors too\n']);
    await test.python('import os\nos.closerange(0, 900)', id);
    assert.equal((await test.python('print("even now")', id)).stdout, 'even now\n');
  });

  it('runs on after memory ran out', async () => {
    await test.python('import resource\nresource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))', id);
    const result = await test.python('x = bytearray(2**31)', id);
    assert.match(result.error ?? '', /^Traceback[\s\S]*\nMemoryError$/);
    assert.equal((await test.python('"on"', id)).stdout, "'on'\n");
  });

  it('keeps Python alone where it has no sandbox', async () => {
    await test.python(`import subprocess\nsubprocess.Popen(["sleep", "5353.${process.pid}"])`);
    assert.deepEqual(await processesWith(`5353.${process.pid}`), []);
  });
});
