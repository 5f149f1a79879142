/** The runs of a workspace: listed, found by name, deleted. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { isRunId } from './folders.ts';
import { liveHolder } from './lock.ts';
import { firstFact } from './logEnds.ts';
import { summarise, type RunSummary } from './summary.ts';

export type { RunSummary };

/** All runs in a runs folder, newest first. A folder that is not there has none. */
export async function listRuns(folder: string): Promise<readonly RunSummary[]> {
  const summaries = await ofEach(await runIds(folder), (runId) => summarise(folder, runId));
  return summaries.filter((run) => run !== undefined).toSorted((a, b) => b.runId.localeCompare(a.runId));
}

/**
 * The id that a person means: a whole one, a unique prefix, or `last`, the newest that is no part of another. Throws UserError
 * when there is none.
 */
export async function findRun(folder: string, name: string): Promise<string> {
  const ids = (await runIds(folder)).toSorted();
  if (name === 'last') {
    for (const runId of ids.toReversed()) if (!(await isNested(folder, runId))) return runId;
    throw new UserError(`There are no runs in ${folder} yet.`);
  }
  const matching = ids.filter((id) => id.startsWith(name));
  const [only] = matching;
  if (!only || !name)
    throw new UserError(`There is no run ${name} in ${folder}. The command "runs" lists those there are.`);
  if (matching.length > 1)
    throw new UserError(
      `${matching.length} runs begin with ${name}: ${matching.slice(0, 5).join(', ')}. Give more of the id.`,
    );
  return only;
}

async function isNested(folder: string, runId: string): Promise<boolean> {
  const first = await firstFact(join(folder, runId));
  return first?.type === 'run.started' && first.caller !== undefined;
}

/** Deletes a run for good. Throws UserError while someone writes it, or a fork of it is there. */
export async function deleteRun(folder: string, runId: string): Promise<void> {
  if (!isRunId(runId)) throw new UserError(`${runId} is not the id of a run.`);
  const [fork, ...more] = (await forks(folder)).get(runId) ?? [];
  if (fork !== undefined) {
    const which =
      more.length === 0 ? `the fork ${fork}; delete that` : `forks (${[fork, ...more].join(', ')}); delete those`;
    throw new UserError(`Run ${runId} is the parent of ${which} first.`);
  }
  await deleteLone(folder, runId);
}

/**
 * Deletes the runs that did not change for so many days (0 keeps all), without those that a younger fork needs; gives back
 * their ids.
 */
export async function deleteOldRuns(folder: string, keepDays: number, now: number): Promise<readonly string[]> {
  if (keepDays <= 0) return [];
  const old = (await listRuns(folder)).filter(
    (run) => run.state !== 'running' && run.changedAt < now - keepDays * 86_400_000,
  );
  const left = new Set(old.map((run) => run.runId));
  const children = await forks(folder);
  const deleted: string[] = [];
  for (;;) {
    // Forks before their parents, so that no fork is ever without.
    const next = [...left].find((runId) => (children.get(runId) ?? []).every((fork) => deleted.includes(fork)));
    if (next === undefined) return deleted;
    left.delete(next);
    await deleteLone(folder, next);
    deleted.push(next);
  }
}

async function deleteLone(folder: string, runId: string): Promise<void> {
  if (await liveHolder(join(folder, runId))) throw new UserError(`Run ${runId} is still running. Stop it first.`);
  await rm(join(folder, runId), { recursive: true, force: true });
}

/** The forks of each run that has some. Costs a look at the first line of each log. */
async function forks(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  await ofEach(await runIds(folder), async (runId) => {
    const first = await firstFact(join(folder, runId));
    if (first?.type !== 'run.forked') return;
    const parent = first.parent.runId;
    found.set(parent, [...(found.get(parent) ?? []), runId]);
  });
  return found;
}

async function runIds(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).filter(isRunId);
}

/** Files that are open at the same time: a process may have only so many. */
const atOnce = 32;

async function ofEach<T>(runIds: readonly string[], look: (runId: string) => Promise<T>): Promise<readonly T[]> {
  const results: T[] = [];
  for (let from = 0; from < runIds.length; from += atOnce) {
    results.push(...(await Promise.all(runIds.slice(from, from + atOnce).map(look))));
  }
  return results;
}
