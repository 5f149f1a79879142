/** Starting a run: on a question, or as a fork of another. */
import { join } from 'node:path';
import { UserError } from '../agent/errors.ts';
import { checkedQuestion } from '../agent/start.ts';
import { logFormat, type Fact } from '../shared/events.ts';
import { narrowed } from '../agent/narrowed.ts';
import { foldAll } from '../shared/trajectory.ts';
import { forkPoint } from '../shared/forkPoint.ts';
import { readLog } from '../store/readLog.ts';
import { beginRun, newRunFolder, type Origin } from './beginRun.ts';
import { defaultSettings, withChoice, type RunChoice } from './choice.ts';
import { findEndpoint } from './endpoint.ts';
import { makeHands } from './hands.ts';
import type { RestoreWish } from './keeping.ts';
import { live, type AskedQuestion, type LiveRun } from './liveRun.ts';
import { withoutAsides } from './planning.ts';
import { readRepositoryRules } from './repositoryRules.ts';
import { goingOnAs, lostCalls, type GoOnChoice } from './resumeRun.ts';
import { withSubAgents } from './subAgent.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Starts a run on a question. Throws UserError when it cannot be started. */
export async function startRun(
  question: AskedQuestion,
  choice: RunChoice,
  around: RunSurroundings,
  origin: Origin = {},
): Promise<LiveRun> {
  const text = checkedQuestion(question.text);
  const narrowing = await readRepositoryRules(around.roots);
  const endpoint = await findEndpoint(choice, around.apiKey, around.signal);
  const chosen = narrowed(withChoice(defaultSettings, choice, endpoint.contextWindow), narrowing);
  const settings = withoutAsides(chosen, endpoint);
  const hands = withSubAgents(await makeHands(settings, around, endpoint), settings, endpoint, around);
  return beginRun({ question: { ...question, text }, endpoint, settings, hands, around, origin });
}

/**
 * Starts a fork: a new run that has a run's turns up to and including `turn` (0: only the question) and goes on from there,
 * with a note or other choices, and with files put back first where `files` says so. The parent is only read. Throws UserError when there is no such turn.
 */
export async function forkRun(
  parent: { readonly runId: string; readonly turn: number },
  change: { readonly note?: string; readonly choice: GoOnChoice; readonly files?: RestoreWish },
  around: RunSurroundings,
): Promise<LiveRun> {
  const read = await readLog(join(around.runsFolder, parent.runId));
  const seq = forkPoint(read.events, parent.turn);
  if (seq === undefined) {
    const { turns } = foldAll(read.events);
    throw new UserError(`Run ${parent.runId} has no turn ${parent.turn} to fork from; it has turns 0 to ${turns}.`);
  }
  const events = read.events.slice(0, seq + 1);
  const trajectory = foldAll(events);
  const { endpoint, hands, as } = await goingOnAs(parent.runId, trajectory, change.choice, around);
  const { runId, folder } = await newRunFolder(around.runsFolder);
  const forked = { type: 'run.forked', format: logFormat, runId, parent: { runId: parent.runId, seq }, ...as } as const;
  const note: readonly Fact[] = change.note?.trim()
    ? [{ type: 'note.added', text: change.note.trim(), afterTurn: trajectory.turns }]
    : [];
  const facts = [forked, ...lostCalls(trajectory), ...note];
  const files = change.files ? { files: change.files } : {};
  return live({ runId, folder, endpoint, hands, around, facts, ...files, before: { events, end: 0, trajectory } });
}
