import assert from 'node:assert/strict';
import { cp, mkdir, readFile, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { resumeRun } from '../../src/runs/resumeRun.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { scriptedServer, type ScriptedServer } from '../fakes/scriptedServer.ts';
import { commandLine, type Finished, type Started } from './commandLine.ts';
import { answerOf, assertMadeOnce, assertSound, lostOf, newestLog, openOf } from './crashChecks.ts';
import { crashServer, files, slowStep, type Hang } from './crashModel.ts';
import { atOnce, pointsOf, type Kind } from './crashPoints.ts';
import { dyingAt, type Death } from './killAt.ts';
import { plainSandbox } from '../fakes/plainSandbox.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';

type CommandLine = Awaited<ReturnType<typeof commandLine>>;

/** So few turns that there is a second attempt. The server says how small the window really is. */
const options = ['--json', '--context', '60000', '--max-turns', '14', '--keep', '2', '--slack', '20'];

/** Where a run dies: at a place of its log, in the middle of a command, or of a reply. */
type End = Death | 'in a command' | { readonly inReplyOfStep: number };

describe('a run that is killed and resumed', () => {
  const hangs = new Map<string, Hang>();
  let server: ScriptedServer;
  let whole: Readonly<Record<Kind, readonly TrajectoryEvent[]>>;
  /** A finished run to fork and to cut. */
  let finished: CommandLine;

  const ask = (run: string, kind: Kind) => [
    ...['ask', `Which port? ${run}`, ...options, '--base-url', server.baseUrl],
    ...(kind === 'denied' ? ['--auto-approve', 'none'] : []),
  ];
  /** The words that start a run of that kind; a fork needs the run that it is made of. */
  const begin = async (line: CommandLine, run: string, kind: Kind) => {
    if (kind !== 'fork') return ask(run, kind);
    const [parent = ''] = await readdir(finished.runs);
    await mkdir(line.runs);
    await cp(join(finished.runs, parent), join(line.runs, parent), { recursive: true });
    return ['fork', parent, '--turn', '5', '--note', 'Go on from here.', '--json'];
  };

  before(async () => {
    server = await scriptedServer({ script: [crashServer(hangs)], repeatLast: true });
    finished = await commandLine(files);
    const played = async (line: CommandLine, run: string, kind: Kind) => {
      const { code, stderr } = await line.run(await begin(line, run, kind));
      assert.equal(code, 0, stderr);
      const { events } = await newestLog(line);
      assertSound(events);
      await assertMadeOnce(line.workspace, events);
      if (line !== finished) await line.remove();
      return events;
    };
    const wide = await played(finished, 'run-wide', 'wide');
    const [narrow, denied, fork] = await atOnce([
      async () => played(await commandLine(files), 'run-narrow', 'narrow'),
      async () => played(await commandLine(files), 'run-denied', 'denied'),
      async () => played(await commandLine(files), 'run-fork', 'fork'),
    ]);
    whole = { wide, narrow: narrow ?? [], denied: denied ?? [], fork: fork ?? [] };
  });

  after(async () => {
    await finished.remove();
    await server.close();
  });

  it('comes to the same answer from 50 places spread over every kind of fact, and makes no call twice', async () => {
    const points = [
      ...pointsOf(whole).map(({ kind, death }) => ({ kind, end: death })),
      ...Array.from({ length: 3 }, () => ({ kind: 'wide', end: 'in a command' }) as const),
      ...[1, 9].map((step) => ({ kind: 'wide', end: { inReplyOfStep: step } }) as const),
    ];
    assert.ok(points.length >= 50, `${points.length}`);
    const failures = await atOnce(
      points.map(({ kind, end }, index) => async () => {
        const name = `${kind}, killed ${JSON.stringify(end)}`;
        return crashAndResume(`run-${kind}-${index}`, kind, end).then(
          () => [],
          (error: unknown) => [`${name}: ${error instanceof Error ? error.message : String(error)}`],
        );
      }),
    );
    assert.deepEqual(failures.flat(), []);
  }).timeout(540_000);

  async function crashAndResume(run: string, kind: Kind, end: End): Promise<void> {
    const line = await commandLine(files);
    const words = await begin(line, run, kind);
    const killed = await kill(line, words, run, end);
    assert.equal(killed.code, null, `it did not die: ${killed.stderr}`);
    const before = await newestLog(line);
    const { code, stderr } = await line.run(['resume', 'last', '--json']);
    assert.equal(code, 0, stderr);
    const { events, damage } = await newestLog(line);
    assert.equal(damage, undefined);
    assertSound(events);
    assert.deepEqual(events.slice(0, before.events.length), before.events, 'what was on disk stays');
    assert.deepEqual(lostOf(events), openOf(before.events), 'what had started and not ended is lost');
    assert.deepEqual(answerOf(events), answerOf(whole[kind]));
    await assertMadeOnce(line.workspace, events);
    await line.remove();
  }

  async function kill(line: CommandLine, words: readonly string[], run: string, end: End): Promise<Finished> {
    if (end === 'in a command') {
      const started = line.start(words);
      await written(line, `step-${slowStep}\n`, started);
      started.kill('SIGKILL');
      return started.finished;
    }
    if ('when' in end) return line.run(words, dyingAt(end));
    const started = Promise.withResolvers<Started>();
    const onHanging = () => void started.promise.then(({ kill: die }) => die('SIGKILL'));
    hangs.set(run, { step: end.inReplyOfStep, onHanging });
    started.resolve(line.start(words));
    return (await started.promise).finished;
  }

  it('has to be asked anew when not even its first fact was written', async () => {
    const line = await commandLine(files);
    const killed = await line.run(ask('run-first', 'wide'), dyingAt({ when: 'torn', fact: 0 }));
    assert.equal(killed.code, null);
    const { code, stderr } = await line.run(['resume', 'last']);
    assert.equal(code, 1);
    assert.match(stderr, /no readable start.*Ask its question anew/);
    await line.remove();
  });

  it('comes to the same answer when its log was cut at any byte', async () => {
    const [runId = ''] = await readdir(finished.runs);
    const bytes = await readFile(join(finished.runs, runId, 'events.jsonl'));
    const place = fc.integer({ min: bytes.indexOf(0x0a) + 1, max: bytes.length - 1 });
    const failures = await atOnce(
      fc.sample(place, 12).map((end) => async () => {
        const line = await commandLine(files);
        await cp(finished.runs, line.runs, { recursive: true });
        await truncate(join(line.runs, runId, 'events.jsonl'), end);
        const answer = await resumedAnswer(line, runId).catch(String);
        await line.remove();
        return JSON.stringify(answer) === JSON.stringify(answerOf(whole.wide)) ? [] : [{ end, answer }];
      }),
    );
    assert.deepEqual(failures.flat(), []);
  }).timeout(200_000);
});

/** Resumes in this process and gives the answer. */
async function resumedAnswer(line: CommandLine, runId: string): Promise<unknown> {
  const bugs: unknown[] = [];
  const around = {
    roots: [{ name: 'workspace', path: line.workspace }],
    runsFolder: line.runs,
    apiKey: undefined,
    signal: new AbortController().signal,
    serverWaitMs: 0,
    ...plainSandbox,
    ripgrepPath: undefined,
    web: plainWeb,
    report: (error: unknown) => bugs.push(error),
  };
  const run = await resumeRun(runId, {}, around);
  await run.done;
  assert.deepEqual(bugs, []);
  const { events } = await newestLog(line);
  assertSound(events);
  return answerOf(events);
}

/** Settles when a command has written that it runs. */
async function written(line: CommandLine, text: string, started: Started): Promise<void> {
  let over = false;
  void started.finished.then(() => (over = true));
  while (!(await readFile(join(line.workspace, 'calls.txt'), 'utf8')).includes(text)) {
    assert.equal(over, false, 'the run ended before that command');
    await sleep(10);
  }
}
