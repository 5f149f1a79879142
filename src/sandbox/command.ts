/** One shell command in a sandbox, from its guard to its result. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../agent/errors.ts';
import type { Guard } from './guard.ts';
import { PlainOutput } from './headTail.ts';
import type { Place } from './place.ts';
import { runInPty, type PtyEnd, type PtyProcess } from './ptyProcess.ts';
import type { CommandResult } from './results.ts';
import type { SandboxFolders } from './stateFolder.ts';

export interface Command {
  readonly command: string;
  readonly folders: SandboxFolders;
  readonly timeoutMs: number;
  readonly confined: boolean;
  readonly size: { readonly columns: number; readonly rows: number };
  /** Whether it can read what is typed; otherwise its input is empty. */
  readonly typing: boolean;
  /** Raw output as it comes. */
  readonly onData: (data: string) => void;
  readonly onStart: (process: PtyProcess) => void;
  /** Takes over work that a stopped call does not wait for. */
  readonly afterwards: (work: Promise<unknown>) => void;
}

/** Longest text that fits one argument of a program (Linux: 128 kB). */
const maxArgumentBytes = 100_000;

/** Runs a command with bash in the workspace. Never leaves a process, a stand-in or a protected path behind. */
export async function runCommand(
  place: Place,
  command: Command,
  signal: AbortSignal,
): Promise<CommandResult & { readonly outcome: PtyEnd['outcome'] }> {
  if (command.command.includes('\0')) throw new ToolError('A command cannot hold a NUL character.');
  if (process.platform === 'win32') throw new ToolError('Commands need Linux, macOS or WSL.');
  const startedAt = performance.now();
  const guard = command.confined ? await place.guard(signal) : undefined;
  const output = new PlainOutput();
  const tidy = async () => {
    try {
      return (await guard?.check()) ?? [];
    } finally {
      await guard?.release();
    }
  };
  const ended = await runGuarded(place, command, guard, output, signal).catch(async (error: unknown) => {
    await tidy();
    throw error;
  });
  const { outcome, exitCode } = ended;
  const tidied = tidy();
  if (outcome === 'stopped') command.afterwards(tidied);
  const notes = outcome === 'stopped' ? [] : await tidied;
  const { text, omittedBytes } = output.end();
  if (exitCode === 1 && command.confined && text.startsWith('bwrap: ')) {
    throw new ToolError(`The sandbox could not be set up: ${text.trim()}`);
  }
  const timedOut = outcome === 'timedOut';
  return { output: text, exitCode, outcome, timedOut, omittedBytes, durationMs: performance.now() - startedAt, notes };
}

async function runGuarded(
  place: Place,
  { command, folders, timeoutMs, confined, size, typing, onData, onStart }: Command,
  guard: Guard | undefined,
  output: PlainOutput,
  signal: AbortSignal,
): Promise<PtyEnd> {
  const script = Buffer.byteLength(command) > maxArgumentBytes ? '.mirothinker-command' : undefined;
  if (script !== undefined) await writeFile(join(folders.temporary, script), command);
  const scriptPath = script === undefined ? undefined : join(confined ? '/tmp' : folders.temporary, script);
  const given = scriptPath === undefined ? ['-c', command] : [scriptPath];
  const input = typing ? [] : ['-c', 'exec /bin/bash "$@" </dev/null', 'bash'];
  const program = ['/bin/bash', ...input, ...given] as const;
  const { file, args, env, cwd } = place.launch(program, folders, guard);
  const keep = (data: string) => {
    output.push(data);
    onData(data);
  };
  const running = await runInPty({ file, args, env, cwd, ...size, timeoutMs, confined, onData: keep }, signal);
  guard?.watch();
  onStart(running);
  try {
    return await running.end;
  } finally {
    if (script !== undefined) await rm(join(folders.temporary, script), { force: true });
  }
}
