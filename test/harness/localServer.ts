/** A server program on loopback, for as long as a test needs it. */
import { setTimeout as delay } from 'node:timers/promises';
import { startGroup } from './processGroup.ts';
import { freePort } from './vsCode.ts';

/** A program that serves. */
export interface LocalServer {
  /** Without a slash at its end. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** How it is started. */
export interface LocalServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A path that answers as soon as it serves. */
  readonly ready: string;
  /** What has to be there before it starts. */
  readonly prepare?: (port: number) => Promise<void>;
}

const patienceMs = 30_000;

/**
 * Starts a program on a free port and waits until it answers there. Throws with what it printed when it ends before, or is
 * not there in time.
 */
export async function startServer(
  command: (port: number) => readonly [program: string, ...args: string[]],
  { env = {}, ready, prepare }: LocalServerOptions,
): Promise<LocalServer> {
  const port = await freePort();
  await prepare?.(port);
  const [program, ...args] = command(port);
  const group = startGroup(program, args, { env: { ...process.env, ...env } });
  const ended = new AbortController();
  const end = () => ended.abort();
  group.exited.then(end, end);
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + patienceMs;
  while (!(await answers(`${url}${ready}`))) {
    if (ended.signal.aborted || Date.now() > until) {
      await group.stop();
      throw new Error(`${program} does not serve at ${url}: ${group.output()}`);
    }
    await delay(100);
  }
  return { url, close: () => group.stop() };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}
