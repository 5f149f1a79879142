import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { makeSandbox, outputHolds, processesWith, type TestSandbox } from './sandbox.ts';

describe('runPython', () => {
  let test: TestSandbox;
  let id: string;
  before(async () => (test = await makeSandbox()));
  beforeEach(async () => (id = await test.shell.create(60_000)));
  after(() => test.dispose());

  it('keeps stdout and stderr apart', async () => {
    const result = await test.python(
      'import sys\nprint("out")\nprint("err", file=sys.stderr)\nimport os\nos.system("echo sub; echo sub2 >&2")\nNone',
    );
    assert.equal(result.stdout, 'out\nsub\n');
    assert.equal(result.stderr, 'err\nsub2\n');
    assert.equal(result.exitCode, 0);
    assert.equal(result.error, undefined);
  });

  it('prints the value of a last expression, and no None', async () => {
    assert.equal((await test.python('x = 20\nx + 1')).stdout, '21\n');
    assert.equal((await test.python('None')).stdout, '');
  });

  it('keeps variables, imports and files of one sandbox, and nothing without one', async () => {
    await test.python('import math\nx = 41\nopen("/home/user/note", "w").write("kept")', id);
    assert.equal(
      (await test.python('print(x + 1, math.floor(2.5), open("/home/user/note").read())', id)).stdout,
      '42 2 kept\n',
    );
    assert.match((await test.python('x')).error ?? '', /NameError/);
  });

  it('shares files with the commands of its sandbox, and the workspace', async () => {
    await test.command('echo from-bash > /tmp/shared; echo in-workspace > shared.txt', id);
    assert.equal(
      (await test.python('print(open("/tmp/shared").read() + open("shared.txt").read())', id)).stdout,
      'from-bash\nin-workspace\n\n',
    );
  });

  it('gives a traceback of the code alone', async () => {
    const result = await test.python('def f():\n    return 1 / 0\n\nf()');
    assert.equal(result.exitCode, 1);
    assert.match(
      result.error ?? '',
      /^Traceback \(most recent call last\):\n {2}File "<cell 1>", line 4, in <module>\n {4}f\(\)/,
    );
    assert.match(result.error ?? '', /ZeroDivisionError: division by zero$/);
    assert.doesNotMatch(result.error ?? '', /_drive|<string>/);
  });

  it('tells a syntax error with its place', async () => {
    const result = await test.python('def f(:\n  pass');
    assert.match(result.error ?? '', /line 1\n {4}def f\(:/);
    assert.doesNotMatch(result.error ?? '', /ast\.py|<string>/);
  });

  it('lives on after sys.exit, whose code it gives', async () => {
    await test.python('x = 1', id);
    assert.equal((await test.python('import sys; sys.exit(3)', id)).exitCode, 3);
    assert.equal((await test.python('sys.exit("said")', id)).error, 'said');
    assert.equal((await test.python('x', id)).stdout, '1\n');
  });

  it('gives an end of input to code that reads', async () => {
    const { error = '' } = await test.python('input("name? ")');
    assert.match(error, /EOFError: input\(\) was called, but nobody can type here\. Put the value into the code\.$/);
    assert.doesNotMatch(error, /<sandbox>/);
    const given = 'import io, sys\nsys.stdin = io.StringIO("Ada\\n")\ninput("name? ")';
    assert.equal((await test.python(given)).stdout, "name? 'Ada'\n");
  });

  for (const [how, code, exitCode, words] of [
    ['leaves by os._exit', 'import os; os._exit(7)', 7, /it left with exit code 7/],
    ['is killed', 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)', 137, /it was killed.*memory.*SIGKILL/],
    ['crashes', 'import ctypes; ctypes.string_at(0)', 139, /it crashed with a segmentation fault \(SIGSEGV\)/],
  ] as const) {
    it(`says so when the interpreter ${how}, and starts anew`, async () => {
      await test.python('x = 1', id);
      const result = await test.python(`print("before", flush=True)\n${code}`, id);
      assert.equal(result.stdout, 'before\n');
      assert.equal(result.exitCode, exitCode);
      assert.match(result.error ?? '', words);
      assert.match(result.error ?? '', /Its variables are lost\.$/);
      const next = await test.python('print("fresh", "x" in globals())', id);
      assert.equal(next.stdout, 'fresh False\n');
      assert.match(next.notes.join(' '), /Variables and imports from before are gone/);
    });
  }

  it('is interrupted when its time is up, and keeps its variables', async () => {
    const short = await test.shell.create(700);
    await test.python('x = 1', short);
    const result = await test.python('print("started")\nwhile True: pass', short);
    assert.equal(result.timedOut, true);
    assert.equal(result.exitCode, null);
    assert.equal(result.stdout, 'started\n');
    assert.match(result.error ?? '', /longer than 0\.7 s.*variables are kept\.\n.*\n {2}File "<cell 2>", line 2/);
    assert.equal((await test.python('x', short)).stdout, '1\n');
  });

  it('is ended when it does not obey, with all that it started', async () => {
    const stop = new AbortController();
    const code = `import signal, subprocess\nsignal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsubprocess.Popen(["sleep", "5151.${process.pid}"])\nprint("ready")\nwhile True: pass`;
    const running = test.shell.runPython({ code, sandboxId: id, callId: 'c', unconfined: false }, stop.signal);
    await outputHolds(test.shell, 'ready');
    const stoppedAt = performance.now();
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(performance.now() - stoppedAt < 2000);
    assert.deepEqual(await processesWith(`5151.${process.pid}`), []);
    assert.match((await test.python('1', id)).notes.join(' '), /are gone/);
  });

  it('is interrupted by Ctrl-C in the terminal', async () => {
    const running = test.python('print("ready", flush=True)\nimport time\ntime.sleep(60)', id);
    await outputHolds(test.shell, 'ready');
    test.shell.write('\x03');
    const result = await running;
    assert.match(result.error ?? '', /KeyboardInterrupt/);
  });

  it('ends with its call when it has no sandbox, threads and children too', async () => {
    const code = `import subprocess, threading, time\nsubprocess.Popen(["sleep", "5252.${process.pid}"])\nthreading.Thread(target=time.sleep, args=(60,)).start()`;
    assert.equal((await test.python(code)).exitCode, 0);
    assert.deepEqual(await processesWith(`5252.${process.pid}`), []);
  });

  it('is not put out by a child that holds its output, closed descriptors or a replaced stdout', async () => {
    await test.python('import subprocess; subprocess.Popen(["sleep", "60"])', id);
    await test.python('import os; os.close(1); os.close(2)', id);
    await test.python('import io, sys; sys.stdout = io.StringIO()', id);
    await test.python('import os\nif os.fork() == 0: print("child", flush=True)\nelse: os.wait()', id);
    const result = await test.python('print("still here")', id);
    assert.equal(result.stdout, 'still here\n');
  });

  it('bounds a flood, and folds progress', async () => {
    const flood = await test.python('print("first")\nfor _ in range(300): print("y" * 99_999)\nprint("last")', id);
    assert.ok(flood.stdout.startsWith('first\ny') && flood.stdout.endsWith('y\nlast\n'));
    assert.ok(flood.stdout.length < 10_200_000);
    assert.ok(flood.omittedBytes > 19_000_000, String(flood.omittedBytes));
    const progress = await test.python('import sys\nfor i in range(101): sys.stderr.write(f"\\r{i}%")', id);
    assert.equal(progress.stderr, '100%');
  });

  it('runs calls of one sandbox one after the other', async () => {
    const calls = [1, 2, 3].map((number) => test.python(`order = globals().get("order", []) + [${number}]\norder`, id));
    assert.deepEqual(
      (await Promise.all(calls)).map(({ stdout }) => stdout),
      ['[1]\n', '[1, 2]\n', '[1, 2, 3]\n'],
    );
  });

  it('takes the interpreter of the setting, though it lies in a hidden place', async () => {
    const prefix = join(test.runs, '..', 'python');
    await mkdir(join(prefix, 'bin'), { recursive: true });
    const python = join(prefix, 'bin', 'python3');
    await writeFile(join(prefix, 'pyvenv.cfg'), 'home = /usr/bin\n');
    await writeFile(python, '#!/bin/sh\nexec -a "$0" /usr/bin/python3 "$@"\n'.replace('#!/bin/sh', '#!/bin/bash'));
    await chmod(python, 0o755);
    const shell = await test.another({ python });
    const signal = new AbortController().signal;
    const result = await shell.runPython(
      { code: 'import sys; print(sys.prefix)', callId: 'c', unconfined: false },
      signal,
    );
    assert.equal(result.stdout, `${prefix}\n`, result.stderr);
  });

  it('says which setting to change when there is no such interpreter', async () => {
    const shell = await test.another({ python: '/nowhere/python3' });
    const running = shell.runPython({ code: '1', callId: 'c', unconfined: false }, new AbortController().signal);
    await assert.rejects(
      running,
      (error) => error instanceof ToolError && /mirothinker\.sandbox\.python/.test(error.message),
    );
  });
});
