import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sweepLeftovers } from '../../src/sandbox/leftovers.ts';
import { makeSandbox, type TestSandbox } from './sandbox.ts';

describe('protected paths that a command makes in new places', () => {
  let test: TestSandbox;
  const inside = (...parts: string[]) => join(test.workspace, ...parts);
  const until = async (holds: () => boolean) => {
    while (!holds()) await pause(20);
  };
  beforeEach(async () => (test = await makeSandbox()));
  afterEach(() => test.dispose());

  it('are moved away while the command still runs', async () => {
    let ended = false;
    const result = test.command('git init -q kk; until [ -e go ]; do sleep 0.1; done').finally(() => (ended = true));
    await until(() => existsSync(inside('kk/.git.blocked')));
    assert.equal(ended, false);
    assert.equal(existsSync(inside('kk/.git')), false);
    await writeFile(inside('go'), '');
    assert.equal((await result).notes.length, 1);
  });

  it('are moved away after our process was killed, stand-ins too', async () => {
    const module = JSON.stringify(new URL('./sandbox.ts', import.meta.url).href);
    const shell = JSON.stringify(new URL('../../src/sandbox/shell.ts', import.meta.url).href);
    const probe = JSON.stringify(new URL('../../src/sandbox/confinement.ts', import.meta.url).href);
    const script = `import { noSignal } from ${module}; import { SandboxShell } from ${shell};
      import { probeConfinement } from ${probe};
      const shell = new SandboxShell({ roots: [${JSON.stringify(test.workspace)}], runsFolder: ${JSON.stringify(test.runs)},
        network: 'off', readOnlyPaths: [], python: undefined, confinement: await probeConfinement() });
      await shell.runCommand({ command: 'git init -q kk; sleep 100', callId: 'a', unconfined: false }, noSignal);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const gone = once(child, 'exit');
    await until(() => existsSync(inside('kk/.git/HEAD')));
    child.kill('SIGKILL');
    await gone;
    assert.ok(existsSync(inside('kk/.git')));
    assert.ok(existsSync(inside('.vscode')));
    await sweepLeftovers();
    assert.equal(existsSync(inside('kk/.git')), false);
    assert.ok(existsSync(inside('kk/.git.blocked/HEAD.blocked')));
    assert.equal(existsSync(inside('.vscode')), false);
  });

  it('do not come from renaming a folder that holds one', async () => {
    await mkdir(inside('a/b/.vscode'), { recursive: true });
    await test.command('mv a/b a/c; mv a d');
    assert.ok(existsSync(inside('a/b/.vscode')));
  });
});
