import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import type { ShellOptions } from '../../src/sandbox/shell.ts';
import type { ShellEvent } from '../../src/sandbox/results.ts';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

const node = JSON.stringify(process.execPath);
const listening = (script: string) => `${node} -e 'process.stdin.on("data", () => {}); ${script}'`;

describe('a command that waits for input', () => {
  let test: TestSandbox;
  before(async () => (test = await makeSandbox()));
  after(() => test.dispose());

  /** Runs a command in a shell of its own; `waited` resolves when it is told to wait. */
  const run = async (command: string, changes: Partial<ShellOptions>) => {
    const shell = await test.another(changes);
    const events: ShellEvent[] = [];
    const waited = new Promise<void>((resolve) => {
      shell.subscribe((event) => {
        events.push(event);
        if (event.type === 'call.waiting' && event.waiting) resolve();
      });
    });
    const result = shell.runCommand({ command, callId: 'c', unconfined: true }, noSignal);
    return { shell, events, waited, result };
  };

  const waiting: readonly (readonly [string, string])[] = [
    ['read of bash', 'read -p "Name? " name; echo "hello $name"'],
    ['cat', 'printf "Name? "; head -n 1 | sed "s/^/hello /"'],
    ['Python’s input', `python3 -c 'print("hello " + input("Name? "))'`],
    ['a child of a child', `bash -c 'sh -c "printf \\"Name? \\"; read name; echo hello \\$name"; true'`],
  ];
  for (const [name, command] of waiting) {
    it(`is noticed to (${name}), and gets what is typed`, async () => {
      const { shell, events, waited, result } = await run(command, {});
      await waited;
      shell.write('Ada\r');
      assert.match((await result).output, /Name\? .*hello Ada\n$/s);
      assert.equal((await result).unanswered, false);
      assert.equal(events.at(-1)?.type, 'call.ended');
    });

    it(`is ended when nobody types (${name})`, async () => {
      const { events, result } = await run(command, { inputWaitMs: 10 });
      const { unanswered, exitCode, timedOut, output } = await result;
      assert.deepEqual({ unanswered, exitCode, timedOut, output }, { ...gaveUp, output: 'Name? ' });
      const end = events.at(-1);
      assert.equal(end?.type === 'call.ended' && end.outcome, 'unanswered');
    });
  }
  const prompts: readonly (readonly [string, string])[] = [
    ['Python’s own prompt', 'python3 -q'],
    ['Node’s own prompt', `${JSON.stringify(process.execPath)} -i`],
    ['poll', `python3 -c 'import select; p = select.poll(); p.register(0, 1); p.poll()'`],
  ];
  for (const [name, command] of prompts) {
    it(`is noticed to (${name}), though it does not just read`, async () => {
      const { result } = await run(command, { inputWaitMs: 10, readOnlyPaths: [dirname(process.execPath)] });
      assert.equal((await result).unanswered, true);
    });
  }

  const gaveUp = { unanswered: true, exitCode: null, timedOut: false };

  it('is noticed to, though it waits in short pieces', async function () {
    this.timeout(60_000);
    const commands = [
      'while ! read -t 1 name; do :; done',
      `python3 -c 'import select, sys\nwhile not select.select([sys.stdin], [], [], 0.5)[0]: pass'`,
      `python3 -c 'import select\np = select.poll(); p.register(0, 1)\nwhile not p.poll(300): pass'`,
      listening('setInterval(() => {}, 700)'),
      'vi new.txt',
    ];
    const changes = { inputWaitMs: 10, readOnlyPaths: [dirname(process.execPath)] };
    const runs = await Promise.all(commands.map((command) => run(command, changes)));
    const results = await Promise.all(runs.map(({ result }) => result));
    assert.deepEqual(
      results.map(({ unanswered }) => unanswered),
      commands.map(() => true),
    );
  });

  it('is not what a command is taken for that waits for the network or its children as well', async function () {
    this.timeout(60_000);
    const commands = [
      'sleep 9',
      listening(
        'setInterval(() => {}, 700); require("net").createServer().listen(0, "127.0.0.1"); setTimeout(process.exit, 9000)',
      ),
      listening('setInterval(() => {}, 700); require("child_process").spawn("sleep", ["9"]).on("exit", process.exit)'),
      `python3 -c 'import select, socket, time\ns = socket.socket(socket.AF_UNIX); s.bind("s.sock"); s.listen(); end = time.time() + 9\nwhile time.time() < end: select.select([0, s], [], [], 0.5)'`,
      `python3 -c 'import select, time\nend = time.time() + 9\nwhile time.time() < end:\n  select.select([0], [], [], 0.2)\n  t = time.time() + 0.1\n  while time.time() < t: pass'`,
    ];
    const changes = { inputWaitMs: 10, readOnlyPaths: [dirname(process.execPath)] };
    const runs = await Promise.all(commands.map((command) => run(command, changes)));
    const results = await Promise.all(runs.map(({ result }) => result));
    assert.deepEqual(
      results.map(({ exitCode, unanswered }) => ({ exitCode, unanswered })),
      commands.map(() => ({ exitCode: 0, unanswered: false })),
    );
    assert.ok(!runs.some(({ events }) => events.some(({ type }) => type === 'call.waiting')));
  });

  it('is ended when it asks the terminal itself where nobody can type', async () => {
    const { result } = await run('printf "Password: " >/dev/tty; read secret </dev/tty; echo unreached', {
      typing: false,
      inputWaitMs: 10,
    });
    const { unanswered, output } = await result;
    assert.deepEqual({ unanswered, output }, { unanswered: true, output: 'Password: ' });
  });

  it('is noticed without confinement too', async () => {
    const confinement = { kind: 'missing', message: 'None.', remedy: 'None.' } as const;
    const { result } = await run('read -p "Name? " name', { confinement, inputWaitMs: 10 });
    assert.equal((await result).unanswered, true);
  });

  it('is not what a command is taken for that works or sleeps', async () => {
    const serving = `(${JSON.stringify(process.execPath)} -e 'process.stdin.on("data", () => {}); setTimeout(process.exit, 3000)')`;
    const busy =
      serving + '; end=$((SECONDS + 3)); while [ $SECONDS -lt $end ]; do :; done; sleep 3; (sleep 1; echo late) | cat';
    const { events, result } = await run(busy, { inputWaitMs: 10, readOnlyPaths: [dirname(process.execPath)] });
    const { exitCode, output } = await result;
    assert.deepEqual({ exitCode, output }, { exitCode: 0, output: 'late\n' });
    assert.ok(!events.some(({ type }) => type === 'call.waiting'));
  });
});
