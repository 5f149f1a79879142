/** One shell command in a sandbox, from its guard to its result. */
import { ToolError } from '../agent/errors.ts';
import type { Guard } from './guard.ts';
import { removeLaunchFiles, wasSetUp, writeScript } from './launchFiles.ts';
import type { Place } from './place.ts';
import { newMark } from './processTree.ts';
import { runInPty, type PtyEnd, type PtyProcess } from './ptyProcess.ts';
import type { CommandResult } from './results.ts';
import type { SandboxFolders } from './stateFolder.ts';
import { WholeOutput, type OpenOutput, type OutputStream } from './wholeOutput.ts';

export interface Command {
  readonly command: string;
  readonly folders: SandboxFolders;
  readonly timeoutMs: number;
  /** How long it may wait for input that nobody types. */
  readonly inputWaitMs: number;
  readonly confined: boolean;
  readonly size: { readonly columns: number; readonly rows: number };
  /** Whether it can read what is typed; otherwise its input is empty. */
  readonly typing: boolean;
  /** Where long output is stored. */
  readonly openOutput: OpenOutput | undefined;
  /** Raw output as it comes. */
  readonly onData: (data: string) => void;
  readonly onWaiting: (waiting: boolean) => void;
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
  const whole = new WholeOutput(command.openOutput);
  const output = whole.stream();
  const tidy = async () => (await guard?.release()) ?? [];
  const ended = await runGuarded(place, command, guard, output, signal).catch(async (error: unknown) => {
    await whole.drop();
    await tidy();
    throw error;
  });
  place.ready?.prepare();
  const { outcome, exitCode, setUp, mayHaveWaited = false } = ended;
  const tidied = tidy();
  const storing = outcome === 'stopped' ? whole.drop().then(() => ({})) : whole.end();
  if (outcome === 'stopped') command.afterwards(Promise.allSettled([tidied, storing]));
  const [notes, stored] = outcome === 'stopped' ? [[], {}] : await Promise.all([tidied, storing]);
  const { text, omittedBytes, lines, bytes } = output.shown();
  if (!setUp && exitCode === 1 && text.startsWith('bwrap: ')) {
    throw new ToolError(`The sandbox could not be set up: ${text.trim()}`);
  }
  const why = command.confined ? place.notesOn({ output: text, exitCode, command: command.command }) : [];
  return {
    ...stored,
    output: text,
    outputLines: lines,
    outputBytes: bytes,
    omittedBytes,
    exitCode,
    outcome,
    timedOut: outcome === 'timedOut',
    unanswered: outcome === 'unanswered',
    ...(mayHaveWaited && { mayHaveWaited }),
    timeoutMs: command.timeoutMs,
    durationMs: performance.now() - startedAt,
    notes: [...notes, ...why],
  };
}

async function runGuarded(
  place: Place,
  { command, folders, timeoutMs, inputWaitMs, confined, size, typing, onData, onWaiting, onStart }: Command,
  guard: Guard | undefined,
  output: OutputStream,
  signal: AbortSignal,
): Promise<PtyEnd & { readonly setUp: boolean }> {
  const startedAt = performance.now();
  const isLong = Buffer.byteLength(command) > maxArgumentBytes;
  const script = isLong ? await writeScript(folders, command, signal) : undefined;
  const given = script === undefined ? ['-c', command] : [place.scriptAt(script)];
  const launch = place.launch(['/bin/bash', ...given], folders, guard, { script, noInput: !typing });
  const { file, args, env, cwd, status, line } = launch;
  const { mark, variable } = newMark();
  const marked = confined ? {} : { mark, env: { ...env, ...variable } };
  const keep = (data: string) => {
    onData(data);
    return output.push(data);
  };
  const left = Math.max(timeoutMs - (performance.now() - startedAt), 0);
  const limits = { timeoutMs: left, inputWaitMs, confined };
  try {
    const ready = line === undefined ? undefined : () => place.ready?.take(line);
    const running = await runInPty(
      { file, args, env, cwd, ready, ...size, ...limits, ...marked, onData: keep, onWaiting },
      signal,
    );
    onStart(running);
    const end = await running.end;
    return { ...end, setUp: end.exitCode !== 1 || (await wasSetUp(status)) };
  } finally {
    removeLaunchFiles(script, status);
  }
}
