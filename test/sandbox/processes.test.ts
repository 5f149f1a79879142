import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { makeControlGroup } from '../../src/sandbox/controlGroup.ts';
import type { SandboxShell } from '../../src/sandbox/shell.ts';
import { makeSandbox, noSignal, outputHolds, processesWith, type TestSandbox } from './sandbox.ts';

/** A number of seconds to sleep that nobody else sleeps: processes are found by it. */
const mark = `4711.${process.pid}`;
const sleeping = `sleep ${mark}`;

/** What a command may leave behind, each with a word that it prints when it is there. */
const stubborn: readonly (readonly [string, string])[] = [
  ['ignores every signal that can be ignored', `trap '' TERM INT HUP QUIT; echo ready; while :; do ${sleeping}; done`],
  ['starts a session of its own', `setsid ${sleeping} & echo ready; wait`],
  ['runs under nohup', `nohup ${sleeping} >/dev/null 2>&1 & echo ready; wait`],
  [
    'becomes a daemon',
    `(setsid -f bash -c 'trap "" HUP TERM; ${sleeping} & wait'); sleep 0.3; echo ready; ${sleeping}`,
  ],
  ['is stopped', `${sleeping} & kill -STOP $!; echo ready; wait`],
  ['stops itself', `echo ready; kill -STOP $$; ${sleeping}`],
  ['closes its terminal', `echo ready; exec </dev/null >/dev/null 2>&1; ${sleeping}`],
  [
    'leaves zombies',
    `python3 -c 'import os, time\nfor _ in range(50):\n  if os.fork() == 0: os._exit(0)\nprint("ready", flush=True)\ntime.sleep(${mark})'`,
  ],
  ['puts out without an end', `echo ready; ${sleeping} & yes`],
  [
    'multiplies',
    `f() { if [ "$1" -gt 0 ]; then for i in 1 2 3; do f $(($1 - 1)) & done; fi; ${sleeping}; }; echo ready; f 4; wait`,
  ],
];

const unconfined = { kind: 'missing', message: 'No bubblewrap.', remedy: 'Install it.' } as const;

for (const [where, changes] of [
  ['confined', {}],
  ['unconfined', { confinement: unconfined }],
] as const) {
  describe(`a command that must end, ${where}`, () => {
    let test: TestSandbox;
    before(async () => (test = await makeSandbox(changes)));
    after(() => test.dispose());
    const run = (shell: SandboxShell, command: string, signal: AbortSignal, timeoutMs = 60_000) =>
      shell.runCommand({ command, callId: 'c', unconfined: true, timeoutMs }, signal);

    for (const [name, command] of stubborn) {
      it(`is gone after the stop though it ${name}`, async () => {
        const stop = new AbortController();
        const ready = outputHolds(test.shell, 'ready');
        const running = run(test.shell, command, stop.signal);
        await ready;
        const stoppedAt = performance.now();
        stop.abort();
        await assert.rejects(running, { name: 'AbortError' });
        assert.ok(performance.now() - stoppedAt < 2500, `it took ${performance.now() - stoppedAt} ms`);
        assert.deepEqual(await processesWith(mark), []);
      });

      it(`is gone after its time though it ${name}, with what it said`, async () => {
        const result = await run(test.shell, command, noSignal, 1_000);
        // A terminal that nobody has open hangs up on an unconfined process.
        assert.ok(result.timedOut || (where === 'unconfined' && result.exitCode === 129), String(result.exitCode));
        assert.match(result.output, /ready/);
        assert.deepEqual(await processesWith(mark), []);
      });
    }

    it('leaves nothing when it ends by itself', async () => {
      const daemon = `setsid -f ${sleeping}; nohup ${sleeping} >/dev/null 2>&1 & (setsid bash -c '${sleeping} & ${sleeping}' &); sleep 0.3`;
      const result = await run(test.shell, `${daemon}; echo done`, noSignal);
      assert.equal(result.exitCode, 0);
      assert.deepEqual(await processesWith(mark), []);
    });
  });
}

