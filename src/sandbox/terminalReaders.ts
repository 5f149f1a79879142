/** Whether something below one of our processes waits for what is typed into its terminal. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { processesBelow } from './processTree.ts';

/** The number of read(2), by architecture. */
const readCalls: Partial<Record<NodeJS.Architecture, string>> = { x64: '0', arm64: '63' };
/** Where a process sleeps that reads a terminal, for systems that tell no system calls. */
const readingPlaces = new Set(['n_tty_read', 'wait_woken']);
/** Device numbers of terminals: those of pseudo-terminals, and /dev/tty. */
const isTerminal = (major: number, minor: number) => (major >= 136 && major <= 143) || (major === 5 && minor === 0);
const maxProcesses = 200;
const maxThreads = 64;

/** False while anything is busy: then it is no question that is waited for. */
export async function waitsForInput(pid: number): Promise<boolean> {
  const processes = await processesBelow(pid, maxProcesses);
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
    const [number, first] = call.split(' ');
    if (number !== readCalls[process.arch] || first === undefined) continue;
    if (await isTerminalOf(pid, Number(first))) return true;
  }
  return false;
}

async function isTerminalOf(pid: number, descriptor: number): Promise<boolean> {
  const found = await stat(`/proc/${pid}/fd/${descriptor}`).catch(() => undefined);
  if (!found?.isCharacterDevice()) return false;
  const { rdev } = found;
  return isTerminal((rdev >> 8) & 0xfff, (rdev & 0xff) | ((rdev >> 12) & 0xfff00));
}

/** The letter of its state; empty when it is gone. */
async function stateOf(pid: number): Promise<string> {
  const text = await textOf(`/proc/${pid}/stat`);
  return text.charAt(text.lastIndexOf(')') + 2);
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch(() => '');
}
