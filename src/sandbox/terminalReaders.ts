/** Whether something below one of our processes waits for what is typed into its terminal. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { processesBelow } from './processTree.ts';
import { waitedFor } from './waitedFor.ts';

/** Where a process sleeps that reads a terminal, for systems that tell no system calls. */
const readingPlaces = new Set(['n_tty_read', 'wait_woken']);
const maxProcesses = 200;
const maxThreads = 64;

/** False while anything is busy: then it is no question that is waited for. */
export async function waitsForInput(pid: number): Promise<boolean> {
  const processes = [pid, ...(await processesBelow(pid, maxProcesses))];
  const states = await Promise.all(processes.map(stateOf));
  if (states.some((state) => state === 'R' || state === 'D')) return false;
  for (const process of processes) if (await readsTerminal(process)) return true;
  return false;
}

async function readsTerminal(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  for (const thread of threads.slice(0, maxThreads)) {
    const call = (await textOf(`/proc/${pid}/task/${thread}/syscall`)).trim();
    if (call === '') return readingPlaces.has(await textOf(`/proc/${pid}/task/${thread}/wchan`));
    for (const descriptor of await waitedFor(pid, call)) if (await isTerminal(pid, descriptor)) return true;
  }
  return false;
}

/** Pseudo-terminals and /dev/tty, by their device numbers. */
async function isTerminal(pid: number, descriptor: number): Promise<boolean> {
  const found = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
  if (!found?.isCharacterDevice()) return false;
  const major = (found.rdev >> 8) & 0xfff;
  return (major >= 136 && major <= 143) || (major === 5 && (found.rdev & 0xff) === 0);
}

/** The letter of its state; empty when it is gone. */
async function stateOf(pid: number): Promise<string> {
  const text = await textOf(`/proc/${pid}/stat`);
  return text.charAt(text.lastIndexOf(')') + 2);
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
