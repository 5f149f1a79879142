/**
 * One command that puts out 100 MB: what that does to the event loop and the memory of the process that reads it, first of
 * a process of Node's own, then of the extension host with the run's terminal open. Fails when what was stored is wrong.
 */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { RunScreen } from '../../src/host/runScreen.ts';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import { SandboxShell } from '../../src/sandbox/shell.ts';
import { openOutputSink } from '../../src/store/outputSink.ts';
import { call, scriptedServer } from '../fakes/scriptedServer.ts';
import { runInHost } from '../harness/inHost.ts';
import { installVsix } from '../harness/install.ts';
import { checkout, makeScratch } from '../harness/workspace.ts';
import { figure } from './figure.ts';

const line = `${'x'.repeat(99)}\n`;
const sizeBytes = 100_000_000;
const flood = `yes ${line.trim()} | head -c ${sizeBytes}`;
const sha256 = createHash('sha256')
  .update(line.repeat(sizeBytes / line.length))
  .digest('hex');

const measuredSchema = z.object({
  p99Ms: z.number(),
  maxMs: z.number(),
  grownBytes: z.number(),
  durationMs: z.number(),
  sha256: z.string(),
  sizeBytes: z.number(),
  drawn: z.boolean(),
});
type Measured = z.infer<typeof measuredSchema>;

const scratch = makeScratch();
try {
  tell('flood', await inNode());
  tell('flood.inHost', await inHost());
} finally {
  scratch.remove();
}

async function inNode(): Promise<Measured> {
  const [workspace, runsFolder] = [join(scratch.folder, 'workspace'), join(scratch.folder, 'runs')];
  mkdirSync(runsFolder);
  const confinement = await probeConfinement();
  const options = { roots: [workspace], runsFolder, network: 'off', readOnlyPaths: [], python: undefined } as const;
  const shell = new SandboxShell({ ...options, confinement });
  const screen = new RunScreen();
  let drawn = '';
  screen.open((text) => (drawn = (drawn + text).slice(-1000)));
  shell.subscribe(screen.show);
  const run = (command: string, callId: string) =>
    shell.runCommand(
      { command, callId, unconfined: true, openOutput: () => openOutputSink(runsFolder) },
      new AbortController().signal,
    );
  try {
    await run('echo small', '1-1');
    const before = process.memoryUsage().rss;
    let most = before;
    const sampling = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 50);
    const loop = monitorEventLoopDelay({ resolution: 2 });
    loop.enable();
    const { kept, durationMs } = await run(flood, '2-1');
    loop.disable();
    clearInterval(sampling);
    await run('echo after the flood', '3-1');
    const delays = { p99Ms: loop.percentile(99) / 1e6, maxMs: loop.max / 1e6 };
    const shown = drawn.includes('\nafter the flood');
    return measuredSchema.parse({ ...delays, grownBytes: most - before, durationMs, ...kept?.blob, drawn: shown });
  } finally {
    await shell.dispose();
  }
}

async function inHost(): Promise<Measured> {
  const command = (text: string) => ({ content: call('tool-python', 'run_command', { command: text }) });
  const server = await scriptedServer({
    script: [
      command('echo small'),
      { ...command(flood), prefillMs: 3_000 },
      command('echo after the flood'),
      { content: 'Known.' },
      { content: 'It is so.\n\n\\boxed{100 MB}' },
    ],
  });
  const printed: string[] = [];
  try {
    const code = await runInHost({
      extensionDevelopmentPath: await installVsix(scratch.folder, scratch.workspace),
      testsPath: join(checkout, 'out/bench/flood.cjs'),
      folder: scratch.workspace,
      settings: {
        'mirothinker.baseUrl': server.baseUrl,
        'mirothinker.runsFolder': join(scratch.folder, 'hostRuns'),
        'mirothinker.approval': 'sandbox',
      },
      timeoutMs: 180_000,
      onOutput: (text) => printed.push(text),
    });
    if (code !== 0) throw new Error(`exit code ${code}\n${printed.join('\n')}`);
  } finally {
    await server.close();
  }
  return measuredSchema.parse(JSON.parse(printed.join('')));
}

/** The memory is resident size at its peak: a process that collected its garbage just before shows more. */
function tell(name: string, measured: Measured): void {
  console.error(`${name}: ${JSON.stringify(measured)}`);
  if (measured.sha256 !== sha256 || measured.sizeBytes !== sizeBytes) throw new Error('what was stored is wrong');
  if (!measured.drawn) throw new Error('the terminal does not show the command behind the flood');
  figure(`${name}.loopDelayP99`, measured.p99Ms, 'ms', { limit: 50 });
  figure(`${name}.loopDelayMax`, measured.maxMs, 'ms');
  figure(`${name}.memoryGrowth`, measured.grownBytes / 1e6, 'MB', { limit: 64 });
  figure(`${name}.duration`, measured.durationMs, 'ms');
}
