/** Options read as programs read them: long names and their beginnings, short letters in bundles, values behind both. */
import { mayBeOption, type CommandWord } from './commandLine.ts';

/**
 * A program's options by what they do, those apart by blanks: `-k:` takes a value, `-i?` takes one only where it is joined,
 * `-u` none. `safe` ones do not do more than the program does anyway.
 */
export interface OptionTable<Effect extends string> {
  readonly options: readonly (readonly [effect: Effect | 'safe', names: string])[];
  /** Whether all options of the program are listed, so that any other one may do anything. */
  readonly closed?: true;
  /** Whether a dash begins a whole name and never a bundle of letters. */
  readonly whole?: true;
  /** Whether no word behind the first one that is no option is one. */
  readonly ordered?: true;
}

/** What an option makes a program do. */
export type ProgramEffect = 'writes' | 'runs';

/** A program and what it does under some of its options. */
export interface Program extends OptionTable<ProgramEffect | 'script'> {
  /** Words that do so without being options, be it behind `--`. */
  readonly also?: readonly (readonly [effect: ProgramEffect, words: RegExp])[];
  /** Whether a word that shows only when the command runs may be one of those, however it begins. */
  readonly known?: true;
  /** Where this counts: with this word among the others only. */
  readonly second?: string;
  /** How many words that are no options it reads; it writes to the next one. */
  readonly reads?: number;
}

/** An option among words; `unknown`: one that is not listed, or that shows only when the command runs. */
export interface FoundOption<Effect extends string> {
  readonly at: number;
  readonly effect: Effect | 'safe' | 'unknown';
  /** As it is listed, or as it stands there. */
  readonly name: string;
  /** Its value, where it has one: where that stands and what it is, as far as that is known. */
  readonly value?: { readonly at: number; readonly text: string | undefined };
}

interface Listed<Effect extends string> {
  readonly name: string;
  readonly effect: Effect | 'safe';
  readonly takes: 'nothing' | 'word' | 'joined';
}

/** Reads the words from the one at `from` on: options in their order, and where words stand that are none. */
export function readOptions<Effect extends string>(
  words: readonly CommandWord[],
  from: number,
  table: OptionTable<Effect>,
): { readonly options: readonly FoundOption<Effect>[]; readonly operands: readonly number[] } {
  const listed = listOf(table);
  const options: FoundOption<Effect>[] = [];
  const operands: number[] = [];
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === undefined || word.value === '--') break;
    if (!mayBeOption(word) && !/^-./s.test(word.value ?? '')) {
      operands.push(at);
      if (table.ordered) break;
      continue;
    }
    const found = optionsIn(word, at, table, listed);
    options.push(...found);
    const next = words[at + 1];
    const last = found.at(-1);
    // Where not all options are listed, a list may be wrong about one that takes a value.
    if (last?.value?.at !== at + 1 || (!table.closed && /^-./s.test(next?.value ?? ''))) continue;
    at++;
    options.pop();
    options.push({ ...last, value: { at, text: next?.value } });
    if (next?.several === 'any') options.push(unknown(at, next));
  }
  for (at += 1; at < words.length; at++) operands.push(at);
  return { options, operands };
}

function unknown<Effect extends string>(at: number, { text }: CommandWord): FoundOption<Effect> {
  return { at, effect: 'unknown', name: text };
}

/** The options that one word holds. */
function optionsIn<Effect extends string>(
  word: CommandWord,
  at: number,
  { closed, whole }: OptionTable<Effect>,
  listed: ReadonlyMap<string, Listed<Effect>>,
): readonly FoundOption<Effect>[] {
  const complete = word.value !== undefined;
  const known = word.value ?? (word.several ? '' : (word.start ?? ''));
  const rest = closed || !complete ? [unknown<Effect>(at, word)] : [];
  if (!whole && !known.startsWith('--')) return lettersIn(known, at, complete, rest, closed === true, listed);
  const [, name = known, given] = /^([^=]*)=(.*)$/s.exec(known) ?? [];
  if (!complete && given === undefined) return rest;
  const option = namedBy(whole ? name.replace(/^--/, '-') : name, closed === true, listed);
  if (given !== undefined && option) {
    return [{ at, name: option.name, effect: option.effect, value: { at, text: complete ? given : undefined } }];
  }
  if (option) return [withNext(option, at)];
  const joined = whole ? /^(-[A-Za-z])([-+]?\d\w*)$/.exec(known) : null;
  const short = listed.get(joined?.[1] ?? '');
  return short ? [{ at, name: short.name, effect: short.effect, value: { at, text: joined?.[2] } }] : rest;
}

/** `-xzf name`: letters up to the first one that takes what is left, or the next word. */
function lettersIn<Effect extends string>(
  known: string,
  at: number,
  complete: boolean,
  rest: readonly FoundOption<Effect>[],
  closed: boolean,
  listed: ReadonlyMap<string, Listed<Effect>>,
): readonly FoundOption<Effect>[] {
  const letters = Array.from(known.slice(1));
  const found: FoundOption<Effect>[] = [];
  for (const [index, letter] of letters.entries()) {
    const option = listed.get(`-${letter}`);
    if (!option && closed) return [...found, ...rest];
    if (!option) continue;
    const text = letters.slice(index + 1).join('');
    // A value that comes to nothing is the next word instead.
    if (option.takes === 'word' && text === '' && !complete) return [...found, ...rest];
    const joined = text !== '' || !complete;
    if (option.takes === 'nothing' || (option.takes === 'word' && !joined)) {
      found.push(withNext(option, at));
      continue;
    }
    const value = { at, text: complete ? text : undefined };
    return [...found, { at, name: option.name, effect: option.effect, ...(joined && { value }) }];
  }
  return complete ? found : [...found, ...rest];
}

function withNext<Effect extends string>({ name, effect, takes }: Listed<Effect>, at: number): FoundOption<Effect> {
  return { at, name, effect, ...(takes === 'word' && { value: { at: at + 1, text: undefined } }) };
}

/** The option of that name, or one with an effect that this may be the beginning of. */
function namedBy<Effect extends string>(
  name: string,
  closed: boolean,
  listed: ReadonlyMap<string, Listed<Effect>>,
): Listed<Effect> | undefined {
  const exact = listed.get(name);
  if (exact || closed || !/^--./.test(name)) return exact;
  return [...listed.values()].find((one) => one.effect !== 'safe' && one.name.startsWith(name));
}

function listOf<Effect extends string>({ options }: OptionTable<Effect>): ReadonlyMap<string, Listed<Effect>> {
  const all = options.flatMap(([effect, names]) =>
    names.split(' ').map((text): readonly [string, Listed<Effect>] => {
      const name = text.replace(/[:?]$/, '');
      const takes = text.endsWith(':') ? 'word' : text.endsWith('?') ? 'joined' : 'nothing';
      return [name, { name, effect, takes }];
    }),
  );
  return new Map(all);
}
