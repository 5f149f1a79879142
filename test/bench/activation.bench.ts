/**
 * Activation of the installed .vsix on demand, each time in a new window, timed inside the extension host by its own
 * clock: from the call to the end of activate()'s promise, the same path as a command's first use takes, without the
 * command's work. Settled: 6 s after the extension host runs our code, at least 5 s after the window is ready.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { runInHost } from '../harness/inHost.ts';
import { installVsix } from '../harness/install.ts';
import { checkout, makeScratch } from '../harness/workspace.ts';

const times = z.object({ loadMs: z.number(), activateMs: z.number() });
const scratch = makeScratch();

try {
  const installed = await installVsix(scratch.folder, scratch.workspace);
  const settled = await measure(installed, 5, { MIROTHINKER_SETTLE_MS: '6000' });
  figure('activation: load and activate() together', settled);
  const split = await measure(installed, 5, { MIROTHINKER_SETTLE_MS: '6000', MIROTHINKER_SPLIT: 'yes' });
  figure('activation: activate() alone', split);
  figure('activation: load and activate() during window start (not judged)', await measure(installed, 3, {}));
} finally {
  scratch.remove();
}

/** activate() of the API, in ms, one per window. */
async function measure(
  extensionDevelopmentPath: string,
  windows: number,
  env: Record<string, string>,
): Promise<number[]> {
  const measured: number[] = [];
  for (let count = 0; count < windows; count += 1) {
    const printed: string[] = [];
    const code = await runInHost({
      extensionDevelopmentPath,
      testsPath: join(checkout, 'out/bench/activation.cjs'),
      folder: scratch.workspace,
      env,
      timeoutMs: 120_000,
      onOutput: (line) => printed.push(line),
    });
    if (code !== 0) throw new Error(`exit code ${code}\n${printed.join('\n')}`);
    const { loadMs, activateMs } = times.parse(JSON.parse(printed.join('')));
    console.error(`load ${loadMs.toFixed(1)} ms, activate ${activateMs.toFixed(1)} ms ${JSON.stringify(env)}`);
    measured.push(activateMs);
  }
  return measured;
}

function figure(name: string, values: number[]): void {
  const median = values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  console.log(JSON.stringify({ name, value: Number(median.toFixed(2)), unit: 'ms', better: 'lower' }));
}
