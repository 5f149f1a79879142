/** A workspace with a run that keeps checkpoints of it, and git to make repositories with. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, readdir, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CheckpointFact, WritingCall } from '../../../src/agent/ports.ts';
import type { FactOf } from '../../../src/shared/events.ts';
import type { CheckpointReader, RunCheckpoints } from '../../../src/store/checkpoints/api.ts';
import { openCheckpoints, type CheckpointOptions } from '../../../src/store/checkpoints/openCheckpoints.ts';
import { checkpointReader } from '../../../src/store/checkpoints/reader.ts';

export const runId = '20260101-000000-aaaaaa';

/** One run over one workspace. */
export interface KeptWorkspace {
  /** The root, without links. */
  readonly path: string;
  readonly runsFolder: string;
  readonly facts: CheckpointFact[];
  readonly reader: CheckpointReader;
  readonly open: (options?: Partial<CheckpointOptions>) => RunCheckpoints;
  /** Writes files, with the folders that they are in; undefined removes. */
  readonly write: (files: Readonly<Record<string, string | undefined>>) => Promise<void>;
  /** A call that does something, from its turn to its fact; `touched` are names in the root. */
  readonly call: (
    checkpoints: RunCheckpoints,
    act: () => Promise<unknown>,
    touched?: readonly string[],
  ) => Promise<CheckpointFact | undefined>;
  readonly read: (name: string) => Promise<string | undefined>;
  readonly remove: () => Promise<void>;
}

export async function keptWorkspace(files: Readonly<Record<string, string>> = {}): Promise<KeptWorkspace> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'checkpoints-')));
  const path = join(folder, 'workspace');
  const runsFolder = join(folder, 'runs');
  await mkdir(path);
  const facts: CheckpointFact[] = [];
  const opened: RunCheckpoints[] = [];
  const roots = [{ name: 'workspace', path }];
  let calls = 0;
  const write: KeptWorkspace['write'] = async (some) => {
    for (const [name, content] of Object.entries(some)) {
      const place = join(path, name);
      await mkdir(dirname(place), { recursive: true });
      if (content === undefined) await rm(place, { recursive: true });
      else await writeFile(place, content);
    }
  };
  await write(files);
  return {
    path,
    runsFolder,
    facts,
    reader: checkpointReader({ runsFolder, roots }),
    write,
    open: (options = {}) => {
      const limits = { maxFileBytes: 1_000_000, maxBytes: 100_000_000 };
      const report = (error: unknown) => {
        throw error;
      };
      const checkpoints = openCheckpoints({ runsFolder, runId, roots, limits, firstNumber: 0, report, ...options });
      opened.push(checkpoints);
      checkpoints.listen(async (fact) => void facts.push(fact));
      return checkpoints;
    },
    call: async (checkpoints, act, touched) => {
      const turn = ++calls;
      const call: WritingCall = {
        callId: `${turn}-1`,
        turn,
        ...(touched && { touched: touched.map((name) => join(path, name)) }),
      };
      await checkpoints.before(new AbortController().signal);
      const before = facts.length;
      await act();
      checkpoints.after(call);
      await checkpoints.settled();
      return facts[before];
    },
    read: async (name) => readFile(join(path, name), 'utf8').catch(() => undefined),
    remove: async () => {
      for (const checkpoints of opened) await checkpoints.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The fact as one of files that were kept. Throws what went wrong instead. */
export function made(fact: CheckpointFact | undefined): FactOf<'checkpoint.made'> {
  if (fact?.type !== 'checkpoint.made') throw new Error(fact?.reason ?? 'no checkpoint was made');
  return fact;
}

/** What a fact says of its files, one line each. */
export function lines(fact: CheckpointFact | undefined): readonly string[] {
  return made(fact).files.map(({ change, path, added, removed }) =>
    [change, path, ...(added === undefined ? [] : [`+${added}`, `-${removed ?? 0}`])].join(' '),
  );
}

/** Runs git as a person does. */
export function personsGit(folder: string, ...args: readonly string[]): string {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@b.c', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', ['-C', folder, ...identity, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Makes a repository of a folder, with all its files in a commit. */
export function commitAll(folder: string): void {
  personsGit(folder, 'init', '-q');
  personsGit(folder, 'add', '-A');
  personsGit(folder, 'commit', '-q', '--allow-empty', '-m', 'first');
}

/** Every file below a folder with its mode, times and a hash of its bytes, as text that can be compared. */
export async function fingerprint(folder: string): Promise<string> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const place = join(entry.parentPath, entry.name);
    const stats = await lstat(place, { bigint: true });
    const bytes = entry.isFile() ? await readFile(place) : entry.isSymbolicLink() ? await readlink(place) : '';
    const hash = createHash('sha256').update(bytes).digest('hex');
    found.push([place, stats.mode, stats.mtimeNs, stats.ctimeNs, stats.ino, hash].join(' '));
  }
  return found.toSorted().join('\n');
}
