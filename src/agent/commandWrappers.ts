/** Commands that run others elsewhere or as somebody else: what each of them takes before the command that it runs. */
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
  /** Whether what it runs may come from elsewhere in the line: a variable may hold it. */
  readonly hidden?: true;
  /** What it changes for the command that it runs. */
  readonly worry?: string;
  /** Whether where the command begins may be misread: not all of its options are known. */
  readonly loose?: true;
}

interface Wrapper {
  readonly passing: Passing;
  /** Options that take the next word. */
  readonly values?: string;
  /** Words of its own before the command. */
  readonly own?: number;
  /** The second words that make it one: `uv run`. */
  readonly second?: string;
  /** Options whose value is a command line. */
  readonly line?: string;
  /** Its further words together are one command line. */
  readonly joined?: true;
}

const runner: Wrapper = { passing: 'past', values: '-p --package --with --python -n --name --prefix -C' };

const container: Wrapper = {
  passing: 'past',
  second: 'run exec create',
  own: 1,
  values:
    '-a -c -e -h -l -m -p -u -v -w --name --network --net --volume --mount --env --env-file --workdir --user --publish --hostname --label --memory --cpus --platform --pull --restart --runtime --ulimit --tmpfs --add-host --cap-add --cap-drop --device --dns --gpus --ip --ipc --pid --security-opt --shm-size --entrypoint',
};

const wrappers: Readonly<Record<string, Wrapper>> = {
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
  setpriv: {
    passing: 'past',
    values:
      '--reuid --regid --ruid --euid --rgid --egid --groups --inh-caps --ambient-caps --bounding-set --securebits --pdeathsig --ptracer --landlock-access --landlock-rule --seccomp-filter --selinux-label --apparmor-profile',
  },
  setarch: { passing: 'past', own: 1 },
  linux32: { passing: 'past' },
  linux64: { passing: 'past' },
  i386: { passing: 'past' },
  x86_64: { passing: 'past' },
  prlimit: { passing: 'past', values: '-p --pid -o --output' },
  choom: { passing: 'past', values: '-n --adjust -p --pid' },
  numactl: {
    passing: 'past',
    values:
      '-i -w -N -C -m -b -p -P -f -o -l --interleave --cpunodebind --physcpubind --membind --preferred --preferred-many --shm --file --offset --length --shmid',
  },
  'systemd-run': {
    passing: 'past',
    values:
      '-p -u -E -H -M --property --unit --description --slice --service-type --uid --gid --nice --working-directory --setenv --host --machine --on-active --on-boot --on-startup --on-calendar --timer-property --path-property',
  },
  'systemd-inhibit': { passing: 'past', values: '--what --who --why --mode' },
  'dbus-run-session': { passing: 'past', values: '--config-file --dbus-daemon' },
  'dbus-launch': { passing: 'past' },
  'xvfb-run': { passing: 'past', values: '-e -f -n -p -s -w' },
  fakeroot: { passing: 'past', values: '-l -s -i -b --lib --faked' },
  fakechroot: { passing: 'past' },
  proot: { passing: 'past', values: '-r -b -q -w -k' },
  rlwrap: { passing: 'past', values: '-b -C -D -f -F -g -H -l -m -M -O -p -P -q -s -S -t -w -z' },
  valgrind: { passing: 'past' },
  perf: { passing: 'past', values: '-e -o -p -t -C -F', second: 'stat record trace' },
  gdb: { passing: 'past', values: '-x -ex -ix -iex -p -c -d -s -e -cd --command --eval-command --core --symbols' },
  'ssh-agent': { passing: 'past', values: '-a -t -E -P -O' },
  dtach: { passing: 'past', values: '-a -A -c -n -N -e -r' },
  abduco: { passing: 'past', values: '-e', own: 1 },
  screen: { passing: 'past', values: '-S -t -c -h -p -s -T -e -Logfile' },
  tmux: {
    passing: 'past',
    values: '-s -n -t -c -F -x -y -e -l',
    second: 'new new-session neww new-window splitw split-window respawn-pane respawn-window run run-shell',
    joined: true,
  },
  sshpass: { passing: 'past', values: '-p -f -d -P' },
  /** The loader, under whatever name it has. */
  'ld.so': {
    passing: 'past',
    values: '--library-path --preload --audit --argv0 --inhibit-rpath --glibc-hwcaps-prepend',
  },
  docker: container,
  podman: container,
  nerdctl: container,
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
  npm: { ...runner, second: 'exec x', line: '-c --call' },
  pnpm: { ...runner, second: 'exec dlx', line: '-c --call' },
  yarn: { ...runner, second: 'exec dlx' },
  bun: { ...runner, second: 'x' },
  mise: { ...runner, second: 'exec' },
};

