/** One fact of a run as lines on a terminal. */
import type { TrajectoryEvent } from '../shared/events.ts';
import { describeCall } from '../shared/describeCall.ts';
import { describeItem } from '../shared/describeItem.ts';
import { lineWords } from '../shared/checkpoints.ts';
import { countOf } from '../shared/quantities.ts';
import { splitThought } from '../shared/thought.ts';
import type { Call, Trajectory } from '../shared/trajectory.ts';
import { shownPath } from '../shared/visibleText.ts';
import { firstLine, type Paint } from './line.ts';
import { clarifiedLines, plannedLines, tickedLines } from './planLines.ts';

/** The lines that a fact is worth, once it is folded; none for what shows in another one. */
export function linesFor(event: TrajectoryEvent, trajectory: Trajectory, paint: Paint): readonly string[] {
  switch (event.type) {
    case 'run.started':
    case 'run.forked':
    case 'run.resumed': {
      const where = `${event.model || 'no model named'}${event.baseUrl && ` at ${event.baseUrl}`}`;
      const from = event.type === 'run.forked' ? ` · fork of ${event.parent.runId}` : '';
      const again = event.type === 'run.resumed' ? ' · resumed' : '';
      const narrowing = event.settings.envelope.repository?.words ?? [];
      return [
        paint('dim', `Run ${trajectory.runId}${from}${again} · ${where}`),
        ...narrowing.map((words) => paint('yellow', `     the repository narrows this run: ${words}`)),
      ];
    }
    case 'question.asked':
      return [paint('cyan', `Next question: ${firstLine(event.question)}`)];
    case 'question.queued':
      return [paint('cyan', `     queued: ${firstLine(event.question)}`)];
    case 'note.added':
      return [paint('cyan', `     note: ${firstLine(event.text)}`)];
    case 'run.paused':
      return [paint('yellow', '… paused')];
    case 'run.continued':
      return [paint('yellow', '… goes on')];
    case 'model.replied': {
      const { thought, text } = splitThought(event.content, event.reasoning);
      const said = firstLine(thought || text);
      if (trajectory.asked !== undefined) return [];
      return [`${paint('dim', String(event.turn).padStart(4))} ${said}`.trimEnd()];
    }
    case 'turn.rolledBack':
      return [paint('yellow', `     rolled back: ${firstLine(event.reason)}`)];
    case 'turn.corrected':
      return [paint('yellow', `     malformed again; the model is told the right form`)];
    case 'tool.finished':
      return callLines(event, trajectory, paint);
    case 'checkpoint.made':
      return checkpointLines(event, trajectory, paint);
    case 'checkpoint.failed':
      return [paint('yellow', `     changes were not kept: ${firstLine(event.reason)}`)];
    case 'clarification.answered':
      return clarifiedLines(trajectory, paint);
    case 'plan.set':
      return plannedLines(event, trajectory, paint);
    case 'plan.ticked':
      return tickedLines(event, trajectory, paint);
    case 'citations.checked':
    case 'view.narrowed':
    case 'window.learned':
    case 'format.changed':
    case 'report.requested':
    case 'attempt.ended':
    case 'attempt.started':
      return remarkLines(trajectory, paint);
    case 'answer.requested':
      return event.reason === 'finished' ? [] : remarkLines(trajectory, paint);
    case 'run.ended':
      if (event.reason === 'answered') return [];
      return [paint('red', `Ended without an answer (${event.reason}).`), ...(event.message ? [event.message] : [])];
    case 'run.waiting':
    case 'clarification.asked':
    case 'approval.requested':
    case 'approval.decided':
    case 'tool.started':
    case 'answer.given':
      return [];
  }
}

/** What a call changed, by name; what was put back. */
function checkpointLines(
  { kind, files, moreFiles }: Extract<TrajectoryEvent, { type: 'checkpoint.made' }>,
  { items }: Trajectory,
  paint: Paint,
): readonly string[] {
  const restored = items.findLast((item) => item.kind === 'restore');
  if (kind === 'restore' && restored) return [paint('yellow', `     ${describeItem(restored).text}`)];
  if (kind !== 'call' || files.length + moreFiles === 0) return [];
  const names = files.map(({ path }) => shownPath(path)).join(', ');
  const told = [countOf(files.length + moreFiles, 'file'), 'changed', lineWords(files)].filter(Boolean).join(' ');
  return [paint('dim', `       ${firstLine(`${told}: ${names}`)}`)];
}

function callLines(
  { callId, durationMs, outcome, content }: Extract<TrajectoryEvent, { type: 'tool.finished' }>,
  trajectory: Trajectory,
  paint: Paint,
): readonly string[] {
  const call = findCall(trajectory, callId);
  if (!call) return [];
  const { verb, target, summary } = describeCall(call);
  const result = `${outcome === 'ok' ? '' : `${outcome}: `}${firstLine(summary || content)}`;
  return [
    `     ${verb} ${firstLine(target)} ${paint('dim', `${(durationMs / 1000).toFixed(1)}s`)}`,
    paint(outcome === 'ok' ? 'dim' : 'red', `       ${result}`),
  ];
}

/** What the newest item says of itself: the same words as in the panel. */
function remarkLines({ items }: Trajectory, paint: Paint): readonly string[] {
  const item = items.at(-1);
  switch (item?.kind) {
    case 'window':
    case 'format':
      return [paint('yellow', `     ${describeItem(item).text}: ${firstLine(item.reason)}`)];
    case 'narrowed':
      return [paint('dim', `     ${describeItem(item).text}`)];
    case 'attempt':
    case 'attemptEnd':
    case 'answerRequest':
    case 'reportRequest':
      return [paint('yellow', describeItem(item).text)];
    case 'question':
    case 'turn':
    case 'rolledBack':
    case 'answer':
    case 'end':
    case 'note':
    case 'fork':
    case 'restore':
    case 'checkpointFailed':
    case 'changed':
    case undefined:
      return [];
  }
}

function findCall({ items }: Trajectory, callId: string): Call | undefined {
  const turn = items.findLast((item) => item.kind === 'turn' && item.calls.some((call) => call.callId === callId));
  return turn?.kind === 'turn' ? turn.calls.find((call) => call.callId === callId) : undefined;
}
