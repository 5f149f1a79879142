/** How a process ended, in words: exit codes above 128 are signals. */
import { constants } from 'node:os';

const reasons: Readonly<Record<string, string>> = {
  SIGSEGV: 'it crashed with a segmentation fault',
  SIGBUS: 'it crashed with a bus error',
  SIGABRT: 'it aborted',
  SIGFPE: 'it crashed with an arithmetic error',
  SIGILL: 'it crashed with an illegal instruction',
  SIGKILL: 'it was killed, most likely because memory ran out',
  SIGXCPU: 'it used up its processor time',
  SIGTERM: 'it was ended by a signal',
};

/** "it crashed with a segmentation fault (SIGSEGV)"; "it left with exit code 3". */
export function exitWords(exitCode: number): string {
  const name = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
  if (name === undefined) return `it left with exit code ${exitCode}`;
  return `${reasons[name] ?? 'it was ended by a signal'} (${name})`;
}

/** The exit code of a process that a signal ended, as a shell has it. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
