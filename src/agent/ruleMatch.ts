/** Whether a rule's words are how a command begins: narrowly where it allows, broadly where it asks or denies. */
import { parse } from 'unbash';
import type { CommandWord } from './commandLine.ts';
import { programName } from './commandInside.ts';

/** A rule's words; the `*` or `:*` that some write at its end says nothing more than its beginning does. */
export function ruleWords(pattern: string): readonly string[] {
  const text = pattern.trim().replace(/(?:\s+|:)\*$/, '');
  const script = parse(text);
  const [statement] = script.commands;
  const command = script.errors === undefined && script.commands.length === 1 ? statement?.command : undefined;
  if (command?.type === 'Command' && command.name && command.prefix.length === 0 && command.redirects.length === 0) {
    return [command.name.value, ...command.args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text))];
  }
  return text.split(/\s+/);
}

/** A rule that holds for every command. */
function isAny(rule: readonly string[]): boolean {
  return rule.length === 1 && (rule[0] === '*' || rule[0] === '');
}

/** Whether the command begins with exactly these words, written as they are meant. How many of its words that are; 0: no. */
export function beginsWith(words: readonly CommandWord[], rule: readonly string[]): number {
  const [name] = words;
  if (isAny(rule)) return name?.plain === true ? 1 : 0;
  if (name?.plain !== true) return 0;
  return rule.every((word, at) => words[at]?.value === word) ? rule.length : 0;
}

/** `maybe`: that shows only when the command runs. */
export type Likeness = 'yes' | 'maybe' | 'no';

/**
 * Whether the command is one that the rule means, however it is written: with a folder before its name, options before its
 * subcommand or in another order.
 */
export function isLike(words: readonly CommandWord[], rule: readonly string[]): Likeness {
  const [name, ...rest] = words;
  if (name === undefined) return 'no';
  if (isAny(rule)) return 'yes';
  if (name.value === undefined) return 'maybe';
  const program = programName(name.value);
  // `git-push` is how `git push` is called where it is installed.
  if (rule[1] !== undefined && program === `${programName(rule[0] ?? '')}-${rule[1]}`) return 'yes';
  if (program !== programName(rule[0] ?? '')) return 'no';
  // What `git push` itself runs.
  if (
    rule[0] === 'git' &&
    rule[1] === 'push' &&
    rest.some(({ value }) => /^(?:send-pack|http-push)$/.test(value ?? ''))
  )
    return rule.length === 2 ? 'yes' : 'maybe';
  const further = rule.slice(1);
  if (further.every((word, at) => rest[at]?.value === word)) return 'yes';
  const found = positionals(
    rest,
    further.filter((word) => !isOption(word)),
  );
  return least(found, options(rest, further.filter(isOption)));
}

function isOption(word: string): boolean {
  return /^-./.test(word);
}

function least(a: Likeness, b: Likeness): Likeness {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

function most(a: Likeness, b: Likeness): Likeness {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'maybe';
}

/** Whether the words that are no options begin with those; an option may take the next word. */
function positionals(words: readonly CommandWord[], wanted: readonly string[]): Likeness {
  // From the end: `row[k]` says whether the words from here on begin with the wanted ones from k on.
  const end = wanted.map((): Likeness => 'no');
  let [next, afterNext] = [end, end];
  for (const { value, text } of words.toReversed()) {
    const [behind, behindNext] = [next, afterNext];
    const row = wanted.map((word, k): Likeness => {
      const skipped = behind[k] ?? 'yes';
      if (value === undefined) return /^["']?-/.test(text) ? skipped : 'maybe';
      if (value === '--') return skipped;
      if (!isOption(value)) return same(value, word) ? (behind[k + 1] ?? 'yes') : 'no';
      return skipped === 'yes' || value.includes('=') ? skipped : most(skipped, behindNext[k] ?? 'yes');
    });
    [next, afterNext] = [row, behind];
  }
  return next[0] ?? 'yes';
}

function same(value: string, wanted: string): boolean {
  return value === wanted || (/[/\\]/.test(wanted) && programName(value) === programName(wanted));
}

/** Whether all options of a rule stand among the words, in any order, short ones joined or apart. */
function options(words: readonly CommandWord[], wanted: readonly string[]): Likeness {
  if (wanted.length === 0) return 'yes';
  const end = wanted.includes('--') ? -1 : words.findIndex(({ value }) => value === '--');
  const given = end < 0 ? words : words.slice(0, end);
  const letters = given.map(({ value }) => /^-([A-Za-z]{1,8})$/.exec(value ?? '')?.[1] ?? '').join('');
  const has = (option: string) => {
    const short = /^-([A-Za-z]{1,3})$/.exec(option)?.[1];
    if (short !== undefined && Array.from(short).every((letter) => letters.includes(letter))) return true;
    return given.some(({ value }) => value === option || value?.startsWith(`${option}=`) === true);
  };
  if (wanted.every(has)) return 'yes';
  return given.some(({ value }) => value === undefined) ? 'maybe' : 'no';
}

/** Whether a rule's words occur in a text one behind the other; `apart`: whatever stands between them. */
export function occursIn(text: string, rule: readonly string[], apart = false): boolean {
  if (isAny(rule)) return true;
  const parts = rule.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (!apart) return alone(parts.join('[^\\w]{1,8}')).test(text);
  let from = 0;
  return parts.every((part) => {
    const found = alone(part).exec(text.slice(from));
    if (found) from += found.index + found[0].length;
    return found !== null;
  });
}

/** Not within another word; what is joined to a short option is a word. */
function alone(pattern: string): RegExp {
  return new RegExp(`(?<![\\w-])(?:-[A-Za-z])?${pattern}(?![\\w-])`, 'i');
}
