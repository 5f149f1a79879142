/** Commands that run other commands: what each of them takes before the command that it runs. */
import type { CommandWord } from './commandLine.ts';

/**
 * `through`: only what it runs counts. `both`: it counts, and so does what it runs. `past`: it changes where or as whom
 * something runs, so that a rule has to name both.
 */
export type Passing = 'through' | 'both' | 'past';

/** What a command runs, as far as its words tell. */
export interface Inside {
  readonly passing: Passing;
  /** Commands among its words, and where each begins. */
  readonly commands: readonly { readonly from: number; readonly words: readonly CommandWord[] }[];
  /** Command lines among its words, and where each stands. */
  readonly lines: readonly { readonly from: number; readonly text: string }[];
  /** Why not all that it runs can be told from its words. */
  readonly opaque?: string;
  /** Whether it may be any command: a shell's that is told later what to run. */
  readonly anything?: true;
  /** Whether what it runs comes from elsewhere in the line. */
  readonly reads?: true;
  /** What it changes for the command that it runs. */
  readonly worry?: string;
}

interface Wrapper {
  readonly passing: Passing;
  /** Options that take the next word. */
  readonly values?: string;
  /** Words of its own before the command. */
  readonly own?: number;
  /** The second word that makes it one: `uv run`. */
  readonly second?: string;
  /** Options that do more than run something. */
  readonly more?: RegExp;
  /** Options whose value is a command line. */
  readonly line?: string;
  /** Its further words together are one command line. */
  readonly joined?: true;
}

const runner: Wrapper = { passing: 'past', values: '-p --package --with --python -n --name --prefix -C' };

const wrappers: Readonly<Record<string, Wrapper>> = {
  env: { passing: 'through', values: '-u --unset -C --chdir', line: '-S --split-string', more: /^(?:-C|--chdir)/ },
  nohup: { passing: 'through' },
  setsid: { passing: 'through' },
  unbuffer: { passing: 'through' },
  chronic: { passing: 'through' },
  time: { passing: 'through', values: '-f --format -o --output', more: /^(?:-o|--output)/ },
  timeout: { passing: 'through', values: '-k --kill-after -s --signal', own: 1 },
  nice: { passing: 'through', values: '-n --adjustment' },
  ionice: { passing: 'through', values: '-c --class -n --classdata' },
  chrt: { passing: 'through', own: 1 },
  taskset: { passing: 'through', own: 1 },
  stdbuf: { passing: 'through', values: '-i --input -o --output -e --error' },
  command: { passing: 'through' },
  builtin: { passing: 'through' },
  exec: { passing: 'through', values: '-a', more: /^-[cl]*a/ },
  xargs: {
    passing: 'through',
    values: '-I -P -L -n -s -d -E -a --max-args --max-procs --delimiter --arg-file --max-lines',
  },
  busybox: { passing: 'past' },
  toybox: { passing: 'past' },
  sudo: {
    passing: 'past',
    values: '-u --user -g --group -h --host -p --prompt -C -r --role -t --type -T -U -R -D --chdir',
  },
  doas: { passing: 'past', values: '-u -C' },
  pkexec: { passing: 'past', values: '--user' },
  su: { passing: 'past', values: '-s --shell -g -G', own: 1, line: '-c --command' },
  runuser: { passing: 'past', values: '-u --user -g -G', line: '-c --command' },
  chroot: { passing: 'past', own: 1 },
  unshare: { passing: 'past', values: '-S -G -R -w --setuid --setgid --root --wd' },
  nsenter: { passing: 'past', values: '-t --target -S -G' },
  setpriv: { passing: 'past' },
  bwrap: { passing: 'past' },
  firejail: { passing: 'past' },
  flock: { passing: 'past', values: '-w --timeout -E', own: 1, line: '-c --command' },
  strace: { passing: 'past', values: '-o -e -s -p -u -E -a -P -I' },
  ltrace: { passing: 'past', values: '-o -e -s -p -u -a' },
  script: { passing: 'past', own: 1, line: '-c --command' },
  watch: { passing: 'past', values: '-n --interval', joined: true },
  entr: { passing: 'past' },
  ssh: { passing: 'past', values: '-p -i -o -l -F -J -L -R -D -b -c -E -e -I -m -O -Q -S -W -w', own: 1, joined: true },
  npx: { ...runner, line: '-c --call' },
  bunx: runner,
  uvx: runner,
  uv: { ...runner, second: 'run' },
  poetry: { ...runner, second: 'run' },
  pipenv: { ...runner, second: 'run' },
  pdm: { ...runner, second: 'run' },
  hatch: { ...runner, second: 'run' },
  conda: { ...runner, second: 'run' },
  mamba: { ...runner, second: 'run' },
  bundle: { ...runner, second: 'exec' },
  npm: { ...runner, second: 'exec', line: '-c --call' },
  pnpm: { ...runner, second: 'exec' },
  mise: { ...runner, second: 'exec' },
};

