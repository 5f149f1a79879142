/**
 * Checkpoints of a workspace with 50,000 files, in a git workspace and without a repository: the baseline, the keeping of a
 * call that changed 10 files (named, and found), what a call waits for, and putting them back. On a machine that does other
 * things too, the processor's time says more than the clock.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { CheckpointFact } from '../../src/agent/ports.ts';
import { openCheckpoints } from '../../src/store/checkpoints/openCheckpoints.ts';
import { figure } from './figure.ts';

const files = 50_000;
const rounds = 7;
const never = new AbortController().signal;

const folder = await mkdtemp(join(tmpdir(), 'bench-checkpoints-'));
try {
  const path = join(folder, 'workspace');
  await writeFiles(path);
  await measure('folder', path, 5_000);
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', path, '-c', 'user.name=A', '-c', 'user.email=a@b.c', '-c', 'gc.auto=0', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'first');
  git('repack', '-a', '-d', '-q');
  await measure('repository', path, 500);
} finally {
  await rm(folder, { recursive: true });
}

async function measure(kind: 'folder' | 'repository', path: string, baselineLimit: number): Promise<void> {
  const times = { baseline: [0], named: [0], found: [0], wait: [0], restore: [0], copied: [0] };
  const take = (list: number[], startedAt: number) => void list.push(performance.now() - startedAt);
  const delays = [0];
  const cpuTimes = [0];
  for (let round = 0; round < (kind === 'folder' ? 3 : rounds); round++) {
    const runsFolder = join(folder, `runs-${kind}-${round}`);
    const runId = '20260101-000000-aaaaaa';
    const limits = { maxFileBytes: 20e6, maxBytes: 2e9 };
    const common = { runsFolder, runId, roots: [{ name: 'workspace', path }], limits, report: console.error };
    // One that was disabled goes on with what it had.
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const cpuBefore = cpuMs();
    let startedAt = performance.now();
    const checkpoints = openCheckpoints({ ...common, firstNumber: 0 });
    const facts: CheckpointFact[] = [];
    checkpoints.listen(async (fact) => void facts.push(fact));
    await checkpoints.before(never);
    take(times.baseline, startedAt);
    cpuTimes.push(cpuMs() - cpuBefore);
    delay.disable();
    delays.push(delay.max / 1e6);
    checkpoints.after({ callId: '0', turn: 1, touched: [] });
    await checkpoints.settled();
    for (const [index, list] of [times.named, times.found].entries()) {
      startedAt = performance.now();
      await checkpoints.before(never);
      take(times.wait, startedAt);
      const touched = await change(path, `${round}-${index}`);
      startedAt = performance.now();
      checkpoints.after({ callId: '1', turn: 1, ...(index === 0 && { touched }) });
      await checkpoints.settled();
      take(list, startedAt);
      startedAt = performance.now();
      await checkpoints.restore({ to: { runId, number: 2 * index }, turn: 1 }, never);
      take(times.restore, startedAt);
    }
    startedAt = performance.now();
    await checkpoints.dispose();
    take(times.copied, startedAt);
    const wrong = facts.filter(
      (fact) => fact.type !== 'checkpoint.made' || (fact.kind !== 'baseline' && fact.files.length !== 10),
    );
    if (wrong.length > 0 || facts.length !== 5) throw new Error(JSON.stringify(facts).slice(0, 2_000));
    await rm(runsFolder, { recursive: true });
  }
  const name = (what: string) => `checkpoints.${kind}.${what}`;
  figure(name('baseline'), median(times.baseline), 'ms', { limit: baselineLimit });
  figure(name('baselineCpu'), median(cpuTimes), 'ms');
  figure(name('baselineLoopDelay'), median(delays), 'ms');
  figure(name('callNamed'), median(times.named), 'ms', { limit: 250 });
  figure(name('callFound'), median(times.found), 'ms', { limit: 250 });
  figure(name('callWaits'), median(times.wait), 'ms', { limit: 5 });
  figure(name('restore'), median(times.restore), 'ms', { limit: 500 });
  figure(name('copied'), median(times.copied), 'ms');
}

async function writeFiles(path: string): Promise<void> {
  for (let index = 0; index < files; index++) {
    if (index < 500) await mkdir(join(path, folderOf(index)), { recursive: true });
    const line = `export const value${index} = ${Math.sin(index)};\n`;
    await writeFile(nameOf(path, index), line.repeat(1 + (index % 80)));
  }
}

/** Changes ten files, and gives them. */
async function change(path: string, text: string): Promise<readonly string[]> {
  const names = Array.from({ length: 10 }, (_, index) => nameOf(path, index * 4_999));
  for (const name of names) await writeFile(name, `changed ${text} in ${name}\n`);
  return names;
}

function folderOf(index: number): string {
  return `d${index % 50}/s${Math.floor(index / 50) % 10}`;
}

function nameOf(path: string, index: number): string {
  return join(path, folderOf(index), `f${index}.ts`);
}

/** What this process and the commands that it ran have used of the processor so far (proc_pid_stat: ticks of 10 ms). */
function cpuMs(): number {
  const [, after = ''] = readFileSync('/proc/self/stat', 'utf8').split(') ');
  const ticks = after.split(' ').slice(11, 15).map(Number);
  return 10 * ticks.reduce((sum, one) => sum + one, 0);
}

function median([, ...values]: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
