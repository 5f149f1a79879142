import assert from 'node:assert/strict';
import { ToolError } from '../../src/agent/errors.ts';
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

  it('needs code', () => assert.rejects(run({ code: '1' }), ToolError));
});
