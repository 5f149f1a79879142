import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A program in a process group of its own: whatever it starts in that group ends with it. */
export interface ProcessGroup {
  readonly pid: number;
  /** Resolves when the program itself ends; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** What it wrote so far, stdout and stderr as they came, the last 200,000 characters. */
  output(): string;
  /** Ends every process of the group and resolves when none is left. May be called twice. */
  stop(): Promise<void>;
}

/** How a group is started. */
export interface GroupOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  readonly onOutput?: (text: string) => void;
}

/** Starts a program as the leader of a new process group; throws when it cannot be started. */
export function startGroup(command: string, args: readonly string[], options: GroupOptions = {}): ProcessGroup {
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const { pid } = child;
  const started = new Promise<number | null>((resolve, reject) => {
    child.on('exit', (code) => resolve(code));
    child.on('error', reject);
  });
  if (pid === undefined) throw new Error(`${command} cannot be started`);
  const written = { text: '' };
  const take = (chunk: Buffer) => {
    const text = chunk.toString();
    written.text = (written.text + text).slice(-200_000);
    options.onOutput?.(text);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return { pid, exited: started, output: () => written.text, stop: () => endGroup(pid) };
}

/** SIGTERM to the group, SIGKILL to what is left after 3 s; resolves when /proc shows no member any more. */
async function endGroup(group: number): Promise<void> {
  const killAt = Date.now() + 3_000;
  const giveUpAt = killAt + 5_000;
  signalGroup(group, 'SIGTERM');
  while (members(group).length > 0) {
    if (Date.now() > giveUpAt) throw new Error(`process group ${group} does not end: ${members(group).join(', ')}`);
    if (Date.now() > killAt) signalGroup(group, 'SIGKILL');
    await delay(20);
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody is left to hear it.
  }
}

/** Pids of the living (not zombie) members of a process group. */
function members(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return state !== 'Z' && Number(pgrp) === group;
      } catch {
        return false;
      }
    });
}
