/** What a program may run that is not known to run anything: guessed from its words, for rules that ask or deny. */
import { interpreters, programName, shells } from './commandInside.ts';
import type { CommandWord } from './commandLine.ts';
import type { Reached } from './commandTree.ts';
import { riskOf } from './commandRisk.ts';
import { isLike, occursIn } from './ruleMatch.ts';

/** Programs that run nothing of what their words say. */
const harmless: ReadonlySet<string> = new Set(
  (
    'echo printf grep egrep fgrep zgrep rg ag ack cat bat ls dir tree head tail wc cut tr sort uniq comm diff cmp paste join fold fmt nl tac rev ' +
    'column od xxd hexdump strings stat file du df pwd date cal basename dirname realpath readlink which whereis type true false : test [ seq jq yq ' +
    'md5sum sha1sum sha256sum sha512sum cksum base64 cd pushd popd mkdir rmdir touch chmod chown find fd fdfind sed gsed sleep wait exit return read ' +
    'export declare local readonly unset set shift kill pkill pgrep ps man whatis apropos locate rm look tput clear history jobs ' +
    'zcat gzip gunzip bzip2 xz unzip zip awk gawk mawk hash alias complete compgen shopt'
  ).split(' '),
);
const harmlessGit: ReadonlySet<string> = new Set(
  (
    'log show diff status blame annotate grep ls-files ls-tree rev-parse rev-list cat-file describe shortlog branch tag add commit checkout switch ' +
    'restore stash merge cherry-pick revert reset mv init name-rev merge-base diff-tree diff-index diff-files show-ref for-each-ref reflog whatchanged ' +
    'range-diff count-objects check-ignore worktree notes'
  ).split(' '),
);
/** Programs that run what stands in what they read. */
const reading: ReadonlySet<string> = new Set(
  'ed ex vi vim nvim view emacs gdb lldb sqlite3 psql mysql mariadb ftp sftp lftp telnet expect at batch crontab m4 make gmake gnuplot bc dc'.split(
    ' ',
  ),
);

/** Why a command may run what a rule means; undefined where it looks as if it did not. `line`: all of what it stands in. */
export function mayRun(reached: Reached, rule: readonly string[], line: string): string | undefined {
  const { text, words } = reached.command;
  const [name] = words;
  if (name?.value === undefined || isHarmless(words)) return undefined;
  const risk = riskOf(words);
  if (risk?.hidden && risk.runs && occursIn(line, rule)) return risk.why;
  const file = fileOf(words);
  if (file === undefined || !interpreters.test(programName(name.value))) {
    if (isAmongWords(reached, rule)) return `${shown(name.value)} may run what its words name`;
    if ((reading.has(programName(name.value)) || text.includes('<<')) && occursIn(line, rule)) {
      return `${shown(name.value)} may run what it reads`;
    }
  }
  const written = file !== undefined && line.split(file).length > 2 && occursIn(line, rule);
  return written ? `${shown(file)} may hold what the line writes into it` : undefined;
}

function isHarmless(words: readonly CommandWord[]): boolean {
  const name = words[0]?.value ?? '';
  if (riskOf(words)?.runs === true || name.includes('/')) return false;
  if (name === 'command' && /^-[vV]$/.test(words[1]?.value ?? '')) return true;
  return harmless.has(name) || (name === 'git' && harmlessGit.has(subcommandOf(words) ?? ''));
}

function subcommandOf(words: readonly CommandWord[]): string | undefined {
  for (let at = 1; at < words.length; at++) {
    const value = words[at]?.value;
    if (value === '-C' || value === '--git-dir' || value === '--work-tree') at++;
    else if (value === undefined || !/^(?:--no-pager|-P|--(?:git-dir|work-tree)=.*|--no-optional-locks)$/.test(value))
      return value;
  }
  return undefined;
}

/** The name, without folders, of the file that a shell or an interpreter runs, or that is itself the program. */
function fileOf(words: readonly CommandWord[]): string | undefined {
  const name = words[0]?.value ?? '';
  const program = programName(name);
  const runsOne = shells.test(program) || interpreters.test(program);
  const file = runsOne ? words.slice(1).find(({ value }) => value !== undefined && !/^[-+]/.test(value))?.value : name;
  return file === undefined || (!runsOne && !name.includes('/')) ? undefined : file.replace(/^.*\//s, '');
}

/** Whether a rule's words begin somewhere among a command's further ones, or among what those are made of. */
function isAmongWords({ command, inside, branches }: Reached, rule: readonly string[]): boolean {
  const [name, ...rest] = command.words;
  if (!name) return false;
  const end = inside?.loose ? rest.length : Math.min(rest.length, ...branches.map(({ from }) => from - 1));
  const parts = rest.slice(0, end).flatMap(partsOf);
  const first = programName(rule[0] ?? '');
  const isFirst = (text: string | undefined) =>
    text !== undefined && (programName(text) === first || programName(text) === `${first}-${rule[1] ?? ''}`);
  const own = isFirst(name.value) && rule[1] !== undefined;
  return parts.some((part, at) => {
    // Behind any letter of a bundle may stand the value of an option.
    const letters = /^-([A-Za-z]{1,4})./s.exec(part.value ?? '')?.[1] ?? '';
    const joined = Array.from(letters, (_, index) => ({ ...part, value: part.value?.slice(index + 2) }));
    const begins = [part, ...joined];
    return begins.some((begin) => {
      if (isFirst(begin.value) && isLike([begin, ...parts.slice(at + 1)], rule) !== 'no') return true;
      return own && begin.value === rule[1] && isLike([name, ...parts.slice(at)], rule) === 'yes';
    });
  });
}

/** A word's parts, as a program may read them that takes it apart. */
function partsOf({ value, text }: CommandWord): readonly CommandWord[] {
  return (value ?? text)
    .split(/[\s='"`!;|&(){}<>,]+|::/)
    .filter((part) => part !== '')
    .map((part) => ({
      text: part,
      plain: false,
      value: value === undefined && /[$*?\\[~]/.test(part) ? undefined : part,
    }));
}

function shown(text: string): string {
  return `\`${text.slice(0, 80)}\``;
}
