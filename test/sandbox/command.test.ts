import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { makeSandbox, noSignal, outputHolds, processesWith, type TestSandbox } from './sandbox.ts';

describe('runCommand', () => {
  let test: TestSandbox;
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  it('gives output, exit code and duration', async () => {
    const result = await test.command('echo out; echo err >&2; exit 3');
    assert.equal(result.output, 'out\nerr\n');
    assert.equal(result.exitCode, 3);
    assert.ok(result.durationMs > 0);
    assert.equal(result.timedOut, false);
  });

  it('runs under a terminal of 200 columns', async () => {
    const result = await test.command('test -t 1 && tput cols; stty size');
    assert.equal(result.output, '200\n50 200\n');
  });

  it('gives the model plain text, and watchers the raw one', async () => {
    const result = await test.command(
      `printf '\\033[31mred\\033[0m\\n'; printf '10%%\\r50%%\\r100%%\\n'; printf 'é€😀\\n'`,
    );
    assert.equal(result.output, 'red\n100%\né€😀\n');
    const raw = test.events.map((event) => (event.type === 'call.output' ? event.data : '')).join('');
    assert.match(raw, /\x1b\[31mred/);
  });

  it('runs a command that is longer than an argument may be', async () => {
    const result = await test.command(`echo begin\n: ${'x'.repeat(300_000)}\necho end`);
    assert.equal(result.output, 'begin\nend\n');
  });

  it('ends with its time, and leaves no process', async () => {
    const id = await test.shell.create(500);
    const result = await test.command(`echo started; sleep 4242.${process.pid}`, id);
    assert.equal(result.timedOut, true);
    assert.equal(result.exitCode, null);
    assert.equal(result.output, 'started\n');
    assert.deepEqual(await processesWith(`4242.${process.pid}`), []);
  });

  it('is gone within 2 s of the stop although it ignores SIGTERM', async () => {
    const stop = new AbortController();
    const command = `trap '' TERM INT HUP; echo ready; while :; do sleep 4343.${process.pid}; done`;
    const running = test.shell.runCommand({ command, callId: 'c', unconfined: false }, stop.signal);
    await outputHolds(test.shell, 'ready');
    const stoppedAt = performance.now();
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(performance.now() - stoppedAt < 2000);
    assert.deepEqual(await processesWith(`4343.${process.pid}`), []);
    assert.deepEqual(test.events.at(-1)?.type, 'call.ended');
  });

  it('lets a command tidy up when it is stopped', async () => {
    const stop = new AbortController();
    const command = `trap 'echo tidied > tidied; exit' TERM; echo ready; while :; do sleep 0.05; done`;
    const running = test.shell.runCommand({ command, callId: 'c', unconfined: false }, stop.signal);
    await outputHolds(test.shell, 'ready');
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.equal(await readFile(join(test.workspace, 'tidied'), 'utf8'), 'tidied\n');
  });

  it('does not start when it is stopped already', async () => {
    const running = test.shell.runCommand(
      { command: 'touch ran', callId: 'c', unconfined: false },
      AbortSignal.abort(),
    );
    await assert.rejects(running, { name: 'AbortError' });
    await assert.rejects(readFile(join(test.workspace, 'ran')), { code: 'ENOENT' });
  });

  it('does not wait for a child that holds the terminal', async () => {
    const result = await test.command(`sleep 4444.${process.pid} & setsid -f sleep 4444.${process.pid}; echo done`);
    assert.equal(result.output, 'done\n');
    assert.ok(result.durationMs < 5000);
    assert.deepEqual(await processesWith(`4444.${process.pid}`), []);
  });

  it('takes what is typed, and Ctrl-C', async () => {
    const asking = test.command('read -p "name? " name; echo "hello $name"; sleep 60; echo unreached');
    await outputHolds(test.shell, 'name? ');
    const greeted = outputHolds(test.shell, 'hello Ada');
    test.shell.write('Ada\r');
    await greeted;
    test.shell.write('\x03');
    const result = await asking;
    assert.match(result.output, /hello Ada/);
    assert.doesNotMatch(result.output, /unreached/);
    assert.equal(result.exitCode, 130);
  });

  it('gives the end of input to a command that reads where nobody can type', async () => {
    const shell = await test.another({ typing: false });
    const command = 'read -p "name? " name || echo "nobody there"; test -t 1 && echo terminal';
    const result = await shell.runCommand({ command, callId: 'c', unconfined: false }, noSignal);
    assert.equal(result.output, 'nobody there\nterminal\n');
  });

  it('passes a new size on', async () => {
    const asking = test.command('trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.05; done');
    await outputHolds(test.shell, 'ready');
    test.shell.resize(90, 20);
    assert.match((await asking).output, /20 90/);
  });

  it('keeps head and tail of a flood in little memory, and says what is missing', async function () {
    this.timeout(60_000);
    const result = await test.command(
      'echo first; head -c 20000000 /dev/zero | tr "\\0" "x" | fold -w 99; echo; echo last',
    );
    assert.ok(result.output.startsWith('first\nxxx'));
    assert.ok(result.output.endsWith('x\nlast\n'), JSON.stringify(result.output.slice(-40)));
    assert.ok(result.output.length < 210_000);
    assert.match(result.output, /\n\[20\.0 MB not shown\]\n/);
    // fold puts a newline behind every 99 but for the last.
    const bytes = 'first\n'.length + 20_000_000 + Math.ceil(20_000_000 / 99) - 1 + '\nlast\n'.length;
    assert.equal(result.outputBytes, bytes);
    assert.equal(result.outputLines, Math.ceil(20_000_000 / 99) + 2);
    assert.ok(Math.abs(result.omittedBytes - (bytes - 200_000)) < 100, String(result.omittedBytes));
  });

  it('refuses an unknown sandbox', async () => {
    await assert.rejects(test.command('true', 'sandbox-0badc0de'), (error) => {
      return error instanceof ToolError && /create_sandbox/.test(error.message);
    });
  });

  it('refuses a home as its workspace', async () => {
    const shell = await test.another({ roots: ['/root'] });
    const running = shell.runCommand({ command: 'true', callId: 'c', unconfined: false }, noSignal);
    await assert.rejects(running, ToolError);
  });
});

describe('runCommand without confinement', () => {
  const confinement = { kind: 'missing', message: 'No bubblewrap.', remedy: 'Install it.' } as const;
  let test: TestSandbox;
  beforeEach(async () => (test = await makeSandbox({ confinement, host: { ...process.env, SOME_TOKEN: 'secret' } })));
  afterEach(() => test.dispose());

  it('runs nothing without leave, and says why', async () => {
    await assert.rejects(test.command('touch ran'), (error) => {
      return error instanceof ToolError && /without confinement. No bubblewrap. Install it./.test(error.message);
    });
  });

  const allowed = { callId: 'c', unconfined: true };

  it('runs with leave, with no secret in the environment', async () => {
    const result = await test.shell.runCommand({ command: 'pwd; env', ...allowed }, noSignal);
    assert.ok(result.output.startsWith(`${test.workspace}\n`));
    assert.doesNotMatch(result.output, /secret/);
  });

  it('ends children that hold the terminal', async () => {
    const command = `sleep 4545.${process.pid} & (trap '' HUP; sleep 4545.${process.pid}) & echo done`;
    const result = await test.shell.runCommand({ command, ...allowed }, noSignal);
    assert.match(result.output, /done/);
    assert.ok(result.durationMs < 5000);
    assert.deepEqual(await processesWith(`4545.${process.pid}`), []);
  });

  it('is gone within 2 s of the stop although it ignores SIGTERM', async () => {
    const stop = new AbortController();
    const command = `trap '' TERM INT HUP; echo ready; while :; do sleep 4646.${process.pid}; done`;
    const running = test.shell.runCommand({ command, ...allowed }, stop.signal);
    await outputHolds(test.shell, 'ready');
    const stoppedAt = performance.now();
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(performance.now() - stoppedAt < 2000);
    assert.deepEqual(await processesWith(`4646.${process.pid}`), []);
  });

  it('runs Python with leave', async () => {
    const result = await test.shell.runPython({ code: 'print(6 * 7)', ...allowed }, noSignal);
    assert.equal(result.stdout, '42\n');
  });
});
