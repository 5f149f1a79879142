/** `restore`: puts back what a run changed, after showing what that means. */
import { relative, resolve } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { openKept, type KeptRun } from '../runs/keptRun.ts';
import { planRestore, planUndo, restoreEnded, type RestorePlan } from '../runs/restoreRun.ts';
import { atTurn, baselineOf, restoresOf } from '../shared/checkpoints.ts';
import { countOf } from '../shared/quantities.ts';
import { findRun } from '../store/runs.ts';
import { UsageError, type Call } from './arguments.ts';
import { interruptible } from './interrupts.ts';
import { personAtTerminal } from './personAtTerminal.ts';
import { surroundings } from './surroundings.ts';

const willBe = { added: 'delete', modified: 'change back', deleted: 'bring back' } as const;

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
      process.stderr.write(`The files are ${plan.words} already.\n`);
      return 0;
    }
    if (!(await agreed(plan, call, signal))) {
      process.stderr.write('Nothing was put back.\n');
      return 1;
    }
    const fact = await restoreEnded(runId, plan.wish, around);
    if (call.json) process.stdout.write(`${JSON.stringify(fact)}\n`);
    else process.stderr.write(`${countOf(fact.files.length + fact.moreFiles, 'file')} put back ${plan.words}.\n`);
    for (const { path, reason } of fact.skipped) process.stderr.write(`Not put back: ${path} (${reason})\n`);
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

async function agreed(
  { files, target, persons, words }: RestorePlan,
  call: Call,
  signal: AbortSignal,
): Promise<boolean> {
  const lines = files.map(({ path, change }) => `  ${willBe[change].padEnd(11)}  ${path}\n`);
  if (!call.json) process.stderr.write(lines.join(''));
  for (const { path, reason } of target.skipped) process.stderr.write(`  not kept     ${path} (${reason})\n`);
  for (const path of persons) process.stderr.write(`  changed by you as well  ${path}\n`);
  if (call.yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UsageError('Nobody can be asked here: add --yes.');
  const person = personAtTerminal(process.stdin, process.stderr, () => undefined);
  try {
    const question = `Put ${countOf(files.length, 'file')} back ${words}? [y/N]: `;
    return /^y(es)?$/i.test((await person.ask(question, signal))?.trim() ?? '');
  } finally {
    person.close();
  }
}
