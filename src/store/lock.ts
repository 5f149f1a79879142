/** The lock of a run: who writes it. A file with pid, host and heartbeat; a stale one is taken over. */
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../agent/errors.ts';

const lockSchema = z.object({ pid: z.number().int(), host: z.string(), heartbeat: z.number(), owner: z.string() });

/** Who holds a lock; `heartbeat` is in ms since the epoch. */
export type Holder = z.infer<typeof lockSchema>;

const beatMs = 3_000;
const staleMs = 20_000;

export interface Lock {
  readonly release: () => Promise<void>;
}

/** Takes a run's lock and keeps it alive. Throws UserError while someone else writes the run. `onLost`: it was taken over. */
export async function takeLock(runFolder: string, onLost: () => void): Promise<Lock> {
  const path = join(runFolder, 'lock');
  const owner = randomBytes(8).toString('hex');
  const content = () => JSON.stringify({ pid: process.pid, host: hostname(), heartbeat: Date.now(), owner });
  await claim(path, owner, content());
  const beat = async () => {
    const holder = await readHolder(path);
    if (holder && holder.owner !== owner) {
      clearInterval(timer);
      onLost();
      return;
    }
    await replace(path, owner, content()).catch(() => undefined);
  };
  const timer = setInterval(() => void beat(), beatMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      if ((await readHolder(path))?.owner === owner) await rm(path, { force: true });
    },
  };
}

/** Who writes a run now; undefined when nobody does. */
export async function liveHolder(runFolder: string): Promise<Holder | undefined> {
  const holder = await readHolder(join(runFolder, 'lock'));
  return holder && isLive(holder) ? holder : undefined;
}

/** Tries to take the lock, so often and so far apart in ms. */
const attempts = 100;
const pauseMs = 20;

async function claim(path: string, owner: string, content: string): Promise<void> {
  const mine = `${path}.${owner}`;
  await writeFile(mine, content, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < attempts; attempt++) {
      if (await placed(mine, path)) return;
      await refuseLive(path);
      if (await takenOver(mine, path)) return;
      await sleep(pauseMs);
    }
    throw new UserError('The lock of this run could not be taken. Try again.');
  } finally {
    await rm(mine, { force: true });
  }
}

/** A hard link appears whole or not at all, and fails where something stands. */
async function placed(mine: string, path: string): Promise<boolean> {
  return link(mine, path).then(
    () => true,
    () => false,
  );
}

async function refuseLive(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (!holder || !isLive(holder)) return;
  throw new UserError(
    `This run is being written by another window or command (process ${holder.pid} on ${holder.host}). It can be read here; stop it there to go on here.`,
  );
}

/** Replaces a stale lock. Only whoever has the guard may, so that nobody replaces a fresh one that they took for stale. */
async function takenOver(mine: string, path: string): Promise<boolean> {
  const guard = `${path}.guard`;
  if (!(await placed(mine, guard))) {
    const left = await stat(guard).catch(() => undefined);
    if (left && Date.now() - left.ctimeMs > staleMs) await rm(guard, { force: true });
    return false;
  }
  try {
    await refuseLive(path);
    if (await placed(mine, path)) return true;
    const over = `${mine}.over`;
    await link(mine, over);
    await rename(over, path);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

async function replace(path: string, owner: string, content: string): Promise<void> {
  const next = `${path}.${owner}.beat`;
  await writeFile(next, content, { mode: 0o600 });
  await rename(next, path);
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return lockSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function isLive(holder: Holder): boolean {
  if (Date.now() - holder.heartbeat > staleMs) return false;
  return holder.host !== hostname() || isRunning(holder.pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
