/** The person at the terminal while a run lives: what they type answers a question that is open, else it is for the run. */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A person who can be asked. */
export interface Person {
  /** The line that answers; questions wait for each other. Undefined when nobody is there any more. */
  readonly ask: (question: string, signal: AbortSignal) => Promise<string | undefined>;
  /** Stops reading. */
  readonly close: () => void;
}

/** Reads lines until closed. The terminal stays as it is: it edits the line, and Ctrl-C is a signal. */
export function personAtTerminal(input: Readable, output: Writable, onLine: (line: string) => void): Person {
  const lines = createInterface({ input, terminal: false });
  let answer: ((line: string | undefined) => void) | undefined;
  let gone = false;
  let last: Promise<unknown> = Promise.resolve();
  lines.on('line', (line) => (answer ?? onLine)(line));
  lines.on('close', () => {
    gone = true;
    answer?.(undefined);
  });
  const stopWatching = onlyInForeground(lines);
  const askNow = async (question: string, signal: AbortSignal) => {
    signal.throwIfAborted();
    if (gone) return undefined;
    const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    answer = resolve;
    output.write(question);
    try {
      return await promise;
    } finally {
      answer = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  };
  return {
    ask: (question, signal) => {
      const answered = last.then(() => askNow(question, signal));
      last = answered.catch(() => undefined);
      return answered;
    },
    close: () => {
      stopWatching();
      lines.close();
    },
  };
}

/** A process in the background that reads the terminal is stopped by it: there nothing is read. */
function onlyInForeground(lines: { readonly pause: () => unknown; readonly resume: () => unknown }): () => void {
  const look = () => {
    if (inBackground()) lines.pause();
    else lines.resume();
  };
  process.on('SIGCONT', look);
  look();
  return () => void process.off('SIGCONT', look);
}

/** Whether another process group has the terminal (proc_pid_stat(5): pgrp and tpgid); false where that cannot be told. */
function inBackground(): boolean {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [, , group, , , foreground] = fields;
    return foreground !== '-1' && group !== foreground;
  } catch {
    return false;
  }
}
