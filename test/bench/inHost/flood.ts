import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import * as vscode from 'vscode';
import { testLine } from '../../harness/testLine.ts';

const finished = z.object({
  type: z.literal('tool.finished'),
  callId: z.string(),
  output: z.object({ sha256: z.string(), sizeBytes: z.number() }).optional(),
});

/**
 * Asks the configured server a question, whose calls are a small command, a flood and one that says `after the flood`, and
 * prints what the flood did to this extension host: `p99Ms` and `maxMs` of the loop's delay, `grownBytes` of its memory at
 * the most, what was stored of it, and whether the terminal shows the command behind it.
 */
export async function run(): Promise<void> {
  const runs = vscode.workspace.getConfiguration('mirothinker').get<string>('runsFolder', '');
  await vscode.commands.executeCommand('mirothinker.ask', 'How much is it?');
  await ended(runs, '1-1');
  await delay(2_000);
  const before = process.memoryUsage().rss;
  let most = before;
  const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
  const loop = monitorEventLoopDelay({ resolution: 2 });
  loop.enable();
  const at = performance.now();
  const { output } = await ended(runs, '2-1');
  const durationMs = performance.now() - at;
  loop.disable();
  clearInterval(sampling);
  await ended(runs, '3-1');
  const drawn = await terminalShows('after the flood');
  const [p99Ms, maxMs] = [loop.percentile(99) / 1e6, loop.max / 1e6];
  console.log(testLine + JSON.stringify({ p99Ms, maxMs, grownBytes: most - before, durationMs, ...output, drawn }));
}

async function ended(runs: string, callId: string): Promise<z.infer<typeof finished>> {
  for (;;) {
    const [runId = ''] = await readdir(runs).catch(() => []);
    const log = await readFile(join(runs, runId, 'events.jsonl'), 'utf8').catch(() => '');
    for (const line of log.split('\n').slice(0, -1)) {
      const fact = finished.safeParse(JSON.parse(line));
      if (fact.success && fact.data.callId === callId) return fact.data;
    }
    await delay(100);
  }
}

/** Reads the terminal as a person would: all of it is selected and copied. */
async function terminalShows(text: string): Promise<boolean> {
  const terminal = vscode.window.terminals.find(({ name }) => name.startsWith('MiroThinker'));
  if (!terminal) return false;
  terminal.show();
  for (let looks = 0; looks < 50; looks++) {
    await vscode.commands.executeCommand('workbench.action.terminal.selectAll');
    await vscode.commands.executeCommand('workbench.action.terminal.copySelection');
    if ((await vscode.env.clipboard.readText()).includes(text)) return true;
    await delay(100);
  }
  return false;
}
