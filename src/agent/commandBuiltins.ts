/** Builtins that change what other words of a line mean: names of commands, variables that programs heed, hidden evaluation. */
import { mayBeOption, type CommandWord } from './commandLine.ts';
import { readOptions, type OptionTable } from './commandOptions.ts';
import { isOwn } from './commandWorries.ts';
import type { Inside } from './commandWrappers.ts';

/** What such a builtin does; undefined for other commands, and where it changes nothing that matters. */
export function changesOf(name: string, words: readonly CommandWord[]): Inside | undefined {
  if (always.has(name)) {
    const shown = words.every(({ value }) => value !== undefined);
    return { ...changed, ...(!shown && { anything: true as const }) };
  }
  const harmless = Object.hasOwn(checks, name) ? checks[name] : undefined;
  return harmless === undefined || harmless(words) ? undefined : changed;
}

/** What is known of a command that changes what others do. */
export const changed = {
  passing: 'both',
  commands: [],
  lines: [],
  opaque: 'it changes what other commands do',
  hidden: true,
} as const;

const always: ReadonlySet<string> = new Set(
  'alias unalias shopt enable hash bind complete compgen compopt fc let'.split(' '),
);

type Check = (words: readonly CommandWord[]) => boolean;

/** Whether words set names of the line's own alone. */
const checks: Readonly<Record<string, Check>> = {
  test: testsValues,
  '[': testsValues,
  printf: ([, first]) => first === undefined || (!mayBeOption(first) && !/^-v/.test(first.value ?? '')),
  read: named([
    ['names', '-a:'],
    ['safe', '-d: -e -E -i: -n: -N: -p: -r -s -t: -u:'],
  ]),
  mapfile: named([['safe', '-d: -n: -O: -s: -t -u: -c:']]),
  readarray: named([['safe', '-d: -n: -O: -s: -t -u: -c:']]),
  getopts: (words) => words.slice(1).every(({ value }) => value !== undefined && isOwn(value)),
  unset: named([['safe', '-f -v -n']]),
  export: declares,
  declare: declares,
  typeset: declares,
  local: declares,
  readonly: declares,
};

function named(options: OptionTable<'names'>['options']): Check {
  return (words) => {
    const read = readOptions(words, 1, { options, closed: true });
    const names = read.operands.map((at) => words[at]?.value);
    for (const { effect, value } of read.options) if (effect === 'names') names.push(value?.text);
    return read.options.every(({ effect }) => effect !== 'unknown') && names.every((name) => isOwn(name ?? ''));
  };
}

/** A reference (`-n`) is another name, a number (`-i`) evaluates whatever it is ever given, a list what stands in it. */
function declares(words: readonly CommandWord[]): boolean {
  return words.slice(1).every(({ value }) => {
    if (value === undefined) return false;
    if (/^[-+]/.test(value)) return /^(?:[-+][aAfFgluprtx]+|--)$/.test(value);
    const [name = '', ...given] = value.split('=');
    return isOwn(name) && !/[$`([]/.test(given.join('='));
  });
}

const binary = /^(?:=|==|!=|=~|<|>|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

/** `-v` and `-R` evaluate a subscript. A word that is neither compared nor the value of an option may be one. */
function testsValues(words: readonly CommandWord[]): boolean {
  const given = words.slice(1).filter((word, at, all) => at < all.length - 1 || word.value !== ']');
  return given.every((word, at) => {
    if (word.value !== undefined) return word.value !== '-v' && word.value !== '-R';
    if (word.several === 'any') return false;
    const [before, behind] = [given[at - 1]?.value ?? '', given[at + 1]];
    if (!mayBeOption(word) || behind === undefined || binary.test(behind.value ?? '')) return true;
    return binary.test(before) || /^-[b-np-z]$/i.test(before) || /^(?:-[ao]|\))$/.test(behind.value ?? '');
  });
}
