/** `ask`, `resume`, `fork` and `answer`: a run on the terminal, or as a stream of events. */
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UserError } from '../agent/errors.ts';
import type { RestoreWish } from '../runs/keeping.ts';
import { openKept } from '../runs/keptRun.ts';
import { readAttachments } from '../runs/attachments.ts';
import type { AskedQuestion, LiveRun } from '../runs/liveRun.ts';
import { planRestore } from '../runs/restoreRun.ts';
import { answerRun, resumeRun } from '../runs/resumeRun.ts';
import { forkRun, startRun } from '../runs/startRun.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import { atTurn } from '../shared/checkpoints.ts';
import { foldAll, type Trajectory } from '../shared/trajectory.ts';
import { liveHolder } from '../store/lock.ts';
import { readLog } from '../store/readLog.ts';
import { findRun } from '../store/runs.ts';
import { agreeToRestore } from './agreeToRestore.ts';
import type { Call } from './arguments.ts';
import { interruptible } from './interrupts.ts';
import { liveView } from './liveView.ts';
import type { Person } from './personAtTerminal.ts';
import { rolloutsCommand } from './rolloutsCommand.ts';
import { surroundings } from './surroundings.ts';
import { wheelOf } from './wheel.ts';

/** Runs to the end. 0 answered, 1 failed, 2 ended without an answer, 130 interrupted. */
export async function runCommand(call: Call, runsFolder: string, env: NodeJS.ProcessEnv): Promise<number> {
  return interruptible(async (signal) => {
    const wheel = wheelOf(call);
    try {
      const around = await surroundings(call, { runsFolder, env, signal, person: wheel.person });
      if (call.rollouts > 1) return await rolloutsCommand(call, await questionOf(call, around), around, wheel);
      const run = await begin(call, around, wheel.person);
      if (!run) return 1;
      show(run, call);
      wheel.steer(() => [run]);
      return exitCode(await run.done, signal.aborted);
    } finally {
      wheel.close();
    }
  });
}

/** Undefined when the person said no. */
async function begin(call: Call, around: RunSurroundings, person: Person | undefined): Promise<LiveRun | undefined> {
  const { choice, operand, note } = call;
  const { runsFolder } = around;
  if (call.command === 'ask') {
    const started = { ...choice, approval: choice.approval ?? 'sandbox' } as const;
    return startRun(await questionOf(call, around), started, around);
  }
  const runId = await findRun(runsFolder, operand);
  if (call.command === 'fork') {
    const turn = call.turn ?? foldAll((await readLog(join(runsFolder, runId))).events).turns;
    const files = call.restoreFiles ? await filesOf({ runId, turn }, call, around, person) : undefined;
    if (files === 'refused') {
      process.stderr.write('Nothing was put back, and no run was begun.\n');
      return undefined;
    }
    const change = { choice, ...(note !== undefined && { note }), ...(files && { files }) };
    return forkRun({ runId, turn }, change, around);
  }
  if (call.command === 'resume') return resumeRun(runId, choice, around);
  const holder = await liveHolder(join(runsFolder, runId));
  if (holder) {
    throw new UserError(
      `Run ${runId} is running in another window or command (process ${holder.pid} on ${holder.host}). Ask for its answer there: with Answer Now in the editor, with /answer in a terminal.`,
    );
  }
  return answerRun(runId, choice, around);
}

/** The files as that turn left them, once a person agreed; undefined where they are so already. */
async function filesOf(
  { runId, turn }: { readonly runId: string; readonly turn: number },
  call: Call,
  around: RunSurroundings,
  person: Person | undefined,
): Promise<RestoreWish | 'refused' | undefined> {
  const kept = await openKept(runId, around);
  const target = atTurn(kept.trajectory, turn);
  const plan = target && (await planRestore(kept, target));
  if (!plan || plan.files.length === 0) return undefined;
  return (await agreeToRestore(plan, call, around.signal, person)) ? plan.wish : 'refused';
}

/** The question with its files; `-` reads it from standard input, which takes any length. */
async function questionOf(call: Call, around: RunSurroundings): Promise<AskedQuestion> {
  const question = call.operand === '-' ? await text(process.stdin) : call.operand;
  const files = call.attach.map((path) => ({ path }));
  const attachments = await readAttachments(files, around, { text: question, baseUrl: call.choice.baseUrl });
  return { text: question, mentions: [], attachments };
}

function show(run: LiveRun, call: Call): void {
  if (!call.json) {
    run.subscribe(liveView({ progress: process.stderr, answer: process.stdout }));
    return;
  }
  for (const event of run.events()) process.stdout.write(`${JSON.stringify(event)}\n`);
  run.subscribe({ onEvent: (event) => void process.stdout.write(`${JSON.stringify(event)}\n`) });
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
