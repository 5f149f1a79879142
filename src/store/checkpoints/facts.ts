/** The facts of what was kept, across all roots of a workspace. */
import { UserError, messageOf } from '../../agent/errors.ts';
import { codeOf } from './errorCode.ts';
import { GitFailure } from './git.ts';
import { shownName } from './names.ts';
import type { Step } from './rootFiles.ts';
import { fileChange } from './treeChanges.ts';
import type { FileChange, SkippedFile } from '../../shared/refs.ts';

/** So many files stand in a fact. */
const mostListed = 200;

/** What a fact says of its files. */
export interface FilesOfFact {
  readonly files: readonly FileChange[];
  readonly moreFiles: number;
  readonly skipped: readonly SkippedFile[];
}

/** One root's step with what stands before its paths. */
export interface PrefixedStep {
  readonly prefix: string;
  readonly step: Step;
}

/** What became other in all roots. */
export function filesOf(steps: readonly PrefixedStep[]): FilesOfFact {
  const files = steps.flatMap(({ prefix, step }) =>
    step.changes.map((change) => fileChange(change, prefix + shownName(change.name))),
  );
  const skipped = steps.flatMap(({ prefix, step }) =>
    step.skipped.map((file) => ({ ...file, path: prefix + file.path })),
  );
  const listed = skipped.slice(0, mostListed);
  const more = skipped.length - listed.length;
  return {
    files: files.slice(0, mostListed),
    moreFiles: Math.max(0, files.length - mostListed),
    skipped: more > 0 ? [...listed, { path: `${more} more files`, reason: 'as those before' }] : listed,
  };
}

/** Why nothing could be kept, in words for the person. */
export function failureReason(error: unknown): string {
  if (error instanceof UserError) return error.message;
  if (error instanceof GitFailure && error.missing)
    return 'git was not found. Install git, so that what a run changes can be undone.';
  const code = codeOf(error);
  const message = messageOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk quota/i.test(message))
    return 'The disk that holds the runs is full.';
  return `The workspace's files could not be kept: ${message}`;
}
