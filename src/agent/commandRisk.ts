/** Options and words by which ordinary programs write files, run others, or take their orders from elsewhere. */
import { interpreters, programName, shells } from './commandInside.ts';
import type { CommandWord } from './commandLine.ts';

export interface Risk {
  /** The last word of its kind. */
  readonly at: number;
  readonly why: string;
  /** Whether something may be run by it. */
  readonly runs: boolean;
}

interface Risky {
  readonly writes?: RegExp;
  readonly runs?: RegExp;
  /** Where such an option counts: behind this second word only. */
  readonly second?: string;
}

/** For whatever program. */
const common: Risky = {
  writes: /^--(?:output|output-file|output-dir|outfile|out|in-place|log-file)(?:=|$)/,
  runs: /^--(?:ext-diff|textconv|open-files-in-pager|pager|exec|extcmd|eval|rsh|script-shell|compress-program|node-options|require|import|loader|init-file|rcfile)(?:=|$)/,
};
const packages: Risky = { runs: /^(?:--(?:prefix|cwd|dir|userconfig|globalconfig|ignore-path)(?:=|$)|-C)/ };
const sorts: Risky = { writes: /^-[a-zA-Z]*o/ };
const makes: Risky = { runs: /^(?:-[a-zA-Z]*[CfI]|--(?:file|makefile|directory|include-dir)(?:=|$)|\w+[:?+!]*=)/ };

const risky: Readonly<Record<string, readonly Risky[]>> = {
  git: [
    { runs: /^-O/, second: 'grep' },
    { runs: /^-[a-z]*x/, second: 'difftool' },
    { runs: /^-x/, second: 'rebase' },
  ],
  find: [{ writes: /^-(?:delete|fprint0?|fprintf|fls)$/ }],
  man: [{ runs: /^-[a-zA-Z]*[PHCMm]|^--(?:html|browser|config-file|preprocessor|manpath)/ }],
  npm: [packages],
  pnpm: [packages],
  yarn: [packages],
  bun: [packages],
  sort: [sorts],
  shuf: [sorts],
  tree: [sorts],
  sed: [{ writes: /^-[nErsuz]*[iI]/ }],
  gsed: [{ writes: /^-[nErsuz]*[iI]/ }],
  yq: [sorts, { writes: /^-[a-zA-Z]*i/ }],
  less: [{ writes: /^-[a-zA-Z]*[oOk]/, runs: /^\+/ }],
  make: [makes],
  gmake: [makes],
  tar: [{ runs: /^-[a-zA-Z]*[IF]/ }],
  rsync: [{ runs: /^-[a-zA-Z]*e/ }],
  curl: [{ writes: /^(?:-[a-zA-Z]*[oOKcD]|--(?:remote-name|config|cookie-jar|dump-header)(?:=|-|$))/ }],
  wget: [{ writes: /^-[a-zA-Z]*[oOaP]/, runs: /^-[a-zA-Z]*e|^--(?:execute|config|use-askpass)/ }],
  go: [{ runs: /^--?(?:exec|toolexec|vettool|C|overlay|modfile)(?:=|$)/, writes: /^--?o(?:=|$)/ }],
  cargo: [{ runs: /^--(?:config|manifest-path)(?:=|$)|^-C/ }],
  pytest: [{ runs: /^(?:-[cop]|--rootdir|--config-file|--confcutdir|--override-ini|--basetemp)/ }],
  eslint: [
    {
      runs: /^(?:-c|-f|--(?:config|format|rulesdir|resolve-plugins-relative-to|parser|plugin))/,
      writes: /^(?:-o|--fix)/,
    },
  ],
  prettier: [{ runs: /^--(?:plugin|config)/, writes: /^(?:-w|--write)/ }],
  xxd: [{ writes: /^-[a-z]*r/ }],
  gcc: [{ writes: /^-o/, runs: /^-(?:wrapper|B|fplugin)/ }],
  node: [{ runs: /^-r/ }],
};

/** The last word of a command that makes it do more than its beginning says; undefined where there is none. */
export function riskOf(words: readonly CommandWord[]): Risk | undefined {
  const program = programName(words[0]?.value ?? '');
  const all = [common, ...(Object.hasOwn(risky, program) ? (risky[program] ?? []) : [])];
  const end = words.findIndex(({ value }) => value === '--');
  const given = end < 0 ? words : words.slice(0, end);
  for (let at = given.length - 1; at > 0; at--) {
    const value = given[at]?.value;
    if (value === undefined) continue;
    const found = all.filter(({ second }) => second === undefined || words.some((word) => word.value === second));
    const runs = found.some((one) => one.runs?.test(value));
    if (!runs && !found.some((one) => one.writes?.test(value))) continue;
    const option = value.replace(/=.*/s, '').slice(0, 60);
    return { at, runs, why: `\`${option}\` makes ${program} ${runs ? 'run something else' : 'write'}` };
  }
  return undefined;
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
