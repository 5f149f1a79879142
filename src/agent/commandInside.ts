/** What a simple command runs beside itself: through a wrapper, a shell, an interpreter, or an option of its own. */
import type { CommandWord } from './commandLine.ts';
import { isOwn } from './commandWorries.ts';
import { placeholders, toldLater, wrapped, type Inside } from './commandWrappers.ts';

/** What is inside a command; undefined for one that runs nothing else as far as its words tell. */
export function insideOf(words: readonly CommandWord[]): Inside | undefined {
  const name = programName(words[0]?.value ?? '');
  if (name === '') return undefined;
  return (
    wrapped(name, words) ??
    shell(name, words) ??
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

/** Words that change what other words mean. */
const changes = (): Inside => opaque('it changes what other commands do');

const special: Readonly<Record<string, (words: readonly CommandWord[]) => Inside | undefined>> = {
  eval: (words) => {
    const texts = words.slice(1).map(({ value }) => value);
    if (texts.includes(undefined)) return unknown('past');
    return { passing: 'through', commands: [], lines: [{ from: 1, text: texts.join(' ') }] };
  },
  source: sourced,
  '.': sourced,
  trap: (words) => ({ ...changes(), ...lineAt(words, 1) }),
  alias: changes,
  shopt: changes,
  enable: changes,
  hash: changes,
  bind: changes,
  complete: changes,
  fc: changes,
  let: changes,
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
  test: (words) => (words.some(({ value }) => value === '-v' || value === '-R') ? changes() : undefined),
  '[': (words) => (words.some(({ value }) => value === '-v' || value === '-R') ? changes() : undefined),
  printf: (words) => (/^-v/.test(words[1]?.value ?? '-v') ? setsNames(words) : undefined),
  read: setsNames,
  mapfile: setsNames,
  readarray: setsNames,
  getopts: setsNames,
  unset: setsNames,
  export: setsNames,
  declare: setsNames,
  typeset: setsNames,
  local: setsNames,
  readonly: setsNames,
  find: (words) => finds(words, /^-(?:exec|execdir|ok|okdir)$/),
  fd: (words) => finds(words, fdRuns),
  fdfind: (words) => finds(words, fdRuns),
  sed: (words) => sed(words),
  gsed: (words) => sed(words),
  compgen: changes,
  git: (words) => {
    const values = words.map(({ value }) => value ?? '');
    const run = values.indexOf('run', values.indexOf('bisect') + 1);
    if (values.includes('bisect') && run > 0)
      return { passing: 'both', commands: [{ from: run + 1, words: words.slice(run + 1) }], lines: [] };
    const each = values.indexOf('foreach');
    if (values.includes('submodule') && each > 0)
      return { passing: 'both', commands: [], lines: [{ from: each + 1, text: values.slice(each + 1).join(' ') }] };
    const key = values.includes('config')
      ? words.find(({ value }) => value === undefined || configures.test(value))
      : undefined;
    if (key)
      return { ...changes(), ...(words.some(({ value }) => value === undefined) && { anything: true as const }) };
    const configured = values.some((value) => /^(?:-c.*|--config-env.*|--exec-path=.*)$/s.test(value));
    const executes = values.includes('rebase') && values.some((value) => /^(?:-x|--exec)/.test(value));
    return configured || executes || values.includes('filter-branch') ? changes() : hiddenOption(words);
  },
  awk: (words) => awk(words),
  gawk: (words) => awk(words),
  mawk: (words) => awk(words),
};

const fdRuns = /^(?:-[A-Za-z]*[xX]|--exec|--exec-batch)$/;

/** Programs that run a command for each file that they find. */
function finds(words: readonly CommandWord[], running: RegExp): Inside | undefined {
  let behind = 0;
  const commands = words.flatMap(({ value }, at) => {
    if (at < behind || value === undefined || !running.test(value)) return [];
    const rest = words.slice(at + 1);
    const end = rest.findIndex((word) => word.value === ';' || word.value === '+');
    behind = end < 0 ? words.length : at + 1 + end;
    return [{ from: at + 1, words: placeholders(rest.slice(0, behind - at - 1)) }];
  });
  const dynamic = words.some(({ value, text }) => value === undefined && !/["'/*?.\[]/.test(text));
  if (dynamic) return { ...unknown('both'), commands };
  return commands.length > 0 ? { passing: 'both', commands, lines: [] } : undefined;
}

/** A script of sed's may run commands and write files. */
function sed(words: readonly CommandWord[]): Inside | undefined {
  const left = sedScripts(words).map(sedCommands).join(' ');
  if (left.includes('e')) return { ...unknown('past'), opaque: 'its script may run commands' };
  return /w/i.test(left) ? opaque('its script may write files') : undefined;
}

/** What options give as a script; the first word that is none where they give no other. */
function sedScripts(words: readonly CommandWord[]): readonly string[] {
  const found: string[] = [];
  let first: string | undefined;
  for (let at = 1; at < words.length; at++) {
    const { value, text } = words[at] ?? { value: '', text: '' };
    const [, given] = /^(?:-[a-zA-Z]*?e|--expression=)(.*)$/s.exec(value ?? '') ?? [];
    if (value === '--expression' || given === '') found.push(words[++at]?.value ?? 'e');
    else if (given !== undefined) found.push(given);
    else if (value?.startsWith('-') !== true) first ??= value ?? text;
  }
  return found.length > 0 ? found : [first ?? ''];
}

/** What is left of a script without what it replaces, compares and inserts: its commands and their flags. */
function sedCommands(script: string): string {
  return script
    .replace(/(?<![\w\\])([0-9,$]*)[sy]([^\w\s])(?:\\.|(?!\2)[^\\])*\2(?:\\.|(?!\2)[^\\])*\2/gs, '$1')
    .replace(/\/(?:\\.|[^\\/])*\//g, '')
    .replace(/(?<![\w])(\d*)(?:[aic]\\?|[:btT])\s*[^;\n]*/g, '$1');
}

/** Settings of git's that are commands. */
const configures =
  /^(?:alias|include|includeif|filter|diff|difftool|mergetool|merge|pager|credential|gpg|interactive|remote|url|submodule|protocol)\.|^core\.(?:pager|editor|sshcommand|hookspath|fsmonitor|askpass|gitproxy|alternaterefscommand)/i;

/** Builtins that set variables: harmless for names of the line's own. */
function setsNames(words: readonly CommandWord[]): Inside | undefined {
  const harmless = words.slice(1).every(({ value }) => {
    if (value === undefined || value.startsWith('-C')) return false;
    return value.startsWith('-') || isOwn(value.replace(/=.*/s, ''));
  });
  return harmless ? undefined : changes();
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
  const runs = words
    .slice(1)
    .some(({ value }) => value === undefined || /system|getline|[|>]|^-[fiE]|^--(?:file|exec|include)/.test(value));
  return runs ? opaque('its program may run commands') : undefined;
}

/** Programs that run code. */
export const interpreters =
  /^(?:python|pypy|perl|ruby|node|php|lua|luajit|deno|bun|rscript|julia|osascript|pwsh|powershell|tclsh)[\d.]*$/;
const codeOption = /^(?:-[A-Za-z]*[cepEr]|--eval|--print|--command|-Command|-EncodedCommand|eval)$/;

function interpreter(name: string, words: readonly CommandWord[]): Inside | undefined {
  if (!interpreters.test(name)) return undefined;
  const rest = words.slice(1);
  if (rest.length === 1 && /^(?:-[hvV]|--help|--version)$/.test(rest[0]?.value ?? '')) return undefined;
  for (const { value } of rest) {
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
