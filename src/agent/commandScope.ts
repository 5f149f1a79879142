/** What "for this run" allows of a command line: the beginnings of its commands, or the line as it is. */
import { programName } from './commandInside.ts';
import type { CommandWord } from './commandLine.ts';
import { isAllowed, type Granted } from './commandRules.ts';
import { readCommandTree, type CommandTree } from './commandTree.ts';

/** What a person allows for a run with one word. */
export type CommandScope =
  | { readonly kind: 'beginnings'; readonly beginnings: readonly (readonly string[])[] }
  | { readonly kind: 'line'; readonly line: string };

/** More beginnings than these are hard to read. */
const maxBeginnings = 3;

/** The scope of a line; `allow` are the beginnings that are allowed already. */
export function commandScope(line: string, allow: Granted['beginnings']): CommandScope {
  const found = beginningsOf(readCommandTree(line), allow);
  const texts = new Map(found?.map((words) => [words.join('\n'), words]));
  const beginnings = [...texts.values()];
  return beginnings.length === 0 || beginnings.length > maxBeginnings
    ? { kind: 'line', line }
    : { kind: 'beginnings', beginnings };
}

/** In words: "commands that begin with `npm test`". */
export function scopeWords(scope: CommandScope): string {
  if (scope.kind === 'line') return 'this command, exactly as it is';
  const names = scope.beginnings.map((words) => `\`${words.map(shown).join(' ')}\``);
  return `commands that begin with ${names.join(' or ')}`;
}

function shown(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Undefined where beginnings do not say enough. */
function beginningsOf(tree: CommandTree, allow: Granted['beginnings']): readonly (readonly string[])[] | undefined {
  if (tree.unreadable !== undefined || tree.worries.length > 0) return undefined;
  const all: (readonly string[])[] = [];
  for (const reached of tree.commands) {
    const { command, inside, risk, branches } = reached;
    if (isAllowed(reached, allow)) continue;
    if (command.worries.length > 0 || inside?.opaque !== undefined || inside?.worry !== undefined) return undefined;
    if (inside?.passing === 'past' || (risk && risk.at === undefined)) return undefined;
    if (inside?.passing !== 'through' || risk) {
      const beginning = risk ? allOf(command.words) : beginningOf(command.words);
      if (!beginning) return undefined;
      all.push(beginning);
    }
    for (const branch of branches) {
      const below = beginningsOf(branch.tree, allow);
      if (!below) return undefined;
      all.push(...below);
    }
  }
  return all;
}

/** Programs whose second word says what they do. */
const withSubcommands: ReadonlySet<string> = new Set(
  'git npm pnpm yarn bun cargo go docker podman kubectl helm gh glab pip pip3 uv poetry dotnet mvn gradle terraform brew apt apt-get dnf systemctl conda rustup composer bundle dvc hg svn'.split(
    ' ',
  ),
);
/** Second words behind which a third says it. */
const withThird: ReadonlySet<string> = new Set([
  'run',
  'compose',
  'stash',
  'remote',
  'worktree',
  'container',
  'image',
  'exec',
  'tool',
]);
/** Programs that only show what is there, whatever their words. */
const showing: ReadonlySet<string> = new Set(
  'ls cat head tail wc grep egrep fgrep rg cut tr uniq diff cmp comm stat file du df pwd echo printf date basename dirname realpath readlink which true false test [ seq jq nl tac column md5sum sha256sum cd'.split(
    ' ',
  ),
);

/** All words of a command that is allowed only as it is. */
function allOf(words: readonly CommandWord[]): readonly string[] | undefined {
  const known = words.flatMap(({ value }) => value ?? []);
  return words[0]?.plain === true && known.length === words.length ? known : undefined;
}

function beginningOf(words: readonly CommandWord[]): readonly string[] | undefined {
  const [name] = words;
  if (name?.value === undefined || !name.plain) return undefined;
  if (showing.has(name.value)) return [name.value];
  const values = words.map(({ value }) => value);
  const known = values.flatMap((value) => value ?? []);
  if (withSubcommands.has(programName(name.value))) {
    const [, second, third] = values;
    if (second !== undefined && /^[\w:.-]+$/.test(second) && !second.startsWith('-')) {
      if (!withThird.has(second)) return [name.value, second];
      if (third !== undefined && !third.startsWith('-')) return [name.value, second, third];
    }
  }
  const script = scriptOf(values);
  if (script) return script;
  return known.length === values.length ? known : undefined;
}

/** `python3 count.py`, `python3 -m pytest`. */
function scriptOf(values: readonly (string | undefined)[]): readonly string[] | undefined {
  const [name = '', second, third] = values;
  if (!/^(?:python|pypy|node|ruby|perl|deno|bun)[\d.]*$/.test(name)) return undefined;
  if (second === '-m' && third !== undefined) return [name, second, third];
  return second !== undefined && /^[^-]/.test(second) ? [name, second] : undefined;
}
