import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

const long = (text: string) => `${text}\n: ${'x'.repeat(300_000)}\necho end`;
/** Every name that earlier calls of a sandbox could guess is taken by what they made there. */
const names = '/tmp/.mirothinker-command /var/tmp/.mirothinker-command ~/.mirothinker-command';

describe('a command that is longer than an argument may be', () => {
  let test: TestSandbox;
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  it('writes to no file outside through a link that an earlier call made', async () => {
    const outside = join(test.runs, 'kept');
    await writeFile(outside, 'as it was');
    const id = await test.shell.create(60_000);
    await test.command(`for name in ${names}; do ln -sf ${outside} $name; done`, id);
    const result = await test.command(long('echo begin'), id);
    assert.equal(await readFile(outside, 'utf8'), 'as it was');
    assert.equal(result.output, 'begin\nend\n');
  });

  it('does not wait for a pipe that an earlier call made', async () => {
    const id = await test.shell.create(60_000);
    await test.command(`for name in ${names}; do mkfifo $name; done`, id);
    assert.equal((await test.command(long('echo begin'), id)).output, 'begin\nend\n');
  });

  it('cannot change its script, and finds none of it in the next call', async () => {
    const id = await test.shell.create(60_000);
    const first = await test.command(long('echo no >"$0" || echo refused'), id);
    assert.match(first.output, /refused\nend\n$/);
    assert.equal((await test.command('ls /run', id)).output, '');
  });

  it('ends with its time', async () => {
    const id = await test.shell.create(500);
    const result = await test.command(long('echo started; sleep 60'), id);
    assert.equal(result.timedOut, true);
    assert.equal(result.output, 'started\n');
  });

  it('runs where nothing is confined', async () => {
    const confinement = { kind: 'missing', message: 'No bubblewrap.', remedy: 'Install it.' } as const;
    const shell = await test.another({ confinement });
    const call = { command: long('echo begin; pwd'), callId: 'c', unconfined: true };
    const result = await shell.runCommand(call, noSignal);
    assert.equal(result.output, `begin\n${test.workspace}\nend\n`);
  });
});

describe('a sandbox that could not be set up', () => {
  let test: TestSandbox;
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  it('is told from a command that speaks like one', async () => {
    const result = await test.command('echo "bwrap: No such thing"; exit 1');
    assert.equal(result.output, 'bwrap: No such thing\n');
    assert.equal(result.exitCode, 1);
  });

  it('is told from Python that speaks like one', async () => {
    const result = await test.python('import os, sys\nsys.stderr.write("bwrap: No")\nsys.stderr.flush()\nos._exit(1)');
    assert.match(result.stderr, /bwrap: No/);
  });

  it('is an error that holds what bubblewrap said, for commands and Python', async () => {
    const extra = { args: ['--ro-bind', '/nonexistent', '/run/x'], env: {} };
    const shell = await test.another({ extra });
    const call = { callId: 'c', unconfined: false };
    const could = /The sandbox could not be set up: bwrap: .*nonexistent/;
    await assert.rejects(shell.runCommand({ ...call, command: 'true' }, noSignal), could);
    await assert.rejects(shell.runPython({ ...call, code: '1' }, noSignal), could);
  });
});
