/** The parts of this machine's system that a confined process may read; etc.ts adds its configuration. */
import { lstat, readlink } from 'node:fs/promises';

/** bubblewrap's arguments for the system, and the folders that they show. */
export interface SystemView {
  readonly mounts: readonly string[];
  readonly visible: readonly string[];
}

/** Folders that hold programs and libraries, and nothing of a person. */
export const programFolders = ['/usr', '/opt', '/nix/store', '/gnu/store'];
/** Part of /usr on most systems, folders of their own on some. */
const rootFolders = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** Looks at the system once; it does not change while we run. */
export async function lookAtSystem(): Promise<SystemView> {
  const mounts: string[] = [];
  const visible: string[] = [];
  for (const folder of [...programFolders, ...rootFolders]) {
    const state = await lstat(folder).catch(() => undefined);
    if (state?.isSymbolicLink()) mounts.push('--symlink', await readlink(folder), folder);
    else if (state?.isDirectory()) mounts.push('--ro-bind', folder, folder);
    if (state) visible.push(folder);
  }
  return { mounts, visible };
}
