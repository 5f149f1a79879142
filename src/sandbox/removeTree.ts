/** Removal of a folder that processes filled, whatever they left in it: folders that nobody may write, trees deeper than a path is long. */
import { randomUUID } from 'node:crypto';
import { chmod, lstat, readdir, rename, rm, rmdir, unlink } from 'node:fs/promises';

/** Follows no link. Throws when something cannot be removed even so. */
export async function removeTree(folder: string): Promise<void> {
  const removed = await rm(folder, { recursive: true, force: true, maxRetries: 2 }).then(
    () => true,
    () => false,
  );
  if (!removed) await removeByLevels(Buffer.from(folder));
}

/** What lies in a folder's folders is moved up, one level at a time: no path gets long, and each folder is moved once. */
async function removeByLevels(folder: Buffer): Promise<void> {
  await chmod(folder, 0o700);
  for (let left = await readdir(folder, 'buffer'); left.length > 0; left = await readdir(folder, 'buffer')) {
    for (const name of left) {
      const path = below(folder, name);
      if (!(await isOpenFolder(path))) {
        await unlink(path);
        continue;
      }
      for (const inner of await readdir(path, 'buffer')) {
        const deeper = below(path, inner);
        if (await isOpenFolder(deeper)) await rename(deeper, below(folder, Buffer.from(randomUUID())));
        else await unlink(deeper);
      }
      await rmdir(path);
    }
  }
  await rmdir(folder);
}

/** Whether it is a folder; that we may do everything in then. */
async function isOpenFolder(path: Buffer): Promise<boolean> {
  const state = await lstat(path);
  if (state.isDirectory() && (state.mode & 0o700) !== 0o700) await chmod(path, 0o700);
  return state.isDirectory();
}

/** Names are bytes. */
function below(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}
