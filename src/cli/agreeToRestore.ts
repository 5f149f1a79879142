/** The question before files are put back: what becomes of which, and what stays. */
import type { RestorePlan } from '../runs/restoreRun.ts';
import { countOf } from '../shared/quantities.ts';
import { shownPath } from '../shared/visibleText.ts';
import { UsageError, type Call } from './arguments.ts';
import { personAtTerminal, type Person } from './personAtTerminal.ts';

const willBe = { added: 'delete', modified: 'change back', deleted: 'bring back' } as const;

/** What is not put back, whatever is. */
export function notKeptLines(skipped: RestorePlan['skipped']): string {
  return skipped.map(({ path, reason }) => `  not kept, stays as it is: ${shownPath(path)} (${reason})\n`).join('');
}

/** Shows what a plan does, and asks unless `--yes` was given. `asked`: who listens at the terminal already. */
export async function agreeToRestore(
  { files, skipped, persons, words }: RestorePlan,
  { json, yes }: Pick<Call, 'json' | 'yes'>,
  signal: AbortSignal,
  asked?: Person,
): Promise<boolean> {
  const lines = files.map(({ path, change }) => `  ${willBe[change].padEnd(11)}  ${shownPath(path)}\n`);
  if (!json) process.stderr.write(lines.join(''));
  process.stderr.write(notKeptLines(skipped));
  for (const path of persons) process.stderr.write(`  changed by you as well  ${shownPath(path)}\n`);
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) throw new UsageError('Nobody can be asked here: add --yes.');
  const person = asked ?? personAtTerminal(process.stdin, process.stderr, () => undefined);
  try {
    const question = `Put ${countOf(files.length, 'file')} back ${words}? [y/N]: `;
    return /^y(es)?$/i.test((await person.ask(question, signal))?.trim() ?? '');
  } finally {
    if (!asked) person.close();
  }
}
