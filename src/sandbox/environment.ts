/** What a child process gets to know of our environment: an allow-list, so that no secret is ever on it. */
import { delimiter } from 'node:path';

/** Where the sandbox's home is, seen from inside. */
export const sandboxHome = '/home/user';

const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const passedOn = /^(?:LANG|LANGUAGE|LC_[A-Z]+|TZ)$/;

/** The same for every child: nothing may wait for a key or a password, and 200 columns is what the model reads. */
const fixed: Readonly<Record<string, string>> = {
  TERM: 'xterm-256color',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  GIT_TERMINAL_PROMPT: '0',
  COLUMNS: '200',
  // Plots go to files: there is no display.
  MPLBACKEND: 'Agg',
};

/** The environment of a confined process. `visible` are the folders that exist inside, for what PATH may name. */
export function confinedEnvironment(
  host: NodeJS.ProcessEnv,
  visible: readonly string[],
  firstOnPath: readonly string[],
): Record<string, string> {
  const known = pathEntries(host).filter((entry) => visible.some((folder) => isWithin(entry, folder)));
  const path = [...new Set([...firstOnPath, ...known, ...systemPath])].join(delimiter);
  return { ...common(host), PATH: path, HOME: sandboxHome, USER: 'user', LOGNAME: 'user', SHELL: '/bin/bash' };
}

/** The environment of a process that a person allowed to run without confinement. */
export function unconfinedEnvironment(host: NodeJS.ProcessEnv, firstOnPath: readonly string[]): Record<string, string> {
  const path = [...new Set([...firstOnPath, ...pathEntries(host), ...systemPath])].join(delimiter);
  const own = Object.entries(host).filter(([name]) => /^(?:HOME|USER|LOGNAME|SHELL)$/.test(name));
  return { ...common(host), ...defined(own), PATH: path };
}

/** The folders on PATH, absolute ones only. */
export function pathEntries(host: NodeJS.ProcessEnv): string[] {
  return (host['PATH'] ?? '').split(delimiter).filter((entry) => entry.startsWith('/'));
}

/** Whether a normal absolute path is a folder or lies below it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function common(host: NodeJS.ProcessEnv): Record<string, string> {
  const passed = defined(Object.entries(host).filter(([name]) => passedOn.test(name)));
  return { LANG: 'C.UTF-8', ...passed, ...fixed };
}

function defined(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