/** What such a wrapper runs; undefined where that name is none. `name` has neither folder nor case. */
export function wrapped(name: string, words: readonly CommandWord[]): Inside | undefined {
  const loose = /^ld[\w.-]*\.so\b/.test(name) ? 'ld.so' : name;
  const wrapper = Object.hasOwn(wrappers, loose) ? wrappers[loose] : undefined;
  if (!wrapper) return undefined;
  const { passing, second, joined } = wrapper;
  if (second !== undefined && !optionsOf(second).has(words[1]?.value ?? '')) return undefined;
  const { at, lines, worry, opaque } = skipOptions(words, second === undefined ? 1 : 2, wrapper);
  const rest = words.slice(at);
  const found = {
    passing,
    lines,
    ...(worry !== undefined && { worry }),
    ...(opaque && toldLater),
    loose: true,
  } as const;
  if (rest.length === 0) return lines.length > 0 || opaque ? { ...found, commands: [] } : undefined;
  if (joined) {
    const text = rest.map(({ value }) => value);
    if (text.includes(undefined)) return { ...found, commands: [], ...toldLater };
    return { ...found, commands: [], lines: [...lines, { from: at, text: text.join(' ') }] };
  }
  return { ...found, commands: [{ from: at, words: rest }] };
}

/** What a command runs is told only when it runs. */
export const toldLater = { opaque: 'what it runs shows only when it runs', anything: true } as const;

/** `{}` stands for something else that begins so; in a line for a shell it may even end a command and begin another. */
export function placeholders(words: readonly CommandWord[], mark = '{}', begins = ''): readonly CommandWord[] {
  return words.map((word) => {
    if (word.value?.includes(mark) !== true) return word;
    if (/\s/.test(word.value)) return { ...word, value: word.value.replaceAll(mark, '"${!later}"') };
    const start = word.value.slice(0, word.value.indexOf(mark));
    return { text: word.text, value: undefined, plain: false, start: start === '' ? begins : start };
  });
}

function optionsOf(text: string): ReadonlySet<string> {
  return new Set(text === '' ? [] : text.split(' '));
}

function skipOptions(words: readonly CommandWord[], from: number, { values = '', own = 0, line = '' }: Wrapper) {
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
    } else if (/^-./.test(value) || value === '-') {
      const found = valueOf(value, takes, isLine);
      if (found === undefined) continue;
      if (found.text === undefined) at++;
      if (!found.line) continue;
      const text = found.text ?? words[at]?.value;
      if (text === undefined) opaque = true;
      else lines.push({ from: at, text });
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

/** The value of an option, `text` undefined where it is the next word; undefined for an option without one. Short ones may be joined. */
function valueOf(
  option: string,
  takes: ReadonlySet<string>,
  isLine: ReadonlySet<string>,
): { readonly line: boolean; readonly text?: string } | undefined {
  if (isLine.has(option) || takes.has(option)) return { line: isLine.has(option) };
  const [, long, given] = /^(--[\w-]+)=(.*)$/s.exec(option) ?? [];
  if (long !== undefined && given !== undefined) return { line: isLine.has(long), text: given };
  if (!/^-[A-Za-z]/.test(option)) return undefined;
  for (const [at, letter] of Array.from(option.slice(1)).entries()) {
    const line = isLine.has(`-${letter}`);
    if (!line && !takes.has(`-${letter}`)) continue;
    const text = option.slice(at + 2);
    return text === '' ? { line } : { line, text: line ? text.replace(/^=/, '') : text };
  }
  return undefined;
}
