/** The descriptors for which a sleeping thread waits, read from the system call that it is in. */
import { open, readdir, readFile, readlink } from 'node:fs/promises';

/** What a thread waits to read. */
export interface Wait {
  readonly descriptors: readonly number[];
  /** Whether it waits for nothing else and without an end; otherwise it wakes by itself. */
  readonly endless: boolean;
}

type Kind = 'read' | 'poll' | 'ppoll' | 'select' | 'epoll';

/** The kernel's numbers of these calls, by architecture. */
const calls: Partial<Record<NodeJS.Architecture, Readonly<Record<string, Kind>>>> = {
  x64: { 0: 'read', 7: 'poll', 271: 'ppoll', 23: 'select', 270: 'select', 232: 'epoll', 281: 'epoll' },
  arm64: { 63: 'read', 73: 'ppoll', 72: 'select', 22: 'epoll' },
};
const pollEntryBytes = 8;
/** Who polls for more, or selects among more, asks nobody. */
const maxPolled = 64;
const nothing: Wait = { descriptors: [], endless: false };

/** `call` is a line of /proc/…/syscall: the number, then its arguments. None for what also waits for something else. */
export async function waitedFor(pid: number, call: string): Promise<Wait> {
  const [number = '', ...words] = call.split(' ');
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = words.map(Number);
  switch (calls[process.arch]?.[number]) {
    case 'read':
      return { descriptors: [first], endless: true };
    case 'poll':
      return third === 0 ? nothing : waitFor(pid, await polled(pid, first, second), second === 1 && isMinusOne(third));
    case 'ppoll':
      return waitFor(pid, await polled(pid, first, second), second === 1 && third === 0);
    case 'select':
      return waitFor(pid, await selected(pid, first, [second, third, fourth]), first === 1 && fourth + fifth === 0);
    case 'epoll': {
      const targets = fourth === 0 ? [] : await watched(pid, first);
      const wait = await waitFor(pid, targets, false);
      return { ...wait, endless: isMinusOne(fourth) };
    }
    case undefined:
      return nothing;
  }
}

/** An int's -1, however wide the register that holds it is shown. */
function isMinusOne(value: number): boolean {
  return value === 0xffffffff || value >= 2 ** 63;
}

/** Nothing where, unless it is for ever for one descriptor, other processes or the network are waited for as well. */
async function waitFor(pid: number, descriptors: readonly number[], endless: boolean): Promise<Wait> {
  if (endless || descriptors.length === 0) return { descriptors, endless };
  const links = await Promise.all(descriptors.map((target) => readlink(`/proc/${pid}/fd/${target}`).catch(() => '')));
  const others = links.some((link) => /^socket:|timerfd|inotify|pidfd/.test(link));
  return others || (await childrenOf(pid)).length > 0 ? nothing : { descriptors, endless };
}

/** The descriptors of a poll's entries, from the process's memory. */
async function polled(pid: number, address: number, count: number): Promise<readonly number[]> {
  if (count > maxPolled) return [];
  const entries = await memoryOf(pid, address, count * pollEntryBytes);
  return Array.from({ length: (entries?.length ?? 0) / pollEntryBytes }, (_, index) =>
    entries ? entries.readInt32LE(index * pollEntryBytes) : -1,
  ).filter((descriptor) => descriptor >= 0);
}

/** The descriptors in a select's sets; nothing where it reads none. */
async function selected(pid: number, below: number, sets: readonly number[]): Promise<readonly number[]> {
  if (below > maxPolled || sets[0] === 0) return [];
  if (below === 1) return [0];
  const read = await Promise.all(
    sets.filter((address) => address !== 0).map((address) => memoryOf(pid, address, Math.ceil(below / 64) * 8)),
  );
  const all = Array.from({ length: below }, (_, descriptor) => descriptor);
  return all.filter((descriptor) => read.some((set) => ((set?.[descriptor >> 3] ?? 0) >> (descriptor & 7)) & 1));
}

async function watched(pid: number, epoll: number): Promise<readonly number[]> {
  const info = await readFile(`/proc/${pid}/fdinfo/${epoll}`, 'latin1').catch(() => '');
  return [...info.matchAll(/^tfd:\s*(\d+)/gm)].map(([, target]) => Number(target));
}

async function memoryOf(pid: number, address: number, bytes: number): Promise<Buffer | undefined> {
  const memory = await open(`/proc/${pid}/mem`).catch(() => undefined);
  if (!memory) return undefined;
  try {
    const { bytesRead, buffer } = await memory.read(Buffer.alloc(bytes), 0, bytes, address);
    return bytesRead === bytes ? buffer : undefined;
  } catch {
    return undefined;
  } finally {
    await memory.close();
  }
}

async function childrenOf(pid: number): Promise<readonly string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => '')),
  );
  return lists.filter((list) => list.trim() !== '');
}
