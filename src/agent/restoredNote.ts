/** What the model is told when a person put files back: what it read of them, and wrote to them, no longer holds. */
import { asOfWords } from '../shared/describeItem.ts';
import type { FactOf } from '../shared/events.ts';
import { countOf } from '../shared/quantities.ts';

/** Files that are named; the rest is counted. */
const named = 50;

/** The text of the note, in the person's voice; `asOfTurn` is the turn whose files they are again. Undefined when none changed. */
export function restoredNote(
  { files, moreFiles }: Pick<FactOf<'checkpoint.made'>, 'files' | 'moreFiles'>,
  asOfTurn: number | undefined,
): string | undefined {
  const all = files.length + moreFiles;
  if (all === 0) return undefined;
  const rest = all - Math.min(files.length, named);
  const lines = files.slice(0, named).map(({ path, change }) => `- ${path} (${now[change]})`);
  return [
    `I put ${countOf(all, 'file')} of the workspace back ${asOfWords(asOfTurn)}:`,
    ...lines,
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    'What was changed in them since then is gone. Read them again before you rely on what they hold.',
  ].join('\n');
}

/** What putting back did to a file. */
const now = { added: 'there again', modified: 'changed back', deleted: 'gone again' } as const;
