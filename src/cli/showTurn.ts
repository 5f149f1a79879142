/** One turn whole: what the model thought and did, what it got back, and what was undone before it. */
import { isUtf8 } from 'node:buffer';
import { UserError } from '../agent/errors.ts';
import { promptOfTurn } from '../agent/promptOfTurn.ts';
import { wireMessages } from '../model/request.ts';
import type { TrajectoryEvent, Usage } from '../shared/events.ts';
import { countOf, formatBytes, formatDuration } from '../shared/quantities.ts';
import { lineWords } from '../shared/checkpoints.ts';
import { splitThought } from '../shared/thought.ts';
import type { Call, Item, RolledBack, Trajectory, Turn } from '../shared/trajectory.ts';
import { shownPath } from '../shared/visibleText.ts';

/** A turn with the replies that were rolled back before it. Throws UserError when there is none of that number. */
export function turnOf(
  { items, runId, turns }: Trajectory,
  number: number,
): { readonly turn: Turn; readonly rolledBack: readonly RolledBack[] } {
  const at = items.findLastIndex((item) => item.kind === 'turn' && item.turn === number);
  const turn = items[at];
  if (turn?.kind !== 'turn') {
    const there = turns > 0 ? `it has turns 1 to ${turns}` : 'it has none yet';
    throw new UserError(`Run ${runId} has no turn ${number}; ${there}.`);
  }
  const before = items.slice(0, at);
  const rolledBack = before.slice(before.findLastIndex((item) => item.kind === 'turn') + 1).filter(isRolledBack);
  return { turn, rolledBack };
}

/** The messages that were sent for a turn, as one line of JSON. Throws UserError when there is no such turn. */
export function promptJson(events: readonly TrajectoryEvent[], trajectory: Trajectory, number: number): string {
  const { turn } = turnOf(trajectory, number);
  const sent = promptOfTurn(events, turn.turn);
  return JSON.stringify(wireMessages(sent?.messages ?? [], sent?.thoughtField));
}

/** The turn for a person. `readRest` reads what was cut from a call's observation. */
export async function turnText(
  trajectory: Trajectory,
  number: number,
  readRest: (call: Call) => Promise<Buffer | undefined>,
): Promise<string> {
  const { turn, rolledBack } = turnOf(trajectory, number);
  const { thought, text } = splitThought(turn.content, turn.reasoning);
  const parts = [
    `Turn ${turn.turn} of run ${trajectory.runId}, ${new Date(turn.at).toISOString()}`,
    ...rolledBack.map((item) => section(`Rolled back before it: ${item.reason} (${item.rollback})`, item.reply)),
    ...(thought ? [section('Thought', thought)] : []),
    ...(text ? [section(turn.final ? 'Reply' : 'Text', text)] : []),
    ...(await Promise.all(turn.calls.map(async (call) => callText(call, await readRest(call))))),
    ...(turn.correction === undefined ? [] : [section('The model was told', turn.correction)]),
    ...(turn.mended.length > 0 ? [section('Mended', turn.mended.map((mend) => `- ${mend}`).join('\n'))] : []),
    ...(turn.undone ? [section('Undone afterwards', `${turn.undone.reason} (${turn.undone.kind})`)] : []),
    replyWords(turn),
  ];
  return `${parts.join('\n\n')}\n`;
}

function isRolledBack(item: Item): item is RolledBack {
  return item.kind === 'rolledBack';
}

function section(heading: string, body: string): string {
  return `── ${heading}\n${body}`;
}

function callText(call: Call, rest: Buffer | undefined): string {
  const { approval, requested } = call;
  const edited = requested ? [section('The model had asked for', JSON.stringify(requested, null, 2))] : [];
  const decided = approval?.decision
    ? [`${decisions[approval.decision]}${approval.note ? `: ${approval.note}` : ''}`]
    : [];
  return [
    section(`Call ${call.callId}: ${call.server} · ${call.tool}`, JSON.stringify(call.arguments, null, 2)),
    ...edited,
    ...decided,
    section(`Observation (${outcomeWords(call)})`, call.content ?? ''),
    ...(rest ? [section(restWords(call), restText(rest))] : []),
    ...changedText(call),
  ].join('\n\n');
}

function restWords({ output, omittedBytes = 0 }: Call): string {
  if (!output) return 'Cut from what the model was shown';
  return omittedBytes > 0 ? `The output, without ${formatBytes(omittedBytes)} of its middle` : 'The whole output';
}

function changedText({ checkpoint }: Call): readonly string[] {
  if (!checkpoint || checkpoint.files.length === 0) return [];
  const lines = checkpoint.files.map((file) =>
    [`${file.change} ${shownPath(file.path)}`, lineWords([file])].filter(Boolean).join(' '),
  );
  const more = checkpoint.moreFiles > 0 ? [`and ${countOf(checkpoint.moreFiles, 'file')} more`] : [];
  return [section('Changed files', [...lines, ...more].join('\n'))];
}

const decisions = { once: 'Allowed once', run: 'Allowed for this run', deny: 'Denied' } as const;

function outcomeWords({ outcome, durationMs, exitCode, runId }: Call): string {
  const words = [
    outcome ?? 'it has not ended',
    durationMs !== undefined && formatDuration(durationMs),
    exitCode !== undefined && `exit code ${exitCode}`,
    runId !== undefined && `run ${runId}`,
  ];
  return words.filter(Boolean).join(', ');
}

function restText(rest: Buffer): string {
  return isUtf8(rest) && !rest.includes(0) ? rest.toString('utf8') : `${formatBytes(rest.length)}, binary`;
}

function replyWords({ durationMs, finishReason, stopped, usage }: Turn): string {
  const end = stopped ? 'stopped behind the call' : (finishReason ?? 'no finish reason');
  return [formatDuration(durationMs), end, usage ? usageWords(usage) : 'no usage told'].join(' · ');
}

function usageWords({ promptTokens, completionTokens, cachedTokens }: Usage): string {
  const cached = cachedTokens === undefined ? '' : `, ${countOf(cachedTokens, 'of them cached', 'of them cached')}`;
  return `${countOf(promptTokens, 'prompt token')}${cached}, ${countOf(completionTokens, 'completion token')}`;
}
