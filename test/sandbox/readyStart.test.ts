/** Commands whose start was done ahead of them: the same in every respect, and nothing of it stays behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { ReadyStart } from '../../src/sandbox/readyStart.ts';
import { isAlive } from '../../src/sandbox/stateFolder.ts';
import { becomingLine, waitingLine } from '../../src/sandbox/startLine.ts';
import { makeSandbox, noSignal, outputHolds, type TestSandbox } from './sandbox.ts';

const bounds = { limits: {}, group: { controls: new Set<never>(), members: [] }, filter: undefined, inherited: [] };
const env = { PATH: '/usr/bin:/bin', GREETING: 'hello' };

/** What comes of looking again and again, or a failure. */
async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, what: string): Promise<T> {
  const giveUpAt = performance.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < giveUpAt, what);
    await setImmediate();
  }
}

describe('ReadyStart', () => {
  const made = { folder: '', ready: new ReadyStart('', () => ({ program: ['/bin/false'], env })) };
  beforeEach(async () => {
    made.folder = await mkdtemp(join(tmpdir(), 'mirothinker-ready-'));
    made.ready = new ReadyStart(made.folder, (pipe) => ({ program: waitingLine(pipe, bounds), env }));
  });
  afterEach(async () => {
    await made.ready.dispose();
    await rm(made.folder, { recursive: true, force: true });
  });

  /** Starts, if need be anew, until one was taken. */
  const taken = (line: string) =>
    eventually(async () => {
      made.ready.prepare();
      return made.ready.take(line);
    }, 'none was ready');

  it('becomes what the line says, word for word', async () => {
    const words = ["it's", 'two\nlines', '$HOME `id` "x" \\', 'größer 🎈', ''];
    const program = ['/usr/bin/printf', '<%s>', ...words];
    const pty = await taken(becomingLine({ program }));
    let said = '';
    pty.onData((data) => (said += data));
    const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
    assert.equal(await ended, 0);
    assert.equal(said.replaceAll('\r\n', '\n'), words.map((word) => `<${word}>`).join(''));
    assert.deepEqual(await readdir(made.folder), [], 'no pipe is left');
  });

  it('has the environment, tells the status and empties the input where that is wanted', async () => {
    const status = join(made.folder, 'status');
    const program = ['/bin/sh', '-c', 'echo "$GREETING"; cat; echo told >&8; exit 3'];
    const pty = await taken(becomingLine({ program, status, noInput: true }));
    let said = '';
    pty.onData((data) => (said += data));
    const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
    assert.equal(await ended, 3);
    assert.equal(said, 'hello\r\n');
    assert.equal(await readFile(status, 'utf8'), 'told\n');
  });

  it('gives none where none was prepared, where the line is too long, and none that died', async () => {
    assert.equal(made.ready.take('exit\n'), undefined);
    const pty = await taken('exit\n');
    assert.equal(await new Promise((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode))), 0);
    made.ready.prepare();
    const [pipe = ''] = await eventually(async () => {
      const pipes = await readdir(made.folder);
      return pipes.length > 0 ? pipes : undefined;
    }, 'no pipe');
    const waiting = await eventually(async () => (await childrenWith(join(made.folder, pipe)))[0], 'none waits');
    assert.equal(made.ready.take(`: ${'x'.repeat(70_000)}\n`), undefined);
    process.kill(waiting, 'SIGKILL');
    await eventually(() => (isAlive(waiting) ? undefined : true), 'it is still there');
    assert.equal(made.ready.take('exit\n'), undefined);
  });

  it('ends the one that waits', async () => {
    made.ready.prepare();
    const pid = await eventually(async () => {
      const [pipe] = await readdir(made.folder);
      return pipe === undefined ? undefined : (await childrenWith(join(made.folder, pipe)))[0];
    }, 'nothing was started');
    await made.ready.dispose();
    assert.ok(!isAlive(pid));
    assert.deepEqual(await readdir(made.folder), []);
    made.ready.prepare();
    assert.equal(made.ready.take('exit\n'), undefined);
  });
});

