/** Commands that run other commands and nothing else: with all of their options, so that what they run is told for sure. */
import type { CommandWord } from './commandLine.ts';
import { readOptions, type FoundOption, type OptionTable } from './commandOptions.ts';
import { placeholders, toldLater, type Inside } from './commandWrappers.ts';

/** `moves`: it does more than run something. `split`: its value is words. `asks`: it runs nothing. */
type Effect = 'moves' | 'split' | 'asks';

interface Tight {
  readonly options: OptionTable<Effect>['options'];
  /** How many words of its own stand before the command. */
  readonly own?: number;
}

const tight: Readonly<Record<string, Tight>> = {
  env: {
    options: [
      ['moves', '-C: --chdir: -a: --argv0:'],
      ['split', '-S: --split-string:'],
      [
        'safe',
        '-i --ignore-environment -0 --null -u: --unset: -v --debug --block-signal? --default-signal? --ignore-signal? --list-signal-handling --help --version',
      ],
    ],
  },
  nohup: { options: [['asks', '--help --version']] },
  setsid: { options: [['safe', '-c --ctty -f --fork -w --wait']] },
  unbuffer: { options: [['safe', '-p']] },
  chronic: { options: [['safe', '-e -v']] },
  time: {
    options: [
      ['moves', '-o: --output: -a --append'],
      ['safe', '-f: --format: -p --portability -q --quiet -v --verbose'],
    ],
  },
  timeout: {
    options: [['safe', '-k: --kill-after: -s: --signal: -f --foreground -p --preserve-status -v --verbose']],
    own: 1,
  },
  nice: { options: [['safe', '-n: --adjustment: -1? -2? -3? -4? -5? -6? -7? -8? -9?']] },
  ionice: { options: [['safe', '-c: --class: -n: --classdata: -t --ignore']] },
  chrt: {
    options: [
      [
        'safe',
        '-a -b -d -f -i -o -r -R -v --all-tasks --batch --deadline --fifo --idle --other --rr --reset-on-fork --verbose -T: --sched-runtime: -P: --sched-period: -D: --sched-deadline:',
      ],
    ],
    own: 1,
  },
  taskset: { options: [['safe', '-a --all-tasks -c --cpu-list']], own: 1 },
  stdbuf: { options: [['safe', '-i: --input: -o: --output: -e: --error:']] },
  command: {
    options: [
      ['asks', '-v -V'],
      ['safe', '-p'],
    ],
  },
  builtin: { options: [] },
  exec: {
    options: [
      ['moves', '-a:'],
      ['safe', '-c -l'],
    ],
  },
  xargs: {
    options: [
      ['moves', '--process-slot-var:'],
      [
        'safe',
        '-0 --null -a: --arg-file: -d: --delimiter: -E: -e? --eof? -I: -i? --replace? -L: -l? --max-lines? -n: --max-args: -o --open-tty -P: --max-procs: -p --interactive -r --no-run-if-empty -s: --max-chars: -t --verbose -x --exit --show-limits',
      ],
    ],
  },
};

/** What a wrapper of these runs; undefined where that name is none. `name` has neither folder nor case. */
export function wrappedTightly(name: string, words: readonly CommandWord[]): Inside | undefined {
  const known = Object.hasOwn(tight, name) ? tight[name] : undefined;
  return known && insideOf(name, words, known);
}

function insideOf(name: string, words: readonly CommandWord[], { options: table, own = 0 }: Tight): Inside | undefined {
  const { options, operands } = readOptions(words, 1, { options: table, closed: true, ordered: true });
  if (options.some(({ effect }) => effect === 'asks')) return undefined;
  const named = operands.map((at) => words[at]);
  const sets = name === 'env' ? named.findIndex((word) => !/^(?:\w+=|-$)/.test(word?.value ?? '')) : 0;
  const skipped = (sets < 0 ? operands.length : sets) + own;
  const at = operands[skipped] ?? words.length;
  const split = options.find(({ effect }) => effect === 'split');
  // A word of its own that may be an option, or none, moves the place where the command begins.
  const unsure = options.some(({ effect, at: place }) => effect === 'unknown' && place < at);
  const moved = named.slice(0, skipped).some((word) => word?.several !== undefined);
  const more = options.find(({ effect }) => effect === 'moves');
  const worry = more ? `its option ${more.name} does more than run something` : settingOf(named.slice(0, skipped));
  const later = unsure || moved;
  const found = {
    passing: 'through',
    lines: [],
    ...(worry !== undefined && { worry }),
    ...(later && toldLater),
  } as const;
  if (split) {
    const inner = splitWords(split.value?.text);
    const from = split.value?.at ?? split.at;
    const behind = [...words.slice(0, 1), ...(inner ?? []), ...words.slice(from + 1)];
    return inner ? { ...found, commands: [{ from, words: behind }] } : { ...found, commands: [], ...toldLater };
  }
  const rest = words.slice(at);
  if (rest.length === 0) return !later ? undefined : { ...found, commands: [] };
  return { ...found, commands: [{ from: at, words: name === 'xargs' ? withInput(rest, options) : rest }] };
}

function settingOf(words: readonly (CommandWord | undefined)[]): string | undefined {
  const set = words.find((word) => /^\w+=/.test(word?.value ?? ''))?.value;
  return set === undefined ? undefined : `\`${set.slice(0, 60)}\` is set`;
}

/** What `env -S` takes a text apart into; undefined for all but the plainest. */
function splitWords(text: string | undefined): readonly CommandWord[] | undefined {
  if (text === undefined || !/^[\w\s./:@%+,=-]*$/.test(text)) return undefined;
  const parts = text.split(/\s+/).filter((part) => part !== '');
  return parts.map((part) => ({ text: part, value: part, plain: true }));
}

/** What `xargs` reads comes behind the words, or in place of what `-I` names. */
function withInput(words: readonly CommandWord[], options: readonly FoundOption<Effect>[]): readonly CommandWord[] {
  const replaces = options.findLast(({ name }) => /^(?:-I|-i|--replace)$/.test(name));
  if (!replaces) return [...words, { text: '…', value: undefined, plain: false, several: 'any' }];
  return placeholders(words, replaces.value?.text === '' ? '{}' : (replaces.value?.text ?? '{}'));
}
