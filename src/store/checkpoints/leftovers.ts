/** What git and we leave in a git folder when a command or the process ends in the middle. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes it all; nobody else works in the folder. */
export async function removeLeftovers(path: string): Promise<void> {
  await removeNamed(path, /\.lock$|temporary-|\.next$/);
  await removeNamed(join(path, 'kept'), /\.next$/);
  await removeNamed(join(path, 'objects', 'pack'), /^\.?tmp_/);
  await removeHalfObjects(path);
}

/** Removes locks and half-written objects; a pack may be under way. */
export async function removeHalfWritten(path: string): Promise<void> {
  await removeNamed(path, /\.lock$/);
  await removeHalfObjects(path);
}

async function removeHalfObjects(path: string): Promise<void> {
  const objects = join(path, 'objects');
  const folders = (await readdir(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  for (const folder of folders) await removeNamed(join(objects, folder), /^tmp_obj_/);
}

async function removeNamed(folder: string, pattern: RegExp): Promise<void> {
  const names = await readdir(folder);
  for (const name of names.filter((one) => pattern.test(one)))
    await rm(join(folder, name), { recursive: true, force: true });
}
