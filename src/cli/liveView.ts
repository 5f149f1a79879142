/** A run as it goes, readable on a terminal: progress to one stream, the answer to the other. */
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import type { RunListener } from '../runs/liveRun.ts';
import type { Answer, Trajectory } from '../shared/trajectory.ts';
import { answerBody } from '../shared/shownSources.ts';
import { sourceLines } from './sourceLines.ts';
import type { EventOf, TrajectoryEvent } from '../shared/events.ts';
import { formatDuration } from '../shared/quantities.ts';
import { firstLine, type Paint } from './line.ts';
import { linesFor } from './liveLines.ts';

/** A stream that may be a terminal. */
export type Terminal = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Where a run is shown. */
export interface LiveViewOptions {
  readonly progress: Terminal;
  /** Absent: nobody is shown the answer here. */
  readonly answer?: Writable;
  /** Stands before every line: one run of several. */
  readonly prefix?: string;
}

/** A listener that writes progress and answer. A server that is away for hours takes one line. */
export function liveView({ progress, answer, prefix = '' }: LiveViewOptions): RunListener {
  const paint: Paint = (style, text) => (progress.isTTY ? styleText(style, text, { validateStream: false }) : text);
  const say = (line: string) => void progress.write(`${prefix}${line}\n`);
  const waits = waitLine(progress, prefix, paint);
  // Its sources come with the next fact, which says what their check found.
  let unlisted: EventOf<'answer.given'> | undefined;
  return {
    onEvent: (event, trajectory) => {
      if (event.type === 'run.waiting') {
        waits.show(event);
        return;
      }
      waits.end(event);
      for (const line of linesFor(event, trajectory, paint)) say(line);
      if (unlisted) answer?.write(sourceLines(newestAnswer(trajectory) ?? unlisted));
      unlisted = undefined;
      if (event.type !== 'answer.given') return;
      answer?.write(answerLines(event));
      unlisted = event;
    },
  };
}

/** The one line of a series of waits: rewritten where that can be, else said at its beginning and its end. */
function waitLine(progress: Terminal, prefix: string, paint: Paint) {
  // Lines of other runs come in between.
  const rewrites = progress.isTTY === true && !prefix;
  let since: number | undefined;
  let open = false;
  return {
    show: ({ at, reason }: EventOf<'run.waiting'>): void => {
      const first = since === undefined;
      since ??= at;
      if (rewrites) {
        const line = firstLine(`… waiting ${formatDuration(at - since)}: ${reason}`, (progress.columns ?? 80) - 1);
        progress.write(`\r\u{1b}[2K${paint('yellow', line)}`);
        open = true;
      } else if (first) progress.write(`${prefix}${paint('yellow', `… ${reason}`)}\n`);
    },
    end: (event: TrajectoryEvent): void => {
      if (open) progress.write('\n');
      open = false;
      // What a person says meanwhile does not end the wait.
      if (since === undefined || event.type === 'note.added' || event.type === 'question.queued') return;
      const answers = event.type === 'model.replied' || event.type === 'turn.rolledBack';
      if (answers)
        progress.write(`${prefix}${paint('yellow', `… goes on after ${formatDuration(event.at - since)}`)}\n`);
      since = undefined;
    },
  };
}

function newestAnswer({ items }: Trajectory): Answer | undefined {
  const answer = items.findLast((item) => item.kind === 'answer');
  return answer?.kind === 'answer' ? answer : undefined;
}

/** An answer as it is printed: its text, then what stands in the box. Its list of sources is printed apart. */
export function answerLines({ text, boxed }: { readonly text: string; readonly boxed: string }): string {
  return text === boxed ? `${boxed}\n` : `${answerBody({ text })}\n\n${boxed}\n`;
}
