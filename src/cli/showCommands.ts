/** `runs` and `show`: what is in the log, for a person or as JSON. Reading never writes. */
import { join } from 'node:path';
import { fold, emptyTrajectory } from '../shared/trajectory.ts';
import { liveHolder } from '../store/lock.ts';
import { readFrom, readLog } from '../store/readLog.ts';
import { findRun, listRuns } from '../store/runs.ts';
import type { Call } from './arguments.ts';
import { liveView } from './liveView.ts';

/** Lists the workspace's runs, newest first. */
export async function listCommand(call: Call, folder: string): Promise<number> {
  const runs = await listRuns(folder);
  if (call.json) {
    process.stdout.write(`${JSON.stringify(runs, null, 2)}\n`);
    return 0;
  }
  if (runs.length === 0) process.stderr.write(`There are no runs in ${folder} yet.\n`);
  for (const run of runs) {
    const question = run.question.replace(/\s+/g, ' ').slice(0, 70);
    process.stdout.write(`${run.runId}  ${run.state.padEnd(11)} ${String(run.turns).padStart(4)} turns  ${question}\n`);
  }
  return 0;
}

/** Shows one run: its events as JSON, or the view that it had while it ran. */
export async function showCommand(call: Call, folder: string): Promise<number> {
  const runId = await findRun(folder, call.operand);
  const { events, end, damage } = await readLog(join(folder, runId));
  if (damage) process.stderr.write(`${damage}\n`);
  if (call.json) {
    process.stdout.write((await readFrom(join(folder, runId), 0)).subarray(0, end));
    return 0;
  }
  const view = liveView(runId, process.stdout, process.stdout);
  let trajectory = emptyTrajectory;
  for (const event of events) {
    trajectory = fold(trajectory, event);
    if (event.type === 'run.started' || event.type === 'question.asked') process.stdout.write(`${event.question}\n\n`);
    view.onEvent?.(event, trajectory);
  }
  if (trajectory.state.kind !== 'ended' && !(await liveHolder(join(folder, runId)))) {
    process.stdout.write(`This run stopped without an end. "mirothinker resume ${runId}" goes on with it.\n`);
  }
  return 0;
}
