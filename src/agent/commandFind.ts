/** The commands that `find` runs for what it finds. */
import type { CommandWord } from './commandLine.ts';

/** Where each begins among the words, and where it ends: at the `;` or `+`, or with the last word. */
export function commandsOfFind(
  words: readonly CommandWord[],
  running = /^-(?:exec|execdir|ok|okdir)$/,
): readonly { readonly from: number; readonly end: number }[] {
  const found: { from: number; end: number }[] = [];
  let from: number | undefined;
  for (const [at, { value = '' }] of words.entries()) {
    if (from !== undefined && (value === ';' || value === '+')) {
      found.push({ from, end: at });
      from = undefined;
    } else if (from === undefined && running.test(value)) {
      from = at + 1;
    }
  }
  return from === undefined ? found : [...found, { from, end: words.length }];
}

/** What `find` itself reads: its commands and what stands for them left out, places kept. */
export function wordsOfFind(words: readonly CommandWord[]): readonly CommandWord[] {
  const own = [...words];
  const left: CommandWord = { text: '', value: '', plain: false };
  for (const { from, end } of commandsOfFind(words)) own.fill(left, from - 1, end + 1);
  return own;
}