for (const [where, changes] of [
  ['confined', {}],
  ['unconfined', { confinement: unconfined }],
] as const) {
  describe(`what Python starts, ${where}`, () => {
    const daemon = `import subprocess\nsubprocess.run("setsid -f ${sleeping}; nohup ${sleeping} >/dev/null 2>&1 &", shell=True)`;
    const endings = ['x = 1', 'import os; os._exit(3)', 'import time; time.sleep(600)'];
    for (const ending of endings) {
      it(`is gone with its sandbox, after ${ending}`, async () => {
        const test = await makeSandbox(changes);
        try {
          const code = `${daemon}\n${ending}`;
          const call = { callId: 'p', unconfined: true, timeoutMs: 3_000 };
          await test.shell.runPython({ code, ...call }, noSignal);
          assert.deepEqual(await processesWith(mark), []);
        } finally {
          await test.dispose();
        }
      });
    }
  });
}

describe('a fork bomb', () => {
  const bomb = `echo ready; bomb() { sleep ${mark} & bomb | bomb & }; bomb; sleep ${mark}`;
  const bounded = async (run: (shell: SandboxShell) => Promise<void>, skip: () => never) => {
    const group = await makeControlGroup({ processes: 60 });
    await group.remove();
    if (!group.controls.has('pids')) skip();
    const test = await makeSandbox({ limits: { processes: 60 } });
    try {
      await run(test.shell);
      assert.deepEqual(await processesWith(mark), []);
    } finally {
      await test.dispose();
    }
  };

  it('ends with its time', async function () {
    await bounded(
      async (shell) => {
        const call = { command: bomb, callId: 'b', unconfined: false, timeoutMs: 1_500 };
        const result = await shell.runCommand(call, noSignal);
        assert.match(result.output, /ready/);
      },
      () => this.skip(),
    );
  });

  it('ends with the stop', async function () {
    await bounded(
      async (shell) => {
        const stop = new AbortController();
        const ready = outputHolds(shell, 'ready');
        const running = shell.runCommand({ command: bomb, callId: 'b', unconfined: false }, stop.signal);
        await ready;
        stop.abort();
        await assert.rejects(running, { name: 'AbortError' });
      },
      () => this.skip(),
    );
  });
});

/** Starts a command in a process of its own and waits for ever. */
const program = `
import { probeConfinement } from '${join(import.meta.dirname, '../../src/sandbox/confinement.ts')}';
import { SandboxShell } from '${join(import.meta.dirname, '../../src/sandbox/shell.ts')}';
const [workspace, runsFolder, command] = process.argv.slice(1);
const confinement = await probeConfinement();
const shell = new SandboxShell({ roots: [workspace], runsFolder, network: 'off', readOnlyPaths: [], python: undefined, confinement });
shell.subscribe((event) => { if (event.type === 'call.output' && event.data.includes('ready')) console.log(confinement.kind); });
await shell.runCommand({ command, callId: 'c', unconfined: false }, new AbortController().signal);
`;

describe('a command whose starter is killed', () => {
  it('is gone with it, and all that it started', async function () {
    const base = await mkdtemp(join(tmpdir(), 'mirothinker-killed-'));
    const [workspace, runs] = [join(base, 'workspace'), join(base, 'runs')];
    await mkdir(workspace);
    await mkdir(runs);
    const command = `trap '' TERM HUP; setsid -f ${sleeping}; nohup ${sleeping} & echo ready; ${sleeping}`;
    const node = ['--input-type=module', '-e', program, workspace, runs, command];
    const child = spawn(process.execPath, node, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [kind] = await createInterface({ input: child.stdout })
        [Symbol.asyncIterator]()
        .next()
        .then(({ value }) => [String(value)]);
      if (kind !== 'works') this.skip();
      assert.ok((await processesWith(mark)).length >= 2);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await noneLeft();
    } finally {
      child.kill('SIGKILL');
      await rm(base, { recursive: true, force: true });
    }
  });

  /** The kernel tells the sandbox of the end; it takes a moment. */
  async function noneLeft(): Promise<void> {
    const giveUpAt = Date.now() + 5_000;
    while ((await processesWith(mark)).length > 0) {
      assert.ok(Date.now() < giveUpAt, 'they are still there');
      await setImmediate();
    }
  }
});
