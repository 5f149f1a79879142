/** Processes below one of ours, and how they are ended. */
import { randomUUID } from 'node:crypto';
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
/** Processes that are asked to end one by one; the rest is not asked. */
const maxAsked = 1_000;
/** How often what keeps multiplying is ended. */
const rounds = 20;

/** A process that we started: the leader of its own process group. */
export interface Started {
  readonly pid: number;
  /** Whether it is bubblewrap, whose child is the first process of the sandbox. */
  readonly confined: boolean;
  /** Settles once it has ended. */
  readonly ended: Promise<unknown>;
  /** A variable's text that only it and what it starts have in their environment: unconfined ones are found by that. */
  readonly mark?: string;
}

/** A mark for one unconfined process, and the variable that carries it. */
export function newMark(): { readonly mark: string; readonly variable: Readonly<Record<string, string>> } {
  const id = randomUUID();
  return { mark: `MIROTHINKER_CALL=${id}`, variable: { MIROTHINKER_CALL: id } };
}

/** Sends a signal to what runs inside, not to bubblewrap itself, whose end would end the rest at once. */
export async function signalInside(started: Started, signal: NodeJS.Signals): Promise<void> {
  if (!started.confined) {
    signalOne(-started.pid, signal);
    return;
  }
  const [first] = await processesBelow(started.pid, 1);
  if (first === undefined) return;
  for (const pid of await processesBelow(first, maxAsked)) signalOne(pid, signal);
}

/** Ends a process and all below it: asks first (`SIGTERM`), then insists. Settles when it is gone, 2 s at most. */
export async function endProcess(started: Started): Promise<void> {
  await signalInside(started, 'SIGTERM');
  const ended = await settledWithin(started.ended, graceMs);
  if (ended && started.confined) return;
  await (ended ? killLeftovers : killProcess)(started);
}

/** Ends a process and all below it without asking. */
export async function killProcess(started: Started): Promise<void> {
  const [first] = started.confined ? await processesBelow(started.pid, 1) : [];
  if (first !== undefined) {
    // The end of a sandbox's first process ends everything in it, and bubblewrap waits for that.
    signalOne(first, 'SIGKILL');
    if (await settledWithin(started.ended, reapMs)) return;
  }
  await killLeftovers(started);
  await settledWithin(started.ended, reapMs);
}

/**
 * Ends what a finished process left behind: in its group or session, below it, or with its mark. Confined ones leave
 * nothing. What left the session, lost its parent and emptied its environment is not found.
 */
export async function killLeftovers(started: Started): Promise<void> {
  signalOne(-started.pid, 'SIGKILL');
  if (started.confined) {
    signalOne(started.pid, 'SIGKILL');
    return;
  }
  for (let round = 0; round < rounds; round++) {
    const left = await leftOf(started);
    if (left.length === 0) return;
    // Stopped ones make no new ones while the others are ended.
    for (const pid of left) signalOne(pid, 'SIGSTOP');
    for (const pid of left) signalOne(pid, 'SIGKILL');
  }
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

/** The processes below one, nearest first, so many at most. */
export async function processesBelow(pid: number, atMost: number): Promise<readonly number[]> {
  const found: number[] = [];
  let level = [pid];
  while (level.length > 0 && found.length < atMost) {
    level = (await Promise.all(level.map(childrenOf))).flat();
    found.push(...level);
  }
  return found.slice(0, atMost);
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => undefined)),
  );
  if (!lists.includes(undefined)) return lists.flatMap((list) => list?.match(/\d+/g)?.map(Number) ?? []);
  // Kernels without that list.
  return (await allProcesses()).filter(({ parent }) => parent === pid).map((process) => process.pid);
}

/** What is alive of a process's session, of what is below it and of what has its mark, zombies apart. */
async function leftOf({ pid: leader, mark }: Started): Promise<readonly number[]> {
  const processes = await allProcesses();
  const below = new Set<number>([leader]);
  for (let size = 0; size < below.size;) {
    size = below.size;
    for (const { pid, parent } of processes) if (below.has(parent)) below.add(pid);
  }
  const found = await Promise.all(
    processes.map(async ({ pid, session }) => {
      const ours = session === leader || below.has(pid) || (mark !== undefined && (await hasMark(pid, mark)));
      return ours && pid !== process.pid ? [pid] : [];
    }),
  );
  return found.flat();
}

function hasMark(pid: number, mark: string): Promise<boolean> {
  return readFile(`/proc/${pid}/environ`, 'latin1').then(
    (environment) => environment.includes(mark),
    () => false,
  );
}

/** Every process of the machine that has not ended; empty where there is no /proc. */
async function allProcesses(): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => readProcess(Number(pid))));
  return found.filter((process) => process !== undefined);
}

async function readProcess(pid: number): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // "pid (name) state parent group session …"; a name may hold anything, parentheses too.
  const [state, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || session === undefined || state === 'Z' || state === 'X') return undefined;
  return { pid, parent: Number(parent), session: Number(session) };
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
