/** Processes below one of ours, and how they are ended. */
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly session: number;
}

/** How long a process may take to end by itself, and then to be gone, in ms. Together well within the promised 2 s. */
const graceMs = 600;
const reapMs = 400;

/** A process that we started: the leader of its own process group. */
export interface Started {
  readonly pid: number;
  /** Whether it is bubblewrap, whose child is the first process of the sandbox. */
  readonly confined: boolean;
  /** Settles once it has ended. */
  readonly ended: Promise<unknown>;
}

/** Sends a signal to what runs inside, not to bubblewrap itself, whose end would end the rest at once. */
export async function signalInside(started: Started, signal: NodeJS.Signals): Promise<void> {
  const processes = await allProcesses();
  if (!started.confined) {
    signalOne(-started.pid, signal);
    return;
  }
  const first = processes.filter(({ parent }) => parent === started.pid).map(({ pid }) => pid);
  for (const pid of below(processes, first)) signalOne(pid, signal);
}

/** Ends a process and all below it: asks first (`SIGTERM`), then insists. Settles when it is gone, 2 s at most. */
export async function endProcess(started: Started): Promise<void> {
  await signalInside(started, 'SIGTERM');
  if (await settledWithin(started.ended, graceMs)) return killLeftovers(started);
  await killProcess(started);
}

/** Ends a process and all below it without asking. */
export async function killProcess(started: Started): Promise<void> {
  const processes = await allProcesses();
  const inside = processes.filter(({ parent }) => parent === started.pid).map(({ pid }) => pid);
  if (started.confined && inside.length > 0) {
    // The end of a sandbox's first process ends everything in it, and bubblewrap waits for that.
    for (const pid of inside) signalOne(pid, 'SIGKILL');
    if (await settledWithin(started.ended, reapMs)) return;
  }
  await killLeftovers(started);
  await settledWithin(started.ended, reapMs);
}

/** Ends what a finished process left behind in its group or session. Confined ones leave nothing. */
export async function killLeftovers(started: Started): Promise<void> {
  const processes = await allProcesses();
  const session = processes.filter(({ session, pid }) => session === started.pid && pid !== started.pid);
  const descendants = below(processes, [started.pid]);
  signalOne(-started.pid, 'SIGKILL');
  for (const pid of new Set([...session.map(({ pid }) => pid), ...descendants])) signalOne(pid, 'SIGKILL');
}

/** Whether a promise settles in time. */
export async function settledWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const timer = new AbortController();
  const settled = promise.then(
    () => true,
    () => true,
  );
  const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([settled, late]);
  timer.abort();
  return result;
}

function below(processes: readonly Process[], parents: readonly number[]): number[] {
  const found: number[] = [];
  let level = parents;
  while (level.length > 0) {
    const next = processes.filter(({ parent }) => level.includes(parent)).map(({ pid }) => pid);
    found.push(...next);
    level = next;
  }
  return found;
}

/** Every process of the machine; empty where there is no /proc. */
async function allProcesses(): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readProcess(Number(pid))));
  return found.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // "pid (name) state parent group session …"; a name may hold anything, parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, session] = [Number(fields[1]), Number(fields[3])];
  return Number.isInteger(parent) && Number.isInteger(session) ? { pid, parent, session } : undefined;
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
