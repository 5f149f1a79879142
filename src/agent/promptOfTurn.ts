/** The prompt of a turn that is over, from the facts alone. */
import type { TrajectoryEvent } from '../shared/events.ts';
import { foldAll } from '../shared/trajectory.ts';
import { thoughtFieldOf } from './thoughtField.ts';
import { messagesFor, type ChatMessage } from './messages.ts';

/** What was sent for a turn. */
export interface SentPrompt {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** The member under which thoughts went; undefined where there were none yet. */
  readonly thoughtField?: string;
}

/**
 * The prompt of a turn: what followed from the facts before its reply. `events` are a run's from its first on, a fork's
 * parents' included. Undefined when there is no such turn.
 */
export function promptOfTurn(events: readonly TrajectoryEvent[], turn: number): SentPrompt | undefined {
  const replied = events.findLastIndex((event) => event.type === 'model.replied' && event.turn === turn);
  if (replied < 0) return undefined;
  const before = foldAll(events.slice(0, replied));
  const thoughtField = thoughtFieldOf(before);
  return { messages: messagesFor(before), ...(thoughtField !== undefined && { thoughtField }) };
}
