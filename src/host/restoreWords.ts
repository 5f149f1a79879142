/** What a person is asked before files are put back: what becomes of which, and what stays. */
import type { RestorePlan } from '../runs/restoreRun.ts';
import type { FromWebview } from '../shared/protocol.ts';
import { countOf } from '../shared/quantities.ts';
import type { SkippedFile } from '../shared/refs.ts';
import { shownPath } from '../shared/visibleText.ts';

/** To which state files are put back. */
export type RestoreTo = (FromWebview & { type: 'restoreFiles' })['to'];

/** Lines that a dialog shows, and names in one of its sentences. */
const shownLines = 12;
const shownNames = 5;
const willBe = { added: 'delete', modified: 'change back', deleted: 'bring back' } as const;

/** The question. */
export function restoreTitle({ files, words }: Pick<RestorePlan, 'files' | 'words'>, to: RestoreTo): string {
  const what = countOf(files.length, 'file');
  if (to.kind === 'start') return `Undo the changes of this run in ${what}?`;
  if (to.kind === 'beforeCall') return `Put ${what} back as before this call?`;
  return `Put ${what} back ${words}?`;
}

/** What stands below it; `dirty`: files with changes that are not saved. */
export function restoreDetail(
  { files, skipped, persons }: Pick<RestorePlan, 'files' | 'skipped' | 'persons'>,
  dirty: readonly string[],
): string {
  const lines = files.slice(0, shownLines).map(({ path, change }) => `${willBe[change]}  ${shownPath(path)}`);
  if (files.length > shownLines) lines.push(`and ${countOf(files.length - shownLines, 'file')} more`);
  return [
    lines.join('\n'),
    notKeptWords(skipped),
    persons.length > 0 && `You changed these as well: ${named(persons.map(shownPath))}`,
    dirty.length > 0 && `With changes that are not saved: ${named(dirty.map(shownPath))}`,
    'What is there now is kept as well: this can be taken back.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The state is that already; what was not kept may be other all the same. */
export function alreadyWords({ words, skipped }: Pick<RestorePlan, 'words' | 'skipped'>): string {
  return [`The files are ${words} already.`, notKeptWords(skipped)].filter(Boolean).join(' ');
}

/** "3 files put back.", and what could not be. */
export function restoredWords(count: number, skipped: readonly SkippedFile[]): string {
  const done = `${countOf(count, 'file')} put back.`;
  if (skipped.length === 0) return done;
  return `${done} ${countOf(skipped.length, 'file')} could not be: ${named(skipped.map(reasoned))}`;
}

function notKeptWords(skipped: readonly SkippedFile[]): string {
  return skipped.length > 0 ? `Not kept, stays as it is: ${named(skipped.map(reasoned))}` : '';
}

function reasoned({ path, reason }: SkippedFile): string {
  return `${shownPath(path)} (${reason})`;
}

function named(names: readonly string[]): string {
  const more = names.length - shownNames;
  const shown = names.slice(0, shownNames).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}
