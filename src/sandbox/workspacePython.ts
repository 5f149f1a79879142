/**
 * The environments of Python that a workspace holds (python -m venv, virtualenv, uv, poetry in the project, conda). Nothing of
 * them runs outside the sandbox: what they say of themselves is read, and a base installation is shown only where it is one.
 */
import { constants } from 'node:fs';
import { access, open, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isWithin } from './environment.ts';
import { installationParts } from './pythonInstallation.ts';
import { readOnlyPaths } from './readOnlyPaths.ts';

export interface PythonEnvironment {
  /** Its folder. */
  readonly folder: string;
  readonly command: string;
  /** Its base installation, where that would not be seen. */
  readonly readOnlyPaths: readonly string[];
  /** What activating it sets beside PATH. */
  readonly env: Readonly<Record<string, string>>;
}

/** Where an environment lies and what a confined process sees. Paths are absolute; roots are without links. */
export interface Surroundings {
  readonly roots: readonly string[];
  readonly isShown: (path: string) => boolean;
  readonly home: string;
  readonly runsFolder: string;
}

/** Names of environments at a root, the first that is one counts. */
const usualNames = ['.venv', 'venv', '.conda', 'env'];

/** The first usable environment at a root, and why others are not used. `active`: the one that our own shell has. */
export async function findEnvironment(
  around: Surroundings,
  active: string | undefined,
): Promise<{ readonly environment?: PythonEnvironment; readonly skipped: readonly string[] }> {
  const inWorkspace = around.roots.some((root) => active !== undefined && isWithin(active, root));
  const named = around.roots.flatMap((root) => usualNames.map((name) => join(root, name)));
  const skipped: string[] = [];
  for (const folder of [...(inWorkspace && active !== undefined ? [active] : []), ...named]) {
    const found = await readEnvironment(folder, around);
    if (typeof found === 'object') return { environment: found, skipped };
    if (found !== undefined) skipped.push(`${folder} is not used: ${found}`);
  }
  return { skipped };
}

/** Undefined where there is none; a text says why one cannot be used. */
export async function readEnvironment(
  folder: string,
  around: Surroundings,
): Promise<PythonEnvironment | string | undefined> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined) return undefined;
  const settings = await readSettings(join(real, 'pyvenv.cfg'));
  const conda = settings === undefined && (await isFolder(join(real, 'conda-meta')));
  if (settings === undefined && !conda) return undefined;
  if (!around.roots.some((root) => isWithin(real, root))) return 'it is a link that leaves the workspace.';
  const command = await firstOf([join(real, 'bin', 'python'), join(real, 'bin', 'python3')]);
  if (command === undefined) return 'its Python is not there (it was made on another machine, or moved).';
  const base = settings === undefined ? [] : await baseOf(settings, around);
  if (typeof base === 'string') return base;
  const target = await realpath(command);
  if (!around.isShown(target) && !base.some((shown) => isWithin(target, shown)))
    return `its Python is ${target}, which is not part of the installation that it names.`;
  return { folder: real, command, readOnlyPaths: base, env: conda ? { CONDA_PREFIX: real } : { VIRTUAL_ENV: real } };
}

/** The base's folders that have to be shown, under the name that the environment uses and the real one. */
async function baseOf(
  settings: ReadonlyMap<string, string>,
  { isShown, home, runsFolder }: Surroundings,
): Promise<readonly string[] | string> {
  const programs = settings.get('home');
  if (programs === undefined || !programs.startsWith('/') || programs.includes('/../'))
    return 'its pyvenv.cfg names no base.';
  const prefix = dirname(programs);
  const real = await realpath(prefix).catch(() => undefined);
  if (real === undefined) return `its base ${prefix} is not there.`;
  const unseen = [...new Set([prefix, real])].filter((path) => !isShown(path));
  if (unseen.length === 0) return [];
  const personal = ['.local', '.config', '.cache'].map((name) => join(home, name));
  const parts = personal.includes(real) || personal.includes(prefix) ? undefined : await installationParts(unseen);
  if (parts === undefined) return `its base ${prefix} is no installation of Python by itself.`;
  // The whole of it must be allowed too: a home does not become an installation by what lies in it.
  const around = { runsFolder, home };
  const allowed = await readOnlyPaths(unseen, around)
    .then(() => readOnlyPaths(parts, around))
    .catch(() => undefined);
  return allowed?.shown ?? `its base ${prefix} would show what must stay hidden.`;
}

const maxSettingsBytes = 65_536;

/** The lines of a pyvenv.cfg, `key = value`. */
async function readSettings(path: string): Promise<ReadonlyMap<string, string> | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxSettingsBytes), 0, maxSettingsBytes, 0);
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    return new Map(lines.map((line) => [keyOf(line), line.slice(line.indexOf('=') + 1).trim()]));
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

function keyOf(line: string): string {
  return line
    .slice(0, Math.max(0, line.indexOf('=')))
    .trim()
    .toLowerCase();
}

async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (state) => state.isDirectory(),
    () => false,
  );
}
