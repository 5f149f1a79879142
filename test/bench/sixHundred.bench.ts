/**
 * A run of 600 tool calls with 2 KB thoughts and 16 KB observations, on a scripted server in a process of its own: what the
 * loop itself costs a turn, and what the exchange, the tool, the synced write and serialising the request cost beside it.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ports } from '../../src/agent/going.ts';
import { run } from '../../src/agent/loop.ts';
import { openAiModel } from '../../src/model/client.ts';
import { chatBytes } from '../../src/model/request.ts';
import { tokenCounter } from '../../src/model/tokens/counter.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { openLog } from '../../src/store/eventLog.ts';
import { logFile } from '../../src/store/logFile.ts';
import { world } from '../agent/world.ts';
import { figure } from './figure.ts';
import { lookTool } from './longRun.ts';
import { calls, shape } from './sixHundred.ts';

/** Times of one part, in ms: one figure a turn. */
function timed<A extends unknown[], R>(spent: number[], work: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  return async (...args) => {
    const startedAt = performance.now();
    try {
      return await work(...args);
    } finally {
      const turn = spent.length - 1;
      spent[turn] = (spent[turn] ?? 0) + performance.now() - startedAt;
    }
  };
}

const folder = await mkdtemp(join(tmpdir(), 'bench-600-'));
const server = spawn(process.execPath, [join(import.meta.dirname, 'sixHundredServer.ts')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const counter = tokenCounter();
try {
  const said: readonly unknown[] = await once(server.stdout, 'data');
  const model = openAiModel({ baseUrl: String(said[0]).trim(), model: 'scripted' });
  const tool = lookTool(shape);
  const { ports, start } = world(model, [tool], {
    retention: { policy: 'recency', keep: 5, slack: 10 },
    maxTurns: calls,
  });
  const { start: first } = await start();
  if (!first) throw new Error('the run has no start');
  const { seq: _seq, at: _at, ...fact } = first;
  const log = await openLog(folder, { count: 0, end: 0 }, Date.now);
  const trajectory = foldAll(await log.append(fact));
  const parts = { exchange: [0], tool: [0], log: [0], serialise: [0], counting: [0] };
  const walls: number[] = [];
  let eventBytes = 0;
  let turnStartedAt = performance.now();
  const exchange = timed(parts.exchange, model.complete);
  const timedPorts: Ports = {
    ...ports,
    report: (error) => void process.stderr.write(`${String(error)}\n`),
    counter: { count: timed(parts.counting, counter.count) },
    model: {
      ...model,
      complete: async (request, signal) => {
        const now = performance.now();
        walls.push(now - turnStartedAt);
        turnStartedAt = now;
        for (const part of Object.values(parts)) part.push(0);
        const reply = await exchange(request, signal);
        // Serialising is a part of the exchange: it is measured by doing it once more, and that time is no turn's.
        const again = performance.now();
        chatBytes('scripted', request, {
          refused: new Set(),
          continuousUsage: false,
          thoughtField: 'reasoning_content',
        });
        const took = performance.now() - again;
        parts.serialise[parts.serialise.length - 1] = took;
        turnStartedAt += took;
        return reply;
      },
    },
    tools: [{ ...tool, run: timed(parts.tool, tool.run) }],
    log: { ...log, append: (...facts) => timed(parts.log, () => log.append(...facts))() },
    clock: { ...ports.clock, now: Date.now },
    onEvent: (event) => {
      eventBytes += Buffer.byteLength(JSON.stringify(event));
    },
  };
  const startedAt = performance.now();
  const end = await run(trajectory, timedPorts, new AbortController().signal);
  const wholeMs = performance.now() - startedAt - parts.serialise.reduce((sum, ms) => sum + ms, 0);
  await log.close();
  if (tool.made() !== calls) throw new Error(`${tool.made()} calls were made: ${JSON.stringify(end.state)}`);
  const own = walls
    .slice(1)
    .map(
      (wall, i) =>
        wall -
        [parts.exchange, parts.tool, parts.log, parts.counting].reduce((sum, part) => sum + (part[i + 1] ?? 0), 0),
    );
  const around = (turn: number) => median(own.slice(turn - 25, turn + 25));
  figure('sixHundred.own.p50', median(own), 'ms a turn', { limit: 1.5 });
  figure('sixHundred.own.p95', own.toSorted((a, b) => a - b)[Math.floor(own.length * 0.95)] ?? 0, 'ms a turn');
  figure('sixHundred.own.mean', own.reduce((sum, ms) => sum + ms, 0) / own.length, 'ms a turn');
  figure(
    'sixHundred.counting',
    parts.counting.reduce((sum, ms) => sum + ms, 0),
    'ms in the whole run',
  );
  figure('sixHundred.own.growth', around(570) / around(50), '× at turn 600 of that at turn 50, wall time', {
    limit: 2,
  });
  figure('sixHundred.exchange.p50', median(parts.exchange), 'ms a turn');
  figure('sixHundred.serialise.p50', median(parts.serialise), 'ms a turn, a part of the exchange');
  figure('sixHundred.tool.p50', median(parts.tool), 'ms a turn');
  figure('sixHundred.log.p50', median(parts.log), 'ms a turn');
  figure('sixHundred.whole', wholeMs / 1000, 's', { limit: 10 });
  const { size } = await stat(join(folder, logFile));
  figure('sixHundred.disk', size / eventBytes, "× the events' own bytes", { limit: 1.1 });
} finally {
  await counter.dispose();
  server.kill();
  await rm(folder, { recursive: true });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
