/** The built command line as a person starts it, in a workspace and a runs folder of its own. */
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

/** A command that runs. */
export interface Started {
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Settles when stdout holds the text. */
  readonly printed: (text: string) => Promise<void>;
  readonly finished: Promise<Finished>;
}

/** Runs any program to its end. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<Pick<Finished, 'code' | 'stderr'>> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

const cli = join(import.meta.dirname, '../../dist/cli.js');

/** A workspace with files, and the command line in it. */
export async function commandLine(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), 'cli-'));
  const workspace = join(folder, 'workspace');
  const runs = join(folder, 'runs');
  await mkdir(workspace);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(workspace, path)), { recursive: true });
    await writeFile(join(workspace, path), content);
  }
  const start = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Started => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [cli, ...words], {
      cwd: workspace,
      env: { ...process.env, MIROTHINKER_RUNS_DIR: runs, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return {
      pid: child.pid ?? 0,
      kill: (signal) => void child.kill(signal),
      printed: (text) =>
        new Promise((resolve, reject) => {
          const look = () => stdout.includes(text) && resolve();
          child.stdout.on('data', look);
          child.on('close', () => reject(new Error(`ended without ${text}: ${stdout}${stderr}`)));
          look();
        }),
      finished: new Promise((resolve) => {
        child.on('close', (code) => resolve({ code, stdout, stderr, tookMs: performance.now() - startedAt }));
      }),
    };
  };
  return {
    folder,
    workspace,
    runs,
    start,
    run: (words: readonly string[], env?: Readonly<Record<string, string>>) => start(words, env).finished,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

const eventSchema = z.looseObject({ seq: z.number(), at: z.number(), type: z.string() });

/** The events that `--json` printed. */
export function eventsOf(stdout: string) {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => eventSchema.parse(JSON.parse(line)));
}
