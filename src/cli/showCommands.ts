/** `runs` and `show`: what is in the log, for a person or as JSON. Reading never writes. */
import { join } from 'node:path';
import { messageOf } from '../agent/errors.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { emptyTrajectory, fold, foldAll } from '../shared/trajectory.ts';
import { readBlob } from '../store/blobs.ts';
import { liveHolder } from '../store/lock.ts';
import { readFrom, readLog } from '../store/readLog.ts';
import { findRun, listRuns } from '../store/runs.ts';
import type { RunSummary } from '../store/summary.ts';
import type { Call } from './arguments.ts';
import { liveView } from './liveView.ts';
import { sourceLines } from './sourceLines.ts';
import { sourceText } from './showSource.ts';
import { promptJson, turnOf, turnText } from './showTurn.ts';

/** Lists the workspace's runs, newest first. */
export async function listCommand(call: Call, folder: string): Promise<number> {
  const runs = await listRuns(folder);
  if (call.json) {
    process.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
    return 0;
  }
  if (runs.length === 0) process.stderr.write(`There are no runs in ${folder} yet.\n`);
  for (const run of runs) process.stdout.write(`${runLine(run)}\n`);
  return 0;
}

function runLine(run: RunSummary): string {
  const question = run.question.replace(/\s+/g, ' ').slice(0, 70);
  const origin = originOf(run);
  const turns = `${String(run.turns).padStart(4)} turns`;
  return `${run.runId}  ${run.state.padEnd(11)} ${turns}  ${question}${origin && `  (${origin})`}`;
}

/** Where a run comes from that was not asked by itself. */
function originOf({ parent, rollout, caller }: RunSummary): string {
  if (parent) return `fork of ${parent.runId}`;
  if (rollout) return `rollout ${rollout.index} of ${rollout.of}`;
  return caller ? `subtask of ${caller.runId}` : '';
}

/** Shows one run, or one of its turns: for a person, or as JSON. */
export async function showCommand(call: Call, folder: string): Promise<number> {
  const runId = await findRun(folder, call.operand);
  const runFolder = join(folder, runId);
  const { events, end, damage } = await readLog(runFolder);
  if (damage) process.stderr.write(`${damage}\n`);
  if (call.turn !== undefined) {
    process.stdout.write(await turnOutput(call, call.turn, events, runFolder));
    return 0;
  }
  if (call.source !== undefined) {
    process.stdout.write(await sourceText(foldAll(events), call.source, runFolder));
    return 0;
  }
  if (call.json) {
    const forked = (events[0]?.type === 'run.started' && events[0].runId) !== runId;
    process.stdout.write(forked ? jsonLines(events) : (await readFrom(runFolder, 0)).subarray(0, end));
    return 0;
  }
  const view = liveView({ progress: process.stdout, answer: process.stdout });
  let trajectory = emptyTrajectory;
  for (const event of events) {
    trajectory = fold(trajectory, event);
    if (event.type === 'run.started') process.stdout.write(`${event.question}\n\n`);
    view.onEvent?.(event, trajectory);
  }
  const newest = trajectory.items.at(-1);
  if (events.at(-1)?.type === 'answer.given' && newest?.kind === 'answer') process.stdout.write(sourceLines(newest));
  if (trajectory.state.kind !== 'ended' && !(await liveHolder(runFolder))) {
    process.stdout.write(`This run stopped without an end. "mirothinker resume ${runId}" goes on with it.\n`);
  }
  return 0;
}

async function turnOutput(
  call: Call,
  turn: number,
  events: readonly TrajectoryEvent[],
  runFolder: string,
): Promise<string> {
  const trajectory = foldAll(events);
  if (call.prompt) return `${promptJson(events, trajectory, turn)}\n`;
  if (call.json) return `${JSON.stringify(turnOf(trajectory, turn))}\n`;
  return turnText(trajectory, turn, async ({ blob, output }) => {
    const kept = blob ?? output;
    if (!kept) return undefined;
    return readBlob(runFolder, kept).catch((error: unknown) => {
      process.stderr.write(`${messageOf(error)}\n`);
      return undefined;
    });
  });
}

function jsonLines(events: readonly TrajectoryEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
