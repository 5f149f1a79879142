/** The descriptors for which alone a sleeping thread waits, without an end, read from the system call that it is in. */
import { open, readdir, readFile, readlink } from 'node:fs/promises';

type Kind = 'read' | 'poll' | 'ppoll' | 'select' | 'epoll';

/** The kernel's numbers of these calls, by architecture. */
const calls: Partial<Record<NodeJS.Architecture, Readonly<Record<string, Kind>>>> = {
  x64: { 0: 'read', 7: 'poll', 271: 'ppoll', 23: 'select', 270: 'select', 232: 'epoll', 281: 'epoll' },
  arm64: { 63: 'read', 73: 'ppoll', 72: 'select', 22: 'epoll' },
};
const pollEntryBytes = 8;

/** `call` is a line of /proc/…/syscall: the number, then its arguments. None for what also waits for something else. */
export async function waitedFor(pid: number, call: string): Promise<readonly number[]> {
  const [number = '', ...words] = call.split(' ');
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = words.map(Number);
  switch (calls[process.arch]?.[number]) {
    case 'read':
      return [first];
    case 'poll':
      return second === 1 && isMinusOne(third) ? polled(pid, first) : [];
    case 'ppoll':
      return second === 1 && third === 0 ? polled(pid, first) : [];
    case 'select':
      // Of one descriptor it can only be the first, standard input.
      return first === 1 && second !== 0 && fourth + fifth === 0 ? [0] : [];
    case 'epoll':
      return isMinusOne(fourth) ? watched(pid, first) : [];
    case undefined:
      return [];
  }
}

/** An int's -1, however wide the register that holds it is shown. */
function isMinusOne(value: number): boolean {
  return value === 0xffffffff || value >= 2 ** 63;
}

/** The descriptor of a poll's only entry, from the process's memory. */
async function polled(pid: number, address: number): Promise<readonly number[]> {
  const memory = await open(`/proc/${pid}/mem`).catch(() => undefined);
  if (!memory) return [];
  try {
    const { bytesRead, buffer } = await memory.read(Buffer.alloc(pollEntryBytes), 0, pollEntryBytes, address);
    return bytesRead === pollEntryBytes ? [buffer.readInt32LE(0)] : [];
  } catch {
    return [];
  } finally {
    await memory.close();
  }
}

/** What an epoll watches; nothing where it waits for other processes or the network as well. */
async function watched(pid: number, epoll: number): Promise<readonly number[]> {
  const info = await readFile(`/proc/${pid}/fdinfo/${epoll}`, 'latin1').catch(() => '');
  const targets = [...info.matchAll(/^tfd:\s*(\d+)/gm)].map(([, target]) => Number(target));
  const links = await Promise.all(targets.map((target) => readlink(`/proc/${pid}/fd/${target}`).catch(() => '')));
  const others = links.some((link) => /^socket:|timerfd|inotify/.test(link));
  const children = others ? [] : await childrenOf(pid);
  return others || children.length > 0 ? [] : targets;
}

async function childrenOf(pid: number): Promise<readonly string[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'latin1').catch(() => '')),
  );
  return lists.filter((list) => list.trim() !== '');
}
