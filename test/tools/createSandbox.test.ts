import assert from 'node:assert/strict';
import { createSandboxTool } from '../../src/tools/createSandbox.ts';
import { runPythonCodeTool } from '../../src/tools/runPythonCode.ts';
import { noOutput } from '../fakes/noOutput.ts';
import { makeSandbox, noSignal, type TestSandbox } from '../sandbox/sandbox.ts';

const openOutput = async () => noOutput;
const context = { signal: noSignal, runId: 'r', callId: 'c', unconfined: false, openOutput };

describe('create_sandbox', () => {
  let test: TestSandbox;
  before(async () => (test = await makeSandbox()));
  after(() => test.dispose());

  it('gives an id that the other tools take', async () => {
    const { content } = await createSandboxTool(test.shell).run({}, context);
    const id = /sandbox_id: (\S+)/.exec(content)?.[1];
    assert.ok(id);
    const python = runPythonCodeTool(test.shell);
    await python.run({ code_block: 'x = 41', sandbox_id: id }, context);
    assert.match((await python.run({ code_block: 'x + 1', sandbox_id: id }, context)).content, /stdout:\n42$/);
  });

  it('limits its calls to the time that it was made for, 600 s at most', async () => {
    const tool = createSandboxTool(test.shell);
    assert.match((await tool.run({ timeout: 5000 }, context)).content, /may take 600 s/);
    const { content } = await tool.run({ timeout: 1 }, context);
    const id = /sandbox_id: (\S+)/.exec(content)?.[1];
    const result = await runPythonCodeTool(test.shell).run({ code_block: 'while True: pass', sandbox_id: id }, context);
    assert.equal(result.outcome, 'failed');
    assert.match(result.content, /longer than 1 s/);
  });

  it('gives no more time than the setting does, and says so beforehand', async () => {
    const tool = createSandboxTool(await test.another({ timeoutMs: 90_000 }));
    assert.match(JSON.stringify(tool.inputSchema), /at most and by default 90\./);
    assert.match((await tool.run({ timeout: 600 }, context)).content, /may take 90 s, and it ends when it was idle/);
    assert.match((await tool.run({}, context)).content, /may take 90 s/);
  });

  it('asks nobody: it starts nothing', () => {
    const tool = createSandboxTool(test.shell);
    assert.equal(tool.effect, 'read');
    assert.equal(tool.unconfined, undefined);
  });
});
