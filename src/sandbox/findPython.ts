/** Which Python runs, and what of it has to be shown to it. */
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { findProgram } from './confinement.ts';
import { isWithin, pathEntries } from './environment.ts';

/** An interpreter; `readOnlyPaths` are its installation where the system does not show it already. */
export interface Python {
  readonly command: string;
  readonly readOnlyPaths: readonly string[];
}

const prefixesSchema = z.tuple([z.string().startsWith('/')], z.string().startsWith('/'));
const askPrefixes =
  'import json, sys; print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, sys.exec_prefix]))';

/**
 * The interpreter of the setting; without one the system's `python3`, else the first on PATH. Throws ToolError when
 * there is none. `visible`: folders that a confined process sees. `homes`: folders that must not be shown whole.
 */
export async function findPython(
  setting: string | undefined,
  host: NodeJS.ProcessEnv,
  visible: readonly string[],
  home: string,
): Promise<Python> {
  const entries = pathEntries(host);
  const shown = entries.filter((entry) => visible.some((folder) => isWithin(entry, folder)));
  const wanted = setting?.replace(/^~(?=\/)/, home);
  if (wanted === undefined) {
    const system = await findProgram('python3', [...shown, '/usr/bin', '/usr/local/bin']);
    if (system !== undefined) return { command: system, readOnlyPaths: [] };
  }
  const command = wanted?.startsWith('/') ? wanted : await findProgram(wanted ?? 'python3', entries);
  const missing = wanted === undefined ? 'There is no python3 on this machine.' : `There is no Python at ${wanted}.`;
  const remedy = 'The setting mirothinker.sandbox.python names another interpreter.';
  if (command === undefined) throw new ToolError(`${missing} ${remedy}`);
  const prefixes = await prefixesOf(command);
  if (!prefixes) throw new ToolError(`${missing} ${remedy}`);
  const [executable, ...rest] = prefixes;
  const unseen = [executable, ...rest].filter((path) => !visible.some((folder) => isWithin(path, folder)));
  const tooMuch = unseen.find((path) => isWithin(home, path));
  if (tooMuch !== undefined)
    throw new ToolError(`Python is installed in ${tooMuch}, which would show a home. ${remedy}`);
  const folders = new Set(unseen.map((path) => (path === executable ? dirname(path) : path)));
  return { command: executable, readOnlyPaths: [...folders] };
}

/** Asked outside the sandbox: the person, or their PATH, chose this program. */
function prefixesOf(command: string): Promise<readonly [string, ...string[]] | undefined> {
  return new Promise((resolve) => {
    execFile(command, ['-I', '-c', askPrefixes], { timeout: 10_000, env: {} }, (error, stdout) => {
      const parsed = error ? undefined : prefixesSchema.safeParse(parseJson(stdout));
      resolve(parsed?.success ? parsed.data : undefined);
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
