/** What surrounds a run of the command line: folders, key, and the person who may be there. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../agent/errors.ts';
import type { ApprovalRequest, Decision } from '../agent/ports.ts';
import type { RunSurroundings } from '../runs/surroundings.ts';
import type { CallRequest } from '../shared/events.ts';
import { describeCall } from '../shared/describeCall.ts';
import type { Call } from './arguments.ts';
import { clarifyAtTerminal } from './clarifyAtTerminal.ts';
import { mcpSurroundings } from './mcpOptions.ts';
import type { Person } from './personAtTerminal.ts';

/** What a call of the command line knows of its surroundings. */
export interface Around {
  readonly runsFolder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Absent: nobody can answer. */
  readonly person: Person | undefined;
}

/** Throws UserError when the workspace is not there. */
export async function surroundings(call: Call, { runsFolder, env, signal, person }: Around): Promise<RunSurroundings> {
  const { workspace } = call;
  const found = await stat(workspace).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new UserError(`There is no folder ${workspace}. Name the workspace with --workspace DIR.`);
  }
  return {
    roots: [{ name: basename(workspace) || workspace, path: workspace }],
    runsFolder,
    apiKey: env['MIROTHINKER_API_KEY'] || undefined,
    signal,
    serverWaitMs: call.serverWaitMinutes * 60_000,
    sandbox: {
      readOnlyPaths: call.readOnlyPaths,
      python: call.python,
      typing: false,
      limits: call.limits,
      timeoutMs: call.commandTimeoutS * 1000,
      inputWaitMs: 60_000,
    },
    checkpoints: call.checkpoints ? { maxFileBytes: 20e6, maxBytes: 2_000e6 } : undefined,
    ripgrepPath: undefined,
    web: call.web(env),
    mcp: mcpSurroundings(workspace, call.mcp, env, person),
    ask: (request, why, until) => decide(call, person, { request, why }, until),
    clarify: (questions, until) => clarifyAtTerminal(questions, person, until),
    report: (error) =>
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`),
  };
}

interface Wanted {
  readonly request: CallRequest;
  readonly why: ApprovalRequest;
}

/** Nobody may be there to answer: then the call is denied, and the model is told why. */
async function decide(call: Call, person: Person | undefined, wanted: Wanted, signal: AbortSignal): Promise<Decision> {
  if (wanted.why.unconfined && !call.unconfined) {
    return {
      decision: 'deny',
      note: 'Commands cannot be confined on this machine, and the run was started without --unconfined. Use the file tools.',
    };
  }
  if (wanted.why.unconfined && call.autoApprove === 'all') return { decision: 'once' };
  const words = await askPerson(person, wanted, signal);
  if (words === undefined) {
    return { decision: 'deny', note: `This call needs approval, and nobody can answer here. ${wanted.why.reason}` };
  }
  if (/^y(es)?$/i.test(words)) return { decision: 'once' };
  if (/^r(un)?$/i.test(words)) return { decision: wanted.why.scope === '' ? 'once' : 'run' };
  return { decision: 'deny', ...(words && !/^no?$/i.test(words) && { note: words }) };
}

async function askPerson(
  person: Person | undefined,
  { request, why }: Wanted,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { verb, target } = describeCall(request);
  const forRun = why.scope === '' ? '' : `, for this run ${why.scope} [r]`;
  const question = `? ${verb} ${target}\n  ${why.reason}\n  Allow once [y]${forRun}, or deny [n, or say why]: `;
  return (await person?.ask(question, signal))?.trim();
}
