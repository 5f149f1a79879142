/** What git runs beside itself, and the settings by which it would. */
import { changed } from './commandBuiltins.ts';
import type { CommandWord } from './commandLine.ts';
import type { Inside } from './commandWrappers.ts';

/** What is inside a command of git's; undefined where it runs nothing else as far as its words tell. */
export function gitInside(words: readonly CommandWord[]): Inside | undefined {
  const values = words.map(({ value }) => value ?? '');
  const run = values.indexOf('run', values.indexOf('bisect') + 1);
  if (values.includes('bisect') && run > 0)
    return { passing: 'both', commands: [{ from: run + 1, words: words.slice(run + 1) }], lines: [] };
  const each = values.indexOf('foreach');
  if (values.includes('submodule') && each > 0)
    return { passing: 'both', commands: [], lines: [{ from: each + 1, text: values.slice(each + 1).join(' ') }] };
  const config = values.indexOf('config');
  if (config > 0 && !isHarmlessSetting(words.slice(config + 1))) {
    const shown = words.every(({ value }) => value !== undefined);
    return { ...changed, ...(!shown && { anything: true as const }) };
  }
  const configured = values.some((value) => /^(?:-c.*|--config-env.*|--exec-path=.*)$/s.test(value));
  const executes = values.includes('rebase') && values.some((value) => /^(?:-x|--exec)/.test(value));
  return configured || executes || values.includes('filter-branch') ? changed : undefined;
}

/** Settings that are no commands, and no files that hold some. */
const harmless =
  /^(?:user\.(?:name|email)|color\..*|column\..*|advice\..*|core\.(?:autocrlf|eol|safecrlf|quotepath|abbrev|ignorecase|filemode|symlinks|longpaths|bare)|init\.defaultbranch|pull\.(?:rebase|ff)|push\.(?:default|autosetupremote)|fetch\.prune|merge\.(?:ff|conflictstyle|renamelimit)|rebase\.auto(?:squash|stash)|diff\.(?:algorithm|renames|renamelimit|mnemonicprefix|colormoved)|log\.(?:date|abbrevcommit|decorate)|commit\.gpgsign|tag\.gpgsign|rerere\.enabled|status\..*)$/i;
const asking = /^(?:list|get|-l|--list|--get(?:-all|-regexp|-color|-colorbool)?)$/;
const quiet =
  /^(?:--(?:local|global|system|worktree|show-origin|show-scope|name-only|null|bool|int|path|includes|type=\w+)|-z)$/;

function isHarmlessSetting(words: readonly CommandWord[]): boolean {
  const values = words.map(({ value }) => value);
  if (values.includes(undefined)) return false;
  const given = values.flatMap((value) => (value === undefined || quiet.test(value) ? [] : [value]));
  const [first = '', second = ''] = given;
  if (asking.test(first) || (given.length === 1 && !first.startsWith('-'))) return true;
  const adds = /^(?:set|unset|--add|--unset|--unset-all|--replace-all)$/.test(first);
  return harmless.test(adds ? second : first) && !given.slice(adds ? 2 : 1).some((value) => value.startsWith('-'));
}
