/** Files of ours that one launch needs, where no process of a sandbox can put a link or a pipe in their place. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxFolders } from './stateFolder.ts';

/** Where a script that is too long for an argument stands inside. */
export const scriptInside = '/run/mirothinker-command';

/** Writes a script of one launch; gives its path. Never writes to what is there already. */
export async function writeScript({ launches }: SandboxFolders, text: string, signal: AbortSignal): Promise<string> {
  const path = join(launches, `${randomUUID()}.sh`);
  await writeFile(path, text, { flag: 'wx', mode: 0o600, signal });
  return path;
}

/** Where bubblewrap is to tell of one launch (--json-status-fd). */
export function newStatusFile({ launches }: SandboxFolders): string {
  return join(launches, `${randomUUID()}.status`);
}

/** Whether a launch that ended got as far as its program: bubblewrap tells an exit code only then. */
export async function wasSetUp(status: string | undefined): Promise<boolean> {
  if (status === undefined) return true;
  const told = await readFile(status, 'utf8').catch(() => '');
  return told.includes('"exit-code"');
}

/** Removes what one launch needed. */
export function removeLaunchFiles(...paths: readonly (string | undefined)[]): void {
  for (const path of paths) if (path !== undefined) rmSync(path, { force: true });
}
