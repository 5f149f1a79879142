/**
 * Runs git through simple-git, which refuses much by default; what is allowed here, and why:
 * - the variables below: they name the run's own git folder and keep every other configuration out
 *   (`allowUnsafeConfigPaths` is for GIT_CONFIG_GLOBAL, which points to nothing);
 * - nothing else. What git would run (hooks, filters, fsmonitor, pagers) comes from configuration, and the only one that
 *   is read is the run's own.
 */
import type { SimpleGitOptions } from 'simple-git';
import { messageOf } from '../../agent/errors.ts';

/** Where git works. */
export interface GitPlace {
  /** The run's own git folder. */
  readonly gitDir: string;
  /** What git calls the work tree; `folder` is in it. */
  readonly workTree: string;
  /** The root: where git runs, and what paths are relative to. */
  readonly folder: string;
  readonly index: string;
  /** Where new objects go; absent: into `gitDir`. */
  readonly objects?: string;
  /** Object folders of others that may be read. */
  readonly alternates: readonly string[];
}

/** What a command may have beside its arguments. */
export interface GitOptions {
  readonly input?: Buffer;
  readonly signal?: AbortSignal;
  /** Exit codes that are no failure; 0 by default. */
  readonly exitCodes?: readonly number[];
  /** Whether what follows `--` is meant as it stands; not where git has no such choice. */
  readonly literal?: boolean;
}

/** git failed, or is not there (`missing`). */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly missing: boolean;

  constructor(message: string, missing: boolean) {
    super(message);
    this.missing = missing;
  }
}

/** Runs git in the run's own git folder and gives what it printed. Throws GitFailure. */
export async function git(place: GitPlace, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  return execute(place.folder, args, options, {
    HOME: place.gitDir,
    GIT_DIR: place.gitDir,
    GIT_WORK_TREE: place.workTree,
    GIT_INDEX_FILE: place.index,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    ...(options.literal !== false && { GIT_LITERAL_PATHSPECS: '1' }),
    GIT_TERMINAL_PROMPT: '0',
    ...(place.objects !== undefined && { GIT_OBJECT_DIRECTORY: place.objects }),
    ...(place.alternates.length > 0 && { GIT_ALTERNATE_OBJECT_DIRECTORIES: alternatesList(place.alternates) }),
  });
}

/** Asks git about a person's own repository and settings. Only for commands that read configuration and run nothing of it. */
export async function gitOfPerson(folder: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const { HOME, XDG_CONFIG_HOME, USERPROFILE } = process.env;
  return execute(folder, args, options, {
    GIT_OPTIONAL_LOCKS: '0',
    ...(HOME !== undefined && { HOME }),
    ...(XDG_CONFIG_HOME !== undefined && { XDG_CONFIG_HOME }),
    ...(USERPROFILE !== undefined && { USERPROFILE }),
  });
}

/** A command that says nothing for so long hangs, on a pipe that was a file a moment ago say. */
const silenceMs = 10 * 60_000;

/**
 * git takes a quarter of a megabyte for each file that it packs, and glibc (mallopt(3)) would give it back to the system each
 * time: that was half of what keeping many files takes.
 */
const keepsMemory = {
  MALLOC_TRIM_THRESHOLD_: '33554432',
  MALLOC_MMAP_THRESHOLD_: '33554432',
  MALLOC_TOP_PAD_: '4194304',
};

async function execute(
  folder: string,
  args: readonly string[],
  { input, signal, exitCodes = [0] }: GitOptions,
  env: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const { simpleGit } = await import('simple-git');
  const chunks: Buffer[] = [];
  const failures: GitFailure[] = [];
  const errors: SimpleGitOptions['errors'] = (problem, result) => {
    // Aborted, timed out, or refused by simple-git itself.
    const stopped = problem instanceof Error && 'plugin' in problem;
    if (!stopped && exitCodes.includes(result.exitCode)) return undefined;
    const said = stopped ? problem.message : Buffer.concat(result.stdErr).toString('utf8').trim();
    const missing = /\bspawn\b.*\b(ENOENT|EACCES)\b/.test(said);
    const failure = new GitFailure(said.slice(0, 2_000) || `git ended with ${result.exitCode}`, missing);
    failures.push(failure);
    return failure;
  };
  const runner = simpleGit({
    baseDir: folder,
    errors,
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith('GIT_')),
    unsafe: { allowUnsafeConfigPaths: true },
    completion: { onClose: true, onExit: false },
    timeout: { block: silenceMs },
    ...(input && input.length > 0 && { input: () => input }),
    ...(signal && { abort: signal }),
  });
  runner.env({ ...inherited(), ...env, ...keepsMemory, LC_ALL: 'C' });
  // Names are bytes: the text that simple-git makes of the output is not used.
  runner.outputHandler((_command, stdout) => {
    stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    // simple-git waits 50 ms after a command that printed nothing, in case something comes behind its end. Nothing does.
    stdout.on('end', () => stdout.emit('data', Buffer.alloc(0)));
  });
  try {
    await runner.raw([...args]);
  } catch (error) {
    // simple-git wraps what is thrown into an error of its own.
    signal?.throwIfAborted();
    throw failures[0] ?? new GitFailure(messageOf(error), false);
  }
  return Buffer.concat(chunks);
}

/** What git and its libraries need to start. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'Path', 'PATHEXT', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function alternatesList(folders: readonly string[]): string {
  const quoted = folders.map((folder) => (/^"|[:\n\\]/.test(folder) ? JSON.stringify(folder) : folder));
  return quoted.join(process.platform === 'win32' ? ';' : ':');
}
