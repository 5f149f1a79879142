/** The prompt of a turn that is over, from the facts alone. */
import type { TrajectoryEvent } from '../shared/events.ts';
import { foldAll } from '../shared/trajectory.ts';
import { messagesFor, type ChatMessage } from './messages.ts';

/**
 * The messages that were sent for a turn, oldest first: those that followed from the facts before its reply. `events` are a
 * run's from its first on, a fork's parents' included. Undefined when there is no such turn.
 */
export function promptOfTurn(events: readonly TrajectoryEvent[], turn: number): readonly ChatMessage[] | undefined {
  const replied = events.findLastIndex((event) => event.type === 'model.replied' && event.turn === turn);
  return replied < 0 ? undefined : messagesFor(foldAll(events.slice(0, replied)));
}
