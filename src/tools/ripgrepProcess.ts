/** ripgrep as a process: where it is, what it passes over, and its output piece by piece. */
import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../agent/errors.ts';

/** The binary's name. */
const binary = process.platform === 'win32' ? 'rg.exe' : 'rg';
/** A piece of output beyond this is passed over: its text is no line that a person wrote. */
const longestPiece = 4_000_000;
const longestComplaint = 4_000;

/**
 * The first ripgrep that is there: the candidates, PATH, the one beside the bundle, the package's. None inside the workspace's roots:
 * what a run wrote there must not run out here.
 */
export async function findRipgrep(
  candidates: readonly string[],
  roots: readonly { readonly path: string }[],
): Promise<string> {
  for (const path of placesOfRipgrep(candidates)) {
    if (!isAbsolute(path)) continue;
    const real = await access(path, constants.X_OK).then(
      () => realpath(path),
      () => undefined,
    );
    if (real === undefined) continue;
    const own = [path, real].some((place) => roots.some((root) => isInside(root.path, place)));
    if (!own) return path;
  }
  throw new ToolError(
    'ripgrep is not installed, so files cannot be searched. Use list_files and read_file, and tell the person to install ripgrep or to set mirothinker.ripgrepPath.',
  );
}

function* placesOfRipgrep(candidates: readonly string[]): Generator<string> {
  yield* candidates;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) if (isAbsolute(folder)) yield join(folder, binary);
  const here = dirname(fileURLToPath(import.meta.url));
  yield* [here, dirname(here)].map((folder) => join(folder, 'ripgrep', binary));
  yield* packaged();
}

function isInside(folder: string, path: string): boolean {
  const part = relative(folder, path);
  return part !== '' && !part.startsWith('..') && !isAbsolute(part);
}

function packaged(): readonly string[] {
  try {
    return [
      createRequire(import.meta.url).resolve(`@vscode/ripgrep-${process.platform}-${process.arch}/bin/${binary}`),
    ];
  } catch {
    return [];
  }
}

/**
 * Hidden files count, .git does not; ignore files count only inside the workspace, as in the editor's own search. Below the
 * root, which has to be the process's folder, the root's own still count. Their mistakes are not told: one may be a link to
 * a secret. One that is a pipe would never end.
 */
export async function ignoreArgs(root: string, searched: string): Promise<readonly string[]> {
  const args = ['--hidden', '--no-require-git', '--no-ignore-parent', '--no-ignore-global', '--no-ignore-messages'];
  args.push('--glob=!.git');
  for (const folder of new Set([root, searched])) {
    for (const name of ['.gitignore', '.ignore', '.rgignore']) {
      const stats = await stat(join(folder, name)).catch(() => undefined);
      if (stats && !stats.isFile() && !stats.isDirectory()) return [...args, '--no-ignore'];
      const own = stats?.isFile() === true && folder !== searched ? await lstat(join(folder, name)) : undefined;
      if (own?.isFile()) args.push(`--ignore-file=${join(folder, name)}`);
    }
  }
  return args;
}

export interface Finished {
  /** Stopped by `take` or at the limit of time. */
  readonly cut: boolean;
  /** What ripgrep said on stderr; empty when all went well. */
  readonly complaint: string;
  /** 0: something found, 1: nothing, 2: something went wrong. */
  readonly exitCode: number;
}

/**
 * Runs ripgrep in a folder; `paths` come after `--`. `take` gets its output piece by piece, without the byte that ends each,
 * and stops it with false. Kills it when the signal aborts.
 */
export async function runRipgrep(
  binaryPath: string,
  args: readonly string[],
  { folder, paths }: { readonly folder: string; readonly paths: readonly string[] },
  { end, limitMs, take }: { readonly end: number; readonly limitMs: number; readonly take: (piece: Buffer) => boolean },
  signal: AbortSignal,
): Promise<Finished> {
  signal.throwIfAborted();
  const child = spawn(binaryPath, ['--no-config', ...args, '--', ...paths], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { LANG: 'C.UTF-8' },
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    if (complaint.length < longestComplaint) complaint += piece;
  });
  const exited = new Promise<number>((resolve, reject) => {
    child.once('close', (code) => resolve(code ?? 2));
    child.once('error', (error) =>
      reject(new ToolError(`ripgrep (${binaryPath}) cannot be started: ${error.message}`)),
    );
  });
  exited.catch(() => undefined);
  const stop = () => child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(stop, limitMs);
  for await (const piece of boundedPieces(child.stdout, end)) {
    if (!child.killed && !take(piece)) stop();
  }
  const exitCode = await exited.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  });
  signal.throwIfAborted();
  return { cut: child.killed, complaint: withoutIgnoreFiles(complaint), exitCode: child.killed ? 0 : exitCode };
}

/** What is wrong in a list of what is ignored is said with its lines, whosever they are. */
function withoutIgnoreFiles(complaint: string): string {
  const lines = complaint.split('\n');
  return lines
    .filter((line) => !/ignore: line \d+: /.test(line))
    .join('\n')
    .trim();
}

/** The pieces of a stream but for those that are far too long. */
async function* boundedPieces(stream: AsyncIterable<Buffer>, byte: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(byte); end >= 0; end = chunk.indexOf(byte, from)) {
      if (size + end - from <= longestPiece) yield Buffer.concat([...parts, chunk.subarray(from, end)]);
      parts = [];
      size = 0;
      from = end + 1;
    }
    size += chunk.length - from;
    parts = size <= longestPiece ? [...parts, chunk.subarray(from)] : [];
  }
}
