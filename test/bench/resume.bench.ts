/**
 * A run of 600 tool calls with 2 KB thoughts and 16 KB observations, stopped without an end, is resumed: the time from the
 * start of reading it to the first byte of its next request at the server, and what of it is reading and folding.
 */
import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/agent/loop.ts';
import { messagesFor } from '../../src/agent/messages.ts';
import { resumeRun } from '../../src/runs/resumeRun.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { logFile } from '../../src/store/logFile.ts';
import { takeLock } from '../../src/store/lock.ts';
import { readLog } from '../../src/store/readLog.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { world } from '../agent/world.ts';
import { figure } from './figure.ts';
import { lookTool, replyOfTurn, type RunShape } from './longRun.ts';
import { plainSandbox } from '../fakes/plainSandbox.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';

const calls = 600;
const rounds = 5;
/** Of the words that texts of a shape are made of. */
const charsPerToken = 5.4;
const shape: RunShape = {
  thoughtTokens: Math.round(2_048 / charsPerToken),
  actionTokens: 60,
  observationTokens: Math.round(16_384 / charsPerToken),
};
const runId = '20260101-000000-aaaaaa';

const folder = await mkdtemp(join(tmpdir(), 'bench-resume-'));
/** Settled with the time at which the next request arrives. */
const next = { arrived: Promise.withResolvers<number>() };
const server = createServer((request, response) => {
  if (request.url === '/v1/chat/completions') {
    next.arrived.resolve(performance.now());
    return;
  }
  response.writeHead(request.url === '/v1/models' ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ object: 'list', data: [{ id: 'scripted', max_model_len: 262_144 }] }));
});

try {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await writeRun(join(folder, 'made', runId));
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  const [first, ...times] = await resumed(workspace, `http://127.0.0.1:${port}/v1`, rounds + 1);
  figure('resume.toFirstByte', median(times.map(({ ms }) => ms)), 'ms', { limit: 300 });
  figure('resume.cpu', median(times.map(({ cpuMs }) => cpuMs)), 'ms');
  figure('resume.toFirstByteCold', first?.ms ?? 0, 'ms');
  const reading: number[] = [];
  const folding: number[] = [];
  const locking: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    const { events } = await readLog(join(folder, 'made', runId));
    const readAt = performance.now();
    foldAll(events);
    const foldedAt = performance.now();
    const lock = await takeLock(join(folder, 'made', runId), () => undefined);
    locking.push(performance.now() - foldedAt);
    await lock.release();
    reading.push(readAt - startedAt);
    folding.push(foldedAt - readAt);
  }
  figure('resume.read', median(reading), 'ms');
  figure('resume.fold', median(folding), 'ms');
  figure('resume.lock', median(locking), 'ms');
} finally {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true });
}

/** Plays the run onto the disk up to its last observation, as the loop would have written it. */
async function writeRun(runFolder: string): Promise<void> {
  await mkdir(runFolder, { recursive: true });
  const stop = new AbortController();
  const replies = Array.from({ length: calls }, (_, index) => async (request: { readonly messages: unknown }) => {
    const promptTokens = Math.ceil(JSON.stringify(request.messages).length / charsPerToken);
    return { content: replyOfTurn(index + 1, shape), usage: { promptTokens, completionTokens: 440 } };
  });
  const crash = async () => {
    stop.abort();
    throw new Error('the process dies here');
  };
  const settings = { retention: { policy: 'recency', keep: 5, slack: 10 }, maxTurns: 700, maxCalls: 700 } as const;
  const { ports, start } = world(scriptedModel([...replies, crash]), [lookTool(shape)], settings);
  const { start: first } = await start();
  if (!first) throw new Error('the run has no start');
  const { seq: _seq, at: _at, ...fact } = first;
  const log = await openLog(runFolder, { count: 0, end: 0 }, ports.clock.now);
  let eventBytes = 0;
  const append: typeof log.append = async (...facts) => {
    // What is written once the process is dead is not written.
    if (stop.signal.aborted) return [];
    const events = await log.append(...facts);
    eventBytes += events.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)), 0);
    return events;
  };
  const counter = {
    count: async (texts: readonly string[]) => texts.map((text) => Math.ceil(text.length / charsPerToken)),
  };
  const started = foldAll(await append(fact));
  const end = await run(started, { ...ports, counter, log: { ...log, append } }, stop.signal);
  await log.close();
  if (end.turns !== calls) throw new Error(`the run has ${end.turns} turns: ${JSON.stringify(end.state)}`);
  const { size } = await stat(join(runFolder, logFile));
  const prompt = messagesFor(end).reduce((sum, { content }) => sum + content.length, 0);
  process.stderr.write(
    `log ${(size / 2 ** 20).toFixed(1)} MiB, prompt about ${Math.round(prompt / charsPerToken)} tokens\n`,
  );
  figure('resume.logBytesPerEventByte', size / eventBytes, 'x');
}

/** Times of one resumption; CPU time is that of the whole process, the server's part in it too. */
interface Took {
  readonly ms: number;
  readonly cpuMs: number;
}

async function resumed(workspace: string, baseUrl: string, times: number): Promise<readonly Took[]> {
  const took: Took[] = [];
  for (let round = 0; round < times; round++) {
    const runsFolder = join(folder, `runs-${round}`);
    await cp(join(folder, 'made'), runsFolder, { recursive: true });
    next.arrived = Promise.withResolvers<number>();
    const around = {
      roots: [{ name: 'workspace', path: workspace }],
      runsFolder,
      apiKey: undefined,
      signal: new AbortController().signal,
      serverWaitMs: 0,
      ...plainSandbox,
      ripgrepPath: undefined,
      web: plainWeb,
      report: (error: unknown) => void process.stderr.write(`${String(error)}\n`),
    };
    const spent = process.cpuUsage();
    const startedAt = performance.now();
    const live = await resumeRun(runId, { baseUrl, contextWindow: 262_144 }, around);
    const ended = live.done.then((end) => {
      throw new Error(`it ended without a request: ${JSON.stringify(end.state)}`);
    });
    const ms = (await Promise.race([next.arrived.promise, ended])) - startedAt;
    const { user, system } = process.cpuUsage(spent);
    took.push({ ms, cpuMs: (user + system) / 1000 });
    live.stop();
    await ended.catch(() => undefined);
  }
  return took;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
