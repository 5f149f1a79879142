/**
 * What of a base installation of Python is shown. An environment in the workspace names its base, and a command may have
 * written that: so only folders are shown that an interpreter needs, and only where nothing but an installation lies.
 */
import { constants } from 'node:fs';
import { access, readdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const neededParts = ['bin', 'lib', 'lib64', 'include', 'share/terminfo', 'share/zoneinfo', 'ssl/cert.pem'];

/** Nobody installs a Python beside these: they say that a folder is somebody's work. */
const marksOfWork = [
  ...[
    '.git',
    '.hg',
    '.svn',
    '.jj',
    '.env',
    '.vscode',
    '.idea',
    'pyvenv.cfg',
    'pyproject.toml',
    'setup.py',
    'setup.cfg',
  ],
  ...['requirements.txt', 'Pipfile', 'poetry.lock', 'uv.lock', 'package.json', 'Cargo.toml', 'go.mod', 'Makefile'],
];

/** Its parts that are there, of a prefix and of the real one. Undefined where that is no installation and nothing else. */
export async function installationParts(prefixes: readonly string[]): Promise<readonly string[] | undefined> {
  const parts = await Promise.all(
    prefixes.map(async (prefix) => {
      const real = await realpath(prefix).catch(() => undefined);
      if (real === undefined || !(await isInstallation(real))) return undefined;
      const found = await Promise.all(neededParts.map((name) => partOf(prefix, real, name)));
      return found.filter((part) => part !== undefined);
    }),
  );
  return parts.some((found) => found === undefined) ? undefined : parts.flatMap((found) => found ?? []);
}

/** A part that is a link to anything but another part is none. */
async function partOf(prefix: string, real: string, name: string): Promise<string | undefined> {
  const target = await realpath(join(real, name)).catch(() => undefined);
  return neededParts.some((part) => join(real, part) === target) ? join(prefix, name) : undefined;
}

async function isInstallation(prefix: string): Promise<boolean> {
  const names: readonly string[] = await readdir(prefix).catch(() => []);
  if (names.some((name) => marksOfWork.includes(name))) return false;
  const libraries = ['lib', 'lib64'].map(async (name) => {
    const folders = (await readdir(join(prefix, name)).catch(() => [])).filter((each) =>
      /^(?:python|pypy)3\.\d+t?$/.test(each),
    );
    return Promise.all(folders.map((each) => isUsable(join(prefix, name, each, 'os.py'), constants.R_OK)));
  });
  if (!(await Promise.all(libraries)).flat().includes(true)) return false;
  const program = await realpath(join(prefix, 'bin', 'python3')).catch(() => undefined);
  return program !== undefined && dirname(program) === join(prefix, 'bin') && isUsable(program, constants.X_OK);
}

function isUsable(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
