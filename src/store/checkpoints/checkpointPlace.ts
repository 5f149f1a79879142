/** Where a checkpoint that a log names is kept. What a log says is not trusted. */
import { UserError } from '../../agent/errors.ts';
import type { CheckpointRef } from '../../shared/refs.ts';
import { isRunId } from '../folders.ts';
import { type GitFolder, existingGitFolder, gitFolderPath } from './gitFolder.ts';
import { type Kept, readKept } from './kept.ts';

/** One root of a workspace. */
export interface NamedRoot {
  readonly name: string;
  readonly path: string;
}

/** One root's part of a checkpoint. */
export interface KeptRoot {
  readonly folder: GitFolder;
  readonly kept: Kept;
}

/** What stands before a root's paths: nothing where it is the only one. */
export function rootPrefix(roots: readonly NamedRoot[], { name }: NamedRoot): string {
  return roots.length > 1 ? `${name}/` : '';
}

/** Each root's part of a checkpoint, in order. Throws UserError when it is not there. */
export async function keptRoots(
  runsFolder: string,
  roots: readonly NamedRoot[],
  { runId, number }: CheckpointRef,
): Promise<readonly KeptRoot[]> {
  if (!isRunId(runId) || !Number.isSafeInteger(number) || number < 0)
    throw new UserError('The log names a checkpoint that cannot be: it is damaged.');
  const found: KeptRoot[] = [];
  for (const [index, { path }] of roots.entries()) {
    const folder = await existingGitFolder(gitFolderPath(runsFolder, runId, index), path).catch(() => undefined);
    const kept = folder && (await readKept(folder.path, number));
    if (kept) found.push({ folder, kept });
  }
  if (found.length === roots.length) return found;
  throw new UserError(
    `Checkpoint ${number} of run ${runId} is not kept any more: its folder was deleted, or is damaged. The run's text can still be read.`,
  );
}
