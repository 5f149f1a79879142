/** The built command line in a terminal, where a person types. */
import { join } from 'node:path';
import { spawn } from 'node-pty';

const cli = join(import.meta.dirname, '../../dist/cli.js');

/** A command in a terminal of its own. */
export interface InTerminal {
  /** Types a line. */
  readonly type: (line: string) => void;
  /** Presses Ctrl-C. */
  readonly interrupt: () => void;
  /** Settles when the screen has shown the text, styles left out; from now on, once for each time. */
  readonly shown: (text: string) => Promise<void>;
  readonly screen: () => string;
  readonly exitCode: Promise<number>;
}

/** Starts it in a folder, with the runs in another; by a shell as its background job, if so wanted. */
export function inTerminal(
  words: readonly string[],
  { cwd, runs, background = false }: { readonly cwd: string; readonly runs: string; readonly background?: boolean },
): InTerminal {
  const command = [process.execPath, cli, ...words];
  const asJob = ['bash', '-c', 'set -m; "$@" & wait $!', 'job', ...command];
  const [file = '', ...args] = background ? asJob : command;
  const pty = spawn(file, args, {
    cols: 100,
    rows: 30,
    cwd,
    env: { ...process.env, MIROTHINKER_RUNS_DIR: runs },
  });
  let screen = '';
  let seen = 0;
  const looks = new Set<() => void>();
  pty.onData((data) => {
    screen += data;
    for (const look of looks) look();
  });
  const { promise: exitCode, resolve } = Promise.withResolvers<number>();
  pty.onExit((exit) => resolve(exit.exitCode));
  const plain = () => screen.replace(/\u{1b}\[[\d;]*m/gu, '');
  return {
    type: (line) => pty.write(`${line}\r`),
    interrupt: () => pty.write('\u{3}'),
    screen: plain,
    exitCode,
    shown: (text) =>
      new Promise((done, fail) => {
        const look = () => {
          const at = plain().indexOf(text, seen);
          if (at < 0) return;
          seen = at + text.length;
          looks.delete(look);
          done();
        };
        looks.add(look);
        look();
        void exitCode.then(() => fail(new Error(`ended without ${text}: ${plain()}`)));
      }),
  };
}
