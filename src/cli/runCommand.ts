/** `ask` and `resume`: a run on the terminal, or as a stream of events. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { UserError } from '../agent/errors.ts';
import type { ApprovalRequest, Decision } from '../agent/ports.ts';
import type { LiveRun } from '../runs/liveRun.ts';
import { resumeRun } from '../runs/resumeRun.ts';
import { startRun } from '../runs/startRun.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import type { CallRequest } from '../shared/events.ts';
import { describeCall } from '../shared/describeCall.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { findRun } from '../store/runs.ts';
import type { Call } from './arguments.ts';
import { liveView } from './liveView.ts';

/** Runs to the end. 0 answered, 1 failed, 2 ended without an answer, 130 interrupted. */
export async function runCommand(call: Call, folder: string, env: NodeJS.ProcessEnv): Promise<number> {
  await checkWorkspace(call.workspace);
  const interrupted = new AbortController();
  const onSignal = () => interrupted.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  // Nobody reads the events or the answer any more.
  process.stdout.on('error', onSignal);
  try {
    const around = surroundings(call, folder, env, interrupted.signal);
    const { choice } = call;
    const run =
      call.command === 'ask'
        ? await startRun(
            { text: await questionOf(call), mentions: [] },
            { ...choice, approval: choice.approval ?? 'sandbox' },
            around,
          )
        : await resumeRun(await findRun(folder, call.operand), choice, around);
    show(run, call);
    return exitCode(await run.done, interrupted.signal.aborted);
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, onSignal);
    process.stdout.off('error', onSignal);
  }
}

/** The question itself; `-` reads it from standard input, which takes any length. */
async function questionOf(call: Call): Promise<string> {
  return call.operand === '-' ? text(process.stdin) : call.operand;
}

function surroundings(call: Call, folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal): RunSurroundings {
  return {
    roots: [{ name: basename(call.workspace) || call.workspace, path: call.workspace }],
    runsFolder: folder,
    apiKey: env['MIROTHINKER_API_KEY'] || undefined,
    signal,
    serverWaitMs: call.serverWaitMinutes * 60_000,
    sandbox: { readOnlyPaths: [], python: undefined, typing: false },
    ripgrepPath: undefined,
    ask: (request, why, until) => decide(call, request, why, until),
    report: (error) =>
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  };
}

/** Nobody may be there to answer: then the call is denied, and the model is told why. */
async function decide(call: Call, request: CallRequest, why: ApprovalRequest, signal: AbortSignal): Promise<Decision> {
  if (why.unconfined && !call.unconfined) {
    return {
      decision: 'deny',
      note: 'Commands cannot be confined on this machine, and the run was started without --unconfined. Use the file tools.',
    };
  }
  if (why.unconfined && call.autoApprove === 'all') return { decision: 'once' };
  if (call.json || !process.stdin.isTTY || !process.stderr.isTTY) {
    return { decision: 'deny', note: 'This call needs approval, and nobody can answer here.' };
  }
  return askPerson(request, why.reason, signal);
}

async function askPerson(request: CallRequest, reason: string, signal: AbortSignal): Promise<Decision> {
  const { verb, target } = describeCall(request);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const words = await prompt.question(
      `? ${verb} ${target}\n  ${reason} Allow once [y], for this run [r], or deny [n, or say why]: `,
      { signal },
    );
    const word = words.trim();
    if (/^y(es)?$/i.test(word)) return { decision: 'once' };
    if (/^r(un)?$/i.test(word)) return { decision: 'run' };
    return { decision: 'deny', ...(word && !/^no?$/i.test(word) && { note: word }) };
  } finally {
    prompt.close();
  }
}

function show(run: LiveRun, call: Call): void {
  if (call.json) {
    for (const event of run.events()) process.stdout.write(`${JSON.stringify(event)}\n`);
    run.subscribe({ onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`) });
    return;
  }
  run.subscribe(liveView(run.runId, process.stderr, process.stdout));
}

function exitCode({ state }: Trajectory, interrupted: boolean): number {
  if (state.kind !== 'ended') return 1;
  switch (state.reason) {
    case 'answered':
      return 0;
    case 'limit':
      return 2;
    case 'cancelled':
      return interrupted ? 130 : 1;
    case 'failed':
      return 1;
  }
}

async function checkWorkspace(workspace: string): Promise<void> {
  const found = await stat(workspace).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UserError(`There is no folder ${workspace}. Name the workspace with --workspace DIR.`);
}
