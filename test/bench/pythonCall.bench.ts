/** How long `x = 1` takes in an interpreter that lives, in a workspace of a hundred folders and in one of 50,000 files. */
import { benchShell, percentile } from './benchWorkspace.ts';
import { figure } from './figure.ts';

const rounds = 120;
const limitMs = 3;
const noSignal = new AbortController().signal;

await measure('pythonCall', 100, 5, { limit: limitMs });
await measure('pythonCall.50000Files', 2500, 20, {});

async function measure(
  name: string,
  folders: number,
  filesInFolder: number,
  limit: { readonly limit?: number },
): Promise<void> {
  const { shell, dispose } = await benchShell(folders, filesInFolder);
  const times: number[] = [];
  try {
    const sandboxId = await shell.create(600_000);
    const call = () => shell.runPython({ code: 'x = 1', callId: 'c', unconfined: false, sandboxId }, noSignal);
    for (let round = -5; round < rounds; round++) {
      const startedAt = performance.now();
      await call();
      if (round >= 0) times[round] = performance.now() - startedAt;
    }
  } finally {
    await dispose();
  }
  figure(`${name}.p50`, percentile(times, 0.5), 'ms', limit);
  figure(`${name}.p95`, percentile(times, 0.95), 'ms');
}
