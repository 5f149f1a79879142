/** Words by which ordinary programs write files, run others, or take their orders from elsewhere. */
import { wordsOfFind } from './commandFind.ts';
import { interpreters, programName, shells } from './commandInside.ts';
import type { CommandWord } from './commandLine.ts';
import { readOptions, type Program, type ProgramEffect } from './commandOptions.ts';
import { anyProgram, programs } from './commandPrograms.ts';

export interface Risk {
  /** The last word of its kind. */
  readonly at: number;
  readonly why: string;
  /** Whether something may be run by it. */
  readonly runs: boolean;
  /** Whether what it is shows only when the command runs. */
  readonly hidden?: true;
}

/** The last word of a command that makes it do more than its beginning says; undefined where there is none. */
export function riskOf(words: readonly CommandWord[]): Risk | undefined {
  const name = programName(words[0]?.value ?? '');
  const program = programOf(name, words);
  const read = name === 'find' ? wordsOfFind(words) : words;
  const found = [
    ...(program ? ownRisks(read, program, name) : []),
    ...(program?.closed ? [] : commonRisks(read, name)),
  ];
  const all = found.filter(({ at }) => at > 0);
  return all.reduce<Risk | undefined>((last, one) => (last === undefined || one.at > last.at ? one : last), undefined);
}

/** What is known of a program, under the subcommand that stands among its words. */
function programOf(name: string, words: readonly CommandWord[]): Program | undefined {
  const rows = Object.hasOwn(programs, name) ? (programs[name] ?? []) : [];
  const [first, ...others] = rows.filter(
    ({ second }) => second === undefined || words.some(({ value }) => value === second),
  );
  if (!first) return undefined;
  return { ...first, options: [first, ...others].flatMap(({ options }) => options) };
}

function ownRisks(words: readonly CommandWord[], program: Program, name: string): readonly Risk[] {
  const { options, operands } = readOptions(words, 1, program);
  const mayRun = program.options.some(([effect]) => effect === 'runs') || program.closed === true;
  const found = options.flatMap(({ at, effect, name: option }): readonly Risk[] => {
    if (effect === 'safe' || effect === 'script' || (effect === 'unknown' && program.options.length === 0)) return [];
    if (effect !== 'unknown') return [risk(at, option, name, effect)];
    const hidden = words[at]?.value === undefined;
    const what = hidden ? 'may come to an option' : `is an option that is not known`;
    const why = `\`${option.slice(0, 60)}\` ${what} of ${name}'s`;
    return [{ at, runs: mayRun, why, ...(hidden && { hidden }) }];
  });
  const also = (program.also ?? []).flatMap(([effect, pattern]) =>
    words.flatMap(({ value, start, text }, at) => {
      const may = value === undefined ? program.known === true || pattern.test(start ?? '') : pattern.test(value);
      return may && at > 0 ? [risk(at, text, name, effect)] : [];
    }),
  );
  return [...found, ...also, ...writtenOperands(words, operands, program, name), ...oldBundle(words, name)];
}

/** A program that reads one file writes to the next one. */
function writtenOperands(
  words: readonly CommandWord[],
  operands: readonly number[],
  { reads }: Program,
  name: string,
): readonly Risk[] {
  if (reads === undefined) return [];
  const at = operands[reads] ?? operands.find((one) => words[one]?.several !== undefined);
  return at === undefined ? [] : [risk(at, words[at]?.text ?? '', name, 'writes')];
}

/** `tar cfI file program`: letters without a dash, their values behind. */
function oldBundle(words: readonly CommandWord[], name: string): readonly Risk[] {
  const letters = words[1]?.value ?? '';
  return name === 'tar' && /^\w*[IF]\w*$/.test(letters) ? [risk(1, letters, name, 'runs')] : [];
}

/** What options of such names do nearly everywhere. */
function commonRisks(words: readonly CommandWord[], name: string): readonly Risk[] {
  return readOptions(words, 1, anyProgram).options.flatMap(({ at, effect, name: option }) => {
    const given = words[at]?.value ?? words[at]?.start ?? '';
    if (effect !== 'writes' && effect !== 'runs') return [];
    return given.startsWith(option) || /^--\w{3}/.test(given) ? [risk(at, given, name, effect)] : [];
  });
}

function risk(at: number, text: string, name: string, effect: ProgramEffect): Risk {
  const runs = effect === 'runs';
  const option = text.replace(/=.*/s, '').slice(0, 60);
  return { at, runs, why: `\`${option}\` makes ${name} ${runs ? 'run something else' : 'write'}` };
}

/** The file below the working folder that a command runs, be it the program itself or what a shell or an interpreter is given. */
export function fileRunFrom(words: readonly CommandWord[]): string | undefined {
  const name = words[0]?.value ?? '';
  if (isBelow(name) && name.includes('/')) return name;
  const program = programName(name);
  if (!shells.test(program) && !interpreters.test(program) && program !== 'source' && program !== '.') return undefined;
  const file = words.slice(1).find(({ value }) => value !== undefined && !/^[-+]/.test(value))?.value;
  const code = words.some(({ value }) => /^-[a-z]*[ce]$/.test(value ?? ''));
  return file !== undefined && !code && isBelow(file) ? file : undefined;
}

function isBelow(file: string): boolean {
  return file !== '' && !/^(?:\/|~|[A-Za-z]:)/.test(file);
}
