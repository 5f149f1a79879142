/**
 * Activation of the installed .vsix on demand, each time in a new window, timed inside the extension host: the path that
 * a command's first use takes, without the command's own work. Settled: 6 s after the extension host first runs our
 * code, so at least 5 s after the window is ready.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { runInHost } from '../harness/inHost.ts';
import { installVsix } from '../harness/install.ts';
import { checkout, makeScratch } from '../harness/workspace.ts';

const times = z.object({ totalMs: z.number(), activateMs: z.number() });
const scratch = makeScratch();

try {
  const installed = await installVsix(scratch.folder, scratch.workspace);
  const settled = await measure(installed, 5, 6_000);
  figure('activation.loadAndActivate', settled, ({ totalMs }) => totalMs);
  figure('activation.activate', settled, ({ activateMs }) => activateMs);
  // Even an empty extension takes 100 ms and more then: printed, not judged.
  figure('activation.duringWindowStart', await measure(installed, 3, 0), ({ totalMs }) => totalMs);
} finally {
  scratch.remove();
}

/** One entry per window. */
async function measure(extension: string, windows: number, settleMs: number): Promise<z.infer<typeof times>[]> {
  const measured: z.infer<typeof times>[] = [];
  for (let count = 0; count < windows; count += 1) {
    const printed: string[] = [];
    const code = await runInHost({
      extensionDevelopmentPath: extension,
      testsPath: join(checkout, 'out/bench/activation.cjs'),
      folder: scratch.workspace,
      env: { MIROTHINKER_SETTLE_MS: String(settleMs) },
      timeoutMs: 120_000,
      onOutput: (line) => printed.push(line),
    });
    if (code !== 0) throw new Error(`exit code ${code}\n${printed.join('\n')}`);
    console.error(`settled ${settleMs} ms: ${printed.join('')}`);
    measured.push(times.parse(JSON.parse(printed.join(''))));
  }
  return measured;
}

function figure<T>(name: string, measured: readonly T[], of: (one: T) => number): void {
  const sorted = measured.map(of).sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  console.log(JSON.stringify({ name, value: Number(median.toFixed(2)), unit: 'ms', better: 'lower' }));
}
