/** `restore`: puts back what a run changed, after showing what that means. */
import { relative, resolve } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { openKept, type KeptRun } from '../runs/keptRun.ts';
import { planRestore, planUndo, restoreEnded, type RestorePlan } from '../runs/restoreRun.ts';
import { atTurn, baselineOf, restoresOf } from '../shared/checkpoints.ts';
import { countOf } from '../shared/quantities.ts';
import { shownPath } from '../shared/visibleText.ts';
import { findRun } from '../store/runs.ts';
import { agreeToRestore, notKeptLines } from './agreeToRestore.ts';
import { UsageError, type Call } from './arguments.ts';
import { interruptible } from './interrupts.ts';
import { surroundings } from './surroundings.ts';

/** 0: done, or nothing to do; 1: not all could be put back, or the person said no. */
export async function restoreCommand(call: Call, runsFolder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const { start, undo, turn } = call;
  if ([start, undo, turn !== undefined].filter(Boolean).length !== 1) {
    throw new UsageError('restore takes one of --turn N, --start and --undo.');
  }
  return interruptible(async (signal) => {
    const runId = await findRun(runsFolder, call.operand);
    const around = await surroundings(call, { runsFolder, env, signal, person: undefined });
    const plan = chosen(await planOf(await openKept(runId, around), call), call);
    if (plan.files.length === 0) {
      process.stderr.write(`${notKeptLines(plan.skipped)}The files are ${plan.words} already.\n`);
      return 0;
    }
    if (!(await agreeToRestore(plan, call, signal))) {
      process.stderr.write('Nothing was put back.\n');
      return 1;
    }
    const fact = await restoreEnded(runId, plan.wish, around);
    if (call.json) process.stdout.write(`${JSON.stringify(fact)}\n`);
    else process.stderr.write(`${countOf(fact.files.length + fact.moreFiles, 'file')} put back ${plan.words}.\n`);
    for (const { path, reason } of fact.skipped) process.stderr.write(`Not put back: ${shownPath(path)} (${reason})\n`);
    return fact.skipped.length > 0 ? 1 : 0;
  });
}

async function planOf(kept: KeptRun, { undo, turn }: Call): Promise<RestorePlan> {
  const { trajectory } = kept;
  const { runId } = trajectory;
  if (undo) {
    const [restore] = restoresOf(trajectory);
    if (!restore) throw new UserError(`No files of run ${runId} were put back, so there is nothing to undo.`);
    return planUndo(kept, restore);
  }
  const target = turn === undefined ? baselineOf(trajectory) : atTurn(trajectory, turn);
  if (!target) throw new UserError(`Run ${runId} kept no checkpoints of the files.`);
  return planRestore(kept, target);
}

/** Only the files, or what is below the folders, that were named. Throws UserError for one that is not among them. */
function chosen(plan: RestorePlan, { files: names, workspace }: Call): RestorePlan {
  if (names.length === 0) return plan;
  const wanted = names.map((name) => relative(workspace, resolve(workspace, name)));
  const fits = (path: string, name: string) => path === name || path.startsWith(`${name}/`);
  const [missing] = wanted.filter((name) => !plan.files.some(({ path }) => fits(path, name)));
  if (missing !== undefined) {
    throw new UserError(`${missing} is not among the files that would be put back. "mirothinker changes" lists them.`);
  }
  const files = plan.files.filter(({ path }) => wanted.some((name) => fits(path, name)));
  const persons = plan.persons.filter((path) => files.some((file) => file.path === path));
  return { ...plan, files, persons, wish: { to: plan.wish.to, only: files.map(({ path }) => path) } };
}
