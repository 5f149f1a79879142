/** Which Python runs, and what of it has to be shown to it. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { findProgram } from './confinement.ts';
import { isWithin, pathEntries } from './environment.ts';
import { findEnvironment, readEnvironment, type PythonEnvironment, type Surroundings } from './workspacePython.ts';

/** An interpreter; `readOnlyPaths` are its installation where the system does not show it already. */
export interface Python {
  readonly command: string;
  readonly readOnlyPaths: readonly string[];
  /** Whether `python3` has to be this one for commands too, for which its folder comes first on PATH. */
  readonly chosen: boolean;
  /** What its environment sets beside PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Which one it is and why, and why others are not, a sentence each. */
  readonly words: readonly string[];
}

const prefixesSchema = z.tuple([z.string().startsWith('/')], z.string().startsWith('/'));
const askPrefixes =
  'import json, sys; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, sys.exec_prefix]))';
const remedy = 'The setting mirothinker.sandbox.python names another interpreter.';

/**
 * The interpreter of the setting; without one the workspace's own environment, the system's `python3`, the first on PATH.
 * Throws ToolError when there is none. What lies in the workspace is never run to find out.
 */
export async function findPython(
  setting: string | undefined,
  host: NodeJS.ProcessEnv,
  around: Surroundings,
): Promise<Python> {
  if (setting !== undefined) return ofSetting(setting, host, around);
  const active = host['VIRTUAL_ENV'] ?? host['CONDA_PREFIX'];
  const { environment, skipped } = await findEnvironment(around, active);
  if (environment) return ofEnvironment(environment, 'the workspace’s own environment', skipped);
  const { roots, isShown } = around;
  const entries = pathEntries(host).filter((entry) => !roots.some((root) => isWithin(entry, root)));
  const shown = entries.filter(isShown);
  const system = await findProgram('python3', [...shown, '/usr/bin', '/usr/local/bin']);
  if (system === undefined) {
    const command = await findProgram('python3', entries);
    if (command === undefined) throw new ToolError(`There is no python3 on this machine. ${remedy}`);
    return ofInstallation(command, around, [`Python is ${command}, the first on PATH.`, ...skipped]);
  }
  const words = [`Python is the system's ${system}.`, ...skipped];
  return { command: system, readOnlyPaths: [], chosen: false, env: {}, words };
}

async function ofSetting(setting: string, host: NodeJS.ProcessEnv, around: Surroundings): Promise<Python> {
  const { home, roots } = around;
  const wanted = setting.replace(/^~(?=\/)/, home);
  const path = wanted.includes('/') ? resolve(roots[0] ?? '/', wanted) : undefined;
  const command = path ?? (await findProgram(wanted, pathEntries(host)));
  if (command === undefined) throw new ToolError(`There is no Python at ${wanted}. ${remedy}`);
  const real = await realpath(dirname(command)).catch(() => dirname(command));
  const inWorkspace = roots.some((root) => isWithin(real, root) || isWithin(command, root));
  if (!inWorkspace) return ofInstallation(command, around, [`Python is ${command}, by the setting sandbox.python.`]);
  const environment = await readEnvironment(dirname(real), around);
  if (environment === undefined)
    throw new ToolError(`${command} lies in the workspace but in no environment of Python. ${remedy}`);
  if (typeof environment === 'string') throw new ToolError(`${dirname(real)} cannot be used: ${environment} ${remedy}`);
  return ofEnvironment(environment, 'by the setting sandbox.python', []);
}

function ofEnvironment(environment: PythonEnvironment, why: string, skipped: readonly string[]): Python {
  const { command, readOnlyPaths, env } = environment;
  return { command, readOnlyPaths, chosen: true, env, words: [`Python is ${command}, ${why}.`, ...skipped] };
}

/** Asked outside the sandbox: the person, or their PATH, chose this program. */
async function ofInstallation(
  command: string,
  { isShown, home }: Surroundings,
  words: readonly string[],
): Promise<Python> {
  const prefixes = await prefixesOf(command);
  if (!prefixes) throw new ToolError(`There is no Python at ${command}. ${remedy}`);
  const [executable, prefix = '', ...rest] = prefixes;
  const unseen = [executable, prefix, ...rest].filter((path) => !isShown(path));
  const tooMuch = unseen.find((path) => isWithin(home, path));
  if (tooMuch !== undefined)
    throw new ToolError(`Python is installed in ${tooMuch}, which would show a home. ${remedy}`);
  const folders = new Set(unseen.map((path) => (path === executable ? dirname(path) : path)));
  const isVenv = rest[0] !== undefined && prefix !== rest[0] && executable.startsWith(join(prefix, 'bin', '/'));
  const env: Readonly<Record<string, string>> = isVenv ? { VIRTUAL_ENV: prefix } : {};
  return { command: executable, readOnlyPaths: [...folders], chosen: true, env, words };
}

function prefixesOf(command: string): Promise<readonly [string, ...string[]] | undefined> {
  return new Promise((resolvePrefixes) => {
    execFile(command, ['-I', '-c', askPrefixes], { timeout: 10_000, env: {} }, (error, stdout) => {
      const parsed = error ? undefined : prefixesSchema.safeParse(parseJson(stdout));
      resolvePrefixes(parsed?.success ? parsed.data : undefined);
    });
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
