/** Which checkpoint belongs to what: to a call, a turn, a run. Pure; the editor, the panel and the command line ask here. */
import type { CheckpointRef, FileChange, SkippedFile } from './refs.ts';
import type { Checkpoint, Trajectory } from './items.ts';

type Kept = Pick<Trajectory, 'checkpoints' | 'runId'>;

/** The files before something and after it. */
export interface Span {
  readonly before: Checkpoint;
  readonly after: Checkpoint;
}

/** Around a call's changes; undefined when they are not kept (yet), or there is nothing before them. */
export function aroundCall({ checkpoints }: Kept, callId: string): Span | undefined {
  const at = checkpoints.findLastIndex((one) => one.kind === 'call' && one.callId === callId);
  return spanOf(checkpoints[at - 1], checkpoints[at]);
}

/** Around all that was kept while a turn was the newest; undefined when nothing was. */
export function aroundTurn({ checkpoints }: Kept, turn: number): Span | undefined {
  const first = checkpoints.findIndex((one) => one.turn === turn && one.kind === 'call');
  const last = checkpoints.findLastIndex((one) => one.turn === turn);
  return first < 0 ? undefined : spanOf(checkpoints[first - 1], checkpoints[last]);
}

/**
 * The files as a turn's calls left them, else as they were before it: what was put back or changed by a person while the turn
 * was the newest came behind it. 0: before the first turn.
 */
export function atTurn({ checkpoints }: Kept, turn: number): Checkpoint | undefined {
  const ofTurn = (one: Checkpoint) => one.kind === 'call' || one.kind === 'baseline';
  return checkpoints.findLast((one) => one.turn < turn || (one.turn === turn && ofTurn(one))) ?? checkpoints[0];
}

/** The files as they were before the run changed any; a fork's own beginning, since what was before is its parent's. */
export function baselineOf({ checkpoints, runId }: Kept): Checkpoint | undefined {
  return checkpoints.find((one) => one.checkpoint.runId === runId) ?? checkpoints[0];
}

/** The checkpoint that a reference names. */
export function findCheckpoint({ checkpoints }: Pick<Kept, 'checkpoints'>, ref: CheckpointRef): Checkpoint | undefined {
  return checkpoints.find(({ checkpoint }) => isSame(checkpoint, ref));
}

/** Where the run's own files were put back, the newest first. */
export function restoresOf({ checkpoints, runId }: Kept): readonly Checkpoint[] {
  const own = checkpoints.filter(({ kind, checkpoint }) => kind === 'restore' && checkpoint.runId === runId);
  return own.filter(({ files }) => files.length > 0).toReversed();
}

/** The files as a restore found them: that is kept before any is put back. */
export function beforeRestore({ checkpoints }: Kept, restore: Checkpoint): Checkpoint | undefined {
  return checkpoints[checkpoints.indexOf(restore) - 1];
}

/** What checkpoints behind one do not hold, each path once: the newest reason counts. */
export function skippedSince({ checkpoints }: Pick<Kept, 'checkpoints'>, from: Checkpoint): readonly SkippedFile[] {
  const since = checkpoints.slice(checkpoints.indexOf(from) + 1).filter(({ kind }) => kind !== 'restore');
  const reasons = new Map(since.flatMap(({ skipped }) => skipped.map(({ path, reason }) => [path, reason] as const)));
  return [...reasons].map(([path, reason]) => ({ path, reason }));
}

/** Whether two references name the same checkpoint. */
export function isSame(a: CheckpointRef, b: CheckpointRef): boolean {
  return a.runId === b.runId && a.number === b.number;
}

/** What the calls of a run changed, as its facts tell: files that are as they were before the run do not count. */
export interface RunChanges {
  /** Oldest change first. */
  readonly files: ReadonlyMap<string, FileChange['change']>;
  /** How many more there may be: facts name only so many. */
  readonly more: number;
}

/** What the calls of a run changed. Remembered with the newest checkpoint: one more costs only what it changed. */
export function changesOfRun({ checkpoints, runId }: Kept): RunChanges {
  return changesAt(checkpoints, runId, checkpoints.length - 1);
}

const nothing: RunChanges = { files: new Map(), more: 0 };
const remembered = new WeakMap<Checkpoint, { readonly runId: string; readonly changes: RunChanges }>();

function changesAt(checkpoints: readonly Checkpoint[], runId: string, last: number): RunChanges {
  const first = checkpoints.findIndex((one) => one === baselineOf({ checkpoints, runId }));
  // Back to what is known, and on from there.
  let from = last;
  for (; from > first; from--) {
    const at = checkpoints[from];
    if (at && remembered.get(at)?.runId === runId) break;
  }
  const start = checkpoints[from];
  let changes = (from > first && start && remembered.get(start)?.changes) || nothing;
  for (let index = Math.max(from, first) + 1; index <= last; index++) {
    const one = checkpoints[index];
    if (!one) break;
    changes = afterOne(changes, one, (index) => changesAt(checkpoints, runId, index), checkpoints);
    remembered.set(one, { runId, changes });
  }
  return changes;
}

/** `then` gives what was changed at an earlier checkpoint. */
function afterOne(
  before: RunChanges,
  one: Checkpoint,
  then: (index: number) => RunChanges,
  checkpoints: readonly Checkpoint[],
): RunChanges {
  const files = new Map(before.files);
  if (one.kind === 'restore') {
    const back = checkpoints.findIndex(({ checkpoint }) => one.restored && isSame(checkpoint, one.restored));
    const old = back < 0 ? nothing : then(back);
    for (const { path } of one.files) put(files, path, old.files.get(path));
    return { files, more: one.moreFiles > 0 ? old.more : before.more };
  }
  // What a person changed counts where a call did so too.
  const counted = one.files.filter(({ path }) => one.kind === 'call' || files.has(path));
  for (const { path, change } of counted) put(files, path, joined(files.get(path), change));
  return { files, more: before.more + (one.kind === 'call' ? one.moreFiles : 0) };
}

function put(files: Map<string, FileChange['change']>, path: string, change: FileChange['change'] | undefined): void {
  if (change === undefined) files.delete(path);
  else files.set(path, change);
}

/** Two changes of a file as one; undefined when it is gone again. */
function joined(before: FileChange['change'] | undefined, now: FileChange['change']): FileChange['change'] | undefined {
  if (before === 'added') return now === 'deleted' ? undefined : 'added';
  if (before === 'deleted') return now === 'deleted' ? 'deleted' : 'modified';
  return now === 'added' && before === 'modified' ? 'modified' : now;
}

/** Lines added and removed over several files; undefined where no file tells. */
export function linesOf(
  files: readonly FileChange[],
): { readonly added: number; readonly removed: number } | undefined {
  const told = files.filter(({ added, removed }) => added !== undefined || removed !== undefined);
  if (told.length === 0) return undefined;
  return {
    added: told.reduce((sum, { added = 0 }) => sum + added, 0),
    removed: told.reduce((sum, { removed = 0 }) => sum + removed, 0),
  };
}

/** `+12 −3`; empty where nothing tells. */
export function lineWords(files: readonly FileChange[]): string {
  const lines = linesOf(files);
  return lines ? `+${lines.added} −${lines.removed}` : '';
}

function spanOf(before: Checkpoint | undefined, after: Checkpoint | undefined): Span | undefined {
  return before && after ? { before, after } : undefined;
}