describe('a command in a sandbox that waits for it', () => {
  let sandbox: TestSandbox;
  let id = '';
  before(async function () {
    sandbox = await makeSandbox();
    if (sandbox.shell.confinement().kind !== 'works') this.skip();
    id = await sandbox.shell.create(600_000);
  });
  after(() => sandbox.dispose());

  /** Runs it until the process that waited before it has become it. */
  async function runReady(command: string): Promise<string> {
    return eventually(async () => {
      const [waiting] = await childrenWith('/start-');
      const marked = `read -r; ${command}`;
      const running = sandbox.command(marked, id);
      await outputHoldsNothingYet();
      const became = waiting !== undefined && (await commandLine(waiting)).includes(marked);
      sandbox.shell.write('\r');
      const { output, exitCode } = await running;
      return became ? `${output.replaceAll('\r\n', '\n')}${exitCode}` : undefined;
    }, 'no command was started ahead');
  }

  /** Until the command reads. */
  async function outputHoldsNothingYet(): Promise<void> {
    await eventually(async () => ((await childrenWith('read -r; ')).length > 0 ? true : undefined), 'it did not start');
  }

  it('runs with the size, the folder and the words that it would have', async () => {
    sandbox.shell.resize(123, 45);
    const said = await runReady(`stty size; pwd; echo "it's \${HOME}"; exit 7`);
    assert.equal(said, `\n45 123\n${sandbox.workspace}\nit's /home/user\n7`);
  });

  it('is stopped as any other', async () => {
    await runReady('true');
    const stop = new AbortController();
    const running = sandbox.shell.runCommand(
      { command: 'echo started; sleep 1000', callId: 'stopped', unconfined: false, sandboxId: id },
      stop.signal,
    );
    await outputHolds(sandbox.shell, 'started');
    stop.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
  });

  it('leaves none waiting when the shell ends', async () => {
    const other = await sandbox.another();
    await other.create(600_000);
    const before = new Set(await childrenWith('/start-'));
    await other.runCommand({ command: 'true', callId: 'one', unconfined: false }, noSignal);
    const waiting = await eventually(async () => {
      const all = await childrenWith('/start-');
      return all.find((pid) => !before.has(pid)) ?? (all.length > 1 ? all[0] : undefined);
    }, 'none was started ahead');
    await other.dispose();
    await sandbox.shell.dispose();
    assert.ok(!isAlive(waiting));
    assert.deepEqual(await childrenWith('/start-'), []);
  });
});

const modules = ['readyStart', 'startLine'].map((name) =>
  JSON.stringify(new URL(`../../src/sandbox/${name}.ts`, import.meta.url).href),
);

/** Starts one ahead and says its folder. */
const program = `
const { ReadyStart } = await import(${modules[0]});
const { waitingLine } = await import(${modules[1]});
const folder = process.argv[1];
const bounds = { limits: {}, group: { controls: new Set(), members: [] }, filter: undefined, inherited: [] };
const ready = new ReadyStart(folder, (pipe) => ({ program: waitingLine(pipe, bounds), env: {} }));
ready.prepare();
setInterval(() => undefined, 1_000);
console.log('prepared');
`;

describe('a start that was done ahead by a process that is killed', () => {
  it('ends with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mirothinker-ready-'));
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
      const waiting = await eventually(
        async () => (await childrenWith(`${folder}/start-`, child.pid))[0],
        'nothing was started',
      );
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await eventually(() => (isAlive(waiting) ? undefined : true), 'it is still there');
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Children of a process, this one where nothing is said, whose command line holds a text. */
async function childrenWith(text: string, parent = process.pid): Promise<readonly number[]> {
  const pids = (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8').catch(() => '')).split(' ');
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = pid === '' ? '' : await commandLine(Number(pid));
      return line.includes(text) && !line.startsWith('mkfifo') ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}
