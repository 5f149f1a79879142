/**
 * How long `true` takes from the call to its result: under a plain terminal, and confined, in a sandbox of its own and in
 * one that lives on; in a workspace of a hundred folders and in one of 50,000 files. Runs take turns, with a pause before
 * each, as a model's reply is one: what is done ahead of a command is done then.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { spawn } from 'node-pty';
import { benchShell, percentile } from './benchWorkspace.ts';
import { figure } from './figure.ts';

const rounds = 80;
const limitMs = 8;
const pauseMs = 60;
const noSignal = new AbortController().signal;

await measure('commandStart', 100, 5, { limit: limitMs });
await measure('commandStart.50000Files', 2500, 20, {});

async function measure(
  name: string,
  folders: number,
  filesInFolder: number,
  limit: { readonly limit?: number },
): Promise<void> {
  const { shell, workspace, dispose } = await benchShell(folders, filesInFolder);
  const times = { plain: [0], confined: [0], kept: [0] };
  try {
    const sandboxId = await shell.create(600_000);
    const kinds = {
      plain: () => plain(workspace),
      confined: () => shell.runCommand({ command: 'true', callId: 'c', unconfined: false }, noSignal),
      kept: () => shell.runCommand({ command: 'true', callId: 'k', unconfined: false, sandboxId }, noSignal),
    };
    for (let round = -5; round < rounds; round++) {
      for (const kind of ['plain', 'confined', 'kept'] as const) {
        await pause(pauseMs);
        const startedAt = performance.now();
        await kinds[kind]();
        if (round >= 0) times[kind][round] = performance.now() - startedAt;
      }
    }
  } finally {
    await dispose();
  }
  for (const kind of ['plain', 'confined', 'kept'] as const) {
    figure(`${name}.${kind}.p50`, percentile(times[kind], 0.5), 'ms');
    figure(`${name}.${kind}.p95`, percentile(times[kind], 0.95), 'ms');
  }
  for (const kind of ['confined', 'kept'] as const) {
    figure(`${name}.${kind}.overPlain`, percentile(times[kind], 0.5) - percentile(times.plain, 0.5), 'ms', limit);
  }
}

function plain(cwd: string): Promise<void> {
  const env = { PATH: '/usr/bin:/bin', TERM: 'xterm-256color' };
  const pty = spawn('/bin/bash', ['-c', 'true'], { name: 'xterm-256color', cols: 200, rows: 50, cwd, env });
  return new Promise((resolve) => pty.onExit(() => resolve()));
}
