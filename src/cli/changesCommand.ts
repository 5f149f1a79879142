/** `changes`: what a run changed in the workspace, or one turn of it. */
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { changesSince, doubtWords } from '../runs/changes.ts';
import { openKept } from '../runs/keptRun.ts';
import { aroundTurn, baselineOf, lineWords } from '../shared/checkpoints.ts';
import type { CheckpointRef, FileChange } from '../shared/refs.ts';
import { countOf } from '../shared/quantities.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { shownPath } from '../shared/visibleText.ts';
import { findRun } from '../store/runs.ts';
import type { Call } from './arguments.ts';
import { surroundings } from './surroundings.ts';
import { unifiedDiff } from './unifiedDiff.ts';

const signs = { added: 'A', modified: 'M', deleted: 'D' } as const;

/** Prints the files with their lines, a diff, or JSON. */
export async function changesCommand(call: Call, runsFolder: string, env: NodeJS.ProcessEnv): Promise<number> {
  const runId = await findRun(runsFolder, call.operand);
  const signal = new AbortController().signal;
  const around = await surroundings(call, { runsFolder, env, signal, person: undefined });
  const { trajectory, reader } = await openKept(runId, around);
  const [from, to] = spanOf(trajectory, call.turn);
  const files = to === 'now' ? await changesSince(trajectory, from, reader) : await reader.changes(from.checkpoint, to);
  if (call.json) process.stdout.write(`${JSON.stringify({ runId, from: from.checkpoint, to, files })}\n`);
  else if (call.diff) {
    for (const { path, change } of files) {
      const before = change === 'added' ? undefined : await reader.contents(from.checkpoint, path);
      const after = change === 'deleted' ? undefined : await contents(path, to);
      process.stdout.write(unifiedDiff(path, before, after));
    }
  } else {
    process.stdout.write(listOf(files, to));
    const doubt = to === 'now' && files.length > 0 ? doubtWords(trajectory, from) : '';
    if (doubt !== '') process.stderr.write(`${doubt}\n`);
  }
  return 0;

  async function contents(path: string, at: CheckpointRef | 'now'): Promise<Uint8Array | undefined> {
    return at === 'now' ? readNow(join(call.workspace, path)) : reader.contents(at, path);
  }
}

function spanOf(trajectory: Trajectory, turn: number | undefined) {
  if (turn === undefined) {
    const baseline = baselineOf(trajectory);
    if (!baseline) throw new UserError(`Run ${trajectory.runId} kept no checkpoints of the files.`);
    return [baseline, 'now'] as const;
  }
  const span = aroundTurn(trajectory, turn);
  if (!span) throw new UserError(`Turn ${turn} of run ${trajectory.runId} changed no files.`);
  return [span.before, span.after.checkpoint] as const;
}

/** A line a file, and how many there are. */
export function listOf(files: readonly FileChange[], to: CheckpointRef | 'now'): string {
  const lines = files.map(
    (file) => `${signs[file.change]}  ${lineWords([file]).padEnd(12)}  ${shownPath(file.path)}\n`,
  );
  const none = to === 'now' ? 'The files are as they were before this run.\n' : 'No files changed.\n';
  return files.length === 0 ? none : `${lines.join('')}${countOf(files.length, 'file')} changed ${lineWords(files)}\n`;
}

/** A file as it is now; a link is the text that it holds. */
async function readNow(file: string): Promise<Uint8Array | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink()) return readlink(file, { encoding: 'buffer' });
  return found?.isFile() ? readFile(file) : undefined;
}
