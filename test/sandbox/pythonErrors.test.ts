import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

describe('errors of Python code', () => {
  let test: TestSandbox;
  let id: string;
  before(async () => {
    test = await makeSandbox();
    id = await test.shell.create(60_000);
  });
  after(() => test.dispose());
  const errorOf = async (code: string) => {
    const { error = '', exitCode } = await test.python(code, id);
    assert.equal(exitCode, 1);
    assert.ok(error.length <= 4000, String(error.length));
    assert.doesNotMatch(error, /<sandbox>|_drive/);
    return error;
  };

  it('tell a syntax error with its line and a caret', async () => {
    assert.match(await errorOf('x = 1\nif x\n  pass'), /line 2\n {4}if x\n +\^\nSyntaxError: /);
    assert.match(await errorOf('if True:\nx'), /IndentationError: /);
    assert.match(await errorOf('x = "\0"'), /null bytes/);
  });

  it('keep no frame of ours where code calls code', async () => {
    assert.match(
      await errorOf('exec("1 / 0")'),
      /^Traceback.*\n.*<cell \d+>", line 1, in <module>\n.*\n(?: +[~^]+\n)?.*"<string>", line 1, in <module>\nZeroDivisionError/,
    );
  });

  it('collapse the frames of libraries', async () => {
    const folder = 'site/site-packages/deep/core';
    const file = join(test.workspace, folder, 'chain.py');
    await mkdir(dirname(file), { recursive: true });
    const steps = Array.from(
      { length: 12 },
      (_, n) => `def step${n}(f):\n    return ${n === 11 ? 'f()' : `step${n + 1}(f)`}\n`,
    );
    await writeFile(file, steps.join('\n'));
    const error = await errorOf(
      'import sys\nsys.path.insert(0, "site/site-packages/deep/core")\nimport chain\ndef mine():\n    raise KeyError("lost")\nchain.step0(mine)',
    );
    assert.match(error, /in step0\n/);
    assert.match(error, /\n {2}… 9 frames in deep\/core …\n/);
    assert.match(error, /in step10\n[\s\S]*in step11\n[\s\S]*in mine\n[\s\S]*\nKeyError: 'lost'$/);
    assert.doesNotMatch(error, /in step5/);
  });

  it('tell a recursion in few lines', async () => {
    const error = await errorOf('def f(n):\n    return f(n + 1)\nf(0)');
    assert.match(error, /\n {2}… \d+ repeating frames …\n/);
    assert.match(error, /\nRecursionError: maximum recursion depth exceeded/);
    assert.ok(error.split('\n').length < 25, error);
    const mutual = await errorOf('def a(): b()\ndef b(): a()\na()');
    assert.ok(mutual.split('\n').length < 25, mutual);
  });

  it('keep chained exceptions, each cut', async () => {
    const chained = await errorOf(
      'try:\n    {}["key"]\nexcept KeyError as error:\n    raise ValueError("no such") from error',
    );
    assert.match(chained, /KeyError: 'key'\n\nThe above exception was the direct cause[\s\S]*ValueError: no such$/);
    const many = await errorOf(
      'def f(n):\n    try:\n        if n: f(n - 1)\n        else: 1 / 0\n    except Exception:\n        raise RuntimeError("x" * 3000 + str(n))\nf(9)',
    );
    assert.match(many, /ZeroDivisionError/);
    assert.match(many, /… 7 more exceptions …/);
    assert.match(many, /x9$/);
  });

  it('cut long values but not their ends', async () => {
    const error = await errorOf('raise ValueError("begin " + "x" * 1_000_000 + " end")');
    assert.match(error, /ValueError: begin x+ … x+ end$/);
    assert.match(await errorOf('raise ValueError("\\n".join(map(str, range(100_000))))'), /left out …\n[\s\S]*99999$/);
    assert.match(await errorOf('import sys; sys.exit("x" * 10_000)'), /characters left out/);
  });

  it('tell exceptions without a word, and those that cannot be told', async () => {
    assert.match(await errorOf('assert 1 == 2'), /\nAssertionError$/);
    const untold = 'class Bad(Exception):\n    def __str__(self): raise RuntimeError("no")\nraise Bad()';
    assert.match(await errorOf(untold), /Bad: <exception str\(\) failed>$/);
    const repr = 'class Bad:\n    def __repr__(self): raise RuntimeError("no repr")\nBad()';
    assert.match(await errorOf(repr), /in __repr__\n[\s\S]*RuntimeError: no repr$/);
  });

  it('tell the parts of an exception group', async () => {
    const error = await errorOf('raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])');
    assert.match(
      error,
      /ExceptionGroup: several \(2 sub-exceptions\)\n {2}1 of 2:\n {4}ValueError: one\n {2}2 of 2:\n {4}KeyError: 'two'$/,
    );
  });
});
