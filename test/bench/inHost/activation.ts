import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import * as vscode from 'vscode';
import { testLine } from '../../harness/testLine.ts';

const id = 'mirothinker.mirothinker';

/** VS Code's own stopwatch in its extension host: names, and milliseconds since the epoch, whole ones. */
const host = z.object({
  MonacoPerformanceMarks: z.object({
    getMarks: z.function({ input: [], output: z.array(z.object({ name: z.string(), startTime: z.number() })) }),
  }),
});

/**
 * Runs in the extension host and prints, for this one window: `totalMs`, from asking for the extension to the end of
 * activate()'s promise, and `activateMs`, VS Code's own marks around the extension's activate().
 */
export async function run(): Promise<void> {
  const extension = vscode.extensions.getExtension(id);
  if (extension === undefined) throw new Error('the extension is not there');
  await delay(Number(process.env['MIROTHINKER_SETTLE_MS'] ?? '0'));
  if (extension.isActive) throw new Error('the extension was active already');
  const start = performance.now();
  await extension.activate();
  const totalMs = performance.now() - start;
  const marks = host.parse(globalThis).MonacoPerformanceMarks.getMarks();
  const at = (moment: string) => marks.find(({ name }) => name === `code/extHost/${moment}/${id}`)?.startTime;
  const [will, did] = [at('willActivateExtension'), at('didActivateExtension')];
  if (will === undefined || did === undefined) throw new Error('VS Code marked no activation');
  console.log(testLine + JSON.stringify({ totalMs, activateMs: did - will }));
}
