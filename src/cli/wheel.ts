/** The person at the terminal steers the runs of a call, all of them alike. */
import type { Call } from './arguments.ts';
import { personAtTerminal, type Person } from './personAtTerminal.ts';
import { steer, steeringHelp, type Steered } from './steer.ts';

/** The terminal's end of the steering. */
export interface Wheel {
  /** Absent: nobody can type and see what is asked. */
  readonly person: Person | undefined;
  /** From now on lines go to these runs, those typed before included. */
  readonly steer: (runs: () => readonly Steered[]) => void;
  readonly close: () => void;
}

/** Listens at the terminal, if somebody is there. */
export function wheelOf(call: Call): Wheel {
  const said: string[] = [];
  let steered: (() => readonly Steered[]) | undefined;
  const onLine = (line: string) => {
    if (!steered) said.push(line);
    const replies = new Set(steered?.().map((run) => steer(line, run)));
    for (const reply of replies) if (reply !== undefined) process.stderr.write(`${reply}\n`);
  };
  const person = isThere(call) ? personAtTerminal(process.stdin, process.stderr, onLine) : undefined;
  return {
    person,
    steer: (runs) => {
      steered = runs;
      if (person) process.stderr.write(`${steeringHelp}\n`);
      for (const line of said) onLine(line);
    },
    close: () => person?.close(),
  };
}

function isThere({ command, operand, json }: Call): boolean {
  // The question is read to the end of standard input.
  const reads = command === 'ask' && operand === '-';
  return !reads && !json && process.stdin.isTTY && process.stderr.isTTY;
}
