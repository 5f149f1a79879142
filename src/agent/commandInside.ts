/** What a simple command runs beside itself: through a wrapper, a shell, an interpreter, or an option of its own. */
import { changed, changesOf } from './commandBuiltins.ts';
import { commandsOfFind, wordsOfFind } from './commandFind.ts';
import { gitInside } from './commandGit.ts';
import { mayBeOption, type CommandWord } from './commandLine.ts';
import { readOptions } from './commandOptions.ts';
import { programs } from './commandPrograms.ts';
import { sedEffect } from './commandSed.ts';
import { wrappedTightly } from './commandTight.ts';
import { placeholders, toldLater, wrapped, type Inside } from './commandWrappers.ts';

/** What is inside a command; undefined for one that runs nothing else as far as its words tell. */
export function insideOf(words: readonly CommandWord[]): Inside | undefined {
  const name = programName(words[0]?.value ?? '');
  if (name === '') return undefined;
  return (
    wrappedTightly(name, words) ??
    wrapped(name, words) ??
    shell(name, words) ??
    changesOf(name, words) ??
    (Object.hasOwn(special, name) ? special[name]?.(words) : undefined) ??
    interpreter(name, words) ??
    hiddenOption(words)
  );
}

/** A program's name without its folder, in lower case. */
export function programName(word: string): string {
  return word
    .replace(/^.*[/\\](?=.)/s, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();
}

/** Programs that run command lines. */
export const shells = /^(?:ba|da|z|k|a|fi|c|tc)?sh$/;
/** Options under which a shell runs the line that it is given, and nothing else. */
const plainShellOption = /^-[celux]+$/;

function shell(name: string, words: readonly CommandWord[]): Inside | undefined {
  if (!shells.test(name)) return undefined;
  let plain = /^(?:ba|da)?sh$/.test(name);
  let [given, ended, fromInput] = [false, false, false];
  for (let at = 1; at < words.length; at++) {
    const value = words[at]?.value;
    if (!ended && (value === '-' || value === '--')) {
      ended = true;
    } else if (!ended && value !== undefined && /^--(?:rcfile|init-file)$/.test(value)) {
      plain = false;
      at++;
    } else if (!ended && value !== undefined && /^[-+]./.test(value)) {
      // `o` and `O` take a word each, joined to others too.
      const letters = value.startsWith('--') ? '' : value.slice(1);
      const taking = letters.replace(/[^oO]/g, '').length;
      plain &&= taking === 0 ? plainShellOption.test(value) : value === '-o' && words[at + 1]?.value === 'pipefail';
      given ||= value.startsWith('-') && letters.includes('c');
      fromInput ||= value.startsWith('-') && letters.includes('s');
      at += taking;
    } else if (given) {
      if (value === undefined) return unknown('past');
      return { passing: plain ? 'through' : 'past', commands: [], lines: [{ from: at, text: value }] };
    } else if (fromInput || (value !== undefined && isInput.test(value))) {
      break;
    } else {
      return { passing: 'past', commands: [{ from: at, words: words.slice(at) }], lines: [] };
    }
  }
  return given ? undefined : { ...unknown('past'), opaque: 'it runs what it reads', reads: true };
}

/** Files that are what a pipe or a redirection brings. */
const isInput = /^\/(?:dev|proc)\/|^-$/;

function unknown(passing: Inside['passing']): Inside {
  return { passing, commands: [], lines: [], ...toldLater };
}

function opaque(why: string): Inside {
  return { passing: 'both', commands: [], lines: [], opaque: why };
}

const special: Readonly<Record<string, (words: readonly CommandWord[]) => Inside | undefined>> = {
  eval: (words) => {
    const texts = words.slice(1).map(({ value }) => value);
    if (texts.includes(undefined)) return unknown('past');
    return { passing: 'through', commands: [], lines: [{ from: 1, text: texts.join(' ') }] };
  },
  source: sourced,
  '.': sourced,
  trap: (words) => ({ ...changed, ...lineAt(words, 1) }),
  parallel: (words) => ({
    ...unknown('past'),
    lines: [
      {
        from: 1,
        text: words
          .slice(1)
          .map(({ text }) => text)
          .join(' '),
      },
    ],
  }),
  // What it finds begins as the folders do that it is given.
  find: (words) => finds(words, wordsOfFind(words), commandsOfFind(words), './'),
  fd,
  fdfind: fd,
  sed,
  gsed: sed,
  awk,
  gawk: awk,
  mawk: awk,
  git: gitInside,
};

/** A program that runs a command for each file that it finds. `own`: its words without those commands. */
function finds(
  words: readonly CommandWord[],
  own: readonly CommandWord[],
  found: readonly { readonly from: number; readonly end: number }[],
  begins: string,
): Inside | undefined {
  const commands = found.map(({ from, end }) => ({ from, words: placeholders(words.slice(from, end), '{}', begins) }));
  const free = own.some((word) => mayBeOption(word) && word.several === 'any');
  if (free || found.some((one) => mayEnd(words.slice(one.from, one.end)))) return { ...unknown('both'), commands };
  if (commands.length === 0) return undefined;
  return { passing: 'both', commands, lines: [] };
}

/** Whether a word may come to the end of the command, so that others behind it would not be its own. */
function mayEnd(words: readonly CommandWord[]): boolean {
  return words.some((word, at) => {
    if (!mayBeOption(word) || word.several === 'alike') return false;
    const next = words[at + 1];
    return word.several === 'any' || (next !== undefined && /^(?:[-(),!]|$)/.test(next.value ?? ''));
  });
}

const fdRuns = /^(?:-[A-Za-z]*[xX]|--exec|--exec-batch)$/;

function fd(words: readonly CommandWord[]): Inside | undefined {
  const joined = words.some(({ value }) => /^(?:-[A-Za-z]*[xX].|--exec(?:-batch)?=)/s.test(value ?? ''));
  return joined ? unknown('both') : finds(words, words, commandsOfFind(words, fdRuns), '');
}

/** A script of sed's may run commands and write files. */
function sed(words: readonly CommandWord[]): Inside | undefined {
  const { options, operands } = readOptions(words, 1, programs['sed']?.[0] ?? { options: [] });
  const given = options.flatMap(({ effect, value }) => (effect === 'script' ? [value?.text] : []));
  const file = options.some(({ effect }) => effect === 'runs');
  const [first] = operands;
  const scripts = given.length > 0 || file || first === undefined ? given : [words[first]?.value];
  const known = scripts.flatMap((script) => script ?? []);
  if (known.length < scripts.length) return { ...opaque('its script shows only when it runs'), hidden: true };
  const effect = sedEffect(known.join('\n'));
  if (effect === undefined) return undefined;
  if (effect === 'writes') return opaque('its script may write files');
  const why = effect === 'runs' ? 'its script may run commands' : 'its script is not understood for sure';
  return { ...opaque(why), anything: true };
}

function runsFile(words: readonly CommandWord[]): Inside {
  return { passing: 'past', commands: [{ from: 1, words: words.slice(1) }], lines: [] };
}

/** A file that runs in this shell; what a pipe or a device brings may be anything. */
function sourced(words: readonly CommandWord[]): Inside {
  const file = words[1]?.value;
  const anything = file === undefined || isInput.test(file);
  const why = 'it runs a file in this shell';
  return { ...runsFile(words), opaque: why, reads: true, ...(anything && { anything }) };
}

function lineAt(words: readonly CommandWord[], at: number): Pick<Inside, 'lines'> {
  const text = words[at]?.value;
  return { lines: text === undefined ? [] : [{ from: at, text }] };
}

/** A program of awk's may run commands and write files. */
function awk(words: readonly CommandWord[]): Inside | undefined {
  const { options, operands } = readOptions(words, 1, programs['awk']?.[0] ?? { options: [] });
  const [program] = operands;
  const unknown = options.some(({ effect, at }) => effect === 'unknown' && words[at]?.value === undefined);
  const hidden = unknown || (program !== undefined && words[program]?.value === undefined);
  const other = options.some(({ effect }) => effect !== 'safe' && effect !== 'writes');
  const runs = words.slice(1).some(({ value }) => /system|getline|[|>@]/.test(value ?? ''));
  if (hidden) return { ...opaque('its program shows only when it runs'), hidden: true };
  return runs || other ? opaque('its program may run commands') : undefined;
}

/** Programs that run code. */
export const interpreters =
  /^(?:python|pypy|perl|ruby|node|php|lua|luajit|deno|bun|rscript|julia|osascript|pwsh|powershell|tclsh)[\d.]*$/;
const codeOption = /^(?:-[A-Za-z]*[cepEr]|--eval|--print|--command|-Command|-EncodedCommand|eval)$/;

function interpreter(name: string, words: readonly CommandWord[]): Inside | undefined {
  if (!interpreters.test(name)) return undefined;
  const rest = words.slice(1);
  if (rest.length === 1 && /^(?:-[hvV]|--help|--version)$/.test(rest[0]?.value ?? '')) return undefined;
  for (const word of rest) {
    const { value } = word;
    if (mayBeOption(word)) return { ...opaque('what it runs shows only when it runs'), hidden: true };
    if (value === undefined) return undefined;
    if (codeOption.test(value) || /^(?:-[ce].+|--eval=.*|--print=.*)$/s.test(value)) {
      return opaque('it runs code that stands in the line');
    }
    if (value === '-m' || (value !== '-' && !value.startsWith('-'))) return undefined;
  }
  return { ...opaque('it runs what it reads'), reads: true };
}

/** Options by which ordinary programs run others. */
const runningOption =
  /^--(?:to-command|checkpoint-action|use-compress-program|compress-program|filter|rsh|upload-pack|receive-pack|pre|hostname-bin|script-shell)(?:=|$)/;

function hiddenOption(words: readonly CommandWord[]): Inside | undefined {
  const option = words.find(({ value }) => value !== undefined && runningOption.test(value))?.value;
  if (option === undefined) return undefined;
  return opaque(`${option.replace(/=.*/s, '')} runs a program`);
}
