/**
 * The command line over 600 tool calls that each read a file of 16 KB: the whole run's time, its peak memory, and what it
 * wrote to disk. In the usual window the token counter is loaded; where there is room enough it never is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { logFile } from '../../src/store/logFile.ts';
import { figure } from './figure.ts';
import { textOfTokens } from './longRun.ts';
import { calls, shape } from './sixHundred.ts';

const root = join(import.meta.dirname, '../..');

/** Runs `ask` to its end: seconds, peak resident memory in MB, and the bytes of its run. */
async function ask(workspace: string, runs: string, baseUrl: string, options: readonly string[]) {
  const startedAt = performance.now();
  const words = ['ask', 'Where is it?', '--workspace', workspace, '--runs', runs, '--base-url', baseUrl, ...options];
  const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)));
  let peakKb = 0;
  const ended = once(child, 'exit');
  const ending = ended.then(() => undefined);
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').catch(() => '');
    peakKb = Math.max(peakKb, Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    await Promise.race([sleep(50), ending]);
  }
  await ended;
  if (child.exitCode !== 0) throw new Error(`the command line ended with ${child.exitCode ?? 'a signal'}: ${said}`);
  const [run = ''] = (await readdir(runs)).filter((name) => /^\d/.test(name));
  const log = await readFile(join(runs, run, logFile), 'utf8');
  const made = log.split('\n').filter((line) => line.includes('"type":"tool.finished"')).length;
  if (made !== calls) throw new Error(`${made} calls were made: ${said}`);
  return {
    seconds: (performance.now() - startedAt) / 1000,
    peakMb: peakKb / 1024,
    disk: (await sizeOf(join(runs, run))) / Buffer.byteLength(log),
  };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function measure(name: string, options: readonly string[], folder: string): Promise<void> {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'sixHundredServer.ts'), 'files'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const said: readonly unknown[] = await once(server.stdout, 'data');
    const runs = join(folder, `runs-${name}`);
    await mkdir(runs);
    const { seconds, peakMb, disk } = await ask(join(folder, 'workspace'), runs, String(said[0]).trim(), options);
    figure(`commandLine.${name}.whole`, seconds, 's', { limit: 10 });
    figure(`commandLine.${name}.peak`, peakMb, 'MB resident', { limit: name === 'roomy' ? 300 : 420 });
    figure(`commandLine.${name}.disk`, disk, "× the events' own bytes", { limit: 1.1 });
  } finally {
    server.kill();
  }
}

const folder = await mkdtemp(join(tmpdir(), 'bench-cli-'));
try {
  await mkdir(join(folder, 'workspace'));
  for (let turn = 1; turn <= calls; turn++) {
    await writeFile(join(folder, 'workspace', `${turn}.txt`), textOfTokens(shape.observationTokens, turn));
  }
  // In a window that is never full nothing is counted.
  await measure('roomy', ['--context', '600000'], folder);
  await measure('usual', [], folder);
} finally {
  await rm(folder, { recursive: true });
}
