/** People's homes that lie in folders which a sandbox shows, such as /opt: they are covered. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { isWithin } from './environment.ts';
import { holdsSystem } from './unsafeRoots.ts';

/** Users below have no home of a person, root apart (login.defs: UID_MIN). */
const firstPerson = 1000;

/**
 * Those that exist below `visible`, without links: our own, by whatever name, and those of /etc/passwd. None that is or
 * contains a folder of the system: nothing would run then.
 */
export async function shownHomes(
  visible: readonly string[],
  home: string,
  passwd = '/etc/passwd',
): Promise<readonly string[]> {
  const named = [home, ...ownHomes(), ...(await homesIn(passwd))];
  const real = await Promise.all([...new Set(named)].map((path) => folderAt(path)));
  const found = real.filter((path) => path !== undefined).filter((path) => !holdsSystem(path));
  return [...new Set(found)].filter((path) => visible.some((folder) => path !== folder && isWithin(path, folder)));
}

/** A user may have no entry; these throw then. */
function ownHomes(): readonly string[] {
  return [homedir, () => userInfo().homedir].flatMap((ask) => {
    try {
      return [ask()];
    } catch {
      return [];
    }
  });
}

async function homesIn(passwd: string): Promise<readonly string[]> {
  const lines = (await readFile(passwd, 'utf8').catch(() => '')).split('\n');
  return lines.flatMap((line) => {
    const [name, , user, , , home] = line.split(':');
    const isPerson = name !== 'nobody' && (user === '0' || Number(user) >= firstPerson);
    return isPerson && home?.startsWith('/') ? [home] : [];
  });
}

async function folderAt(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : undefined;
  } catch {
    return undefined;
  }
}
