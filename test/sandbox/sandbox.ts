/** A real sandbox for tests: a workspace and a runs folder under /tmp, and a shell on them. */
import { mkdtemp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeConfinement } from '../../src/sandbox/confinement.ts';
import type { CommandResult, PythonResult, ShellEvent } from '../../src/sandbox/results.ts';
import { SandboxShell, type ShellOptions } from '../../src/sandbox/shell.ts';

export interface TestSandbox {
  readonly workspace: string;
  readonly runs: string;
  readonly shell: SandboxShell;
  readonly events: readonly ShellEvent[];
  /** Another shell on the same workspace. */
  readonly another: (changes?: Partial<ShellOptions>) => Promise<SandboxShell>;
  readonly command: (command: string, sandboxId?: string) => Promise<CommandResult>;
  readonly python: (code: string, sandboxId?: string) => Promise<PythonResult>;
  readonly dispose: () => Promise<void>;
}

export const noSignal = new AbortController().signal;

/** Makes it; `changes` are of the shell's options. */
export async function makeSandbox(changes: Partial<ShellOptions> = {}): Promise<TestSandbox> {
  const base = await mkdtemp(join(tmpdir(), 'mirothinker-test-'));
  const [workspace, runs] = [join(base, 'workspace'), join(base, 'runs')];
  await mkdir(workspace);
  await mkdir(runs);
  const shells: SandboxShell[] = [];
  const another = async (more: Partial<ShellOptions> = {}) => {
    const confinement = await probeConfinement();
    const usual = {
      roots: [workspace],
      runsFolder: runs,
      network: 'off',
      readOnlyPaths: [],
      python: undefined,
    } as const;
    const shell = new SandboxShell({ ...usual, confinement, ...changes, ...more });
    shells.push(shell);
    return shell;
  };
  const shell = await another();
  const events: ShellEvent[] = [];
  shell.subscribe((event) => events.push(event));
  let calls = 0;
  const place = (sandboxId?: string) => ({
    callId: `call-${calls++}`,
    unconfined: false,
    ...(sandboxId !== undefined && { sandboxId }),
  });
  return {
    workspace,
    runs,
    shell,
    events,
    another,
    command: (command, sandboxId) => shell.runCommand({ command, ...place(sandboxId) }, noSignal),
    python: (code, sandboxId) => shell.runPython({ code, ...place(sandboxId) }, noSignal),
    dispose: async () => {
      for (const each of shells) await each.dispose();
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** The processes of this machine whose command line or environment holds a text. */
export async function processesWith(text: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return line.includes(text) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

/** Waits until the output of a call holds a text. */
export function outputHolds(shell: SandboxShell, text: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = '';
    const stop = shell.subscribe((event) => {
      if (event.type !== 'call.output') return;
      seen += event.data;
      if (!seen.includes(text)) return;
      stop();
      resolve();
    });
  });
}
