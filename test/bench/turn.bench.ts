/**
 * The loop's own cost per turn over a run of 200 tool calls with 2 KB thoughts and 16 KB observations: everything that is
 * not the model's reply, the tool or the synced write, each of which is timed and reported apart.
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/agent/loop.ts';
import type { Ports } from '../../src/agent/going.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { logFile, openLog } from '../../src/store/eventLog.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from '../agent/world.ts';

const turns = 200;
const thought = 'I look at the next place and compare it with the last one. '.repeat(35);
const observation = 'a line of an observation that is of a usual length\n'.repeat(320);

/** Wraps a function so that the time that it takes is added up. */
function timed<A extends unknown[], R>(
  spent: { ms: number },
  work: (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    const startedAt = performance.now();
    try {
      return await work(...args);
    } finally {
      spent.ms += performance.now() - startedAt;
    }
  };
}

const folder = await mkdtemp(join(tmpdir(), 'bench-turn-'));
try {
  const replies = Array.from({ length: turns }, (_, index) => echoCall(`${index} ${observation}`, thought));
  const model = scriptedModel([...replies, 'Done.', 'It is so. \\boxed{so}']);
  const tool = echoTool();
  const spent = { model: { ms: 0 }, tool: { ms: 0 }, log: { ms: 0 } };
  const { ports, start } = world(model, [tool]);
  const { start: first } = await start();
  if (!first) throw new Error('the run has no start');
  const { seq: _seq, at: _at, ...fact } = first;
  const log = await openLog(folder, { count: 0, end: 0 }, Date.now);
  const trajectory = foldAll(await log.append(fact));
  const timedPorts: Ports = {
    ...ports,
    model: { ...model, complete: timed(spent.model, model.complete) },
    tools: [{ ...tool, run: timed(spent.tool, tool.run) }],
    log: { ...log, append: (...facts) => timed(spent.log, () => log.append(...facts))() },
  };
  const startedAt = performance.now();
  const end = await run(trajectory, timedPorts, new AbortController().signal);
  const wallMs = performance.now() - startedAt;
  await log.close();
  if (end.turns < turns) throw new Error(`only ${end.turns} turns`);
  const { size } = await stat(join(folder, logFile));
  const own = (wallMs - spent.model.ms - spent.tool.ms - spent.log.ms) / turns;
  print('turn.overhead', own, 'ms');
  print('turn.logAppend', spent.log.ms / turns, 'ms');
  print('turn.logBytes', size / turns / 1024, 'KiB');
} finally {
  await rm(folder, { recursive: true });
}

function print(name: string, value: number, unit: string): void {
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(3)), unit, better: 'lower' })}\n`);
}