/** What a wrapper runs; undefined where that name is none. `name` has neither folder nor case. */
export function wrapped(name: string, words: readonly CommandWord[]): Inside | undefined {
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (!wrapper) return undefined;
  const { passing, second, joined } = wrapper;
  if (second !== undefined && words[1]?.value !== second) return undefined;
  if (name === 'command' && words.some(({ value }) => value === '-v' || value === '-V')) return undefined;
  const { at, lines, worry, opaque } = skipOptions(words, second === undefined ? 1 : 2, wrapper);
  const rest = words.slice(at);
  const found = { passing, lines, ...(worry !== undefined && { worry }), ...(opaque && toldLater) };
  if (rest.length === 0) return lines.length > 0 || opaque ? { ...found, commands: [] } : undefined;
  if (joined) {
    const text = rest.map(({ value }) => value);
    if (text.includes(undefined)) return { ...found, commands: [], ...toldLater };
    return { ...found, commands: [], lines: [...lines, { from: at, text: text.join(' ') }] };
  }
  return { ...found, commands: [{ from: at, words: name === 'xargs' ? withInput(words, at) : rest }] };
}

/** What a command runs is told only when it runs. */
export const toldLater = { opaque: 'what it runs shows only when it runs', anything: true } as const;

/** A word that shows only when the command runs. */
const laterWord: CommandWord = { text: '…', value: undefined, plain: false };

/** What `xargs` reads comes behind the words, or in place of what `-I` names. */
function withInput(all: readonly CommandWord[], at: number): readonly CommandWord[] {
  const marks = all.slice(1, at).flatMap(({ value = '' }, index) => {
    const [, inline] = /^(?:-I|-i|-J|--replace=)(.+)$/.exec(value) ?? [];
    return value === '-I' || value === '-J' ? [all[index + 2]?.value ?? ''] : inline === undefined ? [] : [inline];
  });
  const mark = marks.find((text) => text !== '') ?? '{}';
  return [...placeholders(all.slice(at), mark), laterWord];
}

/** `{}` stands for something else; in a line for a shell it may even end a command and begin another. */
export function placeholders(words: readonly CommandWord[], mark = '{}'): readonly CommandWord[] {
  return words.map((word) => {
    if (word.value?.includes(mark) !== true) return word;
    return /\s/.test(word.value) ? { ...word, value: word.value.replaceAll(mark, '"${!later}"') } : laterWord;
  });
}

function optionsOf(text: string): ReadonlySet<string> {
  return new Set(text === '' ? [] : text.split(' '));
}

function skipOptions(words: readonly CommandWord[], from: number, { values = '', own = 0, line = '', more }: Wrapper) {
  const [takes, isLine] = [optionsOf(values), optionsOf(line)];
  const lines: { from: number; text: string }[] = [];
  let [at, left] = [from, own];
  let worry: string | undefined;
  let opaque = false;
  for (; at < words.length; at++) {
    const value = words[at]?.value;
    if (value === undefined) {
      if (left === 0) break;
      left--;
    } else if (value === '--') {
      at += 1 + left;
      break;
    } else if (isLine.has(value)) {
      const text = words[++at]?.value;
      if (text === undefined) opaque = true;
      else lines.push({ from: at, text });
    } else if (/^-./.test(value) || value === '-') {
      const inline = /^(--[a-z-]+|-[A-Za-z])=?(.+)$/s.exec(value);
      const [, option = '', text = ''] = inline ?? [];
      if (more?.test(value)) worry = `its option ${value} does more than run something`;
      if (isLine.has(option)) lines.push({ from: at, text });
      else if (takes.has(value)) at++;
    } else if (/^\w+=/.test(value)) {
      worry = `\`${value.slice(0, 60)}\` is set`;
    } else if (left > 0) {
      left--;
    } else {
      break;
    }
  }
  return { at, lines, worry, opaque };
}
