/** The commands that `find` runs for what it finds. */
import type { CommandWord } from './commandLine.ts';

/** Where each begins among the words, and where it ends: at the `;` or `+`, or with the last word. */
export function commandsOfFind(
  words: readonly CommandWord[],
  running = /^-(?:exec|execdir|ok|okdir)$/,
): readonly { readonly from: number; readonly end: number }[] {
  let behind = 0;
  return words.flatMap(({ value }, at) => {
    if (at < behind || value === undefined || !running.test(value)) return [];
    const end = words.findIndex((word, index) => index > at && (word.value === ';' || word.value === '+'));
    behind = end < 0 ? words.length : end;
    return [{ from: at + 1, end: behind }];
  });
}

/** What `find` itself reads: its commands and what stands for them left out, places kept. */
export function wordsOfFind(words: readonly CommandWord[]): readonly CommandWord[] {
  const commands = commandsOfFind(words);
  const left: CommandWord = { text: '', value: '', plain: false };
  return words.map((word, at) => (commands.some(({ from, end }) => at >= from - 1 && at <= end) ? left : word));
}
