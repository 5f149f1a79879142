/** Whether something below one of our processes waits for what is typed into its terminal. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { processesBelow } from './processTree.ts';
import { waitedFor } from './waitedFor.ts';

/** Where a process sleeps that reads a terminal, for systems that tell no system calls. */
const readingPlaces = new Set(['n_tty_read', 'wait_woken']);
const maxProcesses = 200;
const maxThreads = 64;

/** What one look shows. */
export interface InputLook {
  /** `finite`: the wait ends by itself, so it may be no question. Nothing while anything is busy. */
  readonly waits: 'endless' | 'finite' | undefined;
  /** Processor time that all have used so far, in the kernel's ticks. */
  readonly ticks: number;
}

/** Looks at a process and all below it. */
export async function lookForInput(pid: number): Promise<InputLook> {
  const processes = [pid, ...(await processesBelow(pid, maxProcesses))];
  const states = await Promise.all(processes.map(stateOf));
  const ticks = states.reduce((sum, state) => sum + state.ticks, 0);
  if (states.some(({ letter }) => letter === 'R' || letter === 'D')) return { waits: undefined, ticks };
  const found: InputLook['waits'][] = [];
  for (const process of processes) {
    const waits = await readsTerminal(process);
    if (waits === 'endless') return { waits, ticks };
    found.push(waits);
  }
  return { waits: found.find((waits) => waits !== undefined), ticks };
}

async function readsTerminal(pid: number): Promise<InputLook['waits']> {
  let waits: InputLook['waits'];
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  for (const thread of threads.slice(0, maxThreads)) {
    const call = (await textOf(`/proc/${pid}/task/${thread}/syscall`)).trim();
    if (call === '') {
      return readingPlaces.has(await textOf(`/proc/${pid}/task/${thread}/wchan`)) ? 'endless' : undefined;
    }
    const { descriptors, endless } = await waitedFor(pid, call);
    const terminals = await Promise.all(descriptors.map((descriptor) => isTerminal(pid, descriptor)));
    if (terminals.includes(true) && endless) return 'endless';
    if (terminals.includes(true)) waits = 'finite';
  }
  return waits;
}

/** Pseudo-terminals and /dev/tty, by their device numbers. */
async function isTerminal(pid: number, descriptor: number): Promise<boolean> {
  const found = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
  if (!found?.isCharacterDevice()) return false;
  const major = (found.rdev >> 8) & 0xfff;
  return (major >= 136 && major <= 143) || (major === 5 && (found.rdev & 0xff) === 0);
}

/** The letter of its state, empty when it is gone, and its processor time with that of its ended children. */
async function stateOf(pid: number): Promise<{ readonly letter: string; readonly ticks: number }> {
  const text = await textOf(`/proc/${pid}/stat`);
  const [letter = '', ...fields] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { letter, ticks: fields.slice(10, 14).reduce((sum, field) => sum + Number(field), 0) };
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
