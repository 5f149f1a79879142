/** A run as it goes, readable on a terminal: progress to one stream, the answer to the other. */
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { RunListener } from '../runs/liveRun.ts';
import type { TrajectoryEvent } from '../shared/events.ts';
import { describeCall } from '../shared/describeCall.ts';
import { narrowedWords } from '../shared/describeItem.ts';
import { formatTokens } from '../shared/quantities.ts';
import { splitThought } from '../shared/thought.ts';
import type { Call, Trajectory } from '../shared/trajectory.ts';

type Style = Parameters<typeof styleText>[0];

/** A listener that writes progress to `progress` and the answer to `answer`. */
export function liveView(runId: string, progress: Writable & { isTTY?: boolean }, answer: Writable): RunListener {
  const paint = (style: Style, text: string) =>
    progress.isTTY ? styleText(style, text, { validateStream: false }) : text;
  const say = (line: string) => void progress.write(`${line}\n`);
  return {
    onEvent: (event, trajectory) => {
      for (const line of linesFor(event, trajectory, paint)) say(line);
      if (event.type === 'run.started')
        say(
          paint('dim', `Run ${runId} · ${event.model || 'no model named'}${event.baseUrl && ` at ${event.baseUrl}`}`),
        );
      if (event.type === 'answer.given') answer.write(answerLines(event));
    },
  };
}

function linesFor(
  event: TrajectoryEvent,
  trajectory: Trajectory,
  paint: (style: Style, text: string) => string,
): readonly string[] {
  switch (event.type) {
    case 'run.waiting':
      return [paint('yellow', `… ${event.reason}`)];
    case 'model.replied': {
      const { thought, text } = splitThought(event.content, event.reasoning);
      const said = firstLine(thought || text);
      return said && trajectory.asked === undefined ? [`${paint('dim', String(event.turn).padStart(4))} ${said}`] : [];
    }
    case 'turn.rolledBack':
      return [paint('yellow', `     rolled back: ${event.reason}`)];
    case 'tool.finished': {
      const call = findCall(trajectory, event.callId);
      if (!call) return [];
      const { verb, target, summary } = describeCall(call);
      const seconds = `${(event.durationMs / 1000).toFixed(1)}s`;
      const head = `     ${verb} ${firstLine(target)} ${paint('dim', seconds)}`;
      return [
        head,
        paint(
          event.outcome === 'ok' ? 'dim' : 'red',
          `       ${event.outcome === 'ok' ? '' : `${event.outcome}: `}${summary || firstLine(event.content)}`,
        ),
      ];
    }
    case 'run.ended':
      if (event.reason === 'answered') return [];
      return [paint('red', `Ended without an answer (${event.reason}).`), ...(event.message ? [event.message] : [])];
    case 'view.narrowed':
      return [paint('dim', `     ${narrowedWords(event)}`)];
    case 'window.learned':
      return [paint('yellow', `     the window is ${formatTokens(event.contextWindow)} tokens: ${event.reason}`)];
    case 'attempt.ended':
      return [paint('yellow', `Attempt ${event.attempt} ended without an answer (${event.failure}).`)];
    case 'attempt.started':
      return [paint('yellow', `Attempt ${event.attempt} begins.`)];
    case 'note.added':
      return [paint('cyan', `     note: ${firstLine(event.text)}`)];
    case 'question.queued':
      return [paint('cyan', `     queued: ${firstLine(event.question)}`)];
    case 'run.forked':
      return [paint('dim', `Forked from ${event.parent.runId}.`)];
    case 'run.paused':
      return [paint('yellow', '… paused')];
    case 'run.continued':
    case 'report.requested':
    case 'run.started':
    case 'run.resumed':
    case 'question.asked':
    case 'turn.corrected':
    case 'approval.requested':
    case 'approval.decided':
    case 'tool.started':
    case 'answer.requested':
    case 'answer.given':
      return [];
  }
}

function answerLines({ text, boxed }: { readonly text: string; readonly boxed: string }): string {
  return text === boxed ? `${boxed}\n` : `${text}\n\n${boxed}\n`;
}

function findCall(trajectory: Trajectory, callId: string): Call | undefined {
  const turn = trajectory.items.findLast(
    (item) => item.kind === 'turn' && item.calls.some((call) => call.callId === callId),
  );
  return turn?.kind === 'turn' ? turn.calls.find((call) => call.callId === callId) : undefined;
}

function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
