/** Permissions that git does not know: of files that are neither plain nor plain programs, as they were before the run. */
import { execFile } from 'node:child_process';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ByteName } from './names.ts';

const file = 'modes';
const usual = ['644', '755', '664', '775'].flatMap((mode) => ['!', '-perm', mode]);
const repositories = ['-name', '.git', '-prune', '-o'];

/** Them as text, by the `find` of Linux; where there is none, or it cannot read all, what it told counts. */
export async function unusualModes(root: string): Promise<string> {
  const words = ['.', '-xdev', ...repositories, '-type', 'f', ...usual, '-printf', '%m %P\\0'];
  const options = { cwd: root, encoding: 'latin1', maxBuffer: 64_000_000, env: { PATH: '/usr/bin:/bin' } } as const;
  return promisify(execFile)('find', words, options).then(
    ({ stdout }) => stdout,
    (error: unknown) => (error instanceof Error && 'stdout' in error ? String(error.stdout) : ''),
  );
}

/** Notes what `unusualModes` gave. */
export async function noteModes(gitFolder: string, modes: string): Promise<void> {
  await writeFile(join(gitFolder, `${file}.next`), modes, { encoding: 'latin1', mode: 0o600 });
  await rename(join(gitFolder, `${file}.next`), join(gitFolder, file));
}

/** What was noted, by name below the root; nothing where nothing was. */
export async function notedModes(gitFolder: string): Promise<ReadonlyMap<ByteName, number>> {
  const text = await readFile(join(gitFolder, file), 'latin1').catch(() => '');
  const entries = text.split('\0').flatMap((entry) => {
    const [, mode, name] = /^([0-7]{1,4}) ([^]+)$/.exec(entry) ?? [];
    return mode === undefined || name === undefined ? [] : [[name, Number.parseInt(mode, 8) & 0o777] as const];
  });
  return new Map(entries);
}
