/** Where runs are kept: outside the workspace, in the person's data folder, the same for the command line and the extension. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** The folder that holds a workspace's runs: the named one, else `<data>/mirothinker/<workspace key>/runs`. */
export async function runsFolder(
  roots: readonly string[],
  named: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const chosen = named || env['MIROTHINKER_RUNS_DIR'];
  if (chosen) return resolve(chosen.replace(/^~(?=$|\/)/, homedir()));
  return join(dataFolder(env), 'mirothinker', await workspaceKey(roots), 'runs');
}

/** The person's data folder: XDG_DATA_HOME, else what the platform uses. */
export function dataFolder(env: Readonly<Record<string, string | undefined>>): string {
  const xdg = env['XDG_DATA_HOME'];
  if (xdg) return xdg;
  if (platform() === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (platform() === 'win32') return env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.local', 'share');
}

/** A readable name and a hash of the roots' real paths: the same folder gives the same key however it is reached. */
export async function workspaceKey(roots: readonly string[]): Promise<string> {
  const real = await Promise.all(roots.map((root) => realpath(root).catch(() => resolve(root))));
  const hash = createHash('sha256').update(real.toSorted().join('\n')).digest('hex').slice(0, 12);
  const name =
    basename(real[0] ?? '')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .slice(0, 40) || 'workspace';
  return `${name}-${hash}`;
}

/**
 * Makes a folder and those above it, for the person alone. Throws what the file system says. Node's own recursive mkdir
 * never returns where a parent is there and takes no folders (/proc).
 */
export async function makeFolder(path: string): Promise<void> {
  if (await made(path)) return;
  if (dirname(path) !== path && !(await stat(dirname(path)).catch(() => undefined))) await makeFolder(dirname(path));
  // Others may have made it meanwhile.
  if (!(await made(path))) await mkdir(path, { mode: 0o700 });
}

/** Whether the folder is there now; false when one above it is missing. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (code(error) === 'ENOENT') return false;
    if (code(error) === 'EEXIST' && (await stat(path)).isDirectory()) return true;
    throw error;
  }
}

function code(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** A new run's id: `YYYYMMDD-HHMMSS-xxxxxx`, in UTC; the last part begins with the milliseconds, so that ids sort by time. */
export function newRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, '');
  const milliseconds = now.getUTCMilliseconds().toString(16).padStart(3, '0');
  const chance = randomBytes(2).toString('hex').slice(1);
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${milliseconds}${chance}`;
}

/** Whether a name is a run's id. */
export function isRunId(name: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-z]{6}$/.test(name);
}
