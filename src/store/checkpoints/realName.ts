/** What an absolute path is in a root, whatever links lead to it. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type ByteName, byteName } from './names.ts';

/** The name of a path in a root, which is without links; undefined when it is not inside, or the root itself. */
export async function nameInRoot(root: string, path: string): Promise<ByteName | undefined> {
  const inside = relative(root, join(await realFolder(dirname(path)), basename(path)));
  const outside = inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return outside ? undefined : byteName(inside.split(sep).join('/'));
}

/** A folder without links; where it is not there any more, as far as it is. */
async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path ? path : join(await realFolder(dirname(path)), basename(path));
  }
}
