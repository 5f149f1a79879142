/** The files of a workspace that nobody ignores, and what tells that they did not change. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { fromDisk, onDisk } from '../pathNames.ts';
import { findRipgrep, ignoreArgs, runRipgrep } from '../ripgrepProcess.ts';
import { globArgs } from '../searchFiles.ts';
import type { Workspace } from '../workspace.ts';

/** Beyond these a workspace is not searched whole. */
const mostFiles = 200_000;
const limitMs = 30_000;
const lookedAtOnce = 64;

/** A file as it stands there now. */
export interface StandingFile {
  readonly path: string;
  readonly stamp: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** The absolute paths of all files, or of those that match a glob; `cut`: there are more. */
export async function listedFiles(
  workspace: Workspace,
  glob: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly paths: readonly string[]; readonly cut: boolean }> {
  const binary = await findRipgrep(workspace.ripgrepPaths, workspace.roots);
  const paths: string[] = [];
  let cut = false;
  for (const { path: folder } of workspace.roots) {
    const take = (piece: Buffer) => {
      paths.push(join(folder, fromDisk(piece)));
      return paths.length < mostFiles;
    };
    const args = ['--files', '--null', ...(await ignoreArgs(folder, folder)), ...globArgs(glob)];
    const finished = await runRipgrep(binary, args, { folder, paths: ['./'] }, { end: 0, limitMs, take }, signal);
    cut ||= finished.cut;
  }
  return { paths: [...new Set(paths)], cut };
}

/** What stands at each path now; what is no plain file is left out. */
export async function standing(paths: readonly string[], signal: AbortSignal): Promise<readonly StandingFile[]> {
  const files: StandingFile[] = [];
  for (let at = 0; at < paths.length; at += lookedAtOnce) {
    signal.throwIfAborted();
    const some = await Promise.all(
      paths.slice(at, at + lookedAtOnce).map(async (path) => {
        const stats = await lstat(onDisk(path)).catch(() => undefined);
        if (!stats?.isFile()) return undefined;
        const { size, mtimeMs, ctimeMs, ino } = stats;
        return { path, stamp: `${size} ${mtimeMs} ${ctimeMs} ${ino}`, sizeBytes: size, mtimeMs };
      }),
    );
    files.push(...some.filter((file) => file !== undefined));
  }
  return files;
}
