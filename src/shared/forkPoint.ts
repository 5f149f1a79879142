/** Where a fork leaves its parent. */
import type { TrajectoryEvent } from './events.ts';

/**
 * The number of the last fact that a fork from behind turn `turn` shares: the turn with its observations, or for 0 all
 * before the first reply. A call that has started and not ended is shared as that, so that it is lost and not made again.
 * Undefined when there is no such turn.
 */
export function forkPoint(events: readonly TrajectoryEvent[], turn: number): number | undefined {
  if (turn === 0) {
    const first = events.findIndex(({ type }) => !beforeFirstTurn.has(type));
    return events.length === 0 ? undefined : (first < 0 ? events.length : first) - 1;
  }
  const at = events.findLastIndex((event) => event.type === 'model.replied' && event.turn === turn);
  const replied = events[at];
  if (replied?.type !== 'model.replied') return undefined;
  const ids = new Set(replied.toolCalls.map(({ callId }) => callId));
  const last = events.findLastIndex(
    (event, index) =>
      index > at &&
      (((event.type === 'tool.started' || event.type === 'tool.finished') && ids.has(event.callId)) ||
        ((event.type === 'turn.corrected' || event.type === 'turn.rolledBack') && event.turn === turn)),
  );
  const end = Math.max(at, last);
  // What the calls settled of the plan is recorded right behind them.
  const ticks = events.slice(end + 1).findIndex(({ type }) => type !== 'plan.ticked');
  return end + (ticks < 0 ? events.length - 1 - end : ticks);
}

/** What may come before the first reply and is shared with a fork from there. */
const beforeFirstTurn: ReadonlySet<TrajectoryEvent['type']> = new Set([
  'run.started',
  'run.forked',
  'run.paused',
  'run.continued',
  'note.added',
  'clarification.asked',
  'clarification.answered',
  'plan.set',
  'plan.ticked',
] as const);
